"""Ten thousand fictional enterprises to measure with: seeded, with gaps and borders.

Plain records, so that any engine can read them: money in 元 as text with two decimals,
counts as numbers, choices as ids. A key that is absent is unknown.
"""
# ruff: noqa: PLR2004, S311 - chances are literals; nothing secret is drawn

from __future__ import annotations

import datetime
import random
from decimal import Decimal
from typing import Any

from tidu.rules.facts import Fact, FactDictionary, Facts, FactType, FactValue, split_key
from tidu.rules.tables import Table

SEED = 20250630
SIZE = 10_000
ON = datetime.date(2025, 6, 30)  # 63号 applies; the last full year is 2024
YEAR = 2024
TODAY = datetime.date(2026, 6, 30)  # for all nine schemes and for plans

# A record: {"id": 7, "complete": False, "facts": {"revenue@2024": "6000000.00", …}}
Record = dict[str, Any]

INDUSTRIES = ["C3912", "C2710", "I6513", "C35", "M7320", "E4710", "F5171", "C13"]
INSTITUTIONS = ["none", "below_city", "city", "province", "national"]
AWARDS = ["none", "province", "province_top3", "national", "national_top5"]
FIELDS = ["key_chain_breakthrough", "six_basics_or_chain_leader_supplier", "other"]
CONDUCT = [
    "abnormal_list",
    "serious_dishonesty",
    "major_accident",
    "tax_violation",
    "falsification",
    "prohibited_product",
]


def generate(size: int = SIZE, seed: int = SEED, year: int = YEAR) -> list[Record]:
    """Make the population; the same seed gives the same enterprises for ever."""
    draw = random.Random(seed)
    return [_enterprise(draw, number, year) for number in range(size)]


def _enterprise(draw: random.Random, number: int, year: int) -> Record:
    facts = _economy(draw, year) | _features(draw)
    gaps = draw.randint(1, 8) if draw.random() < 0.3 else 0
    for key in draw.sample(sorted(facts), gaps):
        del facts[key]
    return {"id": number, "complete": not gaps, "facts": facts}


def _share(draw: random.Random, borders: list[str], low: float, high: float) -> Decimal:
    """A share of something; one in eight lies exactly on a border of the law."""
    if draw.random() < 0.125:
        return Decimal(draw.choice(borders))
    return Decimal(round(draw.uniform(low, high), 4)).quantize(Decimal("0.0001"))


def _money(amount: Decimal) -> str:
    return f"{amount:.2f}"


def _economy(draw: random.Random, year: int) -> Record:
    """Figures by year, around a revenue between 100万 and 10亿."""
    thousands = int(1000 * 10 ** draw.uniform(0, 3))
    revenue = Decimal(thousands * 1000)
    if draw.random() < 0.05:
        revenue = Decimal(10_000_000)
    elif draw.random() < 0.02:
        revenue = Decimal(0)
    main = revenue * _share(draw, ["0.6", "0.7", "0.8", "1"], 0.4, 1)
    growth = ["1.00", "1.04", "1.06", "1.08", "1.10"]
    # Built from the oldest year, so that a rate on the border is exact.
    oldest = Decimal(max(int(main / 2000), 1) * 1000)
    middle = oldest * _share(draw, growth, 0.85, 1.4)
    newest = middle * _share(draw, growth, 0.85, 1.4) if draw.random() < 0.5 else main
    rnd = revenue * _share(draw, ["0.03", "0.04", "0.06", "0.08", "0.1"], 0, 0.15)
    if draw.random() < 0.05:
        rnd = Decimal(draw.choice([1_000_000, 2_000_000, 5_000_000, 10_000_000]))
    assets = revenue * _share(draw, ["1"], 0.3, 3) + 1_000_000
    debts = assets * _share(draw, ["0.5", "0.6", "0.7"], 0.05, 1.2)
    profit = revenue * _share(draw, ["0.02", "0.04", "0.06", "0.08", "0.1"], -0.2, 0.2)
    employees = draw.choice([0, 20, 100, 300, 1000, *[draw.randint(5, 900)] * 15])
    equity = [0, 0, 0, 0, 5_000_000, 10_000_000, 30_000_000, 60_000_000]
    lead = revenue * _share(draw, ["0.5", "0.6"], 0.2, 1)
    return {
        f"revenue@{year}": _money(revenue),
        f"main_revenue@{year}": _money(newest),
        f"main_revenue@{year - 1}": _money(middle),
        f"main_revenue@{year - 2}": _money(oldest),
        f"lead_product_revenue@{year}": _money(lead),
        f"net_profit@{year}": _money(profit),
        f"total_assets@{year}": _money(assets),
        f"total_liabilities@{year}": _money(debts),
        f"rnd_expense@{year}": _money(rnd),
        f"rnd_expense@{year - 1}": _money(rnd * _share(draw, ["1"], 0.5, 1.3)),
        f"new_equity@{year}": _money(Decimal(draw.choice(equity))),
        f"new_equity@{year - 1}": _money(Decimal(draw.choice(equity))),
        f"employees@{year}": employees,
        f"rnd_staff@{year}": _staff(draw, employees),
    }


