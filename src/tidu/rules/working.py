"""Amounts in words: the amount, and each line of the working with its figures."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, assert_never

from tidu.rules import evaluate, nodes
from tidu.rules.amounts import (
    Amount,
    Earlier,
    Extreme,
    Formula,
    Leaf,
    Nature,
    Pick,
    Product,
    Sum,
    WorkedLine,
    leaf_ends,
)
from tidu.rules.facts import key_of
from tidu.rules.language import N_, translate
from tidu.rules.naming import name_key, name_node, show
from tidu.rules.outcomes import MET, UNMET
from tidu.rules.scope import Interval, interval
from tidu.rules.vocabulary import Words


def show_amount(amount: Amount, *, english: bool = False) -> str:
    """The amount as people read it: 每年40万元, 最多50万元, 还算不出来."""
    value = show_ends(amount.value, amount.rule.unit, english=english)
    nothing_known = amount.most is None and not amount.least
    if amount.rule.nature is Nature.RATE or nothing_known:
        return value
    text = translate(N_("{per}{value}"), english)
    per = amount.rule.per.label.say(english=english)
    return text.format(per=per, value=value)


def show_ends(value: Decimal | Interval, unit: str, *, english: bool = False) -> str:
    """A value, or what is known of it, with its unit."""
    if not isinstance(value, Interval):
        return show(value, unit, english=english)
    low, high = value
    if high is None and not low:
        return translate(N_("还算不出来"), english)
    if high is None:
        text = N_("至少{low}")
    elif not low:
        text = N_("最多{high}")
    else:
        text = N_("{low}至{high}")
    shown = {
        name: show(end, unit, english=english)
        for name, end in (("low", low), ("high", high))
        if end is not None
    }
    return translate(text, english).format(**shown)


def explain_lines(amount: Amount, words: Words, *, english: bool = False) -> list[str]:
    """The working, line by line: ``少缴税额 ＝ 计税所得200万元 × 20% ＝ 40万元``.

    A line that is a number as the text states it has no working to show.
    """
    writer = _Writer(amount, words, english)
    return [
        writer.line(each) for each in amount.lines if not _stated(each.line.formula)
    ]


def _stated(formula: Formula) -> bool:
    return isinstance(formula, Leaf) and isinstance(formula.node, nodes.Number)


class _Writer:
    """Writes the formulas of one amount in one language."""

    def __init__(self, amount: Amount, words: Words, english: bool) -> None:
        self.scope = amount.scope
        self.words = words
        self.english = english
        self.done: Mapping[str, WorkedLine] = {e.line.id: e for e in amount.lines}

    def text(self, msgid: str, **values: Any) -> str:
        return translate(msgid, self.english).format(**values)

    def line(self, worked: WorkedLine) -> str:
        result = show_ends(worked.value, worked.line.unit, english=self.english)
        return self.text(
            N_("{label} ＝ {formula} ＝ {result}"),
            label=worked.line.label.say(english=self.english),
            formula=self.formula(worked.line.formula),
            result=result,
        )

    def formula(self, formula: Formula) -> str:
        match formula:
            case Leaf(node):
                return self.leaf(formula, node)
            case Earlier(line_id):
                worked = self.done[line_id]
                return self.named(
                    worked.line.label.say(english=self.english),
                    show_ends(worked.value, worked.line.unit, english=self.english),
                )
            case Sum(left, right, minus):
                text = N_("{left} － {right}") if minus else N_("{left} ＋ {right}")
                second = self.within(right) if minus else self.formula(right)
                return self.text(text, left=self.formula(left), right=second)
            case Product(left, right):
                text = N_("{left} × {right}")
                return self.text(text, left=self.within(left), right=self.within(right))
            case Extreme(items, largest):
                text = N_("取大（{items}）") if largest else N_("取小（{items}）")
                comma = self.text(N_("，"))
                return self.text(
                    text, items=comma.join(self.formula(each) for each in items)
                )
            case Pick():
                return self.picked(formula)
            case _:
                assert_never(formula)

    def within(self, formula: Formula) -> str:
        """A part of a product: a sum in brackets."""
        shown = self.formula(formula)
        if isinstance(formula, Sum):
            return self.text(N_("（{formula}）"), formula=shown)
        return shown

    def picked(self, pick: Pick) -> str:
        outcome = evaluate.condition(pick.when)(self.scope)
        if outcome is MET:
            return self.formula(pick.then)
        if outcome is UNMET:
            return self.formula(pick.otherwise)
        return self.text(
            N_("{then}，或 {otherwise}"),
            then=self.formula(pick.then),
            otherwise=self.formula(pick.otherwise),
        )

    def leaf(self, leaf: Leaf, node: nodes.Node) -> str:
        if isinstance(node, nodes.Number):
            return node.text if not self.english else self.show(node.value, node.unit)
        found = leaf_ends(leaf, self.scope)
        unit = self.unit(node)
        shown = show_ends(interval(*found), unit, english=self.english)
        return self.named(self.name(node), shown)

    def name(self, node: nodes.Node) -> str:
        """What the value is called, with its year where it is one year's fact."""
        match node:
            case nodes.FactRef(fact_id, _, int() as offset):
                key = key_of(fact_id, self.scope.year - offset)
                return name_key(key, self.words, english=self.english)
        return name_node(node, self.words, english=self.english)

    def unit(self, node: nodes.Node) -> str:
        for each in nodes.walk(node):
            if isinstance(each, nodes.FactRef):
                fact = self.words.facts[each.id]
                if fact.type in {"money", "ratio"}:
                    return "%" if fact.type == "ratio" else _money(fact.dollars)
        return ""

    def show(self, value: Decimal, unit: str) -> str:
        return show(value, unit, english=self.english)

    def named(self, name: str, value: str) -> str:
        return self.text(N_("{name}{value}"), name=name, value=value)


def _money(dollars: bool) -> str:
    return "美元" if dollars else "元"
