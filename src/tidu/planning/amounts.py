"""Values of a plan: what a fact is at a round, as constants and lever variables."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from tidu.planning.levers import Lever, Levers
from tidu.planning.model import Linear, Model
from tidu.planning.projection import Outlook
from tidu.rules import nodes
from tidu.rules.facts import key_of

Slot = tuple[str, int | None]  # fact and accounting year


class Amounts:
    """The facts of one enterprise over the rounds, with a variable per lever used.

    ``last`` is the round the plan is for. ``steps`` maps (fact, year) to the variable
    counting lattice steps, ``moved`` to the binary that says the fact is changed at
    all; ``chosen`` maps a choice fact to the binary of each better option.
    """

    def __init__(
        self, model: Model, outlook: Outlook, levers: Levers, last: int
    ) -> None:
        self.model = model
        self.outlook = outlook
        self.levers = levers
        self.last = last
        self.steps: dict[Slot, int] = {}
        self.moved: dict[Slot, int] = {}
        self.chosen: dict[str, dict[str, int]] = {}
        self._early: dict[tuple[str, int], int] = {}

    # -- numbers -----------------------------------------------------------------

    def linear(self, node: nodes.Node, at: int) -> Linear | None:
        """A value at a round; None where it is unknown and cannot be set."""
        match node:
            case nodes.Number(number):
                return Linear.of(number)
            case nodes.FactRef():
                return self.fact(node, at)
            case nodes.SumYears():
                return self._sum(node, at)
            case nodes.FirstGiven(options):
                found = (self.fact(each, at) for each in options)
                return next((each for each in found if each is not None), None)
            case nodes.PartOf(part):
                return self.fact(part, at)
        return None

    def _sum(self, node: nodes.SumYears, at: int) -> Linear | None:
        total, known = Linear.of(0), False
        for back in range(node.count):
            year = nodes.shift(node.fact, back)
            assert isinstance(year, nodes.FactRef)
            part = self.fact(year, at)
            if part is not None:
                total, known = total.plus(part), True
            elif not node.lower_bound:
                return None
        return total if known else None

    def fact(self, node: nodes.FactRef, at: int) -> Linear | None:
        """A numeric fact at a round."""
        if node.offset is None:
            return self._now(node.id, at)
        year = self.outlook.horizon.date(at).year - node.offset
        base = _number(self.outlook.status_quo(at).get(key_of(node.id, year)))
        if base is None:
            return None
        linear = Linear.of(base)
        lever = self.levers.numeric(node.id)
        for changed in self.outlook.changeable_years(node.id, year) if lever else ():
            assert lever is not None
            if not self._in_time(lever, changed, at):
                continue
            if (steps := self._steps(lever, changed, base)) is not None:
                linear = linear.plus(Linear.times(lever.signed_step, steps))
        return linear

    def _in_time(self, lever: Lever, year: int, at: int) -> bool:
        """A figure of the round's own year must be moved before the round."""
        horizon = self.outlook.horizon
        return year < horizon.date(at).year or lever.lead_days <= horizon.days(at)

    def _now(self, fact_id: str, at: int) -> Linear | None:
        base = _number(self.outlook.status_quo(at).values.get(fact_id))
        known = None if base is None else Linear.of(base)
        lever = self.levers.numeric(fact_id)
        within = self._within(lever, at) if lever else 0
        if lever is None or within == 0:
            return known
        steps = self._steps(lever, None, base or Decimal(0))
        if steps is None:
            return known
        most = self.model.most[steps]
        by_then = most if within is None else min(within, most)
        if by_then < most or (lever.fact.part_of and at < self.last):
            steps = self._steps_by_then(fact_id, steps, by_then, at)
        moved = Linear.times(lever.signed_step, steps)
        if known is None:
            return Linear(moved.const, moved.terms, (self.moved[fact_id, None],))
        return known.plus(moved)

    def _within(self, lever: Lever, at: int) -> int | None:
        return lever.steps_within(self.outlook.horizon.days(at))

    def _steps(self, lever: Lever, year: int | None, base: Decimal) -> int | None:
        """The variable of one change, made when first asked for; None: no room."""
        slot = (lever.fact.id, year)
        if slot in self.steps:
            return self.steps[slot]
        most = lever.most_steps(base)
        if year is not None:
            most = int(most * self.outlook.horizon.left_of_year(year))
        elif (within := self._within(lever, self.last)) is not None:
            most = min(most, within)
        along = self._along(lever, year) if lever.along else None
        if most <= 0 or (lever.along and along is None):
            return None
        steps, moved = self.model.variable(most), self.model.variable()
        self.steps[slot], self.moved[slot] = steps, moved
        self.model.at_least({moved: most, steps: -1}, 0)
        if along is not None:
            self.model.at_least({along: 1, steps: -1}, 0)
        return steps

    def _along(self, lever: Lever, year: int | None) -> int | None:
        key = key_of(lever.along, year)
        base = _number(self.outlook.status_quo(self.last).get(key))
        return self._steps(self.levers.by_fact[lever.along], year, base or Decimal(0))

    def _steps_by_then(self, fact_id: str, steps: int, most: int, at: int) -> int:
        """The steps that have taken effect at an earlier round.

        Those of a part wait for its whole: what is not granted is not in use.
        """
        if (fact_id, at) not in self._early:
            early = self._early[fact_id, at] = self.model.variable(most)
            self.model.at_least({steps: 1, early: -1}, 0)
        return self._early[fact_id, at]

    # -- choices -----------------------------------------------------------------

    def options(self, fact_id: str, at: int) -> dict[str, int]:
        """The better options a choice fact can have by a round, with their binaries."""
        lever = self.levers.by_fact.get(fact_id)
        if lever is None or lever.way != "choice":
            return {}
        present = self.outlook.status_quo(self.last).get(fact_id)
        levels = lever.options_above(present)
        if fact_id not in self.chosen:
            within = self._within(lever, self.last)
            offered = [o for o, n in levels.items() if within is None or n <= within]
            if not offered:
                return {}
            self.chosen[fact_id] = {o: self.model.variable() for o in offered}
            moved = self.moved[fact_id, None] = self.model.variable()
            one = dict.fromkeys(self.chosen[fact_id].values(), -1)
            self.model.at_least({moved: 1, **one}, 0)
        within = self._within(lever, at)
        return {
            option: binary
            for option, binary in self.chosen[fact_id].items()
            if within is None or levels[option] <= within
        }

    # -- what must fit together ----------------------------------------------------

    def keep_above_zero(self) -> None:
        """Several years may together not take more away than there is."""
        down: dict[str, dict[int, int]] = {}
        for (fact_id, year), steps in self.steps.items():
            if year is not None and self.levers.by_fact[fact_id].way == "down":
                down.setdefault(fact_id, {})[year] = steps
        for fact_id, by_year in down.items():
            key = key_of(fact_id, max(by_year))
            base = _number(self.outlook.status_quo(self.last).get(key)) or Decimal(0)
            most = int(max(base, Decimal(0)) // self.levers.by_fact[fact_id].step)
            self.model.at_most(dict.fromkeys(by_year.values(), 1), most)

    def parts_within_wholes(self, at: int) -> Iterator[tuple[int, int | bool]]:
        """For each part that may be raised: that it is, and that its whole holds it.

        A part of an unknown whole may not be raised: there may be nothing to use.
        """
        this_year = self.outlook.horizon.date(at).year
        facts = self.outlook.pack.facts
        for (fact_id, year), moved in list(self.moved.items()):
            whole_id = facts[fact_id].part_of
            if not whole_id or (year is not None and year >= this_year):
                continue
            offset = None if year is None else this_year - year
            part, whole = (
                self.fact(nodes.FactRef(each, facts[each].type, offset), at)
                for each in (fact_id, whole_id)
            )
            if part is None or whole is None:
                yield moved, part is None
            else:
                yield moved, self.model.indicator(whole.plus(part, -1))


def _number(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    return Decimal(value)
