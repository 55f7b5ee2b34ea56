"""Does a kept assessment give the same today? Equal, or what differs and why."""

from __future__ import annotations

import dataclasses

from django.utils.translation import gettext as _

import tidu
from tidu.eligibility.actions import replay
from tidu.eligibility.models import Assessment
from tidu.rules.library import default_library


@dataclasses.dataclass(frozen=True, slots=True)
class Replay:
    """What a replay gave. ``differing``: ids of the schemes that are not the same."""

    equal: bool
    pack_changed: bool
    program_changed: bool
    differing: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """One sentence for people."""
        if self.equal and not self.pack_changed:
            return _("重算一遍，与当时逐字相同")
        if self.equal:
            return _("标准包后来有改动，但重算结果与当时逐字相同")
        if self.pack_changed:
            return _("标准包后来有改动，今天重算有 {count} 项结果不同").format(
                count=len(self.differing)
            )
        if self.program_changed:
            return _("程序版本不同，今天重算有 {count} 项结果不同").format(
                count=len(self.differing)
            )
        return _("重算有 {count} 项与当时不同，请报告给系统管理员").format(
            count=len(self.differing)
        )


def replay_of(assessment: Assessment) -> Replay:
    """Assess the frozen facts again and compare with what was kept, to the letter."""
    again = replay(assessment)
    kept = assessment.result
    differing = [
        each
        for each in dict.fromkeys([*kept, *again])
        if kept.get(each) != again.get(each)
    ]
    pack = default_library().for_territory(assessment.territory)
    return Replay(
        equal=not differing,
        pack_changed=pack.digest != assessment.pack_digest,
        program_changed=assessment.program_version != tidu.__version__,
        differing=tuple(differing),
    )
