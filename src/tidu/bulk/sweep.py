"""The whole curve of one threshold: how many firms pass at each of thousands of points.

A comparison with the threshold turns once as the threshold rises: at the firm's own
*turn*, the number of points its figure reaches. Between the turns of all comparisons a
scheme's outcome stands still, so each firm is judged once at the first point and once
at each turn, however many points there are. What is counted per turn adds up to the
curve. Everything is whole numbers: a turn is a floor division, exact at every border.
"""

from __future__ import annotations

import dataclasses
import datetime
import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from sqlglot import exp

from tidu.bulk import amounts, conditions, duck, values, writing
from tidu.bulk.amounts import Amount, NotExactError
from tidu.bulk.columns import TABLE
from tidu.bulk.conditions import CODES, Coded, Condition, Truth
from tidu.bulk.scenarios import (
    ScenarioError,
    comparisons_in,
    numbers_in,
    read_number,
    rule_set_of,
    split_change,
    trees_of,
    value_of,
)
from tidu.bulk.schemes import SchemeSql, translate_scheme
from tidu.bulk.screen import Snapshot
from tidu.bulk.sql import dialect_named
from tidu.bulk.translator import Translator
from tidu.bulk.writing import SMALL, Sql
from tidu.rules import nodes
from tidu.rules.language import N_, Phrase
from tidu.rules.library import Library
from tidu.rules.nodes import Node
from tidu.rules.outcomes import MANUAL, Outcome
from tidu.rules.rulesets import Kind, RuleSet

MOST_STEPS = 100_000
EXAMPLE = "1%..10%/900"
_HUGE = 2**127 - 1
_BASE = 6  # five outcomes, and 5 for "before the first point"
_START = 5
_WORDS = {code: outcome for outcome, code in CODES.items()}


@dataclasses.dataclass(frozen=True)
class Sweep:
    """One value of a scheme at equally spaced thresholds, lowest first."""

    scheme: str
    value: str
    unit: str
    first: Decimal
    step: Decimal
    points: int

    def threshold(self, at: int) -> Decimal:
        """The threshold number ``at``, from 0."""
        return self.first + self.step * at


@dataclasses.dataclass(frozen=True)
class Curve:
    """Firms per outcome at every threshold of a sweep."""

    sweep: Sweep
    rule_set: str
    current: Decimal
    rows: int
    counts: tuple[Mapping[Outcome, int], ...]


def read_sweep(
    library: Library, text: str, *, on: datetime.date, kind: Kind
) -> tuple[Sweep, RuleSet]:
    """``srdi_sme.min_rnd_ratio=1%..10%/900``: from, to, and how many equal steps.

    Both ends belong to it, so 900 steps are 901 points. Raises ScenarioError where
    the text, the step, or a place the value stands in does not allow it.
    """
    scheme, value, span = split_change(text, "--sweep", EXAMPLE)
    rule_set = rule_set_of(library, scheme, text, on=on, kind=kind)
    known = value_of(rule_set, value, text, kind)
    low, dots, rest = span.partition("..")
    high, slash, steps_text = rest.rpartition("/")
    if not dots or not slash or not steps_text.strip().isdecimal():
        raise ScenarioError(
            N_(
                "--sweep {text} 读不懂；请写成 认定.数值=起..止/份数，"
                "如 srdi_sme.min_rnd_ratio={example}"
            ),
            text=text,
            example=EXAMPLE,
        )
    first, last = (read_number(known, each, text).value for each in (low, high))
    steps = int(steps_text)
    if not 1 <= steps <= MOST_STEPS:
        raise ScenarioError(
            N_("{text}：份数应在1和{most}之间；请改小或改大"),
            text=text,
            most=MOST_STEPS,
        )
    if first >= last:
        raise ScenarioError(N_("{text}：起点应小于止点；请交换两端"), text=text)
    step = (last - first) / steps
    if Fraction(step) * steps != Fraction(last) - Fraction(first):
        raise ScenarioError(
            N_(
                "{text}：分成{steps}份，每份不是有限小数，写不成门槛；"
                "请换一个份数，比如让每份正好是0.01%或1万元"
            ),
            text=text,
            steps=steps,
        )
    _check_sweepable(rule_set, value, text, kind)
    return Sweep(scheme, value, known.unit, first, step, steps + 1), rule_set


