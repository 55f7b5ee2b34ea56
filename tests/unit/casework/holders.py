"""Cases on a notice, titles of fictional holders, and days that have passed."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from tests.factories import EnterpriseFactory
from tests.unit.casework.cases import call, desk, judge_all, office, submitted
from tidu.accounts.actors import Actor
from tidu.casework.deciding import pass_case
from tidu.casework.models import Case, Move, Round
from tidu.casework.notice_models import NoticeEntry, Objection, PublicNotice
from tidu.casework.noticing import publish_notice
from tidu.casework.objecting import file_objection
from tidu.registry.models import HeldTitle
from tidu.registry.told import Told

NOTICE = "province_notice"
DAY = datetime.timedelta(days=1)
CONTACT = "示范省主管部门，000-0000（虚构）"
TOLD = Told("虚构举报人", "13800001234", "虚构：主营收入与审计报告不一致")


def noticed_round(**given: Any) -> Round:
    """A round of the province with five working days of notice."""
    return call("province", **{"notice_days": 5, **given})


def at_notice(opened: Round) -> Case:
    """A submitted case in the step of notice; what went before is not this test's."""
    case, _by = submitted(opened)
    Case.objects.filter(pk=case.pk).update(
        state=NOTICE, step=NOTICE, office=office("province")
    )
    return Case.objects.get(pk=case.pk)


def publish(opened: Round, by: Actor | None = None, **given: Any) -> PublicNotice:
    """A notice for everything that waits for one."""
    values: dict[str, Any] = {
        "step": NOTICE,
        "title": "示范公示（虚构）",
        "contact": CONTACT,
        "opens_on": timezone.localdate(),
        **given,
    }
    return publish_notice(opened=opened, by=by or desk("province"), **values)


def entry_of(case: Case) -> NoticeEntry:
    """Where a case stands on a notice."""
    return case.notices.select_related("notice", "case").get()


def let_it_end(notice: PublicNotice) -> None:
    """Let the days of a notice have passed."""
    today = timezone.localdate()
    PublicNotice.objects.filter(pk=notice.pk).update(
        opens_on=today - 9 * DAY, ends_on=today - DAY
    )


def wait_out_notice(case: Case, level: str) -> None:
    """Publish a notice for a case as its office, and let its days pass."""
    if case.round.notice_days is None:
        Round.objects.filter(pk=case.round_id).update(notice_days=5)
        case.round.refresh_from_db()
    let_it_end(publish(case.round, desk(level), step=case.state))


def go_on(case: Case, level: str, **given: Any) -> Move:
    """Pass the case's step as an officer of a level, once its notice is over."""
    if case.state.endswith("_notice"):
        wait_out_notice(case, level)
    return pass_case(case=case, by=desk(level), seen=case.counter, **given)


def objected(opened: Round | None = None) -> tuple[Case, Objection]:
    """A case on a notice against which somebody has objected."""
    opened = opened or noticed_round()
    case = at_notice(opened)
    publish(opened)
    made = file_objection(entry=entry_of(case), told=TOLD)
    case.refresh_from_db()
    return case, made


def certified(opened: Round | None = None) -> HeldTitle:
    """A holder, certified by the province in a round that decides."""
    opened = opened or noticed_round()
    case = at_notice(opened)
    let_it_end(publish(opened))
    by = desk("province")
    judge_all(case, by)
    pass_case(case=case, by=by, seen=case.counter)
    pass_case(case=case, by=by, seen=case.counter)
    return case.enterprise.titles.get(scheme=opened.scheme)


def held(
    scheme: str = "srdi_sme",
    *,
    since: datetime.date = datetime.date(2024, 1, 10),
    until: datetime.date | None = datetime.date(2027, 1, 9),
    entered: datetime.date = datetime.date(2024, 1, 10),
    **given: Any,
) -> HeldTitle:
    """A title from an official list, entered on a day that the test chooses."""
    firm = given.pop("enterprise", None) or EnterpriseFactory(**given)
    title = HeldTitle.objects.create(
        enterprise=firm,
        scheme=scheme,
        valid_from=since,
        valid_until=until,
        source="虚构名单",
    )
    moment = datetime.datetime.combine(
        entered, datetime.time(9), timezone.get_current_timezone()
    )
    HeldTitle.objects.filter(pk=title.pk).update(recorded_at=moment)
    return HeldTitle.objects.get(pk=title.pk)
