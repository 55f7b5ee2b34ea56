"""A sweep is every single run at once: the same counts at every threshold."""

from __future__ import annotations

import dataclasses
import datetime
from collections import Counter
from decimal import Decimal

import pytest

from tests.unit.bulk.populations import LIBRARY, opened, screened, write_border_firms
from tidu.bulk.amounts import NotExactError
from tidu.bulk.scenarios import ScenarioError, changed, trees_of
from tidu.bulk.sweep import read_sweep, run_sweep
from tidu.rules import nodes
from tidu.rules.library import Library
from tidu.rules.nodes import Number
from tidu.rules.rulesets import Kind, RuleSet

OLD = datetime.date(2025, 6, 1)
NEW = datetime.date(2026, 6, 1)
KINDS = Kind.NEW, Kind.REVERIFICATION


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory):
    path = tmp_path_factory.mktemp("sweep") / "firms.parquet"
    write_border_firms(path, 1_200, 7)
    return opened(path)


def with_rule_set(rule_set: RuleSet) -> Library:
    """The library with this edition in the place of the one of its name."""
    schemes = dict(LIBRARY.national.schemes)
    scheme = schemes[rule_set.scheme]
    editions = tuple(rule_set if e.id == rule_set.id else e for e in scheme.rule_sets)
    schemes[rule_set.scheme] = dataclasses.replace(scheme, rule_sets=editions)
    national = dataclasses.replace(LIBRARY.national, schemes=schemes)
    return dataclasses.replace(LIBRARY, national=national)


def rule_set(scheme: str, on: datetime.date, kind: Kind = Kind.NEW) -> RuleSet:
    found = LIBRARY.national.schemes[scheme].which(kind, on)
    assert found is not None
    return found[0]


def only(found: RuleSet, value: str, kind: Kind) -> RuleSet:
    """The edition with just the criteria that read the value: what it decides shows."""
    card = any(reads(item.points, value) for item in found.items)
    criteria = tuple(
        each
        for each in found.criteria
        if any(
            reads(tree, value)
            or (card and any(isinstance(n, nodes.Score) for n in nodes.walk(tree)))
            for tree in trees_of(dataclasses.replace(found, criteria=(each,)), kind)
        )
    )
    return dataclasses.replace(found, criteria=criteria)


def reads(tree: nodes.Node, value: str) -> bool:
    return any(isinstance(n, Number) and n.name == value for n in nodes.walk(tree))


def singly(snapshot, found: RuleSet, sweep, at: int, on, kind) -> Counter[str]:
    """One ordinary screening with the threshold number ``at``."""
    number = Number(sweep.threshold(at), sweep.unit, "", sweep.value)
    library = with_rule_set(changed(found, {sweep.value: number}))
    return Counter(screened(snapshot, library, sweep.scheme, on, kind).values())


def swept(snapshot, found: RuleSet, text: str, on, kind):
    library = with_rule_set(found)
    sweep, _ = read_sweep(library, text, on=on, kind=kind)
    folder = snapshot.path.parent
    return run_sweep(snapshot, library, sweep, on=on, kind=kind, folder=folder)


def counted(curve, at: int) -> Counter[str]:
    counts = curve.counts[at]
    return Counter({outcome.value: firms for outcome, firms in counts.items() if firms})


def check(snapshot, found: RuleSet, text: str, on, kind=Kind.NEW) -> int:
    """Compare every point with a single run; how many points differ from the first."""
    curve = swept(snapshot, found, text, on, kind)
    assert curve.rows == snapshot.rows
    points = [counted(curve, at) for at in range(curve.sweep.points)]
    for at, point in enumerate(points):
        assert point == singly(snapshot, found, curve.sweep, at, on, kind), at
    return sum(point != points[0] for point in points)


def test_fifty_thresholds_give_what_fifty_runs_give(snapshot):
    found = rule_set("srdi_sme", NEW)
    alone = only(found, "min_rnd_ratio", Kind.NEW)
    assert [each.id for each in alone.criteria] == ["rnd_each_year"]
    assert check(snapshot, alone, "srdi_sme.min_rnd_ratio=0.5%..5.4%/49", NEW) > 10
    check(snapshot, found, "srdi_sme.min_rnd_ratio=2%..4%/4", NEW)