def _check_sweepable(rule_set: RuleSet, value: str, text: str, kind: Kind) -> None:
    """Refuse what does not turn once, at a point whole numbers can tell."""
    trees = trees_of(rule_set, kind)
    found = list(comparisons_in(trees, value))
    written = sum(1 for each in numbers_in(trees) if each.name == value)
    why = ""
    if written != len(found):
        why = N_("它不只是一条比较的界限，还参与计算")
    elif any(each.op in {"==", "!="} for each in found):
        why = N_("它用于相等的比较，不是上限或下限")
    elif any(isinstance(each.left, nodes.Age) for each in found):
        why = N_("它限定的是年龄或天数")
    elif any(isinstance(each.left, nodes.Grade) for each in found):
        why = N_("它限定的是表格里的等级")
    elif any(_compounds(each.left) for each in found):
        why = N_("它限定的是多年的复合增长率")
    elif any(isinstance(each.left, nodes.Score) for each in found) and any(
        each.name == value
        for each in numbers_in([item.points for item in rule_set.items])
    ):
        why = N_("它既决定评分，又限定总分")
    if why:
        raise ScenarioError(
            N_("{text}：{value} 不能一次扫过，因为{why}；请用几个 --scenario 逐个试算"),
            text=text,
            value=value,
            why=Phrase(why),
        )


def _compounds(node: Node) -> bool:
    return isinstance(node, nodes.Growth) and not node.mean and node.count > 1


# -- the translation -----------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Turns:
    """Where a comparison turns: the points its least and largest figure reach.

    ``undefined``: where people must decide, whatever the threshold.
    """

    low: Sql
    high: Sql
    undefined: Sql | None = None


class SweepTranslator(Translator):
    """Translates a rule set at one of a sweep's points, which may be a column.

    ``at``: the point. ``turns``: columns found while translating, each the point where
    a comparison turns; the number of points where it does not.
    """

    def __init__(
        self, library: Library, on: datetime.date, sweep: Sweep, snapshot: Snapshot
    ) -> None:
        definitions = {
            division: pack.definitions for division, pack in library.provinces.items()
        }
        super().__init__(
            library.facts,
            on,
            dialect_named("duckdb"),
            available=snapshot.names,
            most=snapshot.ranges,
            definitions=definitions,
        )
        self.sweep = sweep
        self.at: Sql = writing.integer(0)
        self.turns: list[Sql] = []
        self._leaves: dict[Node, Turns] = {}

    def moves(self, node: Node) -> bool:
        """Whether it reads the swept value."""
        return any(each.name == self.sweep.value for each in numbers_in([node]))

    def condition(self, node: Node) -> Condition:
        """A condition at the point; only those that do not move are remembered."""
        if not self.moves(node):
            return super().condition(node)
        if isinstance(node, nodes.Compare):
            return self._at_point(node)
        return conditions.translate(self, node)

    def value(self, node: Node) -> values.Value:
        """A value at the point."""
        if not self.moves(node):
            return super().value(node)
        if isinstance(node, nodes.Bands):  # its quick form would read fixed bounds
            steps = tuple(
                dataclasses.replace(each, when=nodes.All((each.when,)))
                for each in node.steps
            )
            node = dataclasses.replace(node, steps=steps)
        return values.translate(self, node)

    def _at_point(self, node: nodes.Compare) -> Condition:
        """The comparison as a question whether the point lies before its turns."""
        if node not in self._leaves:
            self._leaves[node] = self._turns_of(node.op, node.left)
        found = self._leaves[node]
        before, after = (
            (writing.TRUE, writing.FALSE)
            if node.op in {">=", ">"}
            else (writing.FALSE, writing.TRUE)
        )
        whens = [
            (writing.compare(side, self.at, turn), truth)
            for side, turn, truth in (
                ("<", found.low, before),
                (">=", found.high, after),
            )
        ]
        truth = Truth(writing.case(whens))
        if found.undefined is None:
            return truth
        manual = (found.undefined, writing.integer(CODES[MANUAL]))
        return Coded(writing.case([manual], conditions.code(truth)))

    def _turns_of(self, op: str, left: Node) -> Turns:
        first, step = Fraction(self.sweep.first), Fraction(self.sweep.step)
        inclusive = op in {">=", "<"}
        if isinstance(left, nodes.Ratio | nodes.Growth):
            found = values.proportion(self, left)
            start = Fraction(found.scale(self.sweep.first))
            step = Fraction(found.scale(self.sweep.threshold(1))) - start
            turn = self._turn(found.top, found.base, start, step, inclusive=inclusive)
            return Turns(turn, turn, found.undefined)
        if isinstance(left, nodes.SumYears) and left.mean:
            first, step = first * left.count, step * left.count
            left = dataclasses.replace(left, mean=False)
        ends = values.ends(self.value(left))
        turns = [
            self._turn(end, None, first, step, inclusive=inclusive)
            for end in dict.fromkeys(ends)
        ]
        return Turns(turns[0], turns[-1])

    def _turn(
        self,
        top: Amount,
        base: Amount | None,
        first: Fraction,
        step: Fraction,
        *,
        inclusive: bool,
    ) -> Sql:
        """How many thresholds ``top`` (over ``base``) reaches, as a named column.

        With every figure a whole number: ``q·top ≥ (a + j·s)·base`` for the points j
        up to ``(q·top - a·base) // (s·base)``. NULL where a figure is missing.
        """
        whole_top = amounts.whole(top, self.dialect)
        whole_base = amounts.whole(base, self.dialect) if base else None
        shift = Fraction(10) ** (top.places - (base.places if base else 0))
        first, step = first * shift, step * shift
        q = math.lcm(first.denominator, step.denominator)
        a, s = int(first * q), int(step * q)
        largest = whole_base.most if whole_base else 1
        kind = _kind(q * whole_top.most + (abs(a) + s) * largest + 1)
        under = writing.cast(whole_base.sql, kind) if whole_base else writing.integer(1)
        over = writing.minus(
            _times(q, writing.cast(whole_top.sql, kind)),
            _times(a, writing.cast(under, kind)),
        )
        if not inclusive:
            over = writing.minus(over, writing.integer(1))
        over = self.steps.name(over, "sweep__over")
        under = self.steps.name(_times(s, under), "sweep__under")
        zero, last = writing.integer(0), writing.integer(self.sweep.points - 1)
        quotient = exp.Paren(this=exp.IntDiv(this=over, expression=under))
        reached = writing.add([writing.least([quotient, last]), writing.integer(1)])
        usable = writing.compare(">", under, zero)
        turn = writing.case(
            [
                (writing.both([usable, writing.compare(">=", over, zero)]), reached),
                (writing.both([usable, writing.compare("<", over, zero)]), zero),
            ]
        )
        named = self.steps.name(writing.cast(turn, "INTEGER"), "sweep__turn")
        never = writing.integer(self.sweep.points)
        self.turns.append(
            self.steps.name(writing.coalesce(named, never), "sweep__point")
        )
        return named


