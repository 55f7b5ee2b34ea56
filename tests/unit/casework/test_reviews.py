"""Experts: drawn by lot, never in conflict, blind, two scores and a third."""

from decimal import Decimal

import pytest

from tests.factories import acting, officer
from tests.unit.casework.cases import call, desk, office
from tests.unit.casework.reviews import (
    CODE,
    acting_expert,
    drawn,
    expert,
    filled,
    plan_for,
    pool,
    reach,
)
from tidu.accounts.enums import Role
from tidu.accounts.personal import erase
from tidu.accounts.verdicts import Refused
from tidu.audit.models import Event
from tidu.audit.queries import check_chain
from tidu.casework.deciding import pass_case
from tidu.casework.draw import commitment_to, seed_of
from tidu.casework.experts import (
    About,
    ExpertError,
    TieGiven,
    add_tie,
    change_expert,
    confirm_tie,
    conflicts_between,
    drop_tie,
    enter_expert,
    field_of,
    may_keep_expert,
)
from tidu.casework.review_models import DrawKind, Review, TieChoice
from tidu.casework.review_planning import (
    Item,
    ReviewError,
    announce_draw,
    do_elsewhere,
    draw_one_more,
    hold_draw,
    own_items,
    preview,
    repeats,
)
from tidu.casework.review_results import (
    all_results,
    lacking_cases,
    report_of,
    settled_of,
    standings_in,
)
from tidu.casework.reviewing import (
    declare_conflict,
    reviews_of,
    save_review,
    submit_review,
)
from tidu.planning.reviewing import TooFewExpertsError

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return reach("province_review")


def submit_all(reviews, *points):
    for review, each in zip(reviews, points, strict=True):
        submit_review(
            review=review, written=filled(review, each), by=acting_expert(review.expert)
        )


# -- the pool --------------------------------------------------------------------


def test_an_expert_enters_with_an_account_that_is_no_authority():
    office("province")
    about = About("虚构专家", "虚构大学", CODE.lower(), ["34"], 5)

    made, password = enter_expert(username="fresh", about=about, by=desk("province"))

    assert made.organisation_code == CODE
    assert made.confirmed_by
    assert made.user.check_password(password)
    assert made.user.must_change_password
    actor = acting_expert(made)
    assert actor.role is Role.EXPERT
    assert actor.scope is None
    assert Event.objects.filter(action="casework.expert_entered").count() == 1


def test_a_pool_is_kept_by_its_office_only():
    one = expert()

    with pytest.raises(Refused, match="另一个主管部门"):
        may_keep_expert(desk("city"), one).or_refuse()
    about = About("改名", "虚构大学", "", [], 1)
    by = desk("province", Role.OBSERVER)
    with pytest.raises(Refused, match="只读"):
        change_expert(expert=one, about=about, by=by)


def test_an_experts_name_goes_with_their_account():
    one = expert("虚构的李四")

    erase(person=one.user, by=acting_expert(one))

    one.refresh_from_db()
    assert "李四" not in one.name


def test_a_limit_below_one_is_refused():
    with pytest.raises(ExpertError, match="至少评 1 份"):
        expert(limit=0)


@pytest.mark.parametrize(("code", "field"), [("C3484", "34"), ("65", "65"), ("", "")])
def test_the_field_of_an_industry(code, field):
    assert field_of(code) == field


# -- conflicts ----------------------------------------------------------------------


def tie(kind, party, *, of, confirmed=True):
    given = TieGiven(kind, party, "虚构的登记资料")
    return add_tie(of=of, given=given, by=desk("province"), confirmed=confirmed)


def with_code(case, code=CODE):
    case.enterprise.uscc = code
    case.enterprise.save()
    return case.enterprise


def test_an_employer_confirmed_by_its_code_bars(case):
    with_code(case)
    one = expert(organisation_code=CODE)

    found = conflicts_between([case], [one])

    assert list(found.barred) == [(case.number, one.key)]


