"""Which registered firm does a name on a recognition list mean; which firms are one?

Names are not keys: firms rename, turn from 有限 into 股份, lists drop brackets. What
the rules below cannot tell apart goes to a person, with candidates and reasons; nothing
is guessed. Thresholds were chosen with benchmarks/name_matching.py.
"""

from __future__ import annotations

import dataclasses
import enum
import functools
import heapq
import itertools
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pypinyin import lazy_pinyin
from rapidfuzz import fuzz

from tidu.intake.credit_codes import ALPHABET, LENGTH, check_digit
from tidu.registry.names import NameParts, exact_form, split_former, split_name, tidy
from tidu.rules.divisions import Nearness, default_divisions, nearness
from tidu.rules.language import N_, translate

CANDIDATES_SHOWN = 5
LEAST_SCORE = 76.0  # of 100; below it, candidates are noise to whoever reads them
_LEAST_TRADE = 60.0  # similarity of two trade names that differ
_MISHEARD_TRADE = 80.0  # what a homophone counts: 华智 typed as 华志
_CONVERTED = frozenset({"有限公司", "股份有限公司"})
_CITY_DIGITS = 4
_WEIGHT_TRADE, _WEIGHT_INDUSTRY, _WEIGHT_PLACE = 55, 20, 25
_COMMON_TRADE = 50  # namesakes
_MOST_FOR_COMMON = 16.0
_LARGEST_HOUSEHOLD = 20  # more firms of one person at one address: an agent's office


@dataclasses.dataclass(frozen=True, slots=True)
class Registered:
    """A firm of the registry: its key, names through time, division code or ``""``.

    ``code``, ``legal_person`` and ``address`` serve the search for duplicates only.
    """

    key: str
    name: str
    former_names: tuple[str, ...] = ()
    division: str = ""
    code: str = ""
    legal_person: str = ""
    address: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Listed:
    """A name as a list prints it, with the division code the list gives, or ``""``."""

    name: str
    division: str = ""


class Decision(enum.Enum):
    """What became of a listed name."""

    MATCHED = "matched"
    CANDIDATES = "candidates"
    NONE = "none"


@dataclasses.dataclass(frozen=True, slots=True)
class Reason:
    """A sentence with ``{named}`` places, in both languages."""

    msgid: str
    values: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def sentence(self, *, english: bool = False) -> str:
        """The sentence, without a full stop."""
        return translate(self.msgid, english).format(**self.values)


@dataclasses.dataclass(frozen=True, slots=True)
class Candidate:
    """A firm that may be meant: score 0 to 100 and what speaks for or against it."""

    firm: Registered
    score: float
    reasons: tuple[Reason, ...]

    def sentence(self, *, english: bool = False) -> str:
        """The reasons in one sentence."""
        joint = translate(N_("；"), english)
        return joint.join(each.sentence(english=english) for each in self.reasons)


@dataclasses.dataclass(frozen=True, slots=True)
class Match:
    """One listed name: the firm if it is certain, else who may be meant, best first.

    A certain match carries its firm as the only candidate, whose reasons say why.
    """

    listed: Listed
    decision: Decision
    candidates: tuple[Candidate, ...]

    @property
    def firm(self) -> Registered | None:
        """The firm where the match is certain."""
        if self.decision is Decision.MATCHED:
            return self.candidates[0].firm
        return None


_PLACE_SHARE = {
    Nearness.CONFLICT: 0.0,
    Nearness.UNKNOWN: 0.5,
    Nearness.SAME_PROVINCE: 0.6,
    Nearness.SAME_CITY: 1.0,
}


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
                for key in _block_keys(parts):
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
            for key in _block_keys(parts):
                for entry, wanted in self.blocks.get(key, ()):
                    if id(wanted) not in seen and wanted.exact != parts.exact:
                        seen.add(id(wanted))
                        self._score(entry, wanted, firm, parts)

    def _score(
        self, entry: _Entry, wanted: NameParts, firm: Registered, parts: NameParts
    ) -> None:
        trade = fuzz.ratio(wanted.trade, parts.trade)
        if trade < _LEAST_TRADE:
            if not _misheard(wanted, parts):
                return
            trade = _MISHEARD_TRADE
        entry.namesakes += wanted.trade == parts.trade
        industry = _industry(wanted, parts)
        place = _place(entry.listed, wanted, firm, parts)
        score = (
            _WEIGHT_TRADE * trade / 100
            + _WEIGHT_INDUSTRY * industry / 100
            + _WEIGHT_PLACE * _PLACE_SHARE[place]
        )
        if score < LEAST_SCORE:
            return
        room = len(entry.unsure) < CANDIDATES_SHOWN * 2
        if not room and score <= entry.unsure[0][0]:
            return
        candidate = Candidate(firm, round(score, 1), _say(wanted, firm, parts, place))
        item = (score, next(self.count), candidate)
        if room:
            heapq.heappush(entry.unsure, item)
        else:
            heapq.heapreplace(entry.unsure, item)