def _kind(most: int) -> str:
    """The whole-number type that holds it."""
    if most <= SMALL:
        return "BIGINT"
    if most <= _HUGE:
        return "HUGEINT"
    raise NotExactError(
        N_(
            "DuckDB 的整数最多 {widest} 位，这次扫描要 {digits} 位才算得准；"
            "请减少门槛的小数位"
        ),
        widest=len(str(_HUGE)),
        digits=len(str(most)),
    )


def _times(factor: int, sql: Sql) -> Sql:
    return sql if factor == 1 else writing.times(writing.integer(factor), sql)


def sweep_query(to: SweepTranslator, rule_set: RuleSet, kind: Kind) -> exp.Select:
    """One row per firm: its outcome at the first point and each change after it.

    Column ``e0`` is the first outcome, ``e1``… are changes; each one a whole number,
    ``point·36 + outcome before·6 + outcome after``, NULL where nothing changes.
    """
    found = translate_scheme(to, rule_set.scheme, rule_set, kind)
    states = [_state(to, found)]
    _keep(to, found, kind)
    for turn in tuple(to.turns):
        to.at = turn
        states.append(_state(to, translate_scheme(to, rule_set.scheme, rule_set, kind)))
    first, *later = states
    columns = {"e0": _event(writing.integer(0), writing.integer(_START), first)}
    for number, state in enumerate(later):
        columns[f"e{number + 1}"] = _change(to, number, first, later, state)
    return to.steps.select(columns, writing.table(TABLE))


def _state(to: SweepTranslator, found: SchemeSql) -> Sql:
    return to.steps.name(conditions.code(found.outcome), "sweep__state")


