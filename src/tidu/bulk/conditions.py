"""Conditions in SQL: what is met, unmet or open, and why it is open.

A condition that can only be met, unmet or unknown is a plain three-valued truth, which
every engine speaks. One that may also be manual or not applicable is a code, ordered
so that the smallest of several decides a conjunction.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from tidu.bulk import grades, values, writing
from tidu.bulk.columns import SEPARATOR
from tidu.bulk.writing import Sql
from tidu.rules import nodes
from tidu.rules.outcomes import (
    ALL_RANK,
    MANUAL,
    MET,
    NOT_APPLICABLE,
    UNKNOWN,
    UNMET,
    Outcome,
)
from tidu.rules.scope import add_years

if TYPE_CHECKING:
    from tidu.bulk.translator import Translator


@dataclasses.dataclass(frozen=True)
class Truth:
    """Met, unmet, or NULL for unknown."""

    sql: Sql


@dataclasses.dataclass(frozen=True)
class Coded:
    """A whole number: 0 unmet, 1 unknown, 2 manual, 3 met, 4 not applicable.

    ``truth``: met or unmet, NULL for unknown or manual; ``open`` is then the code of
    what it leaves NULL, or of everything if it is ``whole``. Where the condition may
    not apply there is no truth, and ``open`` is the code of everything.
    """

    open: Sql
    truth: Sql | None = None
    whole: bool = False

    @property
    def sql(self) -> Sql:
        """The code of everything."""
        if self.truth is None or self.whole:
            return self.open
        met, unmet = writing.integer(_MET), writing.integer(CODES[UNMET])
        whens = [(self.truth, met), (writing.invert(self.truth), unmet)]
        return writing.case(whens, self.open)


Condition = Truth | Coded
CODES = ALL_RANK  # the smaller one decides a conjunction
_MET = CODES[MET]


def translate(to: Translator, node: nodes.Node) -> Condition:
    """Translate one node and what is below it."""
    match node:
        case nodes.Compare():
            return _compare(to, node)
        case nodes.Flag(fact):
            return Truth(values.flag(to, fact))
        case nodes.Is(fact, options):
            known = [writing.string(each) for each in options]
            return Truth(writing.within(to.fact(fact), known))
        case nodes.Has(fact, option):
            return Truth(_contains(to, to.fact(fact), option))
        case nodes.All(items):
            return join_all([to.condition(each) for each in items])
        case nodes.Any(items):
            return join_any(to, [to.condition(each) for each in items])
        case nodes.Not(item):
            return negate(to, to.condition(item))
        case nodes.Choose():
            return _choose(to, node)
        case nodes.AtLeast(count, items):
            return _at_least(to, count, [to.condition(each) for each in items])
        case nodes.EachYear():
            return to.condition(nodes.expand(node))
        case nodes.Ever(item):
            return _ever(to, item)
        case nodes.WhereGiven(nodes.Flag(fact)):
            return Coded(_flag_code(values.flag(to, fact), CODES[NOT_APPLICABLE]))
        case nodes.Reviewed(fact, item):
            return _reviewed(to, to.fact(fact), item)
        case nodes.Manual():
            return Coded(writing.integer(CODES[MANUAL]), writing.null("BOOLEAN"))
    raise TypeError(f"not a condition: {node!r}")


def code(condition: Condition) -> Sql:
    """The condition as a code."""
    if isinstance(condition, Coded):
        return condition.sql
    return _flag_code(condition.sql, CODES[UNKNOWN])


def truth(condition: Condition) -> Sql | None:
    """Met or unmet, NULL where open; None where it may not apply."""
    return condition.sql if isinstance(condition, Truth) else condition.truth


def holds(condition: Condition) -> Sql:
    """TRUE where it is met; anything else, NULL included, where it is not."""
    known = truth(condition)
    if known is not None:
        return known
    return writing.equal(condition.sql, writing.integer(_MET))


def fails(condition: Condition) -> Sql:
    """TRUE where it is unmet."""
    known = truth(condition)
    if known is not None:
        return writing.invert(known)
    return writing.equal(condition.sql, writing.integer(CODES[UNMET]))


def is_unknown(condition: Condition) -> Sql:
    """TRUE where a figure is missing."""
    if isinstance(condition, Truth):
        return writing.is_null(condition.sql)
    return writing.equal(condition.sql, writing.integer(CODES[UNKNOWN]))


def cannot_hold(condition: Condition) -> Sql:
    """TRUE where it is unmet or does not apply."""
    if truth(condition) is not None:
        return fails(condition)
    closed = [writing.integer(CODES[each]) for each in (UNMET, NOT_APPLICABLE)]
    return writing.within(condition.sql, closed)


def may_hold(condition: Condition) -> Sql:
    """TRUE unless it is unmet or does not apply."""
    known = truth(condition)
    if known is not None:
        return writing.coalesce(known, writing.TRUE)
    return writing.untrue(cannot_hold(condition))


def outcome_text(condition: Condition) -> Sql:
    """The outcome's word."""
    words = {value: writing.string(outcome.value) for outcome, value in CODES.items()}
    if isinstance(condition, Truth):
        return writing.case(
            [
                (condition.sql, words[_MET]),
                (writing.invert(condition.sql), words[CODES[UNMET]]),
            ],
            words[CODES[UNKNOWN]],
        )
    return writing.lookup(
        condition.sql, [(writing.integer(v), word) for v, word in words.items()]
    )