def _entry(listed: Listed) -> _Entry:
    name, former = split_former(listed.name)
    parts = [split_name(each) for each in (name, former) if each]
    return _Entry(listed, tuple(parts))


def _block_keys(parts: NameParts) -> Iterator[str]:
    """What two names must share to be compared: pieces of the trade name.

    A trade name of two characters is a piece itself; longer ones share two neighbours.
    Names with one other character in the trade name share the rest of the core.
    """
    trade = parts.trade
    yield trade[:2]
    for at in range(1, len(trade) - 1):
        yield trade[at : at + 2]
    start = len(parts.core) - len(parts.bare)
    for at in range(start, start + len(trade)):
        yield f"{parts.core[:at]}?{parts.core[at + 1 :]}"


def _misheard(left: NameParts, right: NameParts) -> bool:
    """Whether the names differ in one character of the trade name that sounds alike."""
    if left.industry != right.industry or left.division != right.division:
        return False
    pairs = zip(left.trade, right.trade, strict=False)
    differing = [(one, other) for one, other in pairs if one != other]
    if len(left.trade) != len(right.trade) or len(differing) != 1:
        return False
    return _sound(differing[0][0]) == _sound(differing[0][1])


@functools.lru_cache(maxsize=8192)
def _sound(character: str) -> str:
    return "".join(lazy_pinyin(character))


def _industry(left: NameParts, right: NameParts) -> float:
    if not left.industry or not right.industry:
        return 50.0
    return max(
        fuzz.ratio(left.industry, right.industry),
        0.9 * fuzz.partial_ratio(left.industry, right.industry),
    )


def _place(
    listed: Listed, wanted: NameParts, firm: Registered, parts: NameParts
) -> Nearness:
    """Compare where the list and the registry put them; else what the names say."""
    left = (listed.division,) if listed.division else wanted.divisions
    right = (firm.division,) if firm.division else parts.divisions
    pairs = itertools.product(left or ("",), right or ("",))
    return max(nearness(*pair) for pair in pairs)


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
    elif {wanted.form, parts.form} == _CONVERTED:
        values = {"listed": wanted.form, "registered": parts.form}
        reason = Reason(
            N_("行政区划、字号、行业相同，组织形式名单为{listed}、登记为{registered}"),
            values,
        )
    else:
        return
    entry.alike.setdefault(firm.key, Candidate(firm, 99.0, (reason,)))


def _say(
    wanted: NameParts, firm: Registered, parts: NameParts, place: Nearness
) -> tuple[Reason, ...]:
    """What is the same and what differs, the weightiest first."""
    found = []
    if wanted.trade == parts.trade:
        found.append(Reason(N_("字号“{trade}”相同"), {"trade": parts.trade}))
    else:
        values = {"listed": wanted.trade, "registered": parts.trade}
        found.append(Reason(N_("字号相近（{listed}，{registered}）"), values))
    if parts.exact != exact_form(firm.name):
        found.append(Reason(N_("比的是曾用名")))
    if wanted.industry == parts.industry:
        found.append(Reason(N_("行业相同")))
    else:
        values = {
            "listed": wanted.industry or "—",
            "registered": parts.industry or "—",
        }
        found.append(Reason(N_("行业不同（{listed}，{registered}）"), values))
    if wanted.form != parts.form or wanted.group != parts.group:
        found.append(Reason(N_("组织形式不同")))
    if wanted.division != parts.division:
        found.append(Reason(N_("名称中的行政区划不同")))
    where = default_divisions().full_name(firm.division)
    text = {
        Nearness.CONFLICT: N_("所在地不一致"),
        Nearness.UNKNOWN: N_("所在地无从比较"),
        Nearness.SAME_PROVINCE: N_("同一省"),
        Nearness.SAME_CITY: N_("同一市"),
    }[place]
    if where:
        found.append(Reason(N_("登记在{place}"), {"place": where}))
    return (*found, Reason(text))


