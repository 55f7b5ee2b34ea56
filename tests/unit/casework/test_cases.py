"""A case from draft to its end: who may do what, and what is kept of it."""

import datetime

import pytest
from django.utils import timezone

from tests.factories import acting, officer
from tests.unit.casework.cases import (
    LITTLE_GIANT,
    SRDI,
    call,
    desk,
    fill,
    firm,
    judge_all,
    office,
    submitted,
)
from tests.unit.casework.holders import go_on
from tidu.accounts.enums import Role
from tidu.accounts.verdicts import Refused
from tidu.audit.models import Event
from tidu.audit.queries import check_chain
from tidu.casework.actions import (
    resubmit_case,
    start_case,
    state_clause,
    submit_case,
    withdraw_case,
)
from tidu.casework.deciding import (
    NoReason,
    migrate_case,
    open_case,
    pass_case,
    report_result,
    return_case,
)
from tidu.casework.models import Case
from tidu.casework.moving import CaseMoved
from tidu.casework.permissions import may_see_case
from tidu.casework.queries import outcome_of, queue_of, readiness_of
from tidu.casework.rounds import (
    RoundImpossible,
    Terms,
    change_last_day,
    close_round,
    open_round,
)
from tidu.registry.actions import file_facts
from tidu.registry.enums import FilingSource
from tidu.rules.outcomes import MET
from tidu.rules.rulesets import Kind

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def decides(settings):
    settings.CERTIFIES = frozenset({"srdi_sme"})


@pytest.fixture
def offices():
    return {level: office(level) for level in ("county", "city", "province")}


def to_decision(case):
    for level in ("county", "city", "province"):
        go_on(case, level)
    judge_all(case, desk("province"))
    while case.state != "decision":
        go_on(case, "province")


# -- rounds --------------------------------------------------------------------


def test_a_round_pins_standard_steps_and_packs():
    opened = call()

    assert opened.rule_set == "srdi_sme/2026-04-01"
    assert opened.step_list[0].id == "county_check"
    assert opened.step_list[-1].id == "decision"
    assert opened.decides
    assert opened.packs.files
    event = Event.objects.get(action="casework.round_opened")
    assert event.data["packs"] == opened.packs.digest


def test_packs_are_kept_once():
    one, other = call(), call("county")

    assert one.packs == other.packs


def test_a_county_only_recommends():
    opened = call("county")

    assert [each.id for each in opened.step_list] == ["county_check"]
    assert not opened.decides
    assert "recommended" in opened.lifecycle.states


def test_an_installation_that_does_not_certify_recommends(settings):
    settings.CERTIFIES = frozenset()

    assert not call().decides


def test_a_day_without_a_standard_is_refused():
    with pytest.raises(RoundImpossible, match="没有可用的标准"):
        call(on=datetime.date(2010, 1, 1))
    with pytest.raises(RoundImpossible):
        call(scheme="unicorn")


def test_observers_open_no_round():
    day = timezone.localdate()
    terms = Terms("虚构", day, day, day)
    by = desk("province", Role.OBSERVER)

    with pytest.raises(Refused, match="只读"):
        open_round(scheme="srdi_sme", kind=Kind.NEW, terms=terms, by=by)


def test_drafts_lapse_when_a_round_is_closed(offices):
    opened = call()
    enterprise, by = firm()
    draft = start_case(opened=opened, enterprise=enterprise, by=by)
    other, _by = submitted(opened)

    assert close_round(opened=opened, by=acting(opened.opened_by)) == 1
    assert close_round(opened=opened, by=acting(opened.opened_by)) == 0

    draft.refresh_from_db()
    assert draft.state == "lapsed"
    assert other.state == "county_check"


def test_the_last_day_is_moved_by_who_opened_the_round(offices):
    opened = call()
    day = timezone.localdate() - datetime.timedelta(days=1)
    change_last_day(opened=opened, closes_on=day, by=acting(opened.opened_by))
    enterprise, by = firm()

    with pytest.raises(Refused, match="已于"):
        start_case(opened=opened, enterprise=enterprise, by=by)
    with pytest.raises(Refused, match="由发起的主管部门办理"):
        change_last_day(opened=opened, closes_on=day, by=desk("city"))


# -- the applicant -------------------------------------------------------------


def test_a_draft_knows_what_the_registry_knows(offices):
    enterprise, by = firm()
    case = start_case(opened=call(), enterprise=enterprise, by=by)

    found = readiness_of(case)

    assert found.facts == ()
    assert [each.id for each in found.clauses] == ["market_position"]
    assert found.contact
    fill(case, by)
    assert readiness_of(case).ready


