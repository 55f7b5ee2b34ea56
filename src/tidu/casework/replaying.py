"""Replay a case: the frozen facts under the packs of its day give the same again."""

from __future__ import annotations

import dataclasses
from typing import Any

from django.utils.translation import gettext as _

from tidu.casework.archives import library_for
from tidu.casework.models import Case
from tidu.eligibility.actions import replay
from tidu.rules.library import default_library


@dataclasses.dataclass(frozen=True, slots=True)
class CaseReplay:
    """What a replay gave: by the packs of that day, and by today's.

    ``equal``: the kept result again, to the letter; ``today_differs``: today's packs
    would say something else; ``packs``: digest of the kept ones.
    """

    equal: bool
    today_differs: bool
    packs: str
    then: dict[str, Any]
    now: dict[str, Any]

    @property
    def sentence(self) -> str:
        """One sentence for people."""
        if not self.equal:
            return _("用当时的标准包重算，与当时不同，请报告给系统管理员")
        text = (
            _("用当时的标准包（{packs}）重算，逐字相同；按今天的标准包结果会不同")
            if self.today_differs
            else _("用当时的标准包（{packs}）重算，逐字相同；按今天的标准包也一样")
        )
        return text.format(packs=self.packs[:12])


def replay_case(case: Case) -> CaseReplay:
    """Assess the frozen facts again, by the kept packs and by today's."""
    kept = case.assessment
    assert kept is not None, "a case that was never submitted has nothing to replay"
    scheme = case.round.scheme
    then = replay(kept, library_for(case.round.packs))
    now = replay(kept, default_library())
    return CaseReplay(
        equal=then == kept.result,
        today_differs=now.get(scheme) != kept.result.get(scheme),
        packs=case.round.packs.digest,
        then=then.get(scheme, {}),
        now=now.get(scheme, {}),
    )
