"""Does a solution really reach its title? Assessed with the rules, step by step."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from decimal import Decimal

from tidu.planning.amounts import Slot
from tidu.planning.levers import YES, Lever, Levers
from tidu.planning.points import for_people
from tidu.planning.projection import Outlook, project
from tidu.planning.search import Solution
from tidu.rules import nodes
from tidu.rules.assess import Standing, stand
from tidu.rules.facts import FactType, FactValue, key_of, split_key
from tidu.rules.findings import Finding
from tidu.rules.outcomes import MANUAL, MET, NOT_APPLICABLE
from tidu.rules.rulesets import Criterion, Kind, ScoreItem
from tidu.rules.scope import as_range

Step = tuple[str, int, Kind]  # scheme, round, procedure
Served = tuple[str, str, str]  # scheme, criterion or item, clause with its document


@dataclasses.dataclass(frozen=True, slots=True)
class Move:
    """One figure from → to, in base units; ``won_in``: the round a title is won in."""

    key: str
    lever: Lever
    before: FactValue | None
    after: FactValue
    steps: int
    won_in: int | None = None


class Proof:
    """A solution applied to the facts: its moves, its standings, what each serves."""

    def __init__(
        self, outlook: Outlook, levers: Levers, to: str, kind: Kind, solution: Solution
    ) -> None:
        self.outlook = outlook
        self.levers = levers
        self.solution = solution
        self.goal = (to, solution.at, kind)
        self.moves = tuple(self._moves())
        self._stood: dict[Step, Standing] = {}

    # -- the moves ---------------------------------------------------------------

    def _moves(self) -> Iterator[Move]:
        quo = self.outlook.status_quo(self.solution.at)
        for fact_id, at in self.solution.titles.items():
            lever, held = self.levers.by_fact[fact_id], quo.get(fact_id)
            yield Move(fact_id, lever, held, after=True, steps=0, won_in=at)
        for slot in sorted(self.solution.moves, key=lambda each: each[1] or 0):
            key = key_of(*slot)
            before = self._value(slot, self.solution.at, earlier=True)
            after = self._value(slot, self.solution.at)
            assert after is not None
            lever = self.levers.by_fact[slot[0]]
            yield Move(key, lever, before, after, self._steps(slot))

    def _steps(self, slot: Slot) -> int:
        move = self.solution.moves[slot]
        if isinstance(move, int):
            return move
        present = self.outlook.status_quo(self.solution.at).get(slot[0])
        return self.levers.by_fact[slot[0]].options_above(present)[move]

    def _value(self, slot: Slot, at: int, *, earlier: bool = False) -> FactValue | None:
        """A fact's value at a round; ``earlier``: before its own change."""
        fact_id, year = slot
        lever = self.levers.by_fact[fact_id]
        base = self.outlook.status_quo(at).get(key_of(*slot))
        move = self.solution.moves[slot]
        if isinstance(move, str):
            reached = True if move == YES else move
            return base if earlier else reached
        steps = 0 if earlier else move
        if year is None:
            within = lever.steps_within(self.outlook.horizon.days(at))
            steps = steps if within is None else min(steps, within)
            if base is None and not steps:
                return None
        else:
            for before in self.outlook.changeable_years(fact_id, year)[:-1]:
                taken = self.solution.moves.get((fact_id, before), 0)
                assert isinstance(taken, int)
                steps += taken
        assert base is None or isinstance(base, int | Decimal)
        start = Decimal(base or 0)
        moved = start + steps * lever.signed_step
        if year is None and at < self.solution.at and lever.fact.part_of:
            moved = min(moved, max(start, self._whole(lever.fact.part_of, at)))
        return int(moved) if lever.fact.type is FactType.COUNT else moved

    def _whole(self, fact_id: str, at: int) -> Decimal:
        """A whole at an earlier round: no more of its part can have taken effect."""
        slot = (fact_id, None)
        found = self.outlook.status_quo(at).get(fact_id)
        if slot in self.solution.moves:
            found = self._value(slot, at)
        return Decimal(found) if isinstance(found, int | Decimal) else Decimal(0)

    # -- the proof -----------------------------------------------------------------

    @property
    def holds(self) -> bool:
        """Whether every title on the way and the goal are met, or left to people."""
        return all(_reached(self.standing(step)) for step in self._steps_on_the_way())

    def standing(self, step: Step) -> Standing:
        """Where the enterprise stands at a step, all changes made."""
        if step not in self._stood:
            self._stood[step] = self._stand(*step)
        return self._stood[step]

    def _steps_on_the_way(self) -> Iterator[Step]:
        for fact_id, at in sorted(self.solution.titles.items(), key=lambda t: t[1]):
            yield self.levers.by_fact[fact_id].scheme, at, Kind.NEW
        yield self.goal

    def _stand(
        self, scheme: str, at: int, kind: Kind, without: str | None = None
    ) -> Standing:
        """Where the enterprise stands at a round with what has changed by then."""
        horizon = self.outlook.horizon
        done: dict[str, FactValue | None] = {}
        for fact_id, won in self.solution.titles.items():
            if won < at and fact_id != without:
                done[fact_id] = True
                if expires := self.outlook.pack.facts[fact_id].expires:
                    done[expires] = None
        for slot in self.solution.moves:
            key = key_of(*slot)
            if key != without and self._in_time(slot, at):
                done[key] = self._value(slot, at)
        facts = project(self.outlook.facts, self.outlook.pack, horizon, at, done)
        day = horizon.date(at)
        return stand(self.outlook.pack, scheme, facts, on=day, kind=kind)

    def _in_time(self, slot: Slot, at: int) -> bool:
        fact_id, year = slot
        horizon = self.outlook.horizon
        if year is not None and year != horizon.date(at).year:
            return year < horizon.date(at).year
        days = horizon.days(at)
        lever = self.levers.by_fact[fact_id]
        if isinstance(self.solution.moves[slot], str):
            return lever.days_for(self._steps(slot)) <= days
        return lever.lead_days <= days

    # -- what a change is for --------------------------------------------------------

    def served(self, key: str) -> list[Served]:
        """The clauses that fail without this one change, of every title on the way.

        Where none does (a fact that only goes along with another): all that read it.
        """
        fact_id = split_key(key)[0]
        found: dict[Served, None] = {}
        for step in self._steps_on_the_way():
            standing, without = self.standing(step), self._stand(*step, without=key)
            pairs = zip(standing.findings, without.findings, strict=True)
            for after, before in pairs:
                if _worse(before, after) and _reads(before, fact_id):
                    found[_served(standing, before)] = None
        if not found:
            for step in self._steps_on_the_way():
                standing = self.standing(step)
                reading = [f for f in standing.findings if _reads(f, fact_id)]
                found |= {_served(standing, each): None for each in reading}
        return list(found)