def test_only_what_is_missing_is_asked(offices):
    known = {k: v for k, v in SRDI.items() if not k.startswith("rnd_expense@2024")}
    enterprise, by = firm(known)
    case = start_case(opened=call(), enterprise=enterprise, by=by)
    fill(case, by)

    with pytest.raises(Refused, match="还缺 1 项数据"):
        submit_case(case=case, by=by, seen=case.counter)
    assert readiness_of(case).facts == ("rnd_expense@2024",)


def test_nobody_else_applies_for_a_firm(offices):
    enterprise, _by = firm()

    with pytest.raises(Refused, match="只有本企业人员"):
        start_case(opened=call(), enterprise=enterprise, by=desk("county"))


def test_one_case_in_a_round_until_it_is_withdrawn(offices):
    opened = call()
    case, by = submitted(opened)
    with pytest.raises(CaseMoved, match="已有申报"):
        start_case(opened=opened, enterprise=case.enterprise, by=by)

    withdraw_case(case=case, by=by, seen=case.counter, reason="虚构")

    assert start_case(opened=opened, enterprise=case.enterprise, by=by).pk != case.pk


def test_a_submitted_case_is_not_edited(offices):
    case, by = submitted(call())

    with pytest.raises(Refused, match="不能改"):
        state_clause(case=case, criterion="market_position", text="改写", by=by)


def test_an_empty_statement_is_taken_back(offices):
    enterprise, by = firm()
    case = start_case(opened=call(), enterprise=enterprise, by=by)
    fill(case, by)

    state_clause(case=case, criterion="market_position", text=" ", by=by)

    assert not case.statements.exists()


def test_a_firm_of_another_place_is_not_taken(offices):
    enterprise, by = firm(territory="980101")

    with pytest.raises(Refused, match="不在这一批次的区划内"):
        start_case(opened=call(), enterprise=enterprise, by=by)


def test_drafts_are_seen_by_the_applicant_alone(offices):
    enterprise, by = firm()
    case = start_case(opened=call(), enterprise=enterprise, by=by)

    assert may_see_case(by, case)
    assert not may_see_case(desk("county"), case)
    fill(case, by)
    submit_case(case=case, by=by, seen=case.counter)
    assert may_see_case(desk("county"), case)
    assert may_see_case(desk("province"), case)
    assert not may_see_case(acting(officer("990102")), case)


# -- the way through ------------------------------------------------------------


def test_a_case_goes_from_office_to_office_and_is_certified(offices):
    case, _by = submitted(call())
    assert case.number.startswith("2026-")
    assert case.office == offices["county"]
    assert list(queue_of(desk("county"))) == [case]
    assert list(queue_of(desk("city"))) == []

    to_decision(case)
    go_on(case, "province")

    case.refresh_from_db()
    assert (case.state, case.office) == ("certified", None)
    assert outcome_of(case) is MET
    assert case.moves.all()[0].event == "submit"
    assert case.moves.count() == case.counter
    assert check_chain().whole


def test_where_a_level_has_no_office_the_next_one_acts():
    province = office("province")
    case, _by = submitted(call())

    assert case.office == province
    go_on(case, "province")
    assert case.state == "city_check"
    assert case.office == province


def test_an_office_whose_turn_it_is_not_does_nothing(offices):
    case, by = submitted(call())

    for actor in (desk("city"), by, desk("county", Role.OBSERVER)):
        with pytest.raises(Refused):
            pass_case(case=case, by=actor, seen=case.counter)


def test_of_two_officers_one_wins_and_the_other_is_told(offices):
    case, _by = submitted(call())
    seen = case.counter
    twin = Case.objects.get(pk=case.pk)
    pass_case(case=case, by=desk("county"), seen=seen)

    with pytest.raises(CaseMoved, match="刚刚办理了这份案卷"):
        pass_case(case=twin, by=desk("county"), seen=seen)
    assert case.moves.filter(sequence=seen + 1).count() == 1


def test_a_move_of_another_state_is_told(offices):
    case, _by = submitted(call())

    with pytest.raises(CaseMoved, match="县级初审"):
        report_result(
            case=case, by=desk("county"), seen=case.counter, certified=True, source="虚"
        )


