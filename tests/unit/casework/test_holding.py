"""What a holder owes, what follows, and how it is undone: each by a person."""

import datetime

import pytest

from tests.factories import EnterpriseFactory, acting, owner_of
from tests.unit.casework.cases import SRDI, call, desk, firm, office
from tests.unit.casework.holders import DAY, held
from tidu.accounts.enums import Role
from tidu.accounts.verdicts import Refused
from tidu.audit.models import Event
from tidu.casework.actions import start_case
from tidu.casework.deciding import NoReason
from tidu.casework.duties import owed_by
from tidu.casework.enums import ChangeKind, RevocationKind, TaskState
from tidu.casework.exclusions import exclusions_of
from tidu.casework.holding import (
    BarWanted,
    DutyImpossible,
    Grounds,
    confirm_update,
    decide_task,
    least_bar,
    lift_bar,
    report_change,
    restore_right,
    revoke,
    set_bar_end,
)
from tidu.casework.queries import today
from tidu.casework.title_models import Bar, DutyTask, LostRight
from tidu.eligibility.pool import months_after
from tidu.rules.procedures import Consequence
from tidu.rules.rulesets import Kind

pytestmark = pytest.mark.django_db
NEW_RULES = datetime.date(2026, 4, 1)
FALSE = Grounds(RevocationKind.FALSIFICATION, "虚构的核查结果", "第十六条")
WEAK = Grounds(RevocationKind.UNQUALIFIED, "虚构：不再符合", "第十五条")


def recent(enterprise=None, **given):
    """A title under the rules in force, not ended."""
    return held(
        enterprise=enterprise,
        since=NEW_RULES,
        until=today() + 400 * DAY,
        entered=NEW_RULES,
        **given,
    )


def task_of(title, consequence=Consequence.REVERIFICATION_LOST):
    return DutyTask.objects.create(
        title=title,
        office=office("province"),
        consequence=consequence,
        years=[2025],
        clause="工信部企业〔2022〕63号 第十四条",
        grade="unverified",
    )


# -- duties by rule set --------------------------------------------------------


def test_duties_follow_the_edition_of_the_title():
    old = owed_by(held())
    new = owed_by(recent())

    assert (old.rule_set.id, old.duties.misses) == ("2022-08-01", 1)
    assert old.duties.update_day(2025) == datetime.date(2025, 4, 30)
    assert (new.rule_set.id, new.duties.misses) == ("2026-04-01", 2)
    assert new.duties.update_day(2027) == datetime.date(2027, 5, 31)
    assert old.clause("update") == "工信部企业〔2022〕63号 第十四条"


def test_years_count_from_the_one_after_the_title_and_its_entry():
    whole = held()
    later = held(enterprise=EnterpriseFactory(), entered=datetime.date(2026, 5, 1))

    assert owed_by(whole).years == [2025, 2026]
    assert owed_by(later).years == []


def test_a_scheme_without_duties_owes_nothing():
    assert owed_by(held("high_tech_enterprise")) is None


# -- yearly update ---------------------------------------------------------------


def test_a_holder_confirms_once_a_year():
    enterprise, by = firm()
    year = today().year
    title = held(
        enterprise=enterprise,
        since=datetime.date(year - 1, 2, 1),
        until=datetime.date(year + 2, 1, 31),
        entered=datetime.date(year - 1, 2, 1),
    )

    made = confirm_update(title=title, by=by)

    assert made.late is (today() > owed_by(title).duties.update_day(year))
    assert Event.objects.latest("number").action == "casework.title_update_noted"
    with pytest.raises(Refused, match="已经更新过"):
        confirm_update(title=title, by=by)


def test_others_do_not_confirm():
    stranger = acting(owner_of(EnterpriseFactory()))

    with pytest.raises(Refused):
        confirm_update(title=held(), by=stranger)


# -- changes -----------------------------------------------------------------------


@pytest.mark.parametrize(("days", "late"), [(10, False), (200, True)])
def test_a_change_is_late_after_its_months(days, late):
    enterprise, by = firm()
    recent(enterprise)
    happened = today() - days * DAY

    made = report_change(
        enterprise=enterprise,
        kind=ChangeKind.RENAME,
        happened_on=happened,
        text="虚构的更名",
        by=by,
    )

    assert made.due_on == months_after(happened, 3)
    assert made.late is late
    assert "动态管理" in made.clause


def test_a_change_of_a_firm_without_titles_has_no_day():
    enterprise, by = firm()
    made = report_change(
        enterprise=enterprise,
        kind=ChangeKind.OTHER,
        happened_on=today(),
        text="虚构",
        by=by,
    )

    assert (made.due_on, made.late) == (None, False)
    with pytest.raises(DutyImpossible, match="还没有发生"):
        report_change(
            enterprise=enterprise,
            kind=ChangeKind.MOVE,
            happened_on=today() + DAY,
            text="虚构",
            by=by,
        )


# -- consequences ------------------------------------------------------------------


def test_a_lost_right_stops_a_reverification_and_can_be_restored():
    enterprise, owner = firm(SRDI)
    title = held(enterprise=enterprise)
    task, by = task_of(title), desk("province")
    again = call("province", kind=Kind.REVERIFICATION)
    new = call("province")

    decide_task(task=task, carry_out=True, reason="虚构：两次提醒未更新", by=by)

    with pytest.raises(Refused, match=r"失去复核资格.*第十四条"):
        start_case(opened=again, enterprise=enterprise, by=owner)
    start_case(opened=new, enterprise=enterprise, by=owner)
    lost = LostRight.objects.get()
    with pytest.raises(NoReason):
        restore_right(lost=lost, reason="", by=by)
    restore_right(lost=lost, reason="虚构：查明系统故障", by=by)
    start_case(opened=again, enterprise=enterprise, by=owner)
    actions = Event.objects.values_list("action", flat=True)
    assert "casework.title_right_restored" in actions
    with pytest.raises(DutyImpossible):
        restore_right(lost=lost, reason="再来一次", by=by)


