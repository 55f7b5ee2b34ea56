"""A condition in words, for readers who compare standards; findings speak elsewhere."""

from __future__ import annotations

from decimal import Decimal

from tidu.rules import nodes
from tidu.rules.language import N_, translate
from tidu.rules.naming import name_node, show
from tidu.rules.printing import print_expression
from tidu.rules.units import plain
from tidu.rules.vocabulary import Words

_COMPARED = {
    ">=": N_("{name}不低于{bound}"),
    ">": N_("{name}超过{bound}"),
    "<=": N_("{name}不高于{bound}"),
    "<": N_("{name}低于{bound}"),
    "==": N_("{name}等于{bound}"),
    "!=": N_("{name}不等于{bound}"),
}
_BOUNDS = {
    ">=": N_("不低于{bound}"),
    ">": N_("超过{bound}"),
    "<=": N_("不高于{bound}"),
    "<": N_("低于{bound}"),
    "==": N_("等于{bound}"),
    "!=": N_("不等于{bound}"),
}
_YEARS = {0: N_("本年度{name}"), 1: N_("上年度{name}"), 2: N_("上上年度{name}")}
_UNITS = {"年": "years", "天": "days"}


def describe(node: nodes.Node, words: Words, *, english: bool) -> str:
    """Say what a condition asks for: 上年度营业收入不低于1500万元，或……"""
    return Describer(words, english=english).condition(node)


class Describer:
    """Says conditions in one language."""

    def __init__(self, words: Words, *, english: bool) -> None:
        self.words = words
        self.english = english

    def text(self, msgid: str, **details: object) -> str:
        return translate(msgid, self.english).format(**details)

    def condition(self, node: nodes.Node) -> str:
        match node:
            case nodes.Compare(op, left):
                name = self.figure(left)
                return self.text(_COMPARED[op], name=name, bound=self.bound(node))
            case nodes.Flag(fact):
                return self.text(N_("“{name}”为“是”"), name=self.name(fact))
            case nodes.Not(nodes.Flag(fact)):
                return self.text(N_("“{name}”为“否”"), name=self.name(fact))
            case nodes.Is(fact, options):
                return self.text(
                    N_("{name}为{options}"),
                    name=self.name(fact),
                    options=self.options(fact, options),
                )
            case nodes.Not(nodes.Is(fact, options)):
                return self.text(
                    N_("{name}不是{options}"),
                    name=self.name(fact),
                    options=self.options(fact, options),
                )
            case nodes.Has(fact, option):
                return self.text(
                    N_("{name}含{options}"),
                    name=self.name(fact),
                    options=self.options(fact, (option,)),
                )
        return self.joined(node)

    def joined(self, node: nodes.Node) -> str:
        """Conditions made of others."""
        match node:
            case nodes.All(items):
                return self.list(items, N_("，且"))
            case nodes.Any(items):
                return self.list(items, N_("，或"))
            case nodes.AtLeast(count, items):
                shown = self.list(items, N_("；"))
                return self.text(
                    N_("下列各项至少{count}项：{items}"), count=count, items=shown
                )
            case nodes.Choose(when, then, otherwise):
                return self.text(
                    N_("{when}的，{then}；其他的，{otherwise}"),
                    when=self.condition(when),
                    then=self.condition(then),
                    otherwise=self.condition(otherwise),
                )
            case nodes.EachYear(count, item):
                return self.text(
                    N_("近{count}年每年{item}"), count=count, item=self.each_year(item)
                )
            case nodes.Ever(item):
                return self.text(N_("任一年度{item}"), item=self.each_year(item))
            case nodes.Reviewed(fact, item):
                reviewed = self.text(N_("须经评审认定（{name}）"), name=self.name(fact))
                if item is None:
                    return reviewed
                return self.text(N_("，且")).join([self.condition(item), reviewed])
            case nodes.WhereGiven(item):
                return self.text(N_("填报了的，{item}"), item=self.condition(item))
            case nodes.Not(nodes.WhereGiven(item)):
                item_refused = self.condition(nodes.Not(item))
                return self.text(N_("填报了的，{item}"), item=item_refused)
            case nodes.Manual():
                return self.text(N_("由人工认定"))
            case nodes.Bands(steps):
                return self.text(N_("；")).join(self.step(each) for each in steps)
        return print_expression(node)

    def step(self, step: nodes.Step) -> str:
        """One line of bands: what is worth how much."""
        return self.text(
            N_("{condition}得{points}"),
            condition=self.condition(step.when),
            points=plain(step.value),
        )

    def each_year(self, item: nodes.Node) -> str:
        """A condition without its year."""
        return EveryYear(self.words, english=self.english).condition(item)

    def list(self, items: tuple[nodes.Node, ...], between: str) -> str:
        return self.text(between).join(self.condition(each) for each in items)

    # -- names and bounds ----------------------------------------------------

    def name(self, node: nodes.Node) -> str:
        return name_node(node, self.words, english=self.english)

    def figure(self, left: nodes.Node) -> str:
        """The value that is compared, with its year."""
        if isinstance(left, nodes.Grade):
            return self.text(N_("划型等级"))
        if isinstance(left, nodes.Score):
            part = N_("评分表中“{id}”一组的得分")
            return (
                self.text(part, id=left.id) if left.id else self.text(N_("评分表总分"))
            )
        name = self.name(left)
        if isinstance(left, nodes.SumYears | nodes.Growth):
            return name
        refs = [n for n in nodes.walk(left) if isinstance(n, nodes.FactRef)]
        offsets = {ref.offset for ref in refs if ref.offset is not None}
        year = _YEARS.get(min(offsets)) if len(offsets) == 1 else None
        return self.text(year, name=name) if year else name

    def bound_of(self, node: nodes.Compare) -> str:
        """The bound alone: 不低于1500万元."""
        return self.text(_BOUNDS[node.op], bound=self.bound(node))

    def bound(self, node: nodes.Compare) -> str:
        match node.left, node.right:
            case nodes.Grade(table), nodes.Number(grade):
                return table.labels[int(grade) - 1].say(english=self.english)
            case _, nodes.Number(number, unit, text):
                return self.amount(number, unit) if self.english else text
        return self.figure(node.right)

    def amount(self, number: Decimal, unit: str) -> str:
        if unit == "分":
            return self.text(N_("{number}分"), number=show(number, "", english=True))
        return show(number, _UNITS.get(unit, unit), english=True)

    def options(self, fact: nodes.FactRef, options: tuple[str, ...]) -> str:
        known = self.words.facts[fact.id]
        labels = [known.choice_label(each, english=self.english) for each in options]
        return self.text(N_("或")).join(
            self.text(N_("“{label}”"), label=each) for each in labels
        )


class EveryYear(Describer):
    """Inside “each year”: figures are named without their year."""

    def figure(self, left: nodes.Node) -> str:
        return self.name(left)