@pytest.mark.parametrize(
    ("text", "on"),
    [
        # a plain figure in an alternative; money; a share with an upper limit
        ("srdi_sme.min_revenue=500万元..2500万元/4", NEW),
        ("srdi_sme.min_equity=0元..4000万元/4", NEW),
        ("srdi_sme.max_debt_ratio=40%..120%/4", NEW),
        ("srdi_sme.min_rnd=20万元..180万元/4", NEW),
        # a part bounded by its whole; a manual clause behind the comparison
        ("little_giant.min_ip=0项..8项/4", NEW),
        ("little_giant.min_share=0%..20%/4", NEW),
        # a mean of two rates of growth, and a negative threshold
        ("little_giant.min_growth=-15%..25%/4", OLD),
        # the same name on both sides of a band
        ("little_giant.large_revenue=0亿元..4亿元/4", OLD),
        ("little_giant.min_rnd_total=1000万元..5000万元/4", OLD),
        ("little_giant.middle_revenue=1000万元..9000万元/4", OLD),
        ("high_tech_enterprise.min_staff_share=0%..20%/4", NEW),
        ("high_tech_enterprise.min_domestic=20%..100%/4", NEW),
        # points of a card, whole ones and quarters; a mean over years; a rank
        ("innovative_sme.min_score=20分..100分/4", NEW),
        ("innovative_sme.min_innovation=8分..32分/4", NEW),
        ("manufacturing_champion.min_revenue=0亿元..8亿元/4", NEW),
        ("manufacturing_champion.max_rank=-3名..9名/4", NEW),
        ("tech_sme.max_staff=0人..2000人/4", NEW),
        ("tech_sme.min_score=0分..80分/4", NEW),
    ],
)
def test_every_way_a_value_is_read(snapshot, text, on):
    scheme, rest = text.split(".", 1)
    value = rest.split("=")[0]
    alone = only(rule_set(scheme, on), value, Kind.NEW)
    assert check(snapshot, alone, text, on) > 0


def test_a_reverification_sweeps_its_own_condition(snapshot):
    kind = Kind.REVERIFICATION
    alone = only(rule_set("srdi_sme", NEW, kind), "min_srdi_score", kind)
    assert check(snapshot, alone, "srdi_sme.min_srdi_score=20分..80分/6", NEW, kind) > 0


def replaced(found: RuleSet, old: str, new: nodes.Node) -> RuleSet:
    """The edition with a criterion's condition written otherwise."""
    criteria = tuple(
        dataclasses.replace(each, require=new) if each.id == old else each
        for each in found.criteria
    )
    return dataclasses.replace(found, criteria=criteria)


def threshold(found: RuleSet, value: str) -> Number:
    return found.values[value].number


def condition_of(found: RuleSet, criterion: str) -> nodes.Node:
    (tree,) = (each.require for each in found.criteria if each.id == criterion)
    assert tree is not None
    return tree


@pytest.mark.parametrize("op", [">=", ">", "<", "<="])
@pytest.mark.parametrize("left", ["plain", "ratio", "part", "sum"])
def test_each_operator_on_each_kind_of_figure(snapshot, op, left):
    found = rule_set("srdi_sme", NEW)
    texts = {
        "plain": ("revenue_or_equity", "min_revenue", "500万元..2500万元/4"),
        "ratio": ("main_revenue_share", "min_main_share", "40%..120%/4"),
        "part": ("class1_ip", "min_ip", "0项..4项/4"),
        "sum": ("revenue_or_equity", "min_equity", "0元..4000万元/4"),
    }
    criterion, value, span = texts[left]
    (compared,) = (
        node
        for node in nodes.walk(condition_of(found, criterion))
        if isinstance(node, nodes.Compare) and node.right == threshold(found, value)
    )
    turned = replaced(found, criterion, dataclasses.replace(compared, op=op))
    alone = only(turned, value, Kind.NEW)
    assert check(snapshot, alone, f"srdi_sme.{value}={span}", NEW) > 0


