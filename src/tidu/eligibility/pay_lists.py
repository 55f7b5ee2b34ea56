"""Start a list that is paid without applying, freeze, publish, approve, cancel it."""

from __future__ import annotations

import dataclasses
import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tidu.accounts.actors import Actor
from tidu.accounts.verdicts import Verdict, no, yes
from tidu.audit.actions import record
from tidu.audit.queries import events_about
from tidu.eligibility import permissions
from tidu.eligibility.enums import Answered, EntryState, NoticeDays, Removal, Working
from tidu.eligibility.kept_packs import keep_packs, mechanism_of, pack_of
from tidu.eligibility.pay_list_models import (
    EntitlementEntry,
    EntitlementList,
    ListObjection,
)
from tidu.eligibility.pay_list_queries import (
    clashes_of,
    digest_of,
    today,
    total_of,
)
from tidu.rules.errors import TiduError
from tidu.rules.library import default_library
from tidu.rules.measures import Mechanism
from tidu.rules.pay_list import (
    FROZEN,
    NAMED,
    PAY_LIST,
    PUBLISHED,
    excluding,
    period_of,
    why_not_listed,
)
from tidu.rules.vocabulary import Text
from tidu.rules.working_days import DayUnit, default_working_days

UNITS = {
    NoticeDays.WORKING: DayUnit.WORKING_DAY,
    NoticeDays.CALENDAR: DayUnit.CALENDAR_DAY,
}


class ListImpossible(TiduError):
    """This cannot be done with the list now; the sentence says why."""


class ListMoved(TiduError):
    """Somebody else has moved the list, or it is in no state for this."""


@dataclasses.dataclass(frozen=True, slots=True)
class Terms:
    """What an authority sets: which grant, for which day, with how much money (元).

    ``named``: the project or batch, where the grant is paid once for each of them.
    """

    mechanism: str
    title: str
    on: datetime.date
    budget: Decimal
    named: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Notice:
    """How a list is published; the first day is not counted among the days."""

    opens_on: datetime.date
    days: int
    day_kind: NoticeDays
    contact: str


@transaction.atomic
def start_list(*, terms: Terms, by: Actor) -> EntitlementList:
    """Start a draft; working it out is a job of its own.

    Raises ListImpossible: no such grant in this place on this day, one that the tax
    authority handles, a project that is not named.
    """
    permissions.may_start_list(by).or_refuse()
    assert by.organisation is not None
    assert by.user is not None
    mechanism = _listable(terms, by.organisation.territory)
    assert mechanism.amount is not None
    per = mechanism.amount.per
    if per in NAMED and not terms.named.strip():
        raise ListImpossible(_("这项奖补按项目或批次发放，请写明是哪一个"))
    if terms.budget <= 0:
        raise ListImpossible(_("请填写预算，金额要大于零"))
    made = EntitlementList.objects.create(
        mechanism=mechanism.id,
        title=terms.title.strip(),
        organisation=by.organisation,
        on=terms.on,
        per=per.value,
        period=period_of(per, terms.on, terms.named),
        budget=terms.budget,
        state_since=timezone.now(),
        made_by=by.user,
    )
    tell("started", made, by, budget=f"{terms.budget:.2f}", on=terms.on.isoformat())
    return made


@transaction.atomic
def change_budget(*, pay_list: EntitlementList, budget: Decimal, by: Actor) -> None:
    """Set another budget, until the list is frozen."""
    permissions.may_work_on_list(by, pay_list).or_refuse()
    locked = EntitlementList.objects.select_for_update().get(pk=pay_list.pk)
    if locked.state != PAY_LIST.initial:
        raise ListImpossible(_("名单已冻结，不能再改预算"))
    if budget <= 0:
        raise ListImpossible(_("请填写预算，金额要大于零"))
    was, locked.budget = locked.budget, budget
    locked.save(update_fields=["budget"])
    tell("budget_changed", locked, by, was=f"{was:.2f}", budget=f"{budget:.2f}")


