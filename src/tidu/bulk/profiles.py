"""Fictional firms beyond their accounts: identity, titles, IP, conduct, digital."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from tidu.bulk.accounts import YEARS
from tidu.bulk.figures import Block
from tidu.rules.facts import FactType

Array = npt.NDArray[Any]

_EPOCH = datetime.date(1970, 1, 1)
_ALPHABET = np.frombuffer(b"0123456789ABCDEFGHJKLMNPQRTUWXY", np.uint8)
_X = 29  # its place in the alphabet
_CODE_WEIGHTS = np.array([pow(3, at, 31) for at in range(17)])
_BODY_WEIGHTS = np.array([3, 7, 9, 10, 5, 8, 4, 2])  # of the organisation code
_CODE_HEAD = "91990000"  # 91: an enterprise; 990000: no division has this code
NAME_HEAD = "虚构企业"
MOST_FIRMS = 10**8  # the organisation code has eight digits
DISTRICTS = 10  # made-up ones per province: PP9901 … PP9910
DEMO = "99"

# How far up the ladder (a standard normal rank) a title begins.
TECH_SME, INNOVATIVE, SRDI, LITTLE_GIANT, CHAMPION = 0.9, 1.15, 1.75, 2.3, 3.3


def put_identity(block: Block, places: list[str], of_place: Array) -> None:
    """Code, name, territory, dates: known of every firm; nobody's real ones."""
    draft, random = block.draft, block.random
    codes = credit_codes(np.arange(block.first, block.first + draft.size))
    draft.put_fixed("uscc", codes)
    head = np.frombuffer(NAME_HEAD.encode(), np.uint8)
    letters = np.empty((draft.size, len(head) + 8), np.uint8)
    letters[:, : len(head)] = head
    letters[:, len(head) :] = codes[:, 8:16]
    draft.put_fixed("name", letters)
    draft.put_coded("territory", of_place, places)
    draft.put("established_on", None, _established(block))
    draft.put("abnormal_list", None, random.random(draft.size) < 0.03)  # noqa: PLR2004
    rows = block.accounts.rows
    grown = block.accounts.size > 2.2  # noqa: PLR2004 - the largest 1 or 2 %
    draft.put("listed", rows, grown & block.some(0.15))
    draft.put("resident_enterprise", rows, block.some(0.995))