def test_a_task_may_be_dropped_with_a_reason_and_is_decided_once():
    task, by = task_of(held()), desk("province")
    with pytest.raises(NoReason):
        decide_task(task=task, carry_out=False, reason=" ", by=by)

    decide_task(task=task, carry_out=False, reason="虚构：已补报", by=by)

    assert not LostRight.objects.exists()
    task.refresh_from_db()
    assert task.state == TaskState.DROPPED
    with pytest.raises(DutyImpossible, match="已经办理过"):
        decide_task(task=task, carry_out=True, reason="反悔", by=by)


def test_only_the_office_of_the_title_decides():
    task = task_of(held())

    for by in (desk("county"), desk("province", Role.OBSERVER)):
        with pytest.raises(Refused):
            decide_task(task=task, carry_out=True, reason="虚构", by=by)


def test_a_task_of_the_new_rules_revokes():
    title = recent()
    office("province")
    task = task_of(title, Consequence.REVOKED)

    decide_task(
        task=task, carry_out=True, reason="虚构：两年未更新", by=desk("province")
    )

    title.refresh_from_db()
    assert title.revoked_on == today()
    assert title.revocation.kind == RevocationKind.MISSED
    assert not Bar.objects.exists()  # 2号 leaves it to the authority


# -- revocation and bar ----------------------------------------------------------


def test_falsification_bars_for_three_years_at_least():
    title, by = recent(), desk("province")
    with pytest.raises(DutyImpossible, match="不能更短"):
        revoke(title=title, grounds=FALSE, bar=BarWanted(today() + DAY), by=by)

    made = revoke(title=title, grounds=FALSE, by=by)

    assert made.bar.until == months_after(today(), 36)
    title.refresh_from_db()
    assert title.revoked_reason == "数据造假：虚构的核查结果（第十六条）"
    with pytest.raises(DutyImpossible, match="已经撤销"):
        revoke(title=title, grounds=FALSE, by=by)


@pytest.mark.parametrize(
    ("title", "kind", "barred"),
    [
        (held, RevocationKind.ACCIDENT, True),  # 63号第十六条
        (held, RevocationKind.UNQUALIFIED, False),
        (recent, RevocationKind.FALSIFICATION, True),
        (recent, RevocationKind.ACCIDENT, False),  # 2号: the authority sets it
    ],
)
def test_which_reasons_bring_a_bar_of_certain_length(title, kind, barred):
    found = least_bar(title(), kind, today())

    assert found == (months_after(today(), 36) if barred else None)


def test_a_barred_firm_is_refused_with_the_day():
    enterprise, owner = firm(SRDI)
    made = revoke(title=recent(enterprise), grounds=FALSE, by=desk("province"))

    said = rf"{made.bar.until} 以前不能申报.*（{made.clause}）"
    with pytest.raises(Refused, match=said):
        start_case(opened=call("province"), enterprise=enterprise, by=owner)


def test_only_a_firm_that_has_held_the_title_is_verified_again():
    enterprise, owner = firm(SRDI)
    opened = call("province", kind=Kind.REVERIFICATION)
    with pytest.raises(Refused, match="没有这家企业的这个称号"):
        start_case(opened=opened, enterprise=enterprise, by=owner)

    title = held(enterprise=enterprise, until=today() - 30 * DAY)
    assert not exclusions_of(enterprise, [opened], today())
    start_case(opened=opened, enterprise=enterprise, by=owner)

    revoke(title=title, grounds=WEAK, by=desk("province"))
    assert "没有这家企业的这个称号" in str(
        exclusions_of(enterprise, [opened], today())[opened.pk].reason
    )


def test_an_open_bar_says_so_until_its_end_is_set():
    enterprise, owner = firm(SRDI)
    by = desk("province")
    revoke(title=recent(enterprise), grounds=WEAK, bar=BarWanted(None), by=by)
    opened, bar = call("province"), Bar.objects.get()
    with pytest.raises(Refused, match="由主管部门另定"):
        start_case(opened=opened, enterprise=enterprise, by=owner)

    until = today() + 30 * DAY
    set_bar_end(bar=bar, until=until, reason="虚构的决定", by=by)
    with pytest.raises(Refused, match=f"{until} 以前"):
        start_case(opened=opened, enterprise=enterprise, by=owner)
    with pytest.raises(DutyImpossible):
        set_bar_end(bar=bar, until=until, reason="虚构", by=by)

    lift_bar(bar=bar, reason="虚构：撤销决定", by=by)
    start_case(opened=opened, enterprise=enterprise, by=owner)


def test_a_bar_is_for_its_scheme_alone():
    enterprise, owner = firm(SRDI)
    Bar.objects.create(
        enterprise=enterprise,
        scheme="little_giant",
        begins_on=today(),
        reason="虚构",
        made_by="虚构",
    )

    assert start_case(opened=call("province"), enterprise=enterprise, by=owner)


@pytest.mark.parametrize(
    "grounds",
    [
        Grounds(RevocationKind.OTHER, " ", "第十五条"),
        Grounds(RevocationKind.OTHER, "虚构", " "),
    ],
)
def test_a_revocation_needs_a_reason_and_a_clause(grounds):
    title = recent()

    with pytest.raises(NoReason):
        revoke(title=title, grounds=grounds, by=desk("province"))

    title.refresh_from_db()
    assert title.revoked_on is None


def test_other_levels_do_not_revoke():
    title = recent()
    office("province")

    with pytest.raises(Refused):
        revoke(title=title, grounds=FALSE, by=desk("county"))
