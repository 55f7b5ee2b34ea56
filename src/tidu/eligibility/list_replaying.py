"""Does a frozen list still say what it was frozen with, and does it come out again?"""

from __future__ import annotations

import dataclasses

from django.utils.translation import gettext as _

from tidu.audit.queries import events_about
from tidu.bulk.grants import exact
from tidu.eligibility.kept_packs import library_for, pack_of
from tidu.eligibility.pay_list_models import EntitlementEntry, EntitlementList
from tidu.eligibility.pay_list_queries import digest_of
from tidu.eligibility.working_out import lines_of
from tidu.registry.fact_values import facts_from
from tidu.rules.assess import prepare
from tidu.rules.entitlements import Entitlement, answer
from tidu.rules.outcomes import MET

_AT_ONCE = 500
_NAMED = 20


@dataclasses.dataclass(frozen=True, slots=True)
class ListReplay:
    """What a replay found. ``changed``: the rows are not those that were frozen.

    ``differing``: firms, at most twenty, for whom another answer comes out.
    """

    firms: int
    changed: bool
    differing: tuple[str, ...]

    @property
    def equal(self) -> bool:
        return not self.changed and not self.differing

    @property
    def sentence(self) -> str:
        """One sentence for people."""
        if self.changed:
            return _("名单与冻结时的校验码不符：有人绕过系统改过数据，请停止发放并报告")
        if self.differing:
            said = _("用冻结的数据和政策包重算，{count} 家的结果不同：{names}")
            return said.format(
                count=len(self.differing), names="、".join(self.differing)
            )
        said = _("用冻结的数据和政策包重算 {count} 家，资格和金额逐字相同")
        return said.format(count=self.firms)


def answer_for(entry: EntitlementEntry) -> Entitlement:
    """The answer for a firm from what its entry keeps: findings, amount, working."""
    pay_list = entry.pay_list
    pack = pack_of(pay_list)
    mechanism = pack.mechanisms[pay_list.mechanism]
    facts = facts_from(entry.entries, library_for(pay_list).facts)
    return answer(
        pack,
        mechanism,
        pack.measures[mechanism.measure],
        prepare(facts, pack, pay_list.on),
        pay_list.on,
    )


def replay_list(pay_list: EntitlementList) -> ListReplay:
    """Work every line out again from the frozen facts and packs, in Python.

    The digest of the rows is compared with the one that the chained event of the
    freeze tells, so that a change behind the system's back shows.
    """
    firms = 0
    differing: list[str] = []
    rows = pay_list.entries.select_related("pay_list__organisation", "pay_list__packs")
    for entry in rows.order_by("pk").iterator(chunk_size=_AT_ONCE):
        firms += 1
        found = answer_for(entry)
        amount = exact(found.amount) if found.amount else None
        same = (
            found.outcome is MET
            and amount == entry.amount
            and found.amount is not None
            and lines_of(found.amount) == entry.lines
        )
        if not same and len(differing) < _NAMED:
            differing.append(entry.name)
    return ListReplay(firms, _is_changed(pay_list), tuple(differing))


def _is_changed(pay_list: EntitlementList) -> bool:
    frozen = events_about(pay_list).filter(action="eligibility.list_freeze").first()
    if frozen is None:
        return False
    told = frozen.data.get("digest")
    return not (digest_of(pay_list) == pay_list.digest == told)
