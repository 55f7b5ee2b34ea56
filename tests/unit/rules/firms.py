"""Enterprises written as people write them, assessed with the shipped packs."""

import datetime

from tests.spec.book import read_facts
from tidu.rules.assess import Standing, prepare, stand
from tidu.rules.facts import Facts, key_of, split_key
from tidu.rules.findings import Finding
from tidu.rules.library import default_library
from tidu.rules.rulesets import Kind

ON = datetime.date(2026, 6, 1)
BEFORE = datetime.date(2026, 3, 31)  # still 63号
SMALL_FIRM = {"industry": "C39", "employees": "100人", "revenue": "3000万元"}
CLEAN = dict.fromkeys(
    (
        "abnormal_list",
        "serious_dishonesty",
        "major_accident",
        "tax_violation",
        "falsification",
        "prohibited_product",
    ),
    "否",
)


def facts_of(written: dict[str, str], on: datetime.date = ON) -> Facts:
    """``{"revenue": "1万元", "revenue[y2]": …}`` → facts with a source for each."""
    facts = Facts(read_facts(written, on.year))
    sources = {}
    for key in facts.flat():
        fact_id, year = split_key(key)
        sources[key] = f"表1 {key_of(fact_id, year)}"
    return Facts(facts.values, sources)


def standing(
    scheme: str,
    written: dict[str, str],
    *,
    on: datetime.date = ON,
    kind: Kind = Kind.NEW,
    territory: str = "",
) -> Standing:
    pack = default_library().for_territory(territory)
    facts = prepare(facts_of(written, on), pack, on)
    return stand(pack, scheme, facts, on=on, kind=kind)


def finding(scheme: str, criterion: str, written: dict[str, str], **more) -> Finding:
    return standing(scheme, written, **more).finding(criterion)


def outcome(scheme: str, criterion: str, written: dict[str, str], **more) -> str:
    return finding(scheme, criterion, written, **more).outcome.value
