"""How much: lines of plain arithmetic over facts, with their working.

``min(loan, cap) * rate``. Besides what the rule language reads as a value, a formula
has ``+ - *``, ``min()``, ``max()`` and ``a if condition else b``, and may name earlier
lines. There is no division: a rate is written as the text states it. An unknown figure
leaves both ends open as far as they are; money is rounded once, at the end, half up to
the cent.
"""

from __future__ import annotations

import ast
import dataclasses
import enum
from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, assert_never

from tidu.rules import evaluate, nodes
from tidu.rules.missing import missing
from tidu.rules.outcomes import MET, UNMET
from tidu.rules.parse import Names, Parser
from tidu.rules.scope import EXACT, Interval, Scope, Undefined, as_range
from tidu.rules.units import CENT, WIDE
from tidu.rules.vocabulary import Text

ZERO = Decimal(0)


class Nature(enum.StrEnum):
    """What an amount is to the firm."""

    PAID = "paid"
    SAVED = "saved"
    CEILING = "ceiling"
    RATE = "rate"

    @property
    def label(self) -> Text:
        return NATURE_LABELS[self]

    @property
    def adds_up(self) -> bool:
        """Whether it is money that may be added to other money."""
        return self in {Nature.PAID, Nature.SAVED}


NATURE_LABELS = {
    Nature.PAID: Text("可得资金", "money received"),
    Nature.SAVED: Text("可省支出", "money saved"),
    Nature.CEILING: Text("额度上限", "ceiling"),
    Nature.RATE: Text("比例", "rate"),
}


class Per(enum.StrEnum):
    """What an amount is for."""

    ONCE = "once"
    YEAR = "year"
    MONTH = "month"
    TAX_PERIOD = "tax_period"
    PROJECT = "project"
    BATCH = "batch"
    CASE = "case"

    @property
    def label(self) -> Text:
        return PER_LABELS[self]


PER_LABELS = {
    Per.ONCE: Text("一次", "once"),
    Per.YEAR: Text("每年", "per year"),
    Per.MONTH: Text("每月", "per month"),
    Per.TAX_PERIOD: Text("每个纳税期", "per tax period"),
    Per.PROJECT: Text("每个项目", "per project"),
    Per.BATCH: Text("每批", "per batch"),
    Per.CASE: Text("每笔", "per case"),
}


@dataclasses.dataclass(frozen=True, slots=True)
class Leaf:
    """A value of the rule language: a fact, a sum of years, a number.

    ``floor``: whether it cannot lie below zero, which an unknown figure then knows.
    """

    node: nodes.Node
    floor: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Earlier:
    """The result of an earlier line."""

    id: str


@dataclasses.dataclass(frozen=True, slots=True)
class Sum:
    """``left + right``, or ``left - right``."""

    left: Formula
    right: Formula
    minus: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Product:
    """``left * right``: at most one of them is money."""

    left: Formula
    right: Formula


@dataclasses.dataclass(frozen=True, slots=True)
class Extreme:
    """The smallest or the largest of several."""

    items: tuple[Formula, ...]
    largest: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Pick:
    """``then if when else otherwise``; both where the condition is open."""

    when: nodes.Node
    then: Formula
    otherwise: Formula


Formula = Leaf | Earlier | Sum | Product | Extreme | Pick


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """One line of the working: its name, formula and unit (元, 美元, %, or a count)."""

    id: str
    label: Text
    formula: Formula
    unit: str


@dataclasses.dataclass(frozen=True, slots=True)
class AmountRule:
    """How an amount is worked out; the last line is the amount."""

    nature: Nature
    per: Per
    lines: tuple[Line, ...]

    @property
    def unit(self) -> str:
        """The unit of the amount."""
        return self.lines[-1].unit

    @property
    def nodes(self) -> tuple[nodes.Node, ...]:
        """Every expression of the rule language in the lines."""
        return tuple(found for line in self.lines for found in nodes_of(line.formula))


@dataclasses.dataclass(frozen=True, slots=True)
class WorkedLine:
    """A line with what came out: a Decimal, or an Interval while a figure is open."""

    line: Line
    value: Decimal | Interval


@dataclasses.dataclass(frozen=True, slots=True)
class Amount:
    """An amount with its working, and the facts that would close it.

    ``value``: Decimal in the rule's unit, rounded; an Interval while open, whose ends
    are None where nothing is known. ``scope``: the facts it was worked out from.
    """

    rule: AmountRule
    value: Decimal | Interval
    lines: tuple[WorkedLine, ...]
    missing: tuple[str, ...]
    scope: Scope

    @property
    def least(self) -> Decimal | None:
        """What is sure; None where not even that is known."""
        return self.value.low if isinstance(self.value, Interval) else self.value

    @property
    def most(self) -> Decimal | None:
        """What it can be at most; None where nothing says so."""
        return self.value.high if isinstance(self.value, Interval) else self.value


