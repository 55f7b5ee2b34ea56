"""More facts never turn a decision round; ranges contain every completion.

Left out of the monotone trees, because the contract makes an exception:
``where_given`` (not given is not applicable, which leaves a conjunction) and
``first_given`` (a better calibre replaces a decided figure). The industry stays known:
where it is open, rows nobody grades are passed over on purpose.
"""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from tests.property.trees import MONEY, SIZE, conditions, number, ref
from tests.property.worlds import (
    CODES,
    SEEDS,
    THREE_WORLDS,
    contains,
    scope_of,
    seeded,
    thinned,
)
from tidu.rules import evaluate, nodes
from tidu.rules.assess import score_up
from tidu.rules.missing import missing
from tidu.rules.outcomes import MANUAL, MET, UNKNOWN, UNMET
from tidu.rules.rulesets import ScoreCard, ScoreItem, SourceGrade
from tidu.rules.scope import NOT_USED, UNDEFINED
from tidu.rules.vocabulary import NO_TEXT

MONOTONE = conditions(calibres=False, where_given=False)
POINTS = st.integers(0, 20).map(Decimal)
CENTS = st.integers(-300_000, 3_000_000)
PERCENT = st.integers(-20, 120)


def as_money(cents: int) -> Decimal:
    return Decimal(cents) / 100


@given(MONOTONE, THREE_WORLDS)
def test_more_facts_never_turn_a_decided_outcome(tree, worlds):
    check = evaluate.condition(tree)

    less, more, full = (check(scope_of(each)) for each in worlds)

    assert less not in {MET, UNMET} or less is more is full
    assert more not in {MET, UNMET} or more is full


@given(conditions(calibres=False), THREE_WORLDS)
def test_complete_facts_leave_unknown_only_under_ever(tree, worlds):
    if any(isinstance(each, nodes.Ever) for each in nodes.walk(tree)):
        return  # no file is complete: never refuted
    scope = scope_of(worlds[2])

    outcome = evaluate.condition(tree)(scope)

    assert outcome is not UNKNOWN or missing(tree, scope)  # a year before the file


@given(conditions(), THREE_WORLDS)
def test_unknown_names_a_missing_fact_that_is_indeed_missing(tree, worlds):
    less = worlds[0]
    scope = scope_of(less)
    if evaluate.condition(tree)(scope) is not UNKNOWN:
        return

    found = missing(tree, scope)

    assert set(found) & set(less) <= {"industry"}  # a short code may still be open
    assert found or any(
        isinstance(n, nodes.Ever | nodes.Choose) for n in nodes.walk(tree)
    )


def steps() -> st.SearchStrategy[tuple[nodes.Step, ...]]:
    one = st.builds(nodes.Step, MONOTONE, POINTS)
    return st.lists(one, min_size=1, max_size=3).map(tuple)


def score_nodes() -> st.SearchStrategy[nodes.Node]:
    return st.one_of(
        st.builds(nodes.Bands, steps(), POINTS),
        st.builds(nodes.Sum, steps(), POINTS),
    )


def item(item_id: str, points: nodes.Node) -> ScoreItem:
    return ScoreItem(
        item_id, NO_TEXT, "", SourceGrade.OURS, points, Decimal(20), group="group"
    )


def scores_of(items, facts):
    scope = scope_of(facts, items)
    score_up(ScoreCard(items, {"group": NO_TEXT}), scope)
    return scope


@given(st.lists(score_nodes(), min_size=1, max_size=3), THREE_WORLDS)
def test_score_range_contains_every_completion(points, worlds):
    items = tuple(item(f"i{at}", each) for at, each in enumerate(points))

    less, more, full = (scores_of(items, each).scores for each in worlds)

    assert all(contains(less[name], more[name]) for name in less)
    assert all(contains(more[name], full[name]) for name in less)


@given(
    st.lists(score_nodes(), min_size=1, max_size=3),
    THREE_WORLDS,
    st.sampled_from([">=", ">", "<=", "<", "==", "!="]),
    st.integers(0, 40),
)
def test_score_against_a_bound_is_never_turned(points, worlds, op, bound):
    items = tuple(item(f"i{at}", each) for at, each in enumerate(points))
    check = evaluate.condition(nodes.Compare(op, nodes.Score(""), number(str(bound))))

    less, more, full = (check(scores_of(items, each)) for each in worlds)

    assert less is UNKNOWN or less is more is full
    assert more is UNKNOWN or more is full


@given(st.lists(score_nodes(), min_size=1, max_size=3), POINTS, THREE_WORLDS)
def test_total_and_lowest_contain_every_completion(points, cap, worlds):
    for node in (nodes.Total(tuple(points), cap), nodes.Lowest(tuple(points))):
        read = evaluate.value(node)

        less, more, full = (read(scope_of(each)) for each in worlds)

        assert contains(less, more)
        assert contains(more, full)