@pytest.mark.parametrize("how", ["bands", "sum"])
def test_points_that_move_move_the_score(snapshot, how):
    """A value in the lines of a card: the total follows, criteria on it as well."""
    found = rule_set("tech_sme", NEW)
    card = found.score_card
    assert card is not None
    item = card.items[0]
    revenue = nodes.FactRef("revenue", nodes.FactType.MONEY, 1)
    line = nodes.Compare(">=", revenue, threshold(found, "max_revenue"))
    steps = (nodes.Step(line, item.max),)
    points = nodes.Bands(steps) if how == "bands" else nodes.Sum(steps, item.max)
    items = (dataclasses.replace(item, points=points), *card.items[1:])
    moved = dataclasses.replace(
        found, score_card=dataclasses.replace(card, items=items)
    )
    alone = only(moved, "max_revenue", Kind.NEW)
    assert check(snapshot, alone, "tech_sme.max_revenue=0亿元..4亿元/4", NEW) > 0
    reading = nodes.Compare(">=", nodes.Score(), threshold(found, "max_revenue"))
    both = replaced(moved, "revenue", reading)
    with pytest.raises(ScenarioError, match="既决定评分"):
        read_sweep(
            with_rule_set(both),
            "tech_sme.max_revenue=0元..4元/4",
            on=NEW,
            kind=Kind.NEW,
        )


def test_figures_beyond_every_whole_number_type_are_refused(snapshot):
    tiny = "0." + "0" * 27 + "1%"
    with pytest.raises(NotExactError, match="整数最多"):
        swept(
            snapshot,
            rule_set("srdi_sme", NEW),
            f"srdi_sme.min_rnd_ratio=0%..{tiny}/1",
            NEW,
            Kind.NEW,
        )


def test_an_empty_population_has_a_curve_of_zeros(tmp_path):
    path = tmp_path / "none.parquet"
    write_border_firms(path, 0, 1)
    text = "srdi_sme.min_rnd_ratio=1%..2%/2"
    curve = swept(opened(path), rule_set("srdi_sme", NEW), text, NEW, Kind.NEW)
    assert [sum(each.values()) for each in curve.counts] == [0, 0, 0]
    assert [curve.sweep.threshold(at) for at in range(3)] == [
        Decimal(text) for text in ("0.01", "0.015", "0.02")
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("srdi_sme.min_rnd_ratio", "--sweep srdi_sme.min_rnd_ratio 读不懂"),
        ("srdi_sme.min_rnd_ratio=1%..2%", "起..止/份数"),
        ("srdi_sme.min_rnd_ratio=1%/10", "起..止/份数"),
        ("srdi_sme.min_rnd_ratio=1%..2%/many", "起..止/份数"),
        ("srdi_sme.min_rnd_ratio=1%..2%/0", "份数应在1和100000之间"),
        ("srdi_sme.min_rnd_ratio=1%..2%/100001", "份数应在1和100000之间"),
        ("srdi_sme.min_rnd_ratio=2%..2%/10", "起点应小于止点"),
        ("srdi_sme.min_rnd_ratio=1%..3%/3", "不是有限小数"),
        ("srdi_sme.min_rnd_ratio=1元..3%/2", "单位应是 %，写的是 元"),
        ("unicorn.max_age=1年..9年/8", "年龄或天数"),
        ("little_giant.min_growth=1%..9%/8", "复合增长率"),
    ],
)
def test_what_cannot_be_swept_is_refused_with_the_reason(text, why):
    with pytest.raises(ScenarioError) as caught:
        read_sweep(LIBRARY, text, on=NEW, kind=Kind.NEW)
    assert why in str(caught.value)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("build", "why"),
    [
        (lambda left, bound: nodes.Compare("==", left, bound), "相等的比较"),
        (lambda left, bound: nodes.Compare(">=", left, bound_sum(bound)), "参与计算"),
    ],
)
def test_a_condition_that_does_not_turn_once_is_refused(build, why):
    found = rule_set("srdi_sme", NEW)
    revenue = nodes.FactRef("revenue", nodes.FactType.MONEY, 1)
    tree = build(revenue, threshold(found, "min_revenue"))
    library = with_rule_set(replaced(found, "revenue_or_equity", tree))
    with pytest.raises(ScenarioError, match=why):
        read_sweep(library, "srdi_sme.min_revenue=1元..3元/2", on=NEW, kind=Kind.NEW)


def bound_sum(bound: Number) -> nodes.Node:
    return nodes.Total((bound,), Decimal(10**9))


def test_a_grade_of_a_table_is_refused():
    found = rule_set("srdi_sme", NEW)
    tree = condition_of(found, "sme")
    assert isinstance(tree, nodes.Compare)
    tree = dataclasses.replace(tree, right=threshold(found, "min_ip"))
    library = with_rule_set(replaced(replaced(found, "class1_ip", tree), "sme", tree))
    with pytest.raises(ScenarioError, match="表格里的等级"):
        read_sweep(library, "srdi_sme.min_ip=1项..3项/2", on=NEW, kind=Kind.NEW)
