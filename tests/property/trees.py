"""Random well-typed expression trees, as the parser would build them."""

from hypothesis import strategies as st

from tidu.rules import nodes
from tidu.rules.facts import Fact
from tidu.rules.library import default_library
from tidu.rules.parse import Names
from tidu.rules.units import read_quantity

PACK = default_library().national
FACTS = PACK.facts
SIZE = PACK.tables["sme_size"]
NAMES = Names(FACTS, {}, (), PACK.tables)
OPERATORS = (">=", ">", "<=", "<", "==", "!=")

MONEY = ("revenue", "main_revenue", "rnd_expense", "total_assets", "net_profit")
COUNTS = ("class1_ip", "class2_ip", "market_rank_domestic")
RATIOS = ("market_share", "dq02")
FLAGS = ("listed", "own_brand", "abnormal_list", "quality_award")
CHOICES = ("rnd_institution", "science_award")
PARTS = (("class1_ip_in_use", "class1_ip"), ("class1_ip_own", "class1_ip"))
FLAG_PARTS = (("conduct_event_2y", "major_accident"),)


def number(text: str) -> nodes.Number:
    return nodes.Number(*read_quantity(text), text)


def reference(fact: Fact, offset: int = 1) -> nodes.FactRef:
    return nodes.FactRef(fact.id, fact.type, offset if fact.yearly else None)


def ref(fact_id: str, offset: int = 1) -> nodes.FactRef:
    return reference(FACTS[fact_id], offset)


PROFIT = nodes.Compare(">", ref("net_profit"), number("0"))
OFFSETS = st.integers(0, 3)
COUNT = st.integers(1, 3)
MONEY_FACTS = st.builds(ref, st.sampled_from(MONEY), OFFSETS)
MONEY_NUMBERS = st.one_of(
    st.integers(-3, 30).map(lambda n: number(f"{n}万元")),
    st.sampled_from(["0", "1,000.01元", "1.5亿元", "0.01元"]).map(number),
)
RATIO_NUMBERS = st.sampled_from(["-5%", "0%", "3%", "50%", "100%", "33.3%"]).map(number)
COUNT_NUMBERS = st.sampled_from(["0", "1", "2项", "3", "1_0", "1,000", "-2"]).map(
    lambda text: nodes.Number(*read_quantity(text.replace("_", "")), text)
)


def sums(*, bounded: bool, mean: bool) -> st.SearchStrategy[nodes.SumYears]:
    facts = ("new_equity", *MONEY) if bounded else MONEY
    return st.builds(
        lambda count, fact_id, offset, is_mean: nodes.SumYears(
            count, ref(fact_id, offset), is_mean, FACTS[fact_id].accumulates
        ),
        COUNT,
        st.sampled_from(facts),
        OFFSETS,
        st.booleans() if mean else st.just(value=False),
    )


def first_given() -> st.SearchStrategy[nodes.FirstGiven]:
    return st.lists(MONEY_FACTS, min_size=2, max_size=3).map(
        lambda options: nodes.FirstGiven(tuple(options))
    )


def comparisons(*, calibres: bool = True) -> st.SearchStrategy[nodes.Node]:
    """Comparisons of every kind; without calibres no ``first_given``."""
    operators = st.sampled_from(OPERATORS)
    amounts = [MONEY_FACTS, sums(bounded=True, mean=True)]
    sides = [MONEY_FACTS, sums(bounded=False, mean=False)]
    if calibres:
        amounts.append(first_given())
        sides.append(first_given())
    ratios = st.builds(nodes.Ratio, st.one_of(sides), st.one_of(sides))
    growth = st.builds(nodes.Growth, COUNT, MONEY_FACTS, st.booleans())
    parts = st.sampled_from(PARTS).map(lambda p: nodes.PartOf(ref(p[0]), ref(p[1])))
    counts = st.one_of(st.sampled_from(COUNTS).map(ref), parts)
    shares = st.one_of(ratios, growth, st.sampled_from(RATIOS).map(ref))
    ages = st.sampled_from(("years", "days")).map(
        lambda unit: nodes.Age(ref("established_on"), unit)
    )
    grades = st.sampled_from(
        [nodes.Grade(SIZE), nodes.Grade(SIZE, "employees"), nodes.Grade(SIZE, "", True)]  # noqa: FBT003
    )
    compare = nodes.Compare
    return st.one_of(
        st.builds(compare, operators, st.one_of(amounts), MONEY_NUMBERS),
        st.builds(compare, operators, MONEY_FACTS, MONEY_FACTS),
        st.builds(compare, operators, counts, COUNT_NUMBERS),
        st.builds(compare, operators, shares, RATIO_NUMBERS),
        st.builds(
            compare, operators, ages, st.sampled_from(["0", "9", "10"]).map(number)
        ),
        st.builds(compare, operators, grades, st.sampled_from("1234").map(number)),
    )


def flags() -> st.SearchStrategy[nodes.Flag]:
    parts = st.sampled_from(FLAG_PARTS).map(
        lambda pair: nodes.PartOf(ref(pair[0]), ref(pair[1]))
    )
    return st.builds(nodes.Flag, st.one_of(st.sampled_from(FLAGS).map(ref), parts))


def choices() -> st.SearchStrategy[nodes.Node]:
    one = st.sampled_from(CHOICES).flatmap(
        lambda fact_id: st.builds(
            nodes.Is,
            st.just(ref(fact_id)),
            st.lists(
                st.sampled_from([each.id for each in FACTS[fact_id].choices]),
                min_size=1,
                max_size=3,
                unique=True,
            ).map(tuple),
        )
    )
    options = st.sampled_from([each.id for each in FACTS["dq06"].choices])
    return st.one_of(one, st.builds(nodes.Has, st.just(ref("dq06")), options))


def conditions(
    *, calibres: bool = True, where_given: bool = True
) -> st.SearchStrategy[nodes.Node]:
    """Conditions of every kind, nested a few levels deep."""
    leaves = [comparisons(calibres=calibres), flags(), choices()]
    leaves.append(st.just(nodes.Manual()))
    verdict = st.just(ref("market_position_reviewed"))
    leaves.append(st.builds(nodes.Reviewed, verdict))
    if where_given:
        leaves.append(st.builds(nodes.WhereGiven, flags()))
    return st.recursive(st.one_of(leaves), _above, max_leaves=6)


def _above(inner: st.SearchStrategy[nodes.Node]) -> st.SearchStrategy[nodes.Node]:
    items = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        st.builds(nodes.All, items),
        st.builds(nodes.Any, items),
        st.builds(nodes.Not, inner),
        st.builds(nodes.Choose, inner, inner, inner),
        items.flatmap(
            lambda found: st.builds(
                nodes.AtLeast, st.integers(1, len(found)), st.just(found)
            )
        ),
        st.builds(nodes.EachYear, COUNT, inner),
        inner.map(lambda found: nodes.Ever(found if has_years(found) else PROFIT)),
        st.builds(nodes.Reviewed, st.just(ref("market_position_reviewed")), inner),
    )


def has_years(node: nodes.Node) -> bool:
    return any(
        isinstance(each, nodes.FactRef) and each.offset is not None
        for each in nodes.walk(node)
    )
