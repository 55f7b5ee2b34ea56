"""Which registered firm does a name on a recognition list mean?

Names are not keys: firms rename, turn from 有限 into 股份, lists drop brackets. What
the rules below cannot tell apart goes to a person, with candidates and reasons; nothing
is guessed. Thresholds were chosen with benchmarks/name_matching.py.
"""

from __future__ import annotations

import dataclasses
import heapq
import itertools
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence

from tidu.registry.name_likeness import (
    CONVERTED,
    block_keys,
    place_of,
    reasons_for,
    score_of,
    trade_likeness,
)
from tidu.registry.name_matches import (
    Candidate,
    Decision,
    Listed,
    Match,
    Reason,
    Registered,
)
from tidu.registry.names import NameParts, split_former, split_name
from tidu.rules.divisions import Nearness, nearness
from tidu.rules.language import N_

CANDIDATES_SHOWN = 5
LEAST_SCORE = 76.0  # of 100; below it, candidates are noise to whoever reads them
_COMMON_TRADE = 50  # namesakes
_MOST_FOR_COMMON = 16.0


# -- lists against the registry ------------------------------------------------


def match_names(
    listed: Sequence[Listed], registered: Iterable[Registered]
) -> list[Match]:
    """Match every listed name, in the order of the list.

    The registry is read once and not kept, so it may come straight from a database.
    Certain are, if exactly one firm qualifies and its place does not conflict: the same
    name, current or former; the same name with 有限 for 股份 or the other way round;
    the same name with its division written differently.
    """
    wanted = _Wanted(listed)
    for firm in registered:
        wanted.offer(firm)
    return [each.decide() for each in wanted.entries]


@dataclasses.dataclass(slots=True, eq=False)
class _Entry:
    """A listed name while the registry passes by."""

    listed: Listed
    parts: tuple[NameParts, ...]  # of the name, and of the former one printed behind it
    same: dict[str, Candidate] = dataclasses.field(default_factory=dict)
    former: dict[str, Candidate] = dataclasses.field(default_factory=dict)
    alike: dict[str, Candidate] = dataclasses.field(default_factory=dict)
    unsure: list[tuple[float, int, Candidate]] = dataclasses.field(default_factory=list)
    namesakes: int = 0  # firms of this trade name, wherever and whatever they are

    def decide(self) -> Match:
        """The only firm of the first kind that has any; else the best candidates."""
        certain = [*self.same.values()] or [*self.former.values()]
        if self.same and self.former.keys() - self.same.keys():
            certain += self.former.values()  # one firm's name was another's before
        certain = certain or [*self.alike.values()]
        if len(certain) == 1:
            place = nearness(self.listed.division, certain[0].firm.division)
            if place is not Nearness.CONFLICT:
                return Match(self.listed, Decision.MATCHED, (certain[0],))
        found = {each.firm.key: each for each in certain}
        least = LEAST_SCORE + self.commonness()
        for score, _, each in sorted(self.unsure, key=lambda entry: -entry[0]):
            if score >= least:
                found.setdefault(each.firm.key, each)
        best = sorted(found.values(), key=lambda each: -each.score)
        decision = Decision.CANDIDATES if best else Decision.NONE
        return Match(self.listed, decision, tuple(best[:CANDIDATES_SHOWN]))

    def commonness(self) -> float:
        """How much more must agree where many firms bear the same trade name."""
        often = self.namesakes / _COMMON_TRADE
        return min(_MOST_FOR_COMMON, 4 * math.log2(often)) if often > 1 else 0.0


class _Wanted:
    """The listed names by what a registered name could have in common with them."""

    def __init__(self, listed: Sequence[Listed]) -> None:
        self.entries = [_entry(each) for each in listed]
        self.count = itertools.count()
        self.exact: dict[str, list[_Entry]] = defaultdict(list)
        self.core: dict[str, list[tuple[_Entry, NameParts]]] = defaultdict(list)
        self.blocks: dict[str, list[tuple[_Entry, NameParts]]] = defaultdict(list)
        for entry in self.entries:
            for parts in entry.parts:
                self.exact[parts.exact].append(entry)
                self.core[parts.core].append((entry, parts))
                for key in block_keys(parts):
                    self.blocks[key].append((entry, parts))

    def offer(self, firm: Registered) -> None:
        """Note a firm with every entry it could be."""
        names = [firm.name, *firm.former_names]
        for at, name in enumerate(names):
            parts = split_name(name)
            former = at > 0
            for entry in self.exact.get(parts.exact, ()):
                _note_same(entry, firm, name, former=former)
            for entry, wanted in self.core.get(parts.core, ()):
                if wanted.exact != parts.exact:
                    _note_alike(entry, wanted, firm, parts, former=former)
            seen = set()
            for key in block_keys(parts):
                for entry, wanted in self.blocks.get(key, ()):
                    if id(wanted) not in seen and wanted.exact != parts.exact:
                        seen.add(id(wanted))
                        self._score(entry, wanted, firm, parts)

    def _score(
        self, entry: _Entry, wanted: NameParts, firm: Registered, parts: NameParts
    ) -> None:
        trade = trade_likeness(wanted, parts)
        if trade is None:
            return
        entry.namesakes += wanted.trade == parts.trade
        place = place_of(entry.listed, wanted, firm, parts)
        score = score_of(trade, wanted, parts, place)
        if score < LEAST_SCORE:
            return
        room = len(entry.unsure) < CANDIDATES_SHOWN * 2
        if not room and score <= entry.unsure[0][0]:
            return
        reasons = reasons_for(wanted, firm, parts, place)
        candidate = Candidate(firm, round(score, 1), reasons)
        item = (score, next(self.count), candidate)
        if room:
            heapq.heappush(entry.unsure, item)
        else:
            heapq.heapreplace(entry.unsure, item)


def _entry(listed: Listed) -> _Entry:
    name, former = split_former(listed.name)
    parts = [split_name(each) for each in (name, former) if each]
    return _Entry(listed, tuple(parts))


def _note_same(entry: _Entry, firm: Registered, name: str, *, former: bool) -> None:
    if former:
        reason = Reason(N_("曾用名与名单相同：{name}"), {"name": name})
        entry.former.setdefault(firm.key, Candidate(firm, 100.0, (reason,)))
    else:
        written = entry.listed.name.strip() == name.strip()
        text = N_("名称相同") if written else N_("名称相同，只是括号、空格等写法不同")
        entry.same.setdefault(firm.key, Candidate(firm, 100.0, (Reason(text),)))


def _note_alike(
    entry: _Entry,
    wanted: NameParts,
    firm: Registered,
    parts: NameParts,
    *,
    former: bool,
) -> None:
    """The same division, trade name and industry; only the form may be converted.

    A 集团 is often another firm than the one it is named after, and two steps at once
    (a former name in another form) are one too many: both are for a person.
    """
    if former or wanted.group != parts.group:
        return
    if set(wanted.divisions).isdisjoint(parts.divisions) and (
        wanted.divisions or parts.divisions
    ):
        return
    if wanted.form == parts.form:
        reason = Reason(N_("字号、行业、组织形式相同，只是行政区划的写法不同"))
    elif {wanted.form, parts.form} == CONVERTED:
        values = {"listed": wanted.form, "registered": parts.form}
        reason = Reason(
            N_("行政区划、字号、行业相同，组织形式名单为{listed}、登记为{registered}"),
            values,
        )
    else:
        return
    entry.alike.setdefault(firm.key, Candidate(firm, 99.0, (reason,)))