def _reached(standing: Standing) -> bool:
    """Met; or manual, but only through clauses made for people."""
    if standing.outcome is MET:
        return True
    manual = [f for f in standing.findings if f.outcome is MANUAL and not f.part_of]
    return standing.outcome is MANUAL and all(_made_for_people(f) for f in manual)


def _made_for_people(finding: Finding) -> bool:
    """Whether people judge the clause, or the size of an industry nobody grades."""
    by_industry = any(isinstance(n, nodes.Grade) for n in nodes.walk(finding.tree))
    return by_industry or for_people(finding.tree)


def _worse(before: Finding, after: Finding) -> bool:
    if isinstance(before.about, ScoreItem):
        return bool(as_range(before.measured).low < as_range(after.measured).low)
    fine = {MET, MANUAL, NOT_APPLICABLE}
    return before.outcome not in fine and after.outcome in fine


def _reads(finding: Finding, fact_id: str) -> bool:
    about = finding.about
    if isinstance(about, Criterion) and about.parts:
        return False  # its parts say it
    return any(
        isinstance(n, nodes.FactRef) and n.id == fact_id
        for n in nodes.walk(finding.tree)
    )


def _served(standing: Standing, finding: Finding) -> Served:
    assert standing.rule_set is not None
    clause = f"{standing.rule_set.number}{finding.about.clause}"
    return standing.scheme, finding.id, clause