def join_all(items: Sequence[Condition]) -> Condition:
    """All must hold; those that do not apply leave the list."""
    if not items:
        return _nothing()
    known = [each for each in map(truth, items) if each is not None]
    joined = writing.both(known) if len(known) == len(items) else None
    if joined is not None and all(isinstance(each, Truth) for each in items):
        return Truth(joined)
    return Coded(writing.least(_codes(items, writing.both)), joined)


def join_any(to: Translator, items: Sequence[Condition]) -> Condition:
    """One suffices; those that do not apply leave the list."""
    if not items:
        return _nothing()
    known = [each for each in map(truth, items) if each is not None]
    joined = writing.either(known) if len(known) == len(items) else None
    if joined is not None and all(isinstance(each, Truth) for each in items):
        return Truth(joined)
    coded = _codes(items, writing.either)
    if joined is not None:  # open: none is met, and unknown goes before manual
        unknown, manual = (writing.integer(CODES[each]) for each in (UNKNOWN, MANUAL))
        lacking = writing.either([writing.equal(each, unknown) for each in coded])
        return Coded(writing.case([(lacking, unknown)], manual), joined)
    swapped = writing.least([_swap(to, each) for each in coded])
    return Coded(_swap(to, swapped))


def _codes(
    items: Sequence[Condition], join: Callable[[Sequence[Sql]], Sql]
) -> list[Sql]:
    """The items' codes; plain truths are joined first."""
    truths = [each.sql for each in items if isinstance(each, Truth)]
    coded = [each.sql for each in items if isinstance(each, Coded)]
    return [code(Truth(join(truths))), *coded] if truths else coded


def negate(to: Translator, item: Condition) -> Condition:
    """Swap met and unmet; the rest stay."""
    if isinstance(item, Truth):
        return Truth(writing.invert(item.sql))
    if item.truth is None:
        return Coded(_swap(to, item.open))
    open_ = _swap(to, item.open) if item.whole else item.open
    return Coded(open_, writing.invert(item.truth), item.whole)


def named(
    to: Translator, condition: Condition, name: str, *, always: bool = False
) -> Condition:
    """The condition under a name, if it is long and used again, or ``always``."""
    give = to.steps.name if always else to.steps.shared
    if isinstance(condition, Truth):
        return Truth(give(condition.sql, name))
    if condition.truth is None:
        return Coded(give(condition.open, name))
    known = give(condition.truth, name)
    code_of_all = dataclasses.replace(condition, truth=known).sql
    return Coded(give(code_of_all, f"{name}__code"), known, whole=True)


def _nothing() -> Condition:
    return Coded(writing.integer(CODES[NOT_APPLICABLE]))


def _swap(to: Translator, sql: Sql) -> Sql:
    kept = to.steps.shared(sql, "code")
    met, unmet = writing.integer(_MET), writing.integer(CODES[UNMET])
    return writing.case(
        [(writing.equal(kept, met), unmet), (writing.equal(kept, unmet), met)], kept
    )