@functools.cache
def _four_digits() -> Array:
    """The digits of 0000 to 9999: small sums over them are looked up, not computed."""
    numbers = np.arange(10_000)
    return np.stack([numbers // power % 10 for power in (1000, 100, 10, 1)], axis=1)


def credit_codes(numbers: Array) -> Array:
    """Numbers below 10⁸ → 18-character codes as bytes, both check digits right."""
    four = _four_digits()
    high, low = numbers // 10_000, numbers % 10_000
    body = (four @ _BODY_WEIGHTS[:4])[high] + (four @ _BODY_WEIGHTS[4:])[low]
    check = -body % 11
    check = np.where(check == 10, _X, check)  # noqa: PLR2004 - ten is written X
    head = np.array([int(each) for each in _CODE_HEAD])
    total = (four @ _CODE_WEIGHTS[8:12])[high] + (four @ _CODE_WEIGHTS[12:16])[low]
    total += head @ _CODE_WEIGHTS[:8] + check * _CODE_WEIGHTS[16]
    codes = np.empty((len(numbers), 18), np.uint8)
    codes[:, :8] = _ALPHABET[head]
    codes[:, 8:12] = _ALPHABET[four][high]
    codes[:, 12:16] = _ALPHABET[four][low]
    codes[:, 16] = _ALPHABET[check]
    codes[:, 17] = _ALPHABET[-total % 31]
    return codes


def _days(year: Array, day: Array) -> Array:
    """Days since 1970 of a day (0 to 364) in a year."""
    start = (year - 1970).astype("datetime64[Y]").astype("datetime64[D]")
    found: Array = start.astype(np.int64) + day
    return found


def _established(block: Block) -> Array:
    """No later than the first year on file; other firms anywhere in 40 years."""
    size, a = block.draft.size, block.accounts
    random = block.random
    age = np.minimum(random.exponential(7, size), 38).astype(np.int64)
    year = block.on.year - 1 - age
    whole = a.history == YEARS
    first = np.where(whole, block.on.year - YEARS - age[a.rows], 0)
    year[a.rows] = np.where(whole, first, block.on.year - a.history)
    year = np.maximum(year, 1984)
    return _days(year, random.integers(0, 365, size))


def put_titles(block: Block) -> None:
    """Titles held and their dates: the higher one implies the lower ones."""
    a, rank, filers = block.accounts, block.rank, block.filers
    told = block.some(0.7)
    told[filers] = True
    sme = a.employees[0] < 1000  # noqa: PLR2004 - large firms hold none of these
    ladder = np.full(block.firms, -9.0)
    ladder[filers] = rank[filers] + 0.15 * block.normal(len(filers))
    ladder = np.where(sme, ladder, np.minimum(ladder, TECH_SME - 0.1))
    held = {
        "holds_tech_sme": (ladder > TECH_SME) & block.some(0.6),
        "holds_innovative_sme": ladder > INNOVATIVE,
        "holds_srdi": ladder > SRDI,
        "holds_little_giant": ladder > LITTLE_GIANT,
        "holds_champion": ladder > CHAMPION,
        "high_tech": (ladder > TECH_SME) & block.some(0.7),
    }
    dates = {
        "holds_innovative_sme": "innovative_valid_until",
        "holds_srdi": "srdi_valid_until",
        "holds_little_giant": "little_giant_valid_until",
        "high_tech": "high_tech_valid_until",
    }
    for fact, won in held.items():
        holds = won
        if fact in dates:
            until = _ends(block)
            lapsed = won & block.some(0.04)
            until = np.where(lapsed, until - 3 * 365, until)
            expired = until < (block.on - _EPOCH).days
            dated = won & block.some(0.98)
            block.draft.put(dates[fact], a.rows[dated], until[dated])
            if fact == "holds_little_giant":
                _put_batch(block, until, dated)
            holds = won & ~expired
        block.draft.put(fact, a.rows[told], holds[told])


def _ends(block: Block) -> Array:
    """Ends of titles: 30 June or 31 December of the coming three years."""
    months = block.random.integers(0, 6, block.firms)
    half = (block.on.month > 6) + months  # noqa: PLR2004 - which half of which year
    year = block.on.year + half // 2
    start = ((year - 1970) * 12 + np.where(half % 2, 12, 6)).astype("datetime64[M]")
    found: Array = start.astype("datetime64[D]").astype(np.int64) - 1
    return found


def _put_batch(block: Block, until: Array, dated: Array) -> None:
    """Batch 4 was recognised in 2022, a batch a year since; each holds three years."""
    year = until.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    batch = np.clip(year - 2021, 1, None)
    block.draft.put("little_giant_batch", block.accounts.rows[dated], batch[dated])


def put_conduct(block: Block) -> None:
    """Misconduct is rare, and not known of everybody."""
    rows = block.accounts.rows
    for fact, share in {
        "serious_dishonesty": 0.004,
        "major_accident": 0.002,
        "larger_safety_accident": 0.001,
        "conduct_event_2y": 0.003,
        "tax_violation": 0.008,
        "falsification": 0.001,
        "prohibited_product": 0.003,
        "research_dishonesty": 0.0005,
    }.items():
        told = block.some(0.85)
        block.draft.put(fact, rows[told], block.some(share)[told])


def put_innovation(block: Block) -> None:
    """IP, institutions, awards, niche and market: what filers know of themselves."""
    a, filers, draft = block.accounts, block.filers, block.draft
    random, many = block.random, len(block.filers)
    rows = a.rows[filers]
    rank = block.rank[filers]
    owned = random.poisson(np.exp(0.3 + 0.8 * rank))
    own = random.binomial(owned, 0.8)
    draft.put("class1_ip", rows, owned)
    draft.put("class1_ip_own", rows, own)
    draft.put("class1_ip_high_value", rows, random.binomial(owned, 0.35))
    used = block.some(0.9, many)
    draft.put("class1_ip_in_use", rows[used], random.binomial(owned, 0.85)[used])
    draft.put("class2_ip", rows, random.poisson(np.exp(1.4 + 0.5 * rank)))
    _put_others_ip(block)

    def step(*ends: float) -> Array:
        return np.searchsorted(np.array(ends), rank + 0.5 * block.normal(many))

    def told(fact: str, values: Array, share: float = 0.9) -> None:
        keep = block.some(share, many)
        draft.put(fact, rows[keep], values[keep])

    told("rnd_institution", step(1.0, 1.3, 1.8, 2.8))
    told("science_award", step(2.2, 2.7, 3.1, 3.4, 3.6))
    told("maker_contest", step(2.6, 3.4))
    told("lead_product_field", np.array([2, 1, 0])[step(1.4, 1.9)])
    for fact, end in {
        "national_tech_demo": 3.6,
        "ip_advantage": 2.6,
        "national_award_top3_5y": 3.8,
        "leading_standard": 2.4,
        "quality_award": 2.6,
        "management_system": 0.9,
        "product_certified_abroad": 1.9,
        "own_brand": 0.8,
        "standards": 1.9,
        "core_business_online": 1.0,
        "strategic_emerging": 1.3,
        "key_field_lead_product": 1.5,
        "key_link": 1.7,
        "market_position_reviewed": 1.6,
        "key_field_reviewed": 2.0,
        "controls_or_controlled_by_little_giant": 4.2,
        "group_has_similar_little_giant": 4.4,
    }.items():
        reviewed = fact.endswith("_reviewed")
        told(fact, step(end) > 0, 0.25 if reviewed else 0.9)
    _put_niche(block, told)


def _put_others_ip(block: Block) -> None:
    """Some firms that do not file have IP, or say that they have none."""
    a = block.accounts
    others = block.some(0.3)
    others[block.filers] = False
    owned = block.random.poisson(np.exp(-1.5 + 0.5 * a.quality[others]))
    block.draft.arrays["class1_ip"] = _joined(block, "class1_ip", others, owned)


def _joined(block: Block, fact: str, others: Array, values: Array) -> Any:
    """A column of filers with the values of other firms put in."""
    first = block.draft.arrays[fact]
    block.draft.put(fact, block.accounts.rows[others], values)
    return pc.coalesce(first, block.draft.arrays[fact])


def _put_niche(block: Block, told: Callable[..., None]) -> None:
    """Years in the niche, market share and rank, local points, platform scores."""
    many, random = len(block.filers), block.random
    rank = block.rank[block.filers]
    years = np.round(np.clip(6 * np.abs(block.normal(many)) + rank, 0, 35))
    since = _days(
        block.on.year - 1 - years.astype(np.int64), random.integers(0, 365, many)
    )
    dated = block.some(0.5, many)
    rows = block.accounts.rows[block.filers]
    block.draft.put("niche_since", rows[dated], since[dated])
    plain = ~dated & block.some(0.95, many)
    block.draft.put("niche_years", rows[plain], years[plain].astype(np.int64) * 10**8)
    share = np.clip(np.exp(-5.0 + 0.9 * rank + 0.5 * block.normal(many)), 1e-4, 0.6)
    told("market_share", np.rint(share * 1e4).astype(np.int64) * 10**4, 0.7)
    place = 1 + random.poisson(np.exp(np.clip(3.2 - rank, 0, 4)))
    told("market_rank_domestic", place, 0.5)
    told("market_rank_global", place * 3, 0.15)
    local = np.clip(np.round(6 + 2.5 * block.normal(many) + rank), 0, 15)
    told("local_feature_score", local.astype(np.int64) * 10**8, 0.6)
    score = 34 + 12 * rank + 6 * block.normal(many)
    for year in (block.on.year, block.on.year - 1):
        points = np.clip(score + 2 * block.normal(many), 0, 100)
        keep = block.some(0.6, many)
        tenths = np.rint(points * 10).astype(np.int64) * 10**7
        block.draft.put("srdi_score", rows[keep], tenths[keep], year)
    worth = block.some(0.01, many)
    dollars = np.exp(19.5 + 0.9 * block.normal(many))
    cents = np.rint(dollars).astype(np.int64) * 100
    block.draft.put("valuation_usd", rows[worth], cents[worth])
    _put_equity(block)


def _put_equity(block: Block) -> None:
    many, rank = len(block.filers), block.rank[block.filers]
    for t in range(YEARS):
        raised = block.some(np.clip(0.04 * rank, 0, 1), many)
        amount = np.exp(16.3 + 0.9 * block.normal(many)) * raised
        full = np.zeros(block.firms, np.int64)
        full[block.filers] = np.rint(amount / 1e4).astype(np.int64) * 10**6
        keep = np.zeros(block.firms, dtype=bool)
        keep[block.filers] = block.some(0.6, many)
        block.put_year("new_equity", t, full, keep)


def put_digital(block: Block) -> None:
    """The questionnaire of those who answered it; a reported level of some others."""
    a, draft, random = block.accounts, block.draft, block.random
    asked = block.some(0.02)
    asked[block.filers] |= block.some(0.4, len(block.filers))
    rows, level = a.rows[asked], a.quality[asked] + 0.5 * a.size[asked]
    many = len(rows)
    ready = np.clip(0.45 + 0.18 * level, 0.03, 0.97)
    for fact in [c.fact for c in draft.columns.values() if c.fact.id[:2] in _DIGITAL]:
        keep = block.some(0.97, many)
        match fact.type:
            case FactType.RATIO:
                percent = np.clip(100 * (ready + 0.15 * block.normal(many)), 0, 100)
                percent = percent * (0.03 if fact.id == "dq11" else 1.0)
                values = np.rint(percent * 10).astype(np.int64) * 10**5
            case FactType.CHOICES:
                options = sum(each.id != "none" for each in fact.choices)
                ticked = random.random((many, options)) < ready[:, None]
                values = ticked @ (1 << np.arange(options))
            case FactType.CHOICE:
                values = random.binomial(len(fact.choices) - 1, ready)
            case _:
                values = random.binomial(4, ready)
        draft.put(fact.id, rows[keep], values[keep])
    others = block.some(0.03) & ~asked
    levels = random.binomial(4, np.clip(0.3 + 0.12 * a.quality[others], 0, 1))
    draft.put("digital_level", a.rows[others], levels)


_DIGITAL = {"dq", "ds"}


def put_demo_province(block: Block, in_demo: Array) -> None:
    """The facts only the made-up province asks for; ``in_demo``: of every row."""
    rows = block.accounts.rows[in_demo[block.accounts.rows]]
    many = len(rows)
    block.draft.put("demo_local_chain", rows, block.some(0.3, many))
    share = np.rint(np.clip(0.2 * np.abs(block.normal(many)), 0, 1) * 1000)
    block.draft.put("demo_export_share", rows, share.astype(np.int64) * 10**5)
    levels = block.random.binomial(2, 0.2, many)
    block.draft.put("demo_green_factory", rows, levels)