def test_an_employer_of_the_same_name_is_a_hint_only(case):
    one = expert(organisation_name=case.enterprise.name)

    found = conflicts_between([case], [one])

    assert not found.barred
    assert list(found.hints) == [(case.number, one.key)]


def test_a_shareholding_bars_once_it_is_confirmed(case):
    firm = with_code(case)
    one = expert()
    kept = tie(TieChoice.SHAREHOLDING, firm.uscc, of=one, confirmed=False)

    assert not conflicts_between([case], [one]).barred
    confirm_tie(tie=kept, by=desk("province"))
    assert conflicts_between([case], [one]).barred
    drop_tie(tie=kept, by=desk("province"))
    assert not conflicts_between([case], [one]).barred


def test_a_shared_right_bars(case):
    one = expert()
    tie(TieChoice.IP, "zl202010000001.1", of=one)
    tie(TieChoice.IP, "ZL202010000001.1", of=case.enterprise)

    assert conflicts_between([case], [one]).barred


def test_a_tie_needs_its_source():
    one = expert()

    given = TieGiven(TieChoice.IP, "ZL1", " ")
    with pytest.raises(ExpertError, match="依据"):
        add_tie(of=one, given=given, by=desk("province"), confirmed=True)


# -- plan and draw ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("items", "says"),
    [
        ([Item("a", "甲", 50)], "100 分"),
        ([Item("a", "甲", 0), Item("b", "乙", 100)], "至少 1 分"),
        ([Item("a", "甲", 50), Item("a", "乙", 50)], "重复"),
    ],
)
def test_items_that_make_no_sheet_are_refused(case, items, says):
    with pytest.raises(ReviewError, match=says):
        plan_for(case, items=items)


def test_only_the_steps_office_plans(case):
    plan = plan_for(case)

    with pytest.raises(Refused, match="另一个主管部门"):
        announce_draw(plan=plan, by=desk("city"))
    with pytest.raises(Refused):
        announce_draw(plan=plan, by=acting(officer("980000")))


def test_a_preview_says_how_many_and_what_is_lacking(case):
    plan = plan_for(case)
    expert()

    found = preview(plan)

    assert len(found.cases) == 1
    assert found.experts == 1
    assert found.assignment is None
    assert "请增加专家" in found.shortage.sentence()
    with pytest.raises(TooFewExpertsError):
        announce_draw(plan=plan, by=desk("province"))
    assert not plan.draws.exists()


def test_a_large_preview_is_worked_out_only_when_asked(case):
    pool(3)
    plan = plan_for(case)

    assert preview(plan, at_once=2).assignment is None
    assert preview(plan, at_once=3).assignment is not None


def test_a_draw_is_announced_then_held_and_can_be_repeated(case):
    pool(5)
    plan = plan_for(case)
    draw = announce_draw(plan=plan, by=desk("province"))

    assert not Review.objects.exists()
    assert draw.commitment == commitment_to(draw.secret)
    assert draw.seed == ""

    reviews = hold_draw(draw=draw, by=desk("province"), public="07 12 33")

    assert len({each.expert_id for each in reviews}) == 2
    assert draw.seed == seed_of(draw.secret, "07 12 33")
    assert repeats(draw)
    events = Event.objects.filter(action="casework.review_assigned")
    assert {e.data["expert"] for e in events} == {e.expert.key for e in reviews}
    assert check_chain().broken is None
    reviews[0].delete()
    assert not repeats(draw)


def test_a_draw_is_held_once(case):
    pool()
    draw = announce_draw(plan=plan_for(case), by=desk("province"))
    hold_draw(draw=draw, by=desk("province"))

    with pytest.raises(ReviewError, match="已经结束"):
        hold_draw(draw=draw, by=desk("province"))