def work_out(rule: AmountRule, scope: Scope) -> Amount:
    """Work every line out for one enterprise; ``scope`` holds prepared facts."""
    done: dict[str, Interval] = {}
    for line in rule.lines:
        done[line.id] = _ends(line.formula, scope, done)
    lines = tuple(WorkedLine(line, _shown(done[line.id])) for line in rule.lines)
    last = done[rule.lines[-1].id]
    value = _shown(Interval(*(_rounded(end, rule.unit) for end in last)))
    wanted = _missing(rule, scope) if isinstance(value, Interval) else ()
    return Amount(rule, value, lines, wanted, scope)


def _shown(found: Interval) -> Decimal | Interval:
    return found.low if found.low == found.high and found.low is not None else found


def _rounded(end: Decimal | None, unit: str) -> Decimal | None:
    if end is None or unit not in {"元", "美元"}:
        return end
    return end.quantize(CENT, ROUND_HALF_UP, WIDE)


def _missing(rule: AmountRule, scope: Scope) -> tuple[str, ...]:
    """Unknown facts some line reads, in the order of the lines, each once."""
    found: dict[str, None] = {}
    for node in rule.nodes:
        found.update(dict.fromkeys(missing(node, scope)))
    return tuple(found)


# -- evaluation: every value is an Interval whose open ends are None -----------


def _ends(formula: Formula, scope: Scope, done: Mapping[str, Interval]) -> Interval:
    match formula:
        case Leaf():
            return leaf_ends(formula, scope)
        case Earlier(line):
            return done[line]
        case Sum(left, right, minus):
            first, second = (_ends(each, scope, done) for each in (left, right))
            if minus:
                second = Interval(_negative(second.high), _negative(second.low))
            return Interval(*map(_add, first, second))
        case Product(left, right):
            return _product(_ends(left, scope, done), _ends(right, scope, done))
        case Extreme(items, largest):
            return _extreme([_ends(each, scope, done) for each in items], largest)
        case Pick(when, then, otherwise):
            outcome = evaluate.condition(when)(scope)
            if outcome is MET:
                return _ends(then, scope, done)
            if outcome is UNMET:
                return _ends(otherwise, scope, done)
            return _hull(_ends(then, scope, done), _ends(otherwise, scope, done))
        case _:
            assert_never(formula)


def leaf_ends(leaf: Leaf, scope: Scope) -> Interval:
    """Both ends of a value for one enterprise; open ends are None."""
    found: Any = evaluate.value(leaf.node)(scope)
    if found is None or isinstance(found, Undefined):
        found = Interval(None, None)
    low, high = (None if end is None else Decimal(end) for end in as_range(found))
    return Interval(ZERO if low is None and leaf.floor else low, high)


def _negative(end: Decimal | None) -> Decimal | None:
    return None if end is None else -end


def _add(left: Decimal | None, right: Decimal | None) -> Decimal | None:
    return None if left is None or right is None else EXACT.add(left, right)


def _product(left: Interval, right: Interval) -> Interval:
    """Both ends of a product; an open factor closes only where the other is zero."""
    if left == (ZERO, ZERO) or right == (ZERO, ZERO):
        return Interval(ZERO, ZERO)
    if None not in left and None not in right:
        ends = [EXACT.multiply(a, b) for a in left for b in right]
        return Interval(min(ends), max(ends))
    lows = (left.low, right.low)
    if all(low is not None and low >= 0 for low in lows):
        highs = (left.high, right.high)
        high = None if None in highs else EXACT.multiply(*highs)
        return Interval(EXACT.multiply(*lows), high)
    return Interval(None, None)


def _extreme(items: list[Interval], largest: bool) -> Interval:
    """The smallest (largest) of several: an open end does not hide a closed cap."""
    lows = [each.low for each in items if each.low is not None]
    highs = [each.high for each in items if each.high is not None]
    open_low, open_high = len(lows) < len(items), len(highs) < len(items)
    if largest:
        low = max(lows) if lows else None
        return Interval(low, None if open_high else max(highs))
    return Interval(None if open_low else min(lows), min(highs) if highs else None)