@given(CENTS, st.integers(0, 3_000_000))
def test_money_is_compared_to_the_cent(amount, bound):
    check = evaluate.condition(
        nodes.Compare(">=", ref("revenue"), number(f"{as_money(bound):f}元"))
    )

    found = check(scope_of({"revenue@2025": as_money(amount)}))

    assert found is (MET if amount >= bound else UNMET)


@given(CENTS, CENTS, PERCENT)
def test_ratio_is_decided_as_integers_decide(part, whole, percent):
    ratio = nodes.Ratio(ref("rnd_expense"), ref("revenue"))
    check = evaluate.condition(nodes.Compare(">=", ratio, number(f"{percent}%")))
    facts = {"rnd_expense@2025": as_money(part), "revenue@2025": as_money(whole)}

    found = check(scope_of(facts))

    reached = MET if part * 100 >= percent * whole else UNMET
    assert found is (reached if whole > 0 else MANUAL)


@given(st.integers(1, 10**9), st.integers(1, 120), st.sampled_from([-1, 0, 1]))
def test_ratio_one_cent_beside_the_border(whole, percent, cent):
    """The base is a multiple of 100 cents, so that the border is a whole cent."""
    part = whole * percent + cent
    ratio = nodes.Ratio(ref("rnd_expense"), ref("revenue"))
    check = evaluate.condition(nodes.Compare(">=", ratio, number(f"{percent}%")))
    facts = {"rnd_expense@2025": as_money(part), "revenue@2025": as_money(whole * 100)}

    assert check(scope_of(facts)) is (MET if cent >= 0 else UNMET)


@given(st.lists(CENTS, min_size=4, max_size=4), st.integers(1, 3), PERCENT)
def test_compound_growth_is_decided_as_integers_decide(cents, count, percent):
    facts = {f"revenue@{2025 - at}": as_money(each) for at, each in enumerate(cents)}
    growth = nodes.Growth(count, ref("revenue"))
    check = evaluate.condition(nodes.Compare(">=", growth, number(f"{percent}%")))

    found = check(scope_of(facts))

    reached = cents[0] * 100**count >= (100 + percent) ** count * cents[count]
    expected = MET if reached else UNMET
    assert found is (expected if cents[count] > 0 else MANUAL)


@given(st.lists(CENTS, min_size=4, max_size=4), st.integers(1, 3), PERCENT)
def test_mean_growth_is_decided_as_fractions_decide(cents, count, percent):
    facts = {f"revenue@{2025 - at}": as_money(each) for at, each in enumerate(cents)}
    growth = nodes.Growth(count, ref("revenue"), mean=True)
    check = evaluate.condition(nodes.Compare(">=", growth, number(f"{percent}%")))

    found = check(scope_of(facts))

    if min(cents[1 : count + 1]) <= 0:
        assert found is MANUAL
        return
    mean = sum(Fraction(cents[at], cents[at + 1]) for at in range(count)) / count - 1
    assert found is (MET if mean >= Fraction(percent, 100) else UNMET)


@given(
    st.lists(CENTS, min_size=3, max_size=3), st.integers(1, 3), st.integers(0, 10**6)
)
def test_mean_is_decided_as_integers_decide(cents, count, bound):
    facts = {f"{MONEY[0]}@{2025 - at}": as_money(each) for at, each in enumerate(cents)}
    mean = nodes.SumYears(count, ref(MONEY[0]), mean=True)
    check = evaluate.condition(
        nodes.Compare(">=", mean, number(f"{as_money(bound):f}元"))
    )

    found = check(scope_of(facts))

    assert found is (MET if sum(cents[:count]) >= bound * count else UNMET)


GRADED = ("industry", "employees@2025", "revenue@2025", "total_assets@2025")
INDICATORS = st.sampled_from(["", "employees", "revenue", "total_assets"])


@given(SEEDS, INDICATORS, st.booleans())
def test_grade_contains_every_completion(seed, indicator, strict):
    random = seeded(seed)
    complete = {
        "industry": random.choice(CODES),
        "employees@2025": random.choice([0, 9, 10, 20, 299, 300, 1000]),
        "revenue@2025": wan(random.choice([0, 300, 2000, 40_000])),
        "total_assets@2025": wan(random.choice([100, 5000, 120_000])),
    }
    less = thinned(random, complete)
    read = evaluate.value(nodes.Grade(SIZE, indicator, strict))

    found, full = read(scope_of(less)), read(scope_of(complete))

    if found is None or full is NOT_USED or full is UNDEFINED:
        # None: may lie outside the table. An open industry passes over the rows that
        # nobody grades or that do not read the indicator.
        assert found is None or not strict or found is full or indicator
    elif full is None:
        assert not strict or found is None
    else:
        assert contains(found, full)


def wan(amount: int) -> Decimal:
    return Decimal(amount * 10_000)
