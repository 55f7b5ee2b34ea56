"""Values of a plan: what a fact is at a round, as constants and lever variables."""

from __future__ import annotations

import functools
from decimal import Decimal

from tidu.planning.levers import Lever, Levers
from tidu.planning.model import Linear, Model
from tidu.planning.projection import Horizon, project
from tidu.rules import nodes
from tidu.rules.facts import Facts, FactValue, key_of
from tidu.rules.packs import Pack
from tidu.rules.scope import Scope

Slot = tuple[str, int | None]  # fact and accounting year


class Amounts:
    """The facts of one enterprise over the horizon, with a variable per lever used.

    ``steps`` maps (fact, year) to the variable counting lattice steps, ``moved`` to the
    binary that says the fact is changed at all; ``chosen`` maps a choice fact to the
    binary of each option above the present one.
    """

    def __init__(
        self, model: Model, pack: Pack, facts: Facts, horizon: Horizon, levers: Levers
    ) -> None:
        self.model = model
        self.pack = pack
        self.facts = facts
        self.horizon = horizon
        self.levers = levers.by_fact
        self.steps: dict[Slot, int] = {}
        self.moved: dict[Slot, int] = {}
        self.chosen: dict[str, dict[str, int]] = {}
        self.given = facts.flat()

    @functools.cached_property
    def _quo(self) -> dict[int, Facts]:
        return {}

    def status_quo(self, at: int) -> Facts:
        """The prepared facts at a round if nothing is changed."""
        if at not in self._quo:
            self._quo[at] = project(self.facts, self.pack, self.horizon, at, {})
        return self._quo[at]

    def scope(self, at: int) -> Scope:
        """The scope of a round under the status quo."""
        day = self.horizon.date(at)
        return Scope(self.status_quo(at).values, day, day.year)

    def lever(self, fact_id: str, at: int) -> Lever | None:
        """The lever of a fact, if it has one that takes effect by the round."""
        lever = self.levers.get(fact_id)
        if lever is None or lever.fact.yearly:
            return lever
        return lever if lever.lead_days <= self.horizon.days(at) else None

    def linear(self, node: nodes.Node, at: int) -> Linear | None:
        """A value at a round; None where it is unknown and cannot be set."""
        match node:
            case nodes.Number(number):
                return Linear(number)
            case nodes.FactRef():
                return self.fact(node, at)
            case nodes.SumYears(count, fact, _, lower_bound):
                total = Linear(Decimal(0))
                for back in range(count):
                    part = self.fact(nodes.shift(fact, back), at)  # type: ignore[arg-type]
                    if part is None and not lower_bound:
                        return None
                    total = total if part is None else total.plus(part)
                return total
            case nodes.FirstGiven(options):
                found = (self.fact(each, at) for each in options)
                return next((each for each in found if each is not None), None)
            case nodes.PartOf(part):
                return self.fact(part, at)
        return None

    def fact(self, node: nodes.FactRef, at: int) -> Linear | None:
        """A numeric fact at a round."""
        if node.offset is None:
            return self._now(node, at)
        year = self.horizon.date(at).year - node.offset
        years = self.status_quo(at).values.get(node.id)
        base = years.get(year) if isinstance(years, dict) else None
        if not isinstance(base, int | Decimal):
            return None
        lever = self.lever(node.id, at)
        linear = Linear(Decimal(base))
        if lever is None or lever.way not in {"up", "down"}:
            return linear
        first = year if lever.fact.accumulates else self.horizon.on.year
        for changed in range(max(first, self.horizon.on.year), year + 1):
            if key_of(node.id, changed) not in self.given:
                linear = linear.plus(self._steps(lever, changed, Decimal(base)))
        return linear

    def _now(self, node: nodes.FactRef, at: int) -> Linear | None:
        base = self.status_quo(at).values.get(node.id)
        lever = self.lever(node.id, at)
        if lever is None or lever.way not in {"up", "down"}:
            known = isinstance(base, int | Decimal) and not isinstance(base, bool)
            return Linear(Decimal(base)) if known else None  # type: ignore[arg-type]
        if base is None:
            taken = self._steps(lever, None, Decimal(0))
            return Linear(Decimal(0), taken.terms, (self.moved[node.id, None],))
        assert isinstance(base, int | Decimal)
        return Linear(Decimal(base)).plus(self._steps(lever, None, Decimal(base)))

    def _steps(self, lever: Lever, year: int | None, base: Decimal) -> Linear:
        slot = (lever.fact.id, year)
        if slot not in self.steps:
            most = lever.most_steps(base)
            if year is not None:
                most = int(most * self.horizon.left_of_year(year))
            steps, moved = self.model.variable(most), self.model.variable()
            self.steps[slot], self.moved[slot] = steps, moved
            self.model.at_least({moved: max(most, 1), steps: -1}, 0)
        sign = -1 if lever.way == "down" else 1
        return Linear(Decimal(0), {self.steps[slot]: sign * lever.step})

    def options(self, fact_id: str, at: int) -> dict[str, int]:
        """The options a choice fact can be moved to by a round, with their binaries."""
        lever = self.lever(fact_id, at)
        if lever is None or lever.way != "choice":
            return {}
        if fact_id not in self.chosen:
            base = self._as_option(self.status_quo(at).values.get(fact_id))
            rising = lever.options
            above = rising[rising.index(base) + 1 :] if base in rising else rising
            present = base in {each.id for each in lever.fact.choices} | {"yes"}
            if present and base not in rising and base != "none":
                above = ()  # already beyond what the lever offers
            binaries = {option: self.model.variable() for option in above}
            moved = self.model.variable()
            self.moved[fact_id, None] = moved
            self.model.at_least({moved: 1, **dict.fromkeys(binaries.values(), -1)}, 0)
            self.chosen[fact_id] = binaries
        return self.chosen[fact_id]

    @staticmethod
    def _as_option(value: FactValue | object | None) -> str:
        if isinstance(value, bool):
            return "yes" if value else "none"
        return value if isinstance(value, str) else "none"

    def keep_parts_within_wholes(self, at: int) -> None:
        """A part that is raised may not exceed its whole (patents in use)."""
        for fact_id, year in list(self.steps):
            whole_id = self.pack.facts[fact_id].part_of
            if not whole_id or (
                year is not None and year >= self.horizon.date(at).year
            ):
                continue
            offset = None if year is None else self.horizon.date(at).year - year
            part = self.fact(self._ref(fact_id, offset), at)
            whole = self.fact(self._ref(whole_id, offset), at)
            if part is None or whole is None:
                continue
            free = self.model.indicator(whole.plus(part, Decimal(-1)))
            moved = self.moved[fact_id, year]
            if free is False:
                self.model.at_least({moved: -1}, 0)
            elif free is not True:
                self.model.imply(moved, free)

    def _ref(self, fact_id: str, offset: int | None) -> nodes.FactRef:
        return nodes.FactRef(fact_id, self.pack.facts[fact_id].type, offset)
