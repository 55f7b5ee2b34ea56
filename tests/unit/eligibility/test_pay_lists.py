"""Lists paid without applying: who is on them, what is refused, who may do what."""

import datetime
from decimal import Decimal

import pytest

from tests.factories import acting, owner_of
from tests.house.tree import ROOT
from tests.unit.eligibility.pay_list_work import (
    AWARD,
    ON,
    Office,
    approved,
    drafted,
    firm,
    frozen,
    over,
    published,
    with_account,
)
from tidu.accounts.verdicts import Refused
from tidu.audit.models import Event
from tidu.audit.queries import check_chain
from tidu.eligibility.bank_accounts import (
    AccountWrong,
    account_of,
    confirm_account,
    enter_account,
)
from tidu.eligibility.enums import EntryState, NoticeDays, Removal
from tidu.eligibility.list_objections import (
    answer_list_objection,
    object_to_entry,
    said_for,
)
from tidu.eligibility.list_replaying import replay_list
from tidu.eligibility.pay_list_models import EntitlementEntry, EntitlementList
from tidu.eligibility.pay_list_queries import listed, today, total_of
from tidu.eligibility.pay_lists import (
    ListImpossible,
    ListMoved,
    Notice,
    Terms,
    approve_list,
    cancel_list,
    change_budget,
    freeze_list,
    keep_entry,
    publish_list,
    remove_entry,
    start_list,
)
from tidu.eligibility.working_out import ask_again, work_out
from tidu.registry.told import Told
from tidu.rules.library import default_library
from tidu.rules.measures import StartWay
from tidu.rules.pay_list import CANCELLED, PAY_LIST, excluding, listable, why_not_listed

pytestmark = pytest.mark.django_db
TOLD = Told("虚构举报人", "13800001234", "虚构：这家企业的称号已经到期，请核实")


@pytest.fixture
def office():
    return Office()


def test_the_table_of_states_is_in_order():
    assert PAY_LIST.faults() == []


def test_the_page_of_how_to_draws_the_same_table():
    page = ROOT / "docs/how-to/pay-without-applying.md"

    assert PAY_LIST.mermaid() in page.read_text(encoding="utf-8")


def test_a_list_has_who_meets_it_who_is_open_and_counts_the_rest(office):
    small, giant = firm(1), firm(2, holds_little_giant=True)
    unknown = firm(3, serious_dishonesty=None)
    firm(4, holds_srdi=False)
    firm(5, territory="990103")

    made = drafted(office)

    rows = made.entries.order_by("amount").values_list("enterprise", "amount")
    assert list(rows) == [
        (small.pk, Decimal("200000.00")),
        (giant.pk, Decimal("500000.00")),
    ]
    assert [(e.enterprise_id, e.missing) for e in made.open_entries.all()] == [
        (unknown.pk, ["serious_dishonesty"])
    ]
    assert (made.rows, made.open_count, made.unmet) == (4, 1, {"title": 1})
    assert made.missing == {"serious_dishonesty": 1}
    assert made.entries.get(enterprise=giant).lines == {"award": "500000"}


def test_a_firm_without_a_code_is_counted_and_never_paid(office):
    nobody = firm(1)
    type(nobody).objects.filter(pk=nobody.pk).update(uscc=None)

    made = drafted(office)

    assert (made.rows, made.nameless, made.entries.count()) == (1, 1, 0)


def test_a_tax_incentive_is_never_listed(office):
    pack = default_library().for_territory("990102")
    tax = pack.mechanisms["high_tech_cit"]

    assert "税务机关" in why_not_listed(tax).chinese
    listed = [each.id for each in listable(pack, ON, "990102")]
    assert AWARD in listed
    assert {pack.mechanisms[each].start for each in listed} == {StartWay.AUTO}
    with pytest.raises(ListImpossible, match="税务机关"):
        start_list(
            terms=Terms(tax.id, "虚构", ON, Decimal(1)),
            by=office.officer,
        )


def test_a_grant_that_must_be_applied_for_is_refused(office):
    with pytest.raises(ListImpossible, match="企业要自己申请"):
        start_list(
            terms=Terms("local_funds", "虚构", ON, Decimal(1)), by=office.officer
        )


def test_a_list_needs_a_budget_and_a_day_in_force(office):
    with pytest.raises(ListImpossible, match="预算"):
        start_list(terms=Terms(AWARD, "虚构", ON, Decimal(0)), by=office.officer)
    with pytest.raises(ListImpossible, match="不适用"):
        start_list(
            terms=Terms(AWARD, "虚构", datetime.date(2025, 12, 31), Decimal(1)),
            by=office.officer,
        )


def test_exactly_the_budget_is_frozen_and_one_yuan_less_is_refused(office):
    firm(1)
    made = drafted(office, budget=199_999)

    with pytest.raises(ListImpossible, match=r"超出预算 1\.00 元.*按比例打折"):
        freeze_list(pay_list=made, by=office.officer, seen=made.counter)
    change_budget(pay_list=made, budget=Decimal(200_000), by=office.officer)
    freeze_list(pay_list=made, by=office.officer, seen=made.counter)

    assert EntitlementList.objects.get(pk=made.pk).state == "frozen"


