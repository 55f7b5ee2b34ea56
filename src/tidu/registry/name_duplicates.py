"""Which firms of the registry are one? Pairs of them, each with its reasons."""

from __future__ import annotations

import dataclasses
import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence

from tidu.intake.credit_codes import ALPHABET, LENGTH, check_digit
from tidu.registry.name_likeness import CONVERTED
from tidu.registry.name_matches import Reason, Registered
from tidu.registry.names import exact_form, split_name, tidy
from tidu.rules.language import N_, translate

_CITY_DIGITS = 4
_LARGEST_HOUSEHOLD = 20  # more firms of one person at one address: an agent's office


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
        if parts.form in CONVERTED:
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
