"""Which changes reach a title in one round, the fewest and cheapest first."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from tidu.planning.amounts import Amounts, Slot
from tidu.planning.encode import Encoder
from tidu.planning.levers import Effort, Levers
from tidu.planning.logic import Truth
from tidu.planning.model import Model
from tidu.planning.projection import Outlook
from tidu.rules.rulesets import Kind, RuleSet

# Among equal efforts: the lower option, the earlier year. Too small to outweigh work.
_LOWER_OPTION = 1e-3
_EARLIER_YEAR = 1e-5


@dataclasses.dataclass(frozen=True, slots=True)
class Solution:
    """What the solver chose for round ``at``.

    ``moves``: steps taken, or the option, per fact and year; ``titles``: the round in
    which a title on the way is won, by its fact.
    """

    at: int
    rule_set: RuleSet
    moves: dict[Slot, int | str]
    titles: dict[str, int]

    def effort(self, levers: Levers, outlook: Outlook) -> Effort:
        """The effort of all changes together."""
        total = Effort()
        for (fact_id, _), move in self.moves.items():
            lever = levers.by_fact[fact_id]
            steps = move
            if isinstance(steps, str):
                present = outlook.status_quo(self.at).get(fact_id)
                steps = lever.options_above(present)[steps]
            total += lever.effort(steps)
        for fact_id in self.titles:
            total += levers.by_fact[fact_id].effort(0)
        return total


class Program:
    """The integer program of one round: a rule set, the ways to it and their costs."""

    def __init__(
        self, outlook: Outlook, levers: Levers, at: int, rule_set: RuleSet, kind: Kind
    ) -> None:
        self.at = at
        self.rule_set = rule_set
        self.levers = levers
        self.outlook = outlook
        self.model = Model()
        self.amounts = Amounts(self.model, outlook, levers, at)
        self.encoder = Encoder(self.amounts)
        self.criteria = self.encoder.rule_set(rule_set, at, kind)

    def require(self, truths: list[Truth]) -> bool:
        """Ask for all of these; False if that is impossible whatever is changed."""
        goal = self.encoder.all(truths)
        if goal is False:
            return False
        if goal is not True:
            self.model.at_least({goal: 1}, 1)
        return True

    def keep_consistent(self) -> None:
        """Figures that belong together stay together: at the goal and on the way."""
        self.amounts.keep_above_zero()
        for moved, fits in self.amounts.parts_within_wholes(self.at):
            if fits is False:
                self.model.at_most({moved: 1}, 0)
            elif fits is not True:
                self.model.imply(moved, fits)
        for (_, at), won in self.encoder.granted.items():
            if won is True or won is False:
                continue
            for moved, fits in self.amounts.parts_within_wholes(at):
                if fits is False:
                    self.model.at_most({won: 1, moved: 1}, 1)
                elif fits is not True:
                    self.model.at_least({fits: 1, won: -1, moved: -1}, -1)

    def counts(self) -> dict[int, float]:
        """One for each fact and year that is changed, and each title newly won."""
        moved = [*self.amounts.moved.values(), *self.encoder.titles.values()]
        return dict.fromkeys(moved, 1.0)

    def efforts(self) -> dict[int, float]:
        """The effort of each change in person-days."""
        rate = self.levers.day_rate
        costs: dict[int, float] = {}
        for slot, moved in self.amounts.moved.items():
            lever = self.levers.by_fact[slot[0]]
            later = (slot[1] or 0) - self.outlook.horizon.on.year if slot[1] else 0
            costs[moved] = float(lever.fixed.scalar(rate)) + later * _EARLIER_YEAR
            if slot in self.amounts.steps:
                costs[self.amounts.steps[slot]] = float(lever.per_step.scalar(rate))
        for fact_id, options in self.amounts.chosen.items():
            lever = self.levers.by_fact[fact_id]
            present = self.outlook.status_quo(self.at).get(fact_id)
            levels = lever.options_above(present)
            each = float(lever.per_step.scalar(rate)) + _LOWER_OPTION
            costs |= {binary: each * levels[o] for o, binary in options.items()}
        for fact_id, won in self.encoder.titles.items():
            costs[won] = float(self.levers.by_fact[fact_id].fixed.scalar(rate))
        return costs

    def read(self, values: list[int]) -> Solution:
        """The solver's values as moves and titles."""
        moves: dict[Slot, int | str] = {
            slot: values[variable]
            for slot, variable in self.amounts.steps.items()
            if values[variable]
        }
        for fact_id, options in self.amounts.chosen.items():
            for option, binary in options.items():
                if values[binary]:
                    moves[fact_id, None] = option
        titles = {}
        for fact_id, newly in self.encoder.titles.items():
            if values[newly]:
                titles[fact_id] = min(
                    at
                    for (title, at), won in self.encoder.granted.items()
                    if title == fact_id
                    and (won is True or (won is not False and values[won]))
                )
        return Solution(self.at, self.rule_set, moves, titles)

    def forbid(self, solution: Solution) -> None:
        """Never again change all the facts of this solution, in whatever years."""
        binaries = []
        for fact_id in dict.fromkeys(f for f, _ in solution.moves):
            touched = self.model.variable()
            for slot, moved in self.amounts.moved.items():
                if slot[0] == fact_id:
                    self.model.imply(moved, touched)
            binaries.append(touched)
        binaries += [self.encoder.titles[fact_id] for fact_id in solution.titles]
        self.model.at_most(dict.fromkeys(binaries, 1), len(binaries) - 1)


def solutions(
    outlook: Outlook, levers: Levers, at: int, rule_set: RuleSet, kind: Kind
) -> Iterator[Solution]:
    """Different solutions of a round, the best first; each changes other facts.

    None changes a superset of an earlier one's facts. Raises UnsolvedError.
    """
    program = Program(outlook, levers, at, rule_set, kind)
    if not program.require(list(program.criteria.values())):
        return
    program.keep_consistent()
    costs = [program.counts(), program.efforts()]
    while (values := program.model.solve(costs)) is not None:
        solution = program.read(values)
        yield solution
        if not solution.moves and not solution.titles:
            return
        program.forbid(solution)
