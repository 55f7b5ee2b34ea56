"""Random firms as rows of a table, and as the facts the reference reads."""

import datetime
from decimal import Decimal
from random import Random

from tests.property import trees, worlds
from tidu.bulk.columns import SEPARATOR, Column, column_name
from tidu.rules.facts import Facts, FactType
from tidu.rules.library import default_library

FACTS = default_library().facts
YEARS = range(worlds.ON.year - 7, worlds.ON.year + 1)
CENT = Decimal("0.01")
EXTREMES = [
    Decimal(text)
    for text in ("0", "0.01", "-0.01", "1000.01", "299999.99", "300000", "300000.01")
]
HUGE = [Decimal(text) for text in ("9999999999999999.99", "-9999999999999999.99")]
SCORES = [None, *map(Decimal, ("-5", "0", "7.5", "8", "10.00000001", "120"))]
CLOSE = [("0.04", "0.02", "0.01"), ("0.05", "0.04", "0.02")]
DAYS = [(2016, 5, 31), (2016, 6, 1), (2016, 6, 2), (2018, 2, 28), (2018, 3, 1)]
DAYS += [(2016, 2, 28), (2016, 2, 29), (2016, 3, 1), (2017, 6, 1), (2015, 12, 31)]
CODES = ["3912", "c39", "K70", "K7010", "70", "6", "F5", "C", "12", "13", "43", "44"]
CODES += ["51", "53", "05", "5", "F51", "F52", "f521", "", "X"]
DATED = {"high_tech": "high_tech_valid_until", "niche_years": "niche_since"}
ENDS = [worlds.ON + datetime.timedelta(days=n) for n in (-1, 0, 1)]
STARTS = [datetime.date(2020, 12, 31), datetime.date(2024, 2, 29), *ENDS]
WHOLE = [0, 1, 2, 3, 4, 19, 20, 299, 300, 1000, 2**40]


def columns() -> list[Column]:
    """Every column a random tree may read."""
    read = [*trees.MONEY, "new_equity", "employees", "srdi_score"]
    read += [*trees.COUNTS, *trees.RATIOS, *trees.FLAGS, *trees.CHOICES, "dq06"]
    read += [each for pair in (*trees.PARTS, *trees.FLAG_PARTS) for each in pair]
    read += ["uscc", "territory", "industry", "established_on"]
    read += ["market_position_reviewed", *DATED, *DATED.values()]
    return [
        Column(FACTS[each], year)
        for each in dict.fromkeys(read)
        for year in (YEARS if FACTS[each].yearly else [None])
    ]


def firm(random: Random, number: int) -> Facts:
    """A firm with some facts missing, some figures on a border, some absurd."""
    flat = worlds.complete(random, worlds.CODES)
    wild = random.random()
    for key, value in list(flat.items()):
        if isinstance(value, Decimal) and random.random() < 0.3:
            choices = EXTREMES + (HUGE if wild < 0.1 and "@" in key else [])
            flat[key] = (
                abs(random.choice(choices))
                if "@" not in key
                else random.choice(choices)
            )
        elif type(value) is int and random.random() < 0.2:
            flat[key] = random.choice(WHOLE)
    if random.random() < 0.3:  # parts that do not fit their whole
        flat["class1_ip_in_use"] = random.choice(WHOLE)
    flat = {k: v for k, v in flat.items() if k in KEYS}
    known = worlds.thinned(random, flat) if random.random() < 0.7 else flat
    if number < len(CLOSE):  # growth over hundredths
        last = worlds.ON.year - 1
        known |= {
            f"revenue@{last - n}": Decimal(y) for n, y in enumerate(CLOSE[number])
        }
    if number < len(DAYS):  # on an anniversary, and beside it
        known["established_on"] = datetime.date(*DAYS[number])
    if number % 4 == 0:
        known["industry"] = CODES[number // 4 % len(CODES)]
    known.pop("new_equity@2019", None)  # a column without a figure
    known["uscc"] = f"{number:018d}"
    apart = Random(number)  # noqa: S311 - leaves the other figures as they are
    for year in YEARS:
        if (score := apart.choice(SCORES)) is not None:
            known[f"srdi_score@{year}"] = score
    dated = {
        "high_tech": apart.choice([True, False, None]),
        "high_tech_valid_until": apart.choice([*ENDS, None]),
        "niche_years": apart.choice([Decimal("2.5"), Decimal(3), None]),
        "niche_since": apart.choice([*STARTS, None, None]),
    }
    known |= {key: each for key, each in dated.items() if each is not None}
    known["territory"] = random.choice(["990101", "110000"])
    return Facts.of(known)


COLUMNS = columns()
KEYS = {each.key for each in COLUMNS}


def cell(column: Column, facts: Facts) -> object:
    """A fact as the table holds it."""
    value = facts.get(column.key)
    if isinstance(value, frozenset):
        order = [each.id for each in column.fact.choices]
        return SEPARATOR.join(sorted(value, key=order.index))
    if value is not None and column.fact.type is FactType.MONEY:
        return Decimal(value).quantize(CENT)
    return value


def rows(firms: list[Facts]) -> list[tuple[object, ...]]:
    """The table's rows."""
    return [tuple(cell(column, facts) for column in COLUMNS) for facts in firms]


def literal(value: object) -> str:
    """A cell as every engine reads it in VALUES or CSV."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value)


__all__ = ["COLUMNS", "YEARS", "column_name", "firm", "literal", "rows"]