@transaction.atomic
def freeze_list(*, pay_list: EntitlementList, by: Actor, seen: int) -> None:
    """Pin facts, packs and amounts; from now on nothing is worked out again.

    Refused while it is over budget: what the policy says then is said, and no cut is
    made that it does not state. Earlier payments are checked once more.
    """
    mechanism = mechanism_of(pay_list)
    if mechanism is None:
        raise ListImpossible(_("政策包里已经没有这项奖补，请作废这份名单"))
    _lock_lists(pay_list, mechanism)
    found = EntitlementList.objects.get(pk=pay_list.pk)
    may_be_frozen(found, mechanism).or_refuse_as(ListImpossible)
    removed = remove_clashing(found, mechanism)
    if removed:
        may_be_frozen(found, mechanism).or_refuse_as(ListImpossible)
    move(
        found,
        "freeze",
        by,
        seen,
        values={
            "packs": keep_packs(),
            "digest": (digest := digest_of(found)),
            "frozen_by": by.user,
        },
        data={
            "digest": digest,
            "packs": found.pack_digest,
            "firms": found.entries.filter(state=EntryState.KEPT).count(),
            "total": f"{total_of(found):.2f}",
            "removed_now": removed,
        },
    )


@transaction.atomic
def publish_list(
    *, pay_list: EntitlementList, notice: Notice, by: Actor, seen: int
) -> EntitlementList:
    """Publish a frozen list for the days the authority states.

    Every enterprise on it sees on its own page that it need not apply.
    """
    if notice.opens_on < today():
        raise ListImpossible(_("公示不能从过去的日子开始；请选今天或以后的日期"))
    if notice.days < 1:
        raise ListImpossible(_("请填写公示天数"))
    due = default_working_days().due(
        notice.opens_on, notice.days, UNITS[notice.day_kind]
    )
    move(
        pay_list,
        "publish",
        by,
        seen,
        values={
            "opens_on": notice.opens_on,
            "ends_on": due.date,
            "provisional": due.provisional,
            "days": notice.days,
            "day_kind": notice.day_kind,
            "contact": notice.contact.strip(),
        },
        data={"opens_on": notice.opens_on.isoformat(), "ends_on": due.date.isoformat()},
    )
    pay_list.refresh_from_db()
    return pay_list


@transaction.atomic
def approve_list(*, pay_list: EntitlementList, by: Actor, seen: int) -> None:
    """A second person approves, once the notice is over and objections are answered."""
    permissions.may_approve_list(by, pay_list).or_refuse()
    found = EntitlementList.objects.select_for_update().get(pk=pay_list.pk)
    if found.state == PUBLISHED:
        may_be_approved(found).or_refuse_as(ListImpossible)
    kept = found.entries.filter(state=EntryState.KEPT).count()
    total = f"{total_of(found):.2f}"
    move(found, "approve", by, seen, data={"firms": kept, "total": total})


@transaction.atomic
def cancel_list(
    *, pay_list: EntitlementList, by: Actor, seen: int, reason: str
) -> None:
    """Cancel it, with the reason, as long as no pay file has left the house."""
    if not reason.strip():
        raise ListImpossible(_("请写明作废的理由"))
    move(pay_list, "cancel", by, seen, data={"reason": reason.strip()[:500]})


@transaction.atomic
def settle_list(
    *, pay_list: EntitlementList, by: Actor, seen: int, reason: str = ""
) -> None:
    """Close it. Where some firms were not paid in the end, the reason is asked for."""
    sent = pay_list.entries.filter(state=EntryState.SENT).exists()
    if sent:
        raise ListImpossible(_("还有企业没有回单；请先导入银行回单"))
    unpaid = pay_list.entries.filter(
        state__in=(EntryState.KEPT, EntryState.RETURNED)
    ).count()
    if unpaid and not reason.strip():
        said = _("还有 {count} 家没有发到，办结要写明理由")
        raise ListImpossible(said.format(count=unpaid))
    data = {"unpaid": unpaid, "reason": reason.strip()[:500]}
    move(pay_list, "settle", by, seen, data=data)


@transaction.atomic
def remove_entry(*, entry: EntitlementEntry, by: Actor, reason: str) -> None:
    """Take a firm off a frozen or published list, with the reason."""
    permissions.may_work_on_list(by, entry.pay_list).or_refuse()
    if not reason.strip():
        raise ListImpossible(_("请写明移出的理由；企业会看到"))
    found = _entry_to_change(entry, EntryState.KEPT)
    found.state, found.removal = EntryState.REMOVED, Removal.OFFICE
    found.reason = reason.strip()[:500]
    found.save(update_fields=["state", "removal", "reason"])
    tell_entry("removed", found, by, reason=found.reason)


