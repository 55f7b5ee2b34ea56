"""The cheapest paths to a title: what to change, by when, at what effort, proved."""

from __future__ import annotations

import dataclasses
import datetime
import itertools
import logging
from collections.abc import Iterator
from typing import Any

from tidu.planning.blocking import Blocker, find_blockers
from tidu.planning.levers import Effort, Levers
from tidu.planning.model import UnsolvedError
from tidu.planning.projection import ROUNDS, Horizon, Outlook
from tidu.planning.proof import Move, Proof
from tidu.planning.search import Solution, solutions
from tidu.rules import nodes
from tidu.rules.facts import Facts, FactValue, key_of, split_key
from tidu.rules.language import N_, translate
from tidu.rules.naming import name_key, show
from tidu.rules.outcomes import MANUAL
from tidu.rules.packs import Pack
from tidu.rules.readings import unit_of
from tidu.rules.records import write
from tidu.rules.rulesets import Kind
from tidu.rules.units import plain
from tidu.rules.vocabulary import Text

MOST_PATHS = 3
_LOG = logging.getLogger(__name__)


class UnprovedError(Exception):
    """The solver's path does not hold when it is assessed: a fault of the planner."""


@dataclasses.dataclass(frozen=True, slots=True)
class Change:
    """One figure to change: from → to in base units, and what for.

    ``clause``: the clauses that need it, ``criteria`` their ids as scheme/criterion;
    ``lead_days``: until it has taken effect; ``won_in``: the year of the round in which
    a title on the way is won.
    """

    key: str
    before: FactValue | None
    after: FactValue
    clause: str
    lead_days: int
    what: Text
    criteria: tuple[str, ...] = ()
    won_in: int | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Path:
    """Changes that reach the title in one round; proved by assessing them.

    ``earliest_round``: the year of the round; ``manual``: criteria that people must
    still judge, with their labels.
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
    """Up to three paths to a title, or what blocks every one.

    ``unsolved``: years of rounds left out by a fault of ours; a path there may exist.
    """

    to: str
    paths: list[Path]
    blocked_by: list[Blocker]
    pack: Pack
    unsolved: tuple[int, ...] = ()

    def to_record(self, *, english: bool = False) -> dict[str, Any]:
        """The plan as the contract's JSON, without the enterprise's code."""
        record: dict[str, Any] = {
            "to": self.to,
            "paths": [self._path(each, english=english) for each in self.paths],
            "blocked_by": [each.to_record(english=english) for each in self.blocked_by],
        }
        if self.unsolved:
            record["unsolved_rounds"] = list(self.unsolved)
        return record

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
        record = {
            "fact": change.key,
            "label": name_key(change.key, self.pack.words, english=english),
            "from": write(change.before, unit),
            "to": write(change.after, unit),
            "clause": change.clause,
            "criteria": list(change.criteria),
            "lead_days": change.lead_days,
            "what": change.what.say(english=english),
        }
        if change.won_in is not None:
            record["won_in"] = change.won_in
        return record


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
    only if it needs fewer changes. Where a path fails its proof or the solver does not
    finish, the rest of that round is left out, logged and named in ``unsolved``.
    """
    outlook = Outlook(pack, facts, Horizon(on))
    paths: list[Path] = []
    unsolved: list[int] = []
    for at in range(ROUNDS):
        fewest = min((len(path.changes) for path in paths), default=None)
        try:
            found = _proved(outlook, to, at, kind, levers)
            for path in itertools.islice(found, MOST_PATHS - len(paths)):
                if fewest is not None and len(path.changes) >= fewest:
                    break
                paths.append(path)
        except (UnsolvedError, UnprovedError) as error:
            year = outlook.horizon.date(at).year
            _LOG.error("the round of %s to %s is left out: %s", year, to, error)
            unsolved.append(year)
        if len(paths) >= MOST_PATHS or any(not path.changes for path in paths):
            break
    blockers = [] if paths else find_blockers(outlook, to, kind, levers)
    return Plan(to, paths, blockers, pack, tuple(unsolved))


def _proved(
    outlook: Outlook, to: str, at: int, kind: Kind, levers: Levers
) -> Iterator[Path]:
    """The paths of one round, each proved, the best first."""
    chosen = outlook.pack.schemes[to].which(kind, outlook.horizon.date(at))
    if chosen is None or chosen[0].value is not None:
        return
    for solution in solutions(outlook, levers, at, chosen[0], kind):
        proof = Proof(outlook, levers, to, kind, solution)
        if not proof.holds:
            raise UnprovedError(f"a path failed its proof: {solution}")
        yield _path(outlook, levers, proof, solution)


def _path(outlook: Outlook, levers: Levers, proof: Proof, solution: Solution) -> Path:
    horizon = outlook.horizon
    standing = proof.standing(proof.goal)
    manual = [f for f in standing.findings if f.outcome is MANUAL and not f.part_of]
    return Path(
        changes=tuple(
            _change(each, horizon, proof) for each in _told(proof.moves, horizon)
        ),
        earliest_round=horizon.date(solution.at).year,
        effort=solution.effort(levers, outlook),
        manual=tuple(finding.id for finding in manual),
        manual_labels=tuple(finding.about.label for finding in manual),
    )


def _told(moves: tuple[Move, ...], horizon: Horizon) -> list[Move]:
    """In the order in which they have taken effect, a part never before its whole."""
    days = {move.key: _done_by(move, horizon) for move in moves}

    def order(move: Move) -> tuple[datetime.date, bool]:
        whole = key_of(move.lever.fact.part_of, split_key(move.key)[1])
        return max(days[move.key], days.get(whole, horizon.on)), whole in days

    return sorted(moves, key=order)


def _done_by(move: Move, horizon: Horizon) -> datetime.date:
    """The day a change has taken effect."""
    if move.won_in is not None:
        return horizon.date(move.won_in)
    year = split_key(move.key)[1]
    if year is not None:
        return datetime.date(year, 12, 31)
    return horizon.on + datetime.timedelta(move.lever.days_for(move.steps))


def _change(move: Move, horizon: Horizon, proof: Proof) -> Change:
    lever = move.lever
    served = proof.served(move.key)
    return Change(
        key=move.key,
        before=move.before,
        after=move.after,
        clause="、".join(dict.fromkeys(clause for _, _, clause in served)),
        lead_days=lever.lead_days if lever.fact.yearly else lever.days_for(move.steps),
        what=lever.what,
        criteria=tuple(f"{scheme}/{each}" for scheme, each, _ in served),
        won_in=None if move.won_in is None else horizon.date(move.won_in).year,
    )