def test_a_conflict_found_after_the_announcement_stops_the_draw(case):
    one = pool()[0]
    plan = plan_for(case)
    draw = announce_draw(plan=plan, by=desk("province"))
    tie(TieChoice.SHAREHOLDING, f"enterprise:{case.enterprise_id}".upper(), of=one)
    with_code(case)
    tie(TieChoice.SHAREHOLDING, CODE, of=one)

    with pytest.raises(ReviewError, match="有变动"):
        hold_draw(draw=draw, by=desk("province"))

    again = announce_draw(plan=plan, by=desk("province"))
    draw.refresh_from_db()
    assert draw.dropped_at
    assert one not in [
        each.expert for each in hold_draw(draw=again, by=desk("province"))
    ]


@pytest.mark.parametrize("public", ["0", "1", "2", "3", "4", "5"])
def test_an_expert_with_a_conflict_is_never_assigned(case, public):
    with_code(case)
    barred = expert("虚构回避", organisation_code=CODE)
    pool(3)
    plan = plan_for(case)
    draw = announce_draw(plan=plan, by=desk("province"))

    reviews = hold_draw(draw=draw, by=desk("province"), public=public)

    assert barred not in [each.expert for each in reviews]


def test_nothing_is_changed_after_the_draw(case):
    pool()
    drawn(case)

    with pytest.raises(ReviewError, match="不能再改"):
        plan_for(case, gap=Decimal(5))


# -- sheets ------------------------------------------------------------------------------


def test_a_draft_is_kept_and_a_whole_sheet_submitted_once(case):
    pool()
    review = drawn(case)[0]
    by = acting_expert(review.expert)
    half = filled(review, 20, verdicts={}, comments={})
    save_review(review=review, written=half, by=by)
    assert review.saved_at

    clauses = filled(review).verdicts
    if clauses:
        with pytest.raises(ReviewError, match="还没有给出意见"):
            submit_review(review=review, written=half, by=by)
    assert submit_review(review=review, written=filled(review), by=by) == 80
    with pytest.raises(Refused, match="已经提交"):
        submit_review(review=review, written=filled(review, 1), by=by)
    with pytest.raises(Refused, match="已经提交"):
        declare_conflict(review=review, reason="虚构", by=by)


def test_low_points_ask_for_a_comment(case):
    pool()
    review = drawn(case)[0]

    with pytest.raises(ReviewError, match="低于 60%"):
        submit_review(
            review=review,
            written=filled(review, 14, comments={}),
            by=acting_expert(review.expert),
        )


@pytest.mark.parametrize("points", ["-1", "25.5", "10.2"])
def test_points_fit_their_item(case, points):
    pool()
    review = drawn(case)[0]
    scores = {"sheet_market": Decimal(points)}

    with pytest.raises(ReviewError, match="0 到 25"):
        save_review(
            review=review,
            written=filled(review, scores=scores),
            by=acting_expert(review.expert),
        )


def test_a_sheet_is_its_experts_alone(case):
    people = pool()
    review = drawn(case)[0]
    other = next(each for each in people if each != review.expert)

    assert review in reviews_of(acting_expert(review.expert))
    assert review not in reviews_of(acting_expert(other))
    assert not reviews_of(desk("province"))
    with pytest.raises(Refused, match="另一位专家"):
        save_review(review=review, written=filled(review), by=acting_expert(other))


def test_a_conflict_declared_later_releases_and_redraws(case):
    pool(4)
    first, second = drawn(case)

    made = declare_conflict(
        review=first, reason="曾任虚构顾问", by=acting_expert(first.expert)
    )

    first.refresh_from_db()
    assert first.released_at
    assert [each.draw.kind for each in made] == [DrawKind.REPLACEMENT]
    assert made[0].expert not in {first.expert, second.expert}
    assert repeats(made[0].draw)
    assert conflicts_between([case], [first.expert]).barred
    event = Event.objects.get(action="casework.review_released")
    assert event.data["reason"] == "曾任虚构顾问"
    kept = first.expert.ties.get()
    with pytest.raises(ExpertError, match="不能删除"):
        drop_tie(tie=kept, by=desk("province"))


