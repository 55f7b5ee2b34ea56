"""The cheapest paths to a title: what to change, by when, at what effort, proved."""

from __future__ import annotations

import dataclasses
import datetime
import logging
from typing import Any

from tidu.planning.amounts import Amounts
from tidu.planning.blocking import Blocker, find_blockers
from tidu.planning.encode import Encoder
from tidu.planning.levers import Effort, Lever, Levers
from tidu.planning.model import Model
from tidu.planning.projection import ROUNDS, Horizon, project
from tidu.rules import nodes
from tidu.rules.assess import Standing, stand
from tidu.rules.facts import Facts, FactType, FactValue, key_of, split_key
from tidu.rules.language import N_, translate
from tidu.rules.naming import show
from tidu.rules.outcomes import MANUAL, MET
from tidu.rules.packs import Pack
from tidu.rules.readings import unit_of
from tidu.rules.records import write
from tidu.rules.rulesets import Kind, RuleSet
from tidu.rules.units import plain
from tidu.rules.vocabulary import Text

MOST_PATHS = 3
_LOG = logging.getLogger(__name__)


@dataclasses.dataclass(frozen=True, slots=True)
class Change:
    """One figure to change: from → to in base units, with the clauses it serves."""

    key: str
    before: FactValue | None
    after: FactValue
    clause: str
    lead_days: int
    what: Text


@dataclasses.dataclass(frozen=True, slots=True)
class Path:
    """Changes that reach the title in one round; proved by assessing them.

    ``manual``: criteria that people must still judge, with their labels.
    """

    changes: tuple[Change, ...]
    earliest_round: int
    effort: Effort
    manual: tuple[str, ...] = ()
    manual_labels: tuple[Text, ...] = ()

    def effort_text(self, *, english: bool) -> str:
        """The effort as a range: person-days, and money where some is spent."""
        low, high = (plain(round(each, 0)) for each in self.effort.person_days)
        days = translate(N_("约{low}～{high}人天"), english).format(low=low, high=high)
        if not self.effort.money[1]:
            return days
        least, most = self.effort.money
        text = translate(N_("{days}，费用约{least}～{most}"), english)
        if least == most:
            text = translate(N_("{days}，费用约{least}"), english)
        low_text, high_text = (
            show(each, "元", english=english) for each in (least, most)
        )
        return text.format(days=days, least=low_text, most=high_text)


@dataclasses.dataclass(frozen=True, slots=True)
class Plan:
    """Up to three paths to a title, or what blocks every one."""

    to: str
    paths: list[Path]
    blocked_by: list[Blocker]
    pack: Pack

    def to_record(self, *, english: bool = False) -> dict[str, Any]:
        """The plan as the contract's JSON, without the enterprise's code."""
        return {
            "to": self.to,
            "paths": [self._path(each, english=english) for each in self.paths],
            "blocked_by": [each.to_record(english=english) for each in self.blocked_by],
        }

    def _path(self, path: Path, *, english: bool) -> dict[str, Any]:
        return {
            "changes": [self._change(each, english=english) for each in path.changes],
            "earliest_round": path.earliest_round,
            "effort": {
                "person_days": [float(round(d, 1)) for d in path.effort.person_days],
                "money": [f"{m:.2f}" for m in path.effort.money],
                "grade": "ours",
            },
            "proved": True,
            "manual": list(path.manual),
        }

    def _change(self, change: Change, *, english: bool) -> dict[str, Any]:
        fact = self.pack.facts[split_key(change.key)[0]]
        unit = unit_of(nodes.FactRef(fact.id, fact.type))
        return {
            "fact": change.key,
            "from": write(change.before, unit),
            "to": write(change.after, unit),
            "clause": change.clause,
            "lead_days": change.lead_days,
            "what": change.what.say(english=english),
        }


def plan(
    pack: Pack,
    facts: Facts,
    to: str,
    *,
    on: datetime.date,
    kind: Kind,
    levers: Levers,
) -> Plan:
    """Find up to three paths: earliest round first, then fewest changes, then effort.

    ``facts`` are as read, not prepared. A later round is offered beside an earlier one
    only if it needs fewer changes.
    """
    search = _Search(pack, facts, to, Horizon(on), kind, levers)
    paths: list[Path] = []
    for at in range(ROUNDS):
        fewest = min((len(path.changes) for path in paths), default=None)
        paths += [
            path
            for path in search.paths(at, MOST_PATHS - len(paths))
            if fewest is None or len(path.changes) < fewest
        ]
        if len(paths) >= MOST_PATHS or fewest == 0:
            break
    blockers = []
    if not paths:
        blockers = find_blockers(pack, facts, to, Horizon(on), kind, levers)
    return Plan(to, paths, blockers, pack)