def _flag_code(truth: Sql, unknown: int) -> Sql:
    """3 where true, 0 where false, else ``unknown``."""
    met = writing.times(writing.cast(truth, "INT"), writing.integer(_MET))
    return writing.coalesce(met, writing.integer(unknown))


def _choose(to: Translator, node: nodes.Choose) -> Condition:
    parts = [
        named(to, to.condition(each), "branch")
        for each in (node.when, node.then, node.otherwise)
    ]
    truths = [each for each in map(truth, parts) if each is not None]
    chosen = None
    if len(truths) == len(parts):
        when, then, otherwise = truths
        agreed = (writing.equal(then, otherwise), then)
        chosen = writing.case([(when, then), (writing.invert(when), otherwise), agreed])
        if all(isinstance(each, Truth) for each in parts):
            return Truth(chosen)
    when, then, otherwise = map(code, parts)
    met, unmet = writing.integer(_MET), writing.integer(CODES[UNMET])
    whens = [
        (writing.equal(when, met), then),
        (writing.equal(when, unmet), otherwise),
        (writing.equal(then, otherwise), then),
    ]
    return Coded(writing.case(whens, when), chosen)


def _at_least(to: Translator, count: int, items: Sequence[Condition]) -> Condition:
    needed = writing.integer(count)
    items = [named(to, each, "item") for each in items]
    truths = [each for each in map(truth, items) if each is not None]
    known = None
    if len(truths) == len(items):
        sure, possible = (
            writing.add([writing.count_true(each, unknown=counts) for each in truths])
            for counts in (False, True)
        )
        reached = writing.compare(">=", sure, needed)
        lost = writing.compare("<", possible, needed)
        known = writing.case([(reached, writing.TRUE), (lost, writing.FALSE)])
        if all(isinstance(each, Truth) for each in items):
            return Truth(known)
    codes = [to.steps.shared(code(each), "item") for each in items]

    def counted(*wanted: Outcome) -> Sql:
        options = [writing.integer(CODES[each]) for each in wanted]
        one, none = writing.integer(1), writing.integer(0)
        return writing.add(
            [writing.case([(writing.within(c, options), one)], none) for c in codes]
        )

    applicable = [UNMET, UNKNOWN, MANUAL, MET]
    return Coded(
        writing.case(
            [
                (
                    writing.equal(counted(*applicable), writing.integer(0)),
                    writing.integer(CODES[NOT_APPLICABLE]),
                ),
                (writing.compare(">=", counted(MET), needed), writing.integer(_MET)),
                (
                    writing.compare("<", counted(MET, UNKNOWN, MANUAL), needed),
                    writing.integer(CODES[UNMET]),
                ),
                (
                    writing.compare(">", counted(UNKNOWN), writing.integer(0)),
                    writing.integer(CODES[UNKNOWN]),
                ),
            ],
            writing.integer(CODES[MANUAL]),
        ),
        known,
    )


def _ever(to: Translator, item: nodes.Node) -> Condition:
    """Met in a year on file; never refuted."""
    refs = [each for each in nodes.walk(item) if isinstance(each, nodes.FactRef)]
    yearly = {ref.id for ref in refs if ref.offset is not None}
    found = []
    for year in to.years(yearly):
        held = holds(to.condition(nodes.shift(item, to.on.year - 1 - year)))
        on_file = [
            writing.invert(writing.is_null(to.column(each, year)))
            for each in sorted(yearly)
        ]
        found.append(writing.both([held, writing.either(on_file)]))
    if not found:
        return Truth(writing.null("BOOLEAN"))
    return Truth(writing.case([(writing.either(found), writing.TRUE)]))


def _reviewed(to: Translator, verdict: Sql, item: nodes.Node | None) -> Condition:
    manual = writing.integer(CODES[MANUAL])
    if item is None:
        return Coded(manual, verdict)
    before = named(to, to.condition(item), "condition")
    known = truth(before)
    if known is None:
        judged = _flag_code(verdict, CODES[MANUAL])
        return Coded(writing.case([(holds(before), judged)], code(before)))
    refuted = (writing.invert(known), writing.FALSE)
    both = writing.case([(known, verdict), refuted])
    return Coded(writing.case([(known, manual)], code(before)), both)