def test_a_frozen_list_keeps_its_amounts_when_figures_change(office):
    one = firm(1)
    made = frozen(office)
    one.current.entries = {}
    one.current.save()

    with pytest.raises(ListImpossible, match="已冻结"):
        ask_again(pay_list=made, by=office.officer)
    work_out(made)

    assert total_of(made) == Decimal(200_000)
    assert replay_list(made).equal


def test_a_changed_row_shows_in_the_replay_and_the_chain_stays_whole(office):
    firm(1)
    made = frozen(office)
    EntitlementEntry.objects.filter(pay_list=made).update(amount=Decimal(900_000))

    found = replay_list(made)

    assert found.changed
    assert not found.equal
    assert "停止发放" in found.sentence
    assert check_chain().whole


def test_a_digest_changed_with_the_rows_is_still_seen_by_the_event(office):
    firm(1)
    made = frozen(office)
    EntitlementList.objects.filter(pk=made.pk).update(digest="0" * 64)
    made.refresh_from_db()

    assert replay_list(made).changed


def test_a_firm_is_paid_once(office):
    firm(1)
    frozen(office)

    again = drafted(office)

    entry = again.entries.get()
    assert (entry.state, entry.removal) == (EntryState.REMOVED, Removal.EARLIER)
    with pytest.raises(ListImpossible, match="没有企业"):
        freeze_list(pay_list=again, by=office.officer, seen=again.counter)


def test_of_two_drafts_only_the_first_frozen_keeps_the_firm(office):
    firm(1)
    one, two = drafted(office), drafted(office)
    freeze_list(pay_list=one, by=office.officer, seen=one.counter)

    with pytest.raises(ListImpossible, match="没有企业"):
        freeze_list(pay_list=two, by=office.officer, seen=two.counter)


def test_a_cancelled_list_blocks_nobody(office):
    firm(1)
    made = frozen(office)
    cancel_list(pay_list=made, by=office.officer, seen=made.counter, reason="虚构")

    assert made.state == CANCELLED
    assert drafted(office).entries.get().state == EntryState.KEPT


def test_two_officers_at_once_the_second_hears_who_was_first(office):
    firm(1)
    made = drafted(office)
    seen = made.counter
    other = EntitlementList.objects.get(pk=made.pk)
    freeze_list(pay_list=made, by=office.officer, seen=seen)

    with pytest.raises(ListMoved, match=f"{office.officer.name}刚刚办理"):
        cancel_list(pay_list=other, by=office.second, seen=seen, reason="虚构")

    assert EntitlementList.objects.get(pk=made.pk).state == "frozen"


def test_who_froze_it_cannot_approve_it(office):
    firm(1)
    made = over(published(office))

    with pytest.raises(Refused, match="另一个人批准"):
        approve_list(pay_list=made, by=office.officer, seen=made.counter)
    approve_list(pay_list=made, by=office.second, seen=made.counter)

    assert EntitlementList.objects.get(pk=made.pk).state == "approved"


def test_nothing_is_approved_before_the_last_day_of_the_notice_is_over(office):
    firm(1)
    made = published(office)
    EntitlementList.objects.filter(pk=made.pk).update(ends_on=today())

    with pytest.raises(ListImpossible, match="才截止"):
        approve_list(pay_list=made, by=office.second, seen=made.counter)


def test_a_notice_starts_no_earlier_than_today(office):
    firm(1)
    made = frozen(office)
    yesterday = today() - datetime.timedelta(days=1)

    with pytest.raises(ListImpossible, match="过去的日子"):
        publish_list(
            pay_list=made,
            notice=Notice(yesterday, 5, NoticeDays.CALENDAR, "虚构"),
            by=office.officer,
            seen=made.counter,
        )


def test_observers_and_other_offices_cannot_touch_a_list(office):
    firm(1)
    made = drafted(office)
    elsewhere = Office("990103")

    for by in (office.observer, elsewhere.officer):
        with pytest.raises(Refused):
            freeze_list(pay_list=made, by=by, seen=made.counter)
    with pytest.raises(Refused):
        start_list(terms=Terms(AWARD, "虚构", ON, Decimal(1)), by=office.observer)


def test_an_objection_that_holds_takes_the_firm_off_with_its_reason(office):
    one, two = firm(1), firm(2)
    made = published(office)
    entry = made.entries.get(enterprise=one)
    told = object_to_entry(entry=entry, told=TOLD)
    over(made)
    with pytest.raises(ListImpossible, match="1 件异议"):
        approve_list(pay_list=made, by=office.second, seen=made.counter)

    answer_list_objection(
        objection=told, by=office.officer, answer="虚构：查实称号已到期", sustained=True
    )
    approve_list(pay_list=made, by=office.second, seen=made.counter)

    entry.refresh_from_db()
    assert (entry.state, entry.removal) == (EntryState.REMOVED, Removal.OBJECTION)
    assert entry.reason == "虚构：查实称号已到期"
    assert total_of(made) == Decimal(200_000)
    assert made.entries.get(enterprise=two).state == EntryState.KEPT
    assert not Event.objects.filter(data__icontains="虚构举报人").exists()