class _Search:
    """The search for paths of one enterprise to one title."""

    def __init__(
        self,
        pack: Pack,
        facts: Facts,
        to: str,
        horizon: Horizon,
        kind: Kind,
        levers: Levers,
    ) -> None:
        self.pack = pack
        self.facts = facts
        self.to = to
        self.horizon = horizon
        self.kind = kind
        self.levers = levers

    def paths(self, at: int, most: int) -> list[Path]:
        """Different paths to the title at one round, the best first."""
        chosen = self.pack.schemes[self.to].which(self.kind, self.horizon.date(at))
        if chosen is None:
            return []
        model = Model()
        amounts = Amounts(model, self.pack, self.facts, self.horizon, self.levers)
        encoder = Encoder(amounts, self.kind)
        goal = encoder.all(encoder.rule_set(chosen[0], at, self.kind).values())
        if goal is False:
            return []
        if goal is not True:
            model.at_least({goal: 1}, 1)
        amounts.keep_parts_within_wholes(at)
        counted = {**dict.fromkeys(amounts.moved.values(), 1.0)}
        counted |= dict.fromkeys(encoder.titles.values(), 1.0)
        efforts = self._efforts(amounts, encoder)
        found: list[Path] = []
        while len(found) < most:
            values = model.solve([counted, efforts]) if model.most else []
            if values is None:
                break
            path = self._read(amounts, encoder, values, chosen[0], at)
            if path is not None:
                found.append(path)
            taken = [v for v in counted if values[v]] if values else []
            if not taken:
                break
            model.at_least(dict.fromkeys(taken, -1), 1 - len(taken))
        return found

    def _efforts(self, amounts: Amounts, encoder: Encoder) -> dict[int, float]:
        costs: dict[int, float] = {}
        rate = self.levers.day_rate
        for slot, moved in amounts.moved.items():
            lever = self.levers.by_fact[slot[0]]
            costs[moved] = float(lever.fixed.scalar(rate))
            if slot in amounts.steps:
                costs[amounts.steps[slot]] = float(lever.per_step.scalar(rate))
        for fact_id, held in encoder.titles.items():
            lever = self.levers.by_fact[fact_id]
            costs[held] = float(lever.fixed.scalar(rate))
        for options in amounts.chosen.values():
            # Of several options that do, the lowest.
            costs |= {v: 0.001 * n for n, v in enumerate(options.values(), start=1)}
        return costs

    # -- from the solution to a proved path --------------------------------------

    def _read(
        self,
        amounts: Amounts,
        encoder: Encoder,
        values: list[int],
        rule_set: RuleSet,
        at: int,
    ) -> Path | None:
        moves = self._moves(amounts, values)
        titles = {
            fact_id: min(
                earlier
                for (title, earlier), truth in encoder.granted.items()
                if title == fact_id and (truth is True or (truth and values[truth]))
            )
            for fact_id, held in encoder.titles.items()
            if values[held]
        }
        effort = Effort()
        for (fact_id, _), count in moves.items():
            lever = self.levers.by_fact[fact_id]
            steps = count if isinstance(count, int) else 0
            effort = effort + lever.fixed + lever.per_step.times(steps)
        for fact_id in titles:
            effort += self.levers.by_fact[fact_id].fixed
        changes = self._changes(moves, titles, amounts, at)
        standing = self._prove(changes, titles, at)
        if standing is None:
            _LOG.error(
                "a path to %s was found but not proved; it is not shown", self.to
            )
            return None
        manual = [f for f in standing.findings if f.outcome is MANUAL and not f.part_of]
        return Path(
            changes=tuple(
                self._change(key, before, after, rule_set, titles)
                for key, (before, after) in changes.items()
            ),
            earliest_round=self.horizon.date(at).year,
            effort=effort,
            manual=tuple(finding.id for finding in manual),
            manual_labels=tuple(finding.about.label for finding in manual),
        )

    def _moves(
        self, amounts: Amounts, values: list[int]
    ) -> dict[tuple[str, int | None], int | str]:
        """Per changed fact and year: how many steps, or which option."""
        moves: dict[tuple[str, int | None], int | str] = {
            slot: values[variable]
            for slot, variable in sorted(
                amounts.steps.items(), key=lambda s: s[0][1] or 0
            )
            if values and values[variable]
        }
        for fact_id, options in amounts.chosen.items():
            for option, variable in options.items():
                if values[variable] and values[amounts.moved[fact_id, None]]:
                    moves[fact_id, None] = option
        return moves

    def _changes(
        self,
        moves: dict[tuple[str, int | None], int | str],
        titles: dict[str, int],
        amounts: Amounts,
        at: int,
    ) -> dict[str, tuple[FactValue | None, FactValue]]:
        """Flat keys with the value before and after, in the order of the years."""
        changes: dict[str, tuple[FactValue | None, FactValue]] = {}
        for (fact_id, year), count in moves.items():
            key = key_of(fact_id, year)
            so_far = {k: after for k, (_, after) in changes.items()}
            now = project(self.facts, self.pack, self.horizon, at, so_far)
            before = now.get(key)
            changes[key] = (before, self._after(before, count, fact_id))
        for fact_id in titles:
            changes[fact_id] = (amounts.status_quo(at).get(fact_id), True)
        return changes

    def _after(
        self, before: FactValue | None, count: int | str, fact_id: str
    ) -> FactValue:
        lever = self.levers.by_fact[fact_id]
        if isinstance(count, str):
            return True if count == "yes" else count
        assert before is None or isinstance(before, int) or hasattr(before, "quantize")
        sign = -1 if lever.way == "down" else 1
        moved = (before or 0) + sign * count * lever.step  # type: ignore[operator]
        return int(moved) if lever.fact.type is FactType.COUNT else moved

    def _prove(
        self,
        changes: dict[str, tuple[FactValue | None, FactValue]],
        titles: dict[str, int],
        at: int,
    ) -> Standing | None:
        """Assess every title on the way, then the goal; None if one does not hold."""
        for fact_id, earlier in sorted(titles.items(), key=lambda item: item[1]):
            scheme = self.levers.by_fact[fact_id].scheme
            standing = self._stand(scheme, changes, titles, earlier, Kind.NEW)
            if standing.outcome not in {MET, MANUAL}:
                return None
        standing = self._stand(self.to, changes, titles, at, self.kind)
        return standing if standing.outcome in {MET, MANUAL} else None

    def _stand(
        self,
        scheme: str,
        changes: dict[str, tuple[FactValue | None, FactValue]],
        titles: dict[str, int],
        at: int,
        kind: Kind,
    ) -> Standing:
        done: dict[str, FactValue | None] = {}
        for key, (_, after) in changes.items():
            fact_id, year = split_key(key)
            if fact_id in titles:
                if titles[fact_id] < at:
                    done[fact_id] = after
                    done[self.pack.facts[fact_id].expires or fact_id + "_"] = None
            elif year is not None or self._in_time(fact_id, at):
                done[key] = after
        facts = project(self.facts, self.pack, self.horizon, at, done)
        return stand(self.pack, scheme, facts, on=self.horizon.date(at), kind=kind)

    def _in_time(self, fact_id: str, at: int) -> bool:
        return self.levers.by_fact[fact_id].lead_days <= self.horizon.days(at)

    def _change(
        self,
        key: str,
        before: FactValue | None,
        after: FactValue,
        rule_set: RuleSet,
        titles: dict[str, int],
    ) -> Change:
        fact_id, _ = split_key(key)
        lever: Lever = self.levers.by_fact[fact_id]
        clauses = dict.fromkeys(_clauses(fact_id, rule_set))
        for title in titles:
            scheme = self.pack.schemes[self.levers.by_fact[title].scheme]
            found = scheme.which(Kind.NEW, self.horizon.on)
            if found and not clauses:
                clauses |= dict.fromkeys(_clauses(fact_id, found[0]))
        return Change(
            key, before, after, "、".join(clauses), lever.lead_days, lever.what
        )


def _clauses(fact_id: str, rule_set: RuleSet) -> list[str]:
    """The first clauses of a rule set that read a fact, with the document's number."""
    trees: list[tuple[str, nodes.Node]] = [
        (each.clause, tree)
        for top in rule_set.criteria
        for each in top.walk()
        for tree in (each.require, each.again)
        if tree is not None and not each.parts
    ]
    trees += [(item.clause, item.points) for item in rule_set.items]
    clauses = [
        clause
        for clause, tree in trees
        if any(
            isinstance(n, nodes.FactRef) and n.id == fact_id for n in nodes.walk(tree)
        )
    ]
    return [f"{rule_set.number}{clause}" for clause in dict.fromkeys(clauses)][:2]