def _hull(left: Interval, right: Interval) -> Interval:
    low = None if None in (left.low, right.low) else min(left.low, right.low)
    high = None if None in (left.high, right.high) else max(left.high, right.high)
    return Interval(low, high)


# -- reading ------------------------------------------------------------------


def nodes_of(formula: Formula) -> Iterator[nodes.Node]:
    """The expressions of the rule language in a formula."""
    match formula:
        case Leaf(node):
            yield node
        case Sum(left, right) | Product(left, right):
            yield from nodes_of(left)
            yield from nodes_of(right)
        case Extreme(items):
            for each in items:
                yield from nodes_of(each)
        case Pick(when, then, otherwise):
            yield when
            yield from nodes_of(then)
            yield from nodes_of(otherwise)


def parse_formula(
    text: str, names: Names, earlier: Mapping[str, str]
) -> tuple[Formula, str]:
    """Read a formula and its unit; ``earlier``: units of the lines above by id.

    Raises ExpressionError with the column: a name nobody knows, units that do not fit.
    """
    found: list[tuple[Formula, str]] = []

    def rule(parser: Parser, node: ast.expr) -> nodes.Node:
        found.append(_FormulaReader(parser, earlier).read(node))
        return nodes.Manual()

    Parser(text, names).parse(rule)
    return found[0]


class _FormulaReader:
    """Reads arithmetic itself and hands every value to the rule language's parser."""

    def __init__(self, parser: Parser, earlier: Mapping[str, str]) -> None:
        self.parser = parser
        self.earlier = earlier

    def read(self, node: ast.expr) -> tuple[Formula, str]:
        match node:
            case ast.BinOp(left, ast.Add() | ast.Sub() as op, right):
                first, second = self.alike(node, [left, right])
                minus = isinstance(op, ast.Sub)
                return Sum(first[0], second[0], minus), _joint([first[1], second[1]])
            case ast.BinOp(left, ast.Mult(), right):
                return self.product(node, left, right)
            case ast.IfExp(test, body, orelse):
                when = self.parser.condition(test)
                first, second = self.alike(node, [body, orelse])
                picked = Pick(when, first[0], second[0])
                return picked, _joint([first[1], second[1]])
            case ast.Call(ast.Name("min" | "max" as name), items, []) if items:
                read = self.alike(node, items)
                unit = _joint([unit for _, unit in read])
                return Extreme(tuple(each for each, _ in read), name == "max"), unit
            case ast.Name(name) if name in self.earlier:
                return Earlier(name), self.earlier[name]
        return self.leaf(node)

    def leaf(self, node: ast.expr) -> tuple[Formula, str]:
        found = self.parser.value(node)
        if isinstance(found, nodes.Number):
            return Leaf(found), _unit(found.unit)
        units = self.parser.units(found)
        if not units or isinstance(found, nodes.Ratio | nodes.Growth):
            self.parser.refuse(
                node, "金额算式里不能这样写", "可用：数值事实、数、sum_years() 等"
            )
        facts = self.parser.names.facts
        read = [n for n in nodes.walk(found) if isinstance(n, nodes.FactRef)]
        floor = not any(facts[each.id].negative for each in read)
        return Leaf(found, floor), _unit(max(units, key=len))

    def product(
        self, node: ast.expr, left: ast.expr, right: ast.expr
    ) -> tuple[Formula, str]:
        (first, one), (second, two) = self.read(left), self.read(right)
        money = [unit for unit in (one, two) if unit in _MONEY]
        if len(money) > 1:
            self.parser.refuse(node, "金额不能乘以金额", "请核对算式")
        counted = "" if "" in (one, two) else "%"
        return Product(first, second), money[0] if money else counted

    def alike(self, node: ast.expr, parts: list[ast.expr]) -> list[tuple[Formula, str]]:
        """The parts, which must have one unit; a bare zero has any."""
        read = [self.read(each) for each in parts]
        units = {unit for part, unit in read if not _is_zero(part)}
        if len(units) > 1:
            self.parser.refuse(
                node, "两边的单位不一致", f"左右分别是：{'、'.join(sorted(units))}"
            )
        return read


_MONEY = frozenset({"元", "美元"})


def _unit(unit: str) -> str:
    """The unit for arithmetic: money and shares keep theirs, the rest are numbers."""
    return unit if unit in _MONEY | {"%"} else ""


def _joint(units: list[str]) -> str:
    return next((each for each in units if each), "")


def _is_zero(formula: Formula) -> bool:
    match formula:
        case Leaf(nodes.Number(value, unit)):
            return not value and not unit
    return False