def test_opening_is_noted_once_and_only_by_who_has_to_act(offices):
    case, by = submitted(call())
    open_case(case=case, by=by)
    assert case.opened_at is None

    open_case(case=case, by=desk("county"))
    first = case.opened_at
    open_case(case=case, by=desk("county"))

    assert case.opened_at == first is not None
    assert Event.objects.filter(action="casework.case_opened").count() == 1


def test_a_returned_case_names_the_fields_and_comes_back_to_its_step(offices):
    case, by = submitted(call())
    with pytest.raises(NoReason, match="要改哪几项"):
        return_case(
            case=case, by=desk("county"), seen=case.counter, reason="虚构", fields=[]
        )
    was = case.assessment_id
    return_case(
        case=case,
        by=desk("county"),
        seen=case.counter,
        reason="上年研发费用与审计报告不符（虚构）",
        fields=["rnd_expense@2025"],
    )
    assert (case.state, case.office) == ("returned", None)
    assert case.moves.last().fields == ["rnd_expense@2025"]

    file_facts(
        enterprise=case.enterprise,
        entries={"rnd_expense@2025": {"value": "7400000.00"}},
        source=FilingSource.ENTERPRISE,
        by=by,
    )
    case.enterprise.refresh_from_db()
    resubmit_case(case=case, by=by, seen=case.counter, reply="已更正（虚构）")

    assert case.state == "county_check"
    assert case.assessment_id != was
    assert case.assessment.entries["rnd_expense@2025"]["value"] == "7400000.00"


def test_later_figures_change_no_decision(offices):
    case, by = submitted(call())
    file_facts(
        enterprise=case.enterprise,
        entries={"revenue@2025": {"value": "1.00"}},
        source=FilingSource.ENTERPRISE,
        by=by,
    )

    to_decision(case)
    go_on(case, "province")

    assert case.state == "certified"


# -- what the authority above decides, and other rounds ----------------------------


def test_a_countys_case_ends_with_a_recommendation_and_the_result_comes_back():
    office("county")
    case, _by = submitted(call("county", capacity=1))
    judge_all(case, desk("county"))
    go_on(case, "county")
    assert (case.state, case.office.territory) == ("recommended", "990101")

    with pytest.raises(NoReason, match="请写明依据"):
        report_result(
            case=case, by=desk("county"), seen=case.counter, certified=True, source=" "
        )
    report_result(
        case=case,
        by=desk("county"),
        seen=case.counter,
        certified=True,
        source="示范省第八批名单（虚构）",
    )

    assert case.state == "certified"
    assert case.moves.last().data["source"] == "示范省第八批名单（虚构）"


def test_no_more_are_recommended_than_there_are_places():
    office("county")
    opened = call("county", capacity=1)
    for number in range(2):
        case, _by = submitted(opened)
        judge_all(case, desk("county"))
        if number:
            with pytest.raises(Refused, match="1 个名额已用完"):
                go_on(case, "county")
        else:
            go_on(case, "county")


def test_a_case_moves_to_another_standard_only_as_an_act_of_its_own():
    office("county")
    first = call("county")
    other = call("county", on=datetime.date(2026, 3, 1))
    case, _by = submitted(first)
    by = desk("county")
    with pytest.raises(NoReason):
        migrate_case(case=case, to=other, by=by, reason="")

    migrate_case(case=case, to=other, by=by, reason="按旧标准受理（虚构）")

    event = Event.objects.get(action="casework.case_migrated")
    assert event.data["was"]["rule_set"] == "srdi_sme/2026-04-01"
    assert event.data["rule_set"] == "srdi_sme/2022-08-01"
    champion = call("county", scheme="little_giant")
    with pytest.raises(Refused, match="同一称号"):
        migrate_case(case=case, to=champion, by=by, reason="虚构")


def test_a_little_giant_goes_through_the_ministry(settings):
    settings.CERTIFIES = frozenset({"little_giant"})
    for level in ("county", "city", "province", "ministry"):
        office(level)
    case, _by = submitted(call("ministry", "little_giant"), LITTLE_GIANT)
    judge_all(case, desk("county"))
    for level, steps in (("county", 1), ("city", 1), ("province", 3), ("ministry", 4)):
        for _step in range(steps):
            go_on(case, level)

    assert case.state == "certified"
    assert [move.target for move in case.moves.all()] == [
        *("county_check", "city_check", "province_check", "province_inspection"),
        *("province_recommendation", "ministry_review", "ministry_inspection"),
        *("ministry_notice", "decision", "certified"),
    ]