def test_an_objection_that_does_not_hold_keeps_the_firm(office):
    one = firm(1)
    made = published(office)
    entry = made.entries.get(enterprise=one)
    told = object_to_entry(entry=entry, told=TOLD)

    answer_list_objection(
        objection=told, by=office.officer, answer="虚构：证书有效", sustained=False
    )

    entry.refresh_from_db()
    assert entry.state == EntryState.KEPT
    with pytest.raises(ListImpossible, match="已经答复过"):
        answer_list_objection(
            objection=told, by=office.officer, answer="虚构", sustained=True
        )


def test_after_the_last_day_nobody_objects(office):
    firm(1)
    made = over(published(office))

    with pytest.raises(ListImpossible, match="截止"):
        object_to_entry(entry=made.entries.get(), told=TOLD)


def test_who_objected_is_for_the_office_alone(office):
    firm(1)
    made = published(office)
    told = object_to_entry(entry=made.entries.get(), told=TOLD)

    assert said_for(office.officer, told).name == "虚构举报人"
    above = said_for(Office("990000").officer, told)
    assert (above.name, above.contact) == ("虚****", "138****1234")


def test_the_office_takes_a_firm_off_and_puts_it_back_with_reasons(office):
    firm(1)
    made = frozen(office)
    entry = made.entries.get()

    with pytest.raises(ListImpossible, match="理由"):
        remove_entry(entry=entry, by=office.officer, reason=" ")
    remove_entry(entry=entry, by=office.officer, reason="虚构：已注销")
    assert total_of(made) == 0
    keep_entry(entry=entry, by=office.officer, reason="虚构：看错了")

    assert total_of(made) == Decimal(200_000)
    assert replay_list(made).equal


def test_an_account_counts_once_it_was_typed_twice(office):
    one = firm(1)
    by = acting(owner_of(one))
    account = {"holder": one.name, "bank": "示范银行（虚构）", "by": by}
    enter_account(enterprise=one, number="6222 0000 0000 1234", **account)
    assert account_of(one) is None

    with pytest.raises(AccountWrong, match="不一样"):
        confirm_account(enterprise=one, number="6222000000001235", by=by)
    confirm_account(enterprise=one, number="6222000000001234", by=by)

    assert account_of(one).masked == "**** 1234"
    assert not Event.objects.filter(data__icontains="6222").exists()


def test_a_new_account_replaces_the_old_one_only_when_confirmed(office):
    one = firm(1)
    by = with_account(one, "622200000001")
    enter_account(
        enterprise=one, holder=one.name, bank="乙（虚构）", number="62220002", by=by
    )
    assert account_of(one).number == "622200000001"

    confirm_account(enterprise=one, number="62220002", by=by)

    assert account_of(one).number == "62220002"
    assert one.bank_accounts.count() == 2


@pytest.mark.parametrize(
    ("number", "holder"), [("1234567", None), ("62ab0000", None), ("62220002", "别家")]
)
def test_a_wrong_account_is_refused(office, number, holder):
    one = firm(1)

    with pytest.raises(AccountWrong):
        enter_account(
            enterprise=one,
            holder=holder or one.name,
            bank="虚构",
            number=number,
            by=acting(owner_of(one)),
        )


def test_nobody_but_the_firm_enters_its_account(office):
    one = firm(1)

    with pytest.raises(Refused, match="本企业人员"):
        enter_account(
            enterprise=one,
            holder=one.name,
            bank="虚构",
            number="62220002",
            by=office.officer,
        )


def test_a_firm_sees_published_lists_only(office):
    one = firm(1)
    made = frozen(office)
    assert not listed(one).exists()

    notice = Notice(today(), 5, NoticeDays.CALENDAR, "虚构")
    publish_list(pay_list=made, notice=notice, by=office.officer, seen=made.counter)

    assert listed(one).get().pay_list_id == made.pk


def test_what_excludes_is_found_both_ways():
    pack = default_library().for_territory("990102")
    low, high = pack.mechanisms["small_profit_cit"], pack.mechanisms["high_tech_cit"]

    assert [each.id for each in excluding(low, pack.mechanisms.values())] == [high.id]
    assert [each.id for each in excluding(high, pack.mechanisms.values())] == [low.id]


def test_each_step_leaves_an_event(office):
    with_account(firm(1))
    approved(office)

    steps = Event.objects.filter(object_type="eligibility.entitlementlist")
    assert list(steps.order_by("number").values_list("action", flat=True)) == [
        "eligibility.list_started",
        "eligibility.list_worked_out",
        "eligibility.list_freeze",
        "eligibility.list_publish",
        "eligibility.list_approve",
    ]
    assert check_chain().whole