# -- the registry against itself -----------------------------------------------


@dataclasses.dataclass(frozen=True, slots=True)
class Duplicate:
    """Two firms of the registry that may be one, and why."""

    first: Registered
    second: Registered
    reasons: tuple[Reason, ...]

    def sentence(self, *, english: bool = False) -> str:
        """The reasons in one sentence."""
        joint = translate(N_("；"), english)
        return joint.join(each.sentence(english=english) for each in self.reasons)


def suggest_duplicates(firms: Sequence[Registered]) -> list[Duplicate]:
    """Pairs that may be one firm, those with more reasons first.

    Reasons: the same code; codes one character apart; the same name; one's name is the
    other's former name; the same name in another form; the same legal person at the
    same address (unless more than 20 firms are: that is an agent's office).
    """
    found: dict[tuple[int, int], list[Reason]] = defaultdict(list)
    for first, second, reason in itertools.chain(
        _by_code(firms), _by_name(firms), _by_household(firms)
    ):
        pair = (min(first, second), max(first, second))
        if reason not in found[pair]:
            found[pair].append(reason)
    ranked = sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
    return [
        Duplicate(firms[first], firms[second], tuple(reasons))
        for (first, second), reasons in ranked
    ]


_Pair = tuple[int, int, Reason]


def _by_code(firms: Sequence[Registered]) -> Iterator[_Pair]:
    """The same code, or one character apart.

    The check digit catches every single wrong character, so of two codes one character
    apart at least one is wrong: only the variants of wrong codes are looked up.
    """
    by_code: dict[str, list[int]] = defaultdict(list)
    for at, firm in enumerate(firms):
        if firm.code:
            by_code[firm.code].append(at)
    for code, same in by_code.items():
        yield from _pairs(same, Reason(N_("统一社会信用代码相同")))
        well_formed = len(code) == LENGTH and not set(code) - set(ALPHABET)
        if not well_formed or check_digit(code[:-1]) == code[-1]:
            continue
        for at, char in itertools.product(range(LENGTH), ALPHABET):
            variant = code[:at] + char + code[at + 1 :]
            for other in by_code.get(variant, ()) if variant != code else ():
                values = {"position": str(at + 1)}
                reason = Reason(N_("统一社会信用代码只差第{position}位"), values)
                yield same[0], other, reason


def _by_name(firms: Sequence[Registered]) -> Iterator[_Pair]:
    current: dict[str, list[int]] = defaultdict(list)
    former: dict[str, list[int]] = defaultdict(list)
    core: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for at, firm in enumerate(firms):
        parts = split_name(firm.name)
        current[parts.exact].append(at)
        for name in firm.former_names:
            former[exact_form(name)].append(at)
        if parts.form in _CONVERTED:
            core[parts.core, firm.division[:_CITY_DIGITS]].setdefault(parts.exact, at)
    for same in current.values():
        yield from _pairs(same, Reason(N_("名称相同")))
    for name, held in former.items():
        for one, other in itertools.product(current.get(name, ()), held):
            if one != other:
                yield one, other, Reason(N_("一家的名称是另一家的曾用名"))
    reason = Reason(N_("字号、行业、所在市相同，只是组织形式不同"))
    for by_form in core.values():
        yield from _pairs(list(by_form.values()), reason)


def _by_household(firms: Sequence[Registered]) -> Iterator[_Pair]:
    households: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, firm in enumerate(firms):
        if firm.legal_person and firm.address:
            key = tidy(firm.legal_person), tidy(firm.address)
            households[key].append(at)
    for members in households.values():
        if len(members) <= _LARGEST_HOUSEHOLD:
            yield from _pairs(members, Reason(N_("法定代表人和地址都相同")))


def _pairs(members: Sequence[int], reason: Reason) -> Iterator[_Pair]:
    """The first with each of the others: enough to bring all of them together."""
    for other in members[1:]:
        yield members[0], other, reason
