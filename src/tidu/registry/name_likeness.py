"""How alike are two names that differ, and what is said of it?

Trade name, industry and place are weighed; thresholds were chosen with
benchmarks/name_matching.py.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator

from pypinyin import lazy_pinyin
from rapidfuzz import fuzz

from tidu.registry.name_matches import Listed, Reason, Registered
from tidu.registry.names import NameParts, exact_form
from tidu.rules.divisions import Nearness, default_divisions, nearness
from tidu.rules.language import N_

_LEAST_TRADE = 60.0  # similarity of two trade names that differ
_MISHEARD_TRADE = 80.0  # what a homophone counts: 华智 typed as 华志
CONVERTED = frozenset({"有限公司", "股份有限公司"})
_WEIGHT_TRADE, _WEIGHT_INDUSTRY, _WEIGHT_PLACE = 55, 20, 25


_PLACE_SHARE = {
    Nearness.CONFLICT: 0.0,
    Nearness.UNKNOWN: 0.5,
    Nearness.SAME_PROVINCE: 0.6,
    Nearness.SAME_CITY: 1.0,
}


def block_keys(parts: NameParts) -> Iterator[str]:
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


def trade_likeness(wanted: NameParts, parts: NameParts) -> float | None:
    """How alike the trade names are, of 100; None where they are not."""
    found = fuzz.ratio(wanted.trade, parts.trade)
    if found >= _LEAST_TRADE:
        return float(found)
    return _MISHEARD_TRADE if _misheard(wanted, parts) else None


def score_of(
    trade: float, wanted: NameParts, parts: NameParts, place: Nearness
) -> float:
    """Trade name, industry and place together, of 100."""
    return (
        _WEIGHT_TRADE * trade / 100
        + _WEIGHT_INDUSTRY * _industry(wanted, parts) / 100
        + _WEIGHT_PLACE * _PLACE_SHARE[place]
    )


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


def place_of(
    listed: Listed, wanted: NameParts, firm: Registered, parts: NameParts
) -> Nearness:
    """Compare where the list and the registry put them; else what the names say."""
    left = (listed.division,) if listed.division else wanted.divisions
    right = (firm.division,) if firm.division else parts.divisions
    pairs = itertools.product(left or ("",), right or ("",))
    return max(nearness(*pair) for pair in pairs)


def reasons_for(
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