def _contains(to: Translator, chosen: Sql, option: str) -> Sql:
    """Whether a joined list of options holds one of them."""
    fence = writing.string(SEPARATOR)
    fenced = to.steps.name(writing.concatenate([fence, chosen, fence]), "options")
    wanted = writing.string(f"{SEPARATOR}{option}{SEPARATOR}")
    return writing.compare(">", writing.position(fenced, wanted), writing.integer(0))


# -- comparisons ---------------------------------------------------------------------


def _compare(to: Translator, node: nodes.Compare) -> Condition:
    match node.left, node.right:
        case nodes.Age(fact, unit), nodes.Number(bound):
            return Truth(_compare_age(to, node.op, to.fact(fact), unit, int(bound)))
        case nodes.Ratio() | nodes.Growth() as left, nodes.Number(bound):
            return _compare_proportion(values.proportion(to, left), node.op, bound)
        case nodes.Grade() as left, nodes.Number(bound):
            return _compare_grade(to, left, node.op, bound)
        case nodes.SumYears(count, mean=True) as left, nodes.Number(bound):
            whole = dataclasses.replace(left, mean=False)
            scale = bound * count
            return Truth(compare_value(to, to.value(whole), node.op, scale))
        case left, nodes.Number(bound):
            return Truth(compare_value(to, to.value(left), node.op, bound))
    right = values.exact(to, node.right)
    return Truth(values.compare_sides(node.op, to.value(node.left), right.sql))


def compare_value(to: Translator, found: values.Value, op: str, bound: Decimal) -> Sql:
    """A figure or range against a constant; NULL where that cannot be said."""
    return values.compare_sides(op, found, writing.number(bound, to.dialect))


def _compare_proportion(
    proportion: values.Proportion, op: str, bound: Decimal
) -> Condition:
    known = writing.case([(proportion.known, proportion.compare(op, bound))])
    manual = (proportion.undefined, writing.integer(CODES[MANUAL]))
    open_ = writing.case([manual], writing.integer(CODES[UNKNOWN]))
    return Coded(open_, known)


def _compare_grade(
    to: Translator, node: nodes.Grade, op: str, bound: Decimal
) -> Condition:
    keys = grades.keys_of(node)
    judged = grades.compare(to, node, op, bound)
    outcomes = [
        (keys.undefined, MANUAL),
        (keys.unused, NOT_APPLICABLE),
        (keys.open, UNKNOWN),
    ]
    row = to.row_of(node.table)
    special = [
        (writing.within(row, rows), writing.integer(CODES[outcome]))
        for rows, outcome in outcomes
        if rows
    ]
    if keys.unused:
        return Coded(writing.case(special, code(Truth(judged))))
    return Coded(writing.case(special, writing.integer(CODES[UNKNOWN])), judged)


def _compare_age(to: Translator, op: str, since: Sql, unit: str, bound: int) -> Sql:
    """The time since a date against a whole number, as a bound on the date itself."""
    reached, passed = _last_dates(to.on, unit, bound)
    match op:
        case ">=":
            return _up_to(since, reached)
        case ">":
            return _up_to(since, passed)
        case "<":
            return writing.invert(_up_to(since, reached))
        case "<=":
            return writing.invert(_up_to(since, passed))
    equal = writing.both(
        [_up_to(since, reached), writing.invert(_up_to(since, passed))]
    )
    return equal if op == "==" else writing.invert(equal)


def _up_to(since: Sql, last: datetime.date | None) -> Sql:
    """Whether a date is not after ``last``; None: before every date."""
    if last is None:
        return writing.compare("!=", since, since)  # false, or NULL
    return writing.compare("<=", since, writing.date(last))


def _last_dates(
    on: datetime.date, unit: str, bound: int
) -> tuple[datetime.date | None, datetime.date | None]:
    """The latest dates whose age on the day is at least, and more than, ``bound``."""
    day = datetime.timedelta(days=1)
    if unit == "days":
        reached = on - datetime.timedelta(days=bound)
        return reached, reached - day
    if on.year - bound <= datetime.MINYEAR:
        return None, None
    near = [add_years(on, -bound) + day * offset for offset in range(-2, 3)]
    reached = max(each for each in near if add_years(each, bound) <= on)
    passed = max(each for each in near if add_years(each, bound) < on)
    return reached, passed