@transaction.atomic
def keep_entry(*, entry: EntitlementEntry, by: Actor, reason: str) -> None:
    """Put a firm back that the office itself had taken off, with the reason."""
    permissions.may_work_on_list(by, entry.pay_list).or_refuse()
    if not reason.strip():
        raise ListImpossible(_("请写明恢复的理由"))
    found = _entry_to_change(entry, EntryState.REMOVED)
    if found.removal != Removal.OFFICE:
        raise ListImpossible(_("这家企业不是由本单位移出的，不能恢复"))
    total = total_of(found.pay_list) + found.amount
    if total > found.pay_list.budget:
        raise ListImpossible(over_budget(found.pay_list, total))
    found.state, found.removal = EntryState.KEPT, ""
    found.reason = reason.strip()[:500]
    found.save(update_fields=["state", "removal", "reason"])
    tell_entry("kept", found, by, reason=found.reason)


def may_be_frozen(pay_list: EntitlementList, mechanism: Mechanism) -> Check:
    """Worked out by today's packs, with somebody on it, and within the budget."""
    if pay_list.working != Working.DONE:
        return Check(no(_("还没有算好；请等计算完成，或重新计算")))
    if pack_of(pay_list).digest != pay_list.pack_digest:
        return Check(no(_("政策包在计算以后有改动；请重新计算")))
    if not pay_list.entries.filter(state=EntryState.KEPT).exists():
        return Check(no(_("名单上没有企业，不能冻结")))
    total = total_of(pay_list)
    if total > pay_list.budget:
        return Check(no(over_budget(pay_list, total, mechanism)))
    return Check(yes())


def may_be_approved(pay_list: EntitlementList) -> Check:
    """The notice is over, every objection answered, nobody was paid elsewhere since."""
    if pay_list.ends_on is None or pay_list.ends_on >= today():
        day = f"{pay_list.ends_on:%Y-%m-%d}" if pay_list.ends_on else ""
        return Check(no(_("公示到 {day} 才截止，之后才能批准").format(day=day)))
    waiting = ListObjection.objects.filter(
        entry__pay_list=pay_list, state=Answered.OPEN
    ).count()
    if waiting:
        said = _("还有 {count} 件异议没有答复；请先核查并答复")
        return Check(no(said.format(count=waiting)))
    kept = pay_list.entries.filter(state=EntryState.KEPT)
    if not kept.exists():
        return Check(no(_("名单上没有要发放的企业；请作废")))
    mechanism = mechanism_of(pay_list)
    assert mechanism is not None
    clashing = clashes_of(pay_list, mechanism, pack_of(pay_list).mechanisms.values())
    firms = set(kept.order_by().values_list("enterprise_id", flat=True))
    twice = len(firms & clashing.keys())
    if twice:
        said = _("有 {count} 家已在别的名单里发过或不能同时享受；请先移出")
        return Check(no(said.format(count=twice)))
    return Check(yes())


@dataclasses.dataclass(frozen=True, slots=True)
class Check:
    """A verdict about the state of things, which is an error of the list's own."""

    verdict: Verdict

    def __bool__(self) -> bool:
        return bool(self.verdict)

    @property
    def reason(self) -> str:
        return str(self.verdict.reason)

    def or_refuse_as(self, error: type[TiduError]) -> None:
        """Raise the error with the reason unless it may be."""
        if not self.verdict:
            raise error(self.reason)


def over_budget(
    pay_list: EntitlementList, total: Decimal, mechanism: Mechanism | None = None
) -> str:
    """By how much, and what the policy says then, or that it says nothing."""
    mechanism = mechanism or mechanism_of(pay_list)
    note = _say(mechanism.note) if mechanism else ""
    said = _("合计 {total} 元，超出预算 {over} 元，不能冻结。")
    text = said.format(total=f"{total:,.2f}", over=f"{total - pay_list.budget:,.2f}")
    if note:
        return text + _("政策写明：{note}。").format(note=note)
    return text + _("政策没有写预算不够时怎么办，系统不按比例打折；请追加预算或作废。")


def remove_clashing(pay_list: EntitlementList, mechanism: Mechanism) -> int:
    """Take those off that were paid already or have what excludes it; how many."""
    clashing = clashes_of(pay_list, mechanism, pack_of(pay_list).mechanisms.values())
    changed = []
    for entry in pay_list.entries.filter(state=EntryState.KEPT).only("enterprise_id"):
        clash = clashing.get(entry.enterprise_id)
        if clash:
            entry.state, entry.removal = EntryState.REMOVED, clash.removal
            entry.reason = clash.other
            changed.append(entry)
    EntitlementEntry.objects.bulk_update(
        changed, ["state", "removal", "reason"], batch_size=500
    )
    return len(changed)


