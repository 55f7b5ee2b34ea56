"""Random firms under the shipped packs: every scheme answers, and stays with it.

What contract/criteria.md lets turn is kept known from the start: a date that ends a
title or begins a niche, the better calibre of 115号 and its own award, the industry.
"""

import datetime
import json
import re
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tests.property.worlds import SEEDS, contains, seeded, thinned
from tidu.rules.assess import prepare, stand
from tidu.rules.facts import Facts, FactType
from tidu.rules.library import default_library
from tidu.rules.outcomes import MET, UNMET
from tidu.rules.records import standing_record
from tidu.rules.rulesets import Kind

LIBRARY = default_library()
TERRITORIES = ("", *LIBRARY.provinces)
DAYS = [
    datetime.date.fromisoformat(text)
    for text in ("2025-06-01", "2026-03-31", "2026-04-01", "2027-01-01", "2028-02-29")
]
CODES = ("C39", "3912", "F52", "G59", "I65", "K7020", "L72", "Q84", "J66", "A05", "C")
TURNS = {"industry", "staff_total", "rnd_expense_deduction", "national_award_top3_5y"}
# A score taken from elsewhere replaces the one a province computes; 2号 asks of larger
# safety accidents where they are given.
TURNS |= {"local_feature_score", "larger_safety_accident"}
CHINESE = re.compile("[\u4e00-\u9fff]")
ODD = re.compile(r"[{}]|None|Decimal|[，。；：、]{2}|^[，。；：、]")
CASES = given(
    SEEDS, st.sampled_from(TERRITORIES), st.sampled_from(DAYS), st.sampled_from(Kind)
)


def firm(random, pack, on) -> dict[str, object]:
    """Every fact of the dictionary; figures lie on and beside the thresholds."""
    flat: dict[str, object] = {}
    for fact in pack.facts.values():
        years = range(on.year - 4, on.year + 1) if fact.yearly else [None]
        for year in years:
            key = fact.id if year is None else f"{fact.id}@{year}"
            flat[key] = figure(random, fact, on)
    for fact in pack.facts.values():
        if fact.part_of and fact.type in {FactType.MONEY, FactType.COUNT}:
            for key in [key for key in flat if key.partition("@")[0] == fact.id]:
                whole = key.replace(fact.id, fact.part_of, 1)
                flat[key] = min(flat[key], flat.get(whole, flat[key]))
    flat["conduct_event_2y"] = flat["conduct_event_2y"] and flat["major_accident"]
    return flat


def figure(random, fact, on):
    choice = random.choice
    match fact.type:
        case FactType.MONEY:
            wan = choice([0, 1, 100, 300, 1000, 1500, 3000, 5000, 10_000, 40_000])
            amount = Decimal(wan * 10_000) + choice([0, 0, 1, Decimal("-0.01")])
            return amount if fact.negative else max(amount, Decimal(0))
        case FactType.COUNT:
            return choice([0, 1, 2, 3, 4, 5, 10, 50, 100, 300, 500, 1000])
        case FactType.NUMBER:
            return Decimal(choice(["0", "2", "3", "3.5", "12.5", "49.99", "60"]))
        case FactType.RATIO:
            return Decimal(choice(["0", "0.03", "0.0999", "0.1", "0.5", "0.6", "1"]))
        case FactType.BOOLEAN:
            return choice([True, False])
        case FactType.DATE:
            return on + datetime.timedelta(days=choice([-3653, -366, -365, -1, 0, 400]))
        case FactType.CHOICE:
            return choice(fact.choices).id
        case FactType.CHOICES:
            return frozenset(each.id for each in fact.choices if random.random() < 0.5)
    return choice(CODES) if fact.id == "industry" else fact.id


def standings(flat, pack, on, kind):
    facts = prepare(Facts.of(flat), pack, on)
    return [stand(pack, each, facts, on=on, kind=kind) for each in pack.schemes]


@CASES
def test_every_scheme_explains_itself_in_both_languages(seed, territory, on, kind):
    random, pack = seeded(seed), LIBRARY.for_territory(territory)
    flat = thinned(random, firm(random, pack, on))

    for standing in standings(flat, pack, on, kind):
        chinese, english = (
            standing_record(standing, english=language) for language in (False, True)
        )
        said = {True: [], False: []}
        for record in (chinese, english):
            assert json.loads(json.dumps(record)) == record
            for each in record["criteria"] + record["advice"]:
                said[record is english].append(each["sentence"])
                assert not (each["missing"] and each["outcome"] != "unknown")
        assert [each for each in said[False] if not each or ODD.search(each)] == []
        assert [each for each in said[True] if CHINESE.search(each)] == []


@CASES
def test_more_facts_never_turn_what_was_decided(seed, territory, on, kind):
    random, pack = seeded(seed), LIBRARY.for_territory(territory)
    full = firm(random, pack, on)
    dates = {f.id for f in pack.facts.values() if f.type is FactType.DATE}
    less = thinned(random, full, keep=TURNS | dates | keys_of(TURNS, full))

    pairs = zip(
        standings(less, pack, on, kind), standings(full, pack, on, kind), strict=True
    )

    for before, after in pairs:
        graded = before.rule_set is not None and before.rule_set.value is not None
        if before.outcome in {MET, UNMET} and not graded:
            assert after.outcome is before.outcome
        for early, late in zip(before.findings, after.findings, strict=True):
            if early.points is not None:
                assert contains(early.points, late.points)
            elif early.outcome in {MET, UNMET}:
                assert late.outcome is early.outcome, early.id


def keys_of(fact_ids, flat) -> set[str]:
    return {key for key in flat if key.partition("@")[0] in fact_ids}