def _keep(to: SweepTranslator, found: SchemeSql, kind: Kind) -> None:
    """Criteria that cannot move keep the outcome that has been named for them."""
    assert found.rule_set is not None
    outcomes = {each.id: each.outcome for each in found.judged}
    moving_card = any(to.moves(each.points) for each in found.rule_set.items)
    for criterion in (each for top in found.rule_set.criteria for each in top.walk()):
        if criterion.parts or criterion.level or kind not in criterion.kinds:
            continue
        tree = criterion.tree(kind)
        reads = any(isinstance(each, nodes.Score) for each in nodes.walk(tree))
        if not to.moves(tree) and not (moving_card and reads):
            to.replaced[tree] = outcomes[criterion.id]


def _change(
    to: SweepTranslator, number: int, first: Sql, later: Sequence[Sql], state: Sql
) -> Sql:
    """What happens at a turn, told once where several comparisons turn together."""
    turn = to.turns[number]
    zero = writing.integer(0)
    others = [each for at, each in enumerate(to.turns) if at != number]
    earlier = [
        writing.case([(writing.compare("<", each, turn), each)], zero)
        for each in others
    ]
    place = to.steps.name(writing.greatest([zero, *earlier]), "sweep__place")
    known = [
        (other, was)
        for at, (other, was) in enumerate(zip(to.turns, later, strict=True))
        if at != number
    ]
    before = to.steps.name(
        writing.case(
            [(writing.equal(place, each), was) for each, was in [(zero, first), *known]]
        ),
        "sweep__before",
    )
    happens = [
        writing.compare(">", turn, zero),
        writing.compare("<", turn, writing.integer(to.sweep.points)),
        writing.compare("!=", before, state),
        *(writing.compare("!=", turn, each) for each in to.turns[:number]),
    ]
    return writing.case([(writing.both(happens), _event(turn, before, state))])


def _event(turn: Sql, before: Sql, after: Sql) -> Sql:
    return writing.add(
        [_times_right(turn, _BASE * _BASE), _times_right(before, _BASE), after]
    )


def _times_right(sql: Sql, factor: int) -> Sql:
    return writing.times(sql, writing.integer(factor))


# -- the run -------------------------------------------------------------------------


def run_sweep(  # noqa: PLR0913 - keyword-only
    snapshot: Snapshot,
    library: Library,
    sweep: Sweep,
    *,
    on: datetime.date,
    kind: Kind,
    folder: Path,
    memory: str = duck.MEMORY,
    threads: int | None = None,
    progress: duck.Progress = lambda _share: None,
) -> Curve:
    """Count the firms per outcome at every threshold, in one pass.

    ``folder``: where DuckDB may spill.
    """
    found = library.national.schemes[sweep.scheme].which(kind, on)
    assert found is not None, "read_sweep refuses days without a rule set"
    rule_set = found[0]
    to = SweepTranslator(library, on, sweep, snapshot)
    select = sweep_query(to, rule_set, kind)
    events = [f"e{number}" for number in range(len(to.turns) + 1)]
    sets = ", ".join(f"({each})" for each in events)
    sql = (
        f"SELECT coalesce({', '.join(events)}) AS event, count(*) "  # noqa: S608
        f"FROM ({select.sql(dialect='duckdb')}) GROUP BY GROUPING SETS ({sets})"
    )
    with duck.connect(folder, memory=memory, threads=threads) as connection:
        duck.attach(connection, snapshot.path)
        rows = duck.run(connection, sql, progress)
    counts = _added_up(rows, sweep.points)
    current = rule_set.values[sweep.value].number.value
    return Curve(sweep, rule_set.name, current, snapshot.rows, counts)


def _added_up(
    rows: Sequence[tuple[int | None, int]], points: int
) -> tuple[Mapping[Outcome, int], ...]:
    """The curve from what changes at each point."""
    changes: list[dict[int, int]] = [{} for _ in range(points)]
    for event, firms in rows:
        if event is None:
            continue
        at, moved = divmod(event, _BASE * _BASE)
        before, after = divmod(moved, _BASE)
        change = changes[at]
        change[before] = change.get(before, 0) - firms
        change[after] = change.get(after, 0) + firms
    running = dict.fromkeys(_WORDS, 0)
    curve = []
    for change in changes:
        for code in running:
            running[code] += change.get(code, 0)
        curve.append({_WORDS[code]: firms for code, firms in running.items()})
    return tuple(curve)