def move(
    pay_list: EntitlementList,
    event: str,
    by: Actor,
    seen: int,
    *,
    values: dict[str, Any] | None = None,
    data: dict[str, Any] | None = None,
) -> None:
    """Move a list by an event of its table, and record it; within a transaction.

    ``seen``: the counter that the person had before them. Raises ListMoved, which says
    who was first.
    """
    transition = PAY_LIST.find(pay_list.state, event)
    if transition is None:
        said = _("这份名单现在是“{state}”，不能这样办理；请刷新页面")
        raise ListMoved(said.format(state=_say(pay_list.shown_state.label)))
    permissions.may_move_list(by, pay_list, transition.by).or_refuse()
    waiting = EntitlementList.objects.filter(
        pk=pay_list.pk, counter=seen, state=transition.source
    )
    changed = {
        "state": transition.target,
        "counter": seen + 1,
        "state_since": timezone.now(),
        **(values or {}),
    }
    if not waiting.update(**changed):
        raise moved(pay_list)
    for name, value in changed.items():
        setattr(pay_list, name, value)
    told = {"from": transition.source, "to": transition.target}
    tell(event, pay_list, by, **told, **(data or {}))


def moved(pay_list: EntitlementList) -> ListMoved:
    """Who was first, for whom came second."""
    last = events_about(pay_list).first()
    said = _("{person}刚刚办理了这份名单（{time}），您的操作没有保存；请刷新后再看")
    person = last.actor_name if last else _("有人")
    time = timezone.localtime(last.at if last else timezone.now())
    return ListMoved(said.format(person=person, time=f"{time:%H:%M}"))


def tell(what: str, pay_list: EntitlementList, by: Actor, **data: Any) -> None:
    """Record what happened to a list."""
    record(
        action=f"eligibility.list_{what}",
        by=by,
        about=pay_list,
        territory=pay_list.organisation.territory,
        data={"mechanism": pay_list.mechanism, **data},
    )


def tell_entry(what: str, entry: EntitlementEntry, by: Actor, **data: Any) -> None:
    """Record what happened to one firm of a list."""
    record(
        action=f"eligibility.entry_{what}",
        by=by,
        about=entry,
        territory=entry.territory,
        data={
            "list": entry.pay_list_id,
            "enterprise": entry.enterprise_id,
            "amount": f"{entry.amount:.2f}",
            **data,
        },
    )


def _listable(terms: Terms, territory: str) -> Mechanism:
    pack = default_library().for_territory(territory)
    mechanism = pack.mechanisms.get(terms.mechanism)
    if mechanism is None or not territory.startswith(mechanism.territory):
        raise ListImpossible(_("本地的政策包里没有这项奖补"))
    why = why_not_listed(mechanism)
    if why is not None:
        raise ListImpossible(f"{_say(mechanism.label)}：{_say(why)}")
    if mechanism.window(terms.on) is None:
        raise ListImpossible(_("这项奖补在所选的日期不适用；请换一个日期"))
    return mechanism


def _lock_lists(pay_list: EntitlementList, mechanism: Mechanism) -> None:
    """One at a time: no two lists of the same grant are frozen side by side."""
    rivals = excluding(mechanism, pack_of(pay_list).mechanisms.values())
    ids = [mechanism.id, *(each.id for each in rivals)]
    rows = EntitlementList.objects.select_for_update().filter(mechanism__in=ids)
    list(rows.order_by("pk").values_list("pk", flat=True))


def _entry_to_change(entry: EntitlementEntry, state: EntryState) -> EntitlementEntry:
    pay_list = EntitlementList.objects.select_for_update().get(pk=entry.pay_list_id)
    if pay_list.state not in {FROZEN, PUBLISHED}:
        raise ListImpossible(_("只有已冻结、还没有批准的名单可以改"))
    found = EntitlementEntry.objects.select_related("pay_list__organisation").get(
        pk=entry.pk
    )
    if found.state != state:
        raise ListMoved(_("有人刚刚改过这家企业；请刷新页面"))
    return found


def _say(text: Text) -> str:
    return text.say(english=(get_language() or "").startswith("en"))