def test_without_another_expert_the_case_waits_and_is_named(case):
    pool(2)
    first, _second = drawn(case)

    assert not declare_conflict(
        review=first, reason="虚构", by=acting_expert(first.expert)
    )

    plan = first.draw.plan
    assert lacking_cases(plan) == [(case, False)]
    assert Event.objects.filter(action="casework.review_lacks_expert").exists()
    expert("虚构新专家")
    made = draw_one_more(
        plan=plan, case=case, kind=DrawKind.REPLACEMENT, by=desk("province")
    )
    assert made[0].expert.name == "虚构新专家"
    assert lacking_cases(plan) == []


# -- results --------------------------------------------------------------------------


def test_a_case_leaves_the_step_only_with_its_reviews(case):
    by = desk("province")
    with pytest.raises(Refused, match="还没有安排"):
        pass_case(case=case, by=by, seen=case.counter)
    pool()
    reviews = drawn(case)
    submit_all(reviews[:1], 20)
    with pytest.raises(Refused, match="还没有完成"):
        pass_case(case=case, by=by, seen=case.counter)
    submit_all(reviews[1:], 21)

    pass_case(case=case, by=by, seen=case.counter)

    assert case.state == "province_inspection"
    assert settled_of(reviews[0].draw.plan, case).points == 82


def test_two_that_differ_bring_a_third_by_lot(case):
    pool(4)
    reviews = drawn(case, gap=Decimal(15))
    submit_all(reviews, 10, 22)

    third = Review.objects.exclude(pk__in=[each.pk for each in reviews]).get()
    assert third.draw.kind == DrawKind.THIRD
    assert repeats(third.draw)
    plan = third.draw.plan
    assert settled_of(plan, case).third
    submit_all([third], 21)
    assert settled_of(plan, case).points == 86
    assert Review.objects.count() == 3


def test_a_pass_line_between_two_scores_brings_a_third(case):
    pool(4)
    reviews = drawn(case, pass_line=Decimal(70))
    submit_all(reviews, 17, 18)

    assert Review.objects.count() == 3


def test_a_report_is_unknown_below_its_numbers(case):
    pool()
    reviews = drawn(case)
    submit_all(reviews, 20, 20)

    plan = reviews[0].draw.plan
    found = report_of(plan)

    assert found.agreement.icc is None
    assert [each.severity.shrunk for each in found.experts] == [None, None]
    assert [each.partners.cases for each in found.experts] == [1, 1]
    (result,) = all_results(plan)
    assert all(each.calibrated is None for each in result.given)
    assert standings_in(plan).lacking == {}
    assert standings_in(plan).done == 1


def test_severity_stands_beside_the_raw_points():
    opened = call(here=True)
    people = pool(2)
    cases = [reach("province_review", opened) for _n in range(5)]
    plan = plan_for(cases[0])
    draw = announce_draw(plan=plan, by=desk("province"))
    for review in hold_draw(draw=draw, by=desk("province")):
        points = 18 if review.expert == people[0] else 21
        submit_all([review], points)

    lines = {each.expert: each for each in report_of(plan).experts}

    assert lines[people[0]].severity.deviation == Decimal(-6)
    assert lines[people[0]].partners.gap == Decimal(12)
    given = [
        each
        for case in all_results(plan)
        for each in case.given
        if each.review.expert == people[0]
    ]
    assert all(each.calibrated > each.review.total == 72 for each in given)


def test_an_office_may_say_that_it_reviews_elsewhere(case):
    by = desk("province")
    with pytest.raises(ReviewError, match="请写明"):
        do_elsewhere(opened=case.round, step=case.current_step, reason=" ", by=by)

    do_elsewhere(opened=case.round, step=case.current_step, reason="虚构会评", by=by)

    pass_case(case=case, by=by, seen=case.counter)
    assert case.state == "province_inspection"


def test_the_proposed_items_make_a_sheet():
    assert sum(each.points for each in own_items()) == 100
