"""The criteria and items of one edition in words, with what opens only sometimes."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from tidu.rules import nodes
from tidu.rules.describing import Describer
from tidu.rules.packs import Pack
from tidu.rules.printing import print_expression
from tidu.rules.rulesets import RuleSet
from tidu.rules.units import plain


class EditionTeller(Describer):
    """Names the groups of a score card by their labels, and sums item by item."""

    def __init__(self, rule_set: RuleSet, pack: Pack, *, english: bool) -> None:
        super().__init__(pack.words, english=english)
        card = rule_set.score_card
        self.groups = card.groups if card else {}

    def figure(self, left: nodes.Node) -> str:
        if isinstance(left, nodes.Score) and left.id in self.groups:
            return _("“{group}”的得分").format(
                group=self.groups[left.id].say(english=self.english)
            )
        return super().figure(left)

    def steps(self, node: nodes.Node) -> list[str]:
        """How points are earned, one step a line."""
        match node:
            case nodes.Bands(steps):
                return [self._step(each, alone=_one_figure(steps)) for each in steps]
            case nodes.Sum(steps, cap):
                return [*(self._step(each) for each in steps), self._most(cap)]
            case nodes.Total(items, cap):
                lines = [line for each in items for line in self.steps(each)]
                return [*lines, self._most(cap)]
            case nodes.Given():
                return []  # the province says how
        return [print_expression(node)]

    def _most(self, cap: Decimal) -> str:
        return _("以上各项相加，最多{points}分").format(points=plain(cap))

    def _step(self, step: nodes.Step, *, alone: bool = False) -> str:
        """One step; ``alone``: its figure goes without saying."""
        condition = self.condition(step.when)
        if alone and isinstance(step.when, nodes.Compare):
            condition = self.bound_of(step.when)
        return _("{condition}：{points}分").format(
            condition=condition, points=plain(step.value)
        )


def _one_figure(steps: tuple[nodes.Step, ...]) -> bool:
    """Whether all steps compare the same figure, which the item's label names."""
    compared = [each.when for each in steps if isinstance(each.when, nodes.Compare)]
    return len(compared) == len(steps) and len({each.left for each in compared}) == 1