def _staff(draw: random.Random, employees: int) -> int:
    return int(employees * _share(draw, ["0.05", "0.1", "0.2"], 0, 0.5))


def _features(draw: random.Random) -> Record:
    """What is asked of the day of filing: field, quality, property, conduct."""
    class1 = draw.choice([0, 0, 1, 2, 5, 12])
    own = draw.randint(0, class1)
    flags = ["quality_award", "management_system", "own_brand", "standards"]
    return {
        "industry": draw.choice(INDUSTRIES),
        "niche_years": draw.choice([0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 15]),
        "lead_product_field": draw.choice(FIELDS),
        "digital_level": draw.randint(0, 4),
        **{flag: draw.random() < 0.4 for flag in flags},
        "local_feature_score": draw.randint(0, 15),
        "class1_ip": class1,
        "class1_ip_own": own,
        "class1_ip_high_value": draw.randint(0, own),
        "class2_ip": draw.choice([0, 0, 1, 3, 20]),
        "rnd_institution": draw.choice(INSTITUTIONS),
        "science_award": draw.choice(["none"] * 20 + AWARDS),
        "maker_contest": draw.choice(["none"] * 30 + ["top500", "top50"]),
        **{flag: draw.random() < 0.01 for flag in CONDUCT},
    }


def to_facts(record: Record, dictionary: FactDictionary) -> Facts:
    """A record as Tidu takes it: exact decimals, frozen."""
    flat: dict[str, FactValue] = {}
    for key, written in record["facts"].items():
        flat[key] = _exact(dictionary[split_key(key)[0]], written)
    return Facts.of(flat)


def _exact(fact: Fact, written: Any) -> FactValue:
    if fact.type in {FactType.MONEY, FactType.RATIO, FactType.NUMBER}:
        return Decimal(written)
    found: FactValue = written
    return found


# What the peers are given ------------------------------------------------------

EMPTY = {FactType.BOOLEAN: False, FactType.CHOICE: "none"}


def to_inputs(
    record: Record, names: dict[str, str], dictionary: FactDictionary, table: Table
) -> Record:
    """A record for engines without unknown: missing is 0, false or ``none``.

    ``names`` maps the peer's name of a figure to its key. The row of the size table is
    looked up here, so the peers need not.
    """
    facts = record["facts"]
    inputs: Record = {}
    for name, key in names.items():
        fact = dictionary[split_key(key)[0]]
        written = facts.get(key, EMPTY.get(fact.type, 0))
        inputs[name] = float(written) if fact.type is FactType.MONEY else written
    industry = facts.get("industry")
    inputs["size_row"] = table.candidates(industry)[0].id if industry else "none"
    return inputs


def peer_names(year: int = YEAR) -> dict[str, str]:
    """The peers' names of all figures of annex 2: ``revenue_2`` is the year before."""
    names = {}
    for key in (*_economy(random.Random(0), year), *_features(random.Random(0))):
        fact_id, told = split_key(key)
        back = 0 if told is None else year - told
        names[f"{fact_id}_{back + 1}" if back else fact_id] = key
    del names["industry"]
    return names


# All nine schemes ----------------------------------------------------------------


def generate_full(
    size: int, dictionary: FactDictionary, seed: int = SEED, *, whole: bool = False
) -> list[Facts]:
    """Enterprises with every fact of the dictionary, one in ten of them missing.

    ``whole``: nothing is missing beyond the gaps of annex 2.
    """
    draw = random.Random(seed)
    last = TODAY.year - 1
    found = []
    for record in generate(size, seed, last):
        flat = to_facts(record, dictionary).flat()
        for fact in dictionary.values():
            years = range(last + 1, last - 3, -1) if fact.yearly else [None]
            for year in years:
                key = fact.id if year is None else f"{fact.id}@{year}"
                if key not in flat and (whole or draw.random() < 0.9):
                    near = flat.get(f"{fact.id}@{last}")
                    flat[key] = _any_value(draw, fact, near)
        found.append(Facts.of(flat))
    return found


def _any_value(
    draw: random.Random, fact: Fact, near: FactValue | None = None
) -> FactValue:
    """A value of the fact's type; near the last year's where that is known."""
    if isinstance(near, Decimal):
        return (near * draw.randint(70, 110) / 100).quantize(Decimal("0.01"))
    match fact.type:
        case FactType.MONEY:
            return Decimal(int(10 ** draw.uniform(5, 9)))
        case FactType.RATIO:
            return Decimal(draw.randint(0, 100)) / 100
        case FactType.COUNT:
            return draw.randint(0, 4)
        case FactType.NUMBER:
            return Decimal(draw.randint(0, 100))
        case FactType.BOOLEAN:
            return draw.random() < 0.5
        case FactType.DATE:
            return datetime.date(draw.randint(2005, 2028), draw.randint(1, 12), 1)
        case FactType.CHOICE:
            return draw.choice(fact.choices).id
        case FactType.CHOICES:
            chosen = draw.sample(fact.choices, draw.randint(0, len(fact.choices)))
            return frozenset(each.id for each in chosen)
    return {"territory": "990000", "industry": "C3912"}.get(fact.id, "示范")
