"""What every plan promises, on random firms with gaps and the levers as shipped."""

from __future__ import annotations

import datetime
import json
import random
import re
from decimal import Decimal

import pytest

from tests.property.test_plan_chains import firm
from tidu.planning.levers import load_levers
from tidu.planning.paths import plan
from tidu.rules import nodes
from tidu.rules.assess import prepare, stand
from tidu.rules.facts import Facts, key_of, split_key
from tidu.rules.library import default_library
from tidu.rules.outcomes import MANUAL, MET
from tidu.rules.rulesets import Kind
from tidu.rules.scope import add_years

PACK = default_library().national
LEVERS = load_levers(PACK)
FIRMS = 12
FOR_PEOPLE = (nodes.Manual, nodes.Reviewed, nodes.Grade)  # no size row: people decide
PLANS = [
    ("srdi_sme", Kind.NEW, datetime.date(2026, 6, 1)),
    ("srdi_sme", Kind.NEW, datetime.date(2024, 2, 29)),
    ("little_giant", Kind.NEW, datetime.date(2026, 6, 1)),
    ("little_giant", Kind.REVERIFICATION, datetime.date(2026, 12, 31)),
    ("innovative_sme", Kind.NEW, datetime.date(2026, 6, 1)),
    ("tech_sme", Kind.NEW, datetime.date(2026, 1, 1)),
    ("high_tech_enterprise", Kind.NEW, datetime.date(2026, 6, 1)),
    ("manufacturing_champion", Kind.NEW, datetime.date(2026, 6, 1)),
]


def firm_with_gaps(dice: random.Random, on: datetime.date) -> Facts:
    """A firm as it is read: some figures worse, some missing."""
    flat = firm(dice, on).flat()
    flat |= {
        "established_on": datetime.date(2008, 5, 1),
        "resident_enterprise": True,
        "conduct_event_2y": False,
        "research_dishonesty": False,
        "market_rank_global": dice.randint(1, 5),
        "market_share": Decimal(dice.randint(5, 15)) / 100,
        "niche_years": Decimal(dice.randint(0, 12)),
    }
    for year in range(on.year - 3, on.year):
        rnd = flat[key_of("rnd_expense", year)] * dice.randint(2, 10) / 10
        revenue = flat[key_of("revenue", year)]
        for name in ("", "_hightech", "_domestic", "_deduction"):
            flat[key_of(f"rnd_expense{name}", year)] = rnd
        flat[key_of("hightech_revenue", year)] = revenue * dice.randint(4, 10) / 10
        flat[key_of("sci_tech_staff", year)] = dice.randint(2, 30)
        flat[key_of("cost_expense", year)] = revenue * 9 / 10
    gaps = dice.choice((0, 0, 1, 3))
    for key in dice.sample(sorted(flat), gaps):
        del flat[key]
    return Facts.of(flat)


def later(facts: Facts, on: datetime.date, at: int, changes) -> Facts:
    """The prepared facts at a round: levels last, the calendar goes on."""
    flat = facts.flat() | changes
    if "niche_years" in flat:
        flat["niche_years"] += at
    for fact in PACK.facts.values():
        last = on.year + at - (0 if fact.undated == "current" and at else 1)
        for year in range(on.year, last + 1) if fact.yearly else ():
            before = (
                Decimal(0) if fact.accumulates else flat.get(f"{fact.id}@{year - 1}")
            )
            if before is not None:
                flat.setdefault(key_of(fact.id, year), before)
    return prepare(Facts.of(flat), PACK, add_years(on, at))


def check_change(change, facts: Facts, on: datetime.date, at: int) -> None:
    """Only what may be moved, only the way it may be moved, only by then."""
    fact_id, year = split_key(change.key)
    lever = LEVERS.by_fact[fact_id]
    assert facts.get(change.key) is None or year is None
    assert year is None or on.year <= year <= on.year + at
    assert change.what.chinese
    assert change.clause
    if year is None:
        assert change.lead_days <= (add_years(on, at) - on).days
    if lever.way == "title":
        assert (change.before is not True, change.after) == (True, True)
    elif lever.way == "choice":
        assert change.after in (True, *lever.options)
        assert change.before != change.after
    else:
        moved = change.after - (change.before or 0)
        assert moved % lever.step == 0
        assert (moved < 0) is (lever.way == "down")
        assert moved > 0 or fact_id == "total_liabilities"
        assert change.after >= 0 or fact_id == "net_profit"


def check_proof(path, facts: Facts, to: str, kind: Kind, on: datetime.date) -> None:
    """Assessed again, with nothing of the planner, the path leads to the title."""
    at = path.earliest_round - on.year
    changes = {each.key: each.after for each in path.changes}
    for title in [key for key in changes if PACK.facts.get(key)]:
        expires = PACK.facts[title].expires
        facts = facts.changed({expires: None}) if expires else facts
    after = later(facts, on, at, changes)
    for key in changes:
        whole = PACK.facts[split_key(key)[0]].part_of
        if whole:
            assert after.get(key) <= after.get(key_of(whole, split_key(key)[1])), key
    date = add_years(on, at)
    standing = stand(PACK, to, after, on=date, kind=kind)
    assert standing.outcome in {MET, MANUAL}
    manual = [f for f in standing.findings if f.outcome is MANUAL and not f.part_of]
    assert tuple(finding.id for finding in manual) == tuple(path.manual)
    for finding in manual:
        assert any(isinstance(n, FOR_PEOPLE) for n in nodes.walk(finding.tree))


@pytest.mark.parametrize(("to", "kind", "on"), PLANS)
def test_plans_keep_their_promises(to, kind, on):
    dice = random.Random(f"{to} {kind} {on}")  # noqa: S311 - no secret
    for _ in range(FIRMS):
        facts = firm_with_gaps(dice, on)
        found = plan(PACK, facts, to, on=on, kind=kind, levers=LEVERS)
        assert not found.unsolved
        assert bool(found.paths) is not bool(found.blocked_by)
        for path in found.paths:
            at = path.earliest_round - on.year
            for change in path.changes:
                check_change(change, facts, on, at)
            check_proof(path, facts, to, kind, on)
        in_order(found.paths)
        record = found.to_record()
        assert json.loads(json.dumps(record)) == record
        for each in record["blocked_by"]:
            check_asked(each["reason"], on)


def check_asked(reason: str, on: datetime.date) -> None:
    """A missing figure is asked for in a year that has one, not in a later one."""
    asked = reason.partition("还缺：")[2].partition("；")[0]
    for year, name in re.findall(r"([0-9]{4})年([^、]*)", asked):
        assert int(year) < on.year + name.startswith("专精特新发展评价得分"), reason


def in_order(paths) -> None:
    """Earliest first, then fewest changes, then effort; none contains another."""
    ranks = [
        (p.earliest_round, len(p.changes), p.effort.scalar(LEVERS.day_rate))
        for p in paths
    ]
    assert len(paths) <= 3
    assert ranks == sorted(ranks)
    sets = [(p.earliest_round, {each.key for each in p.changes}) for p in paths]
    for number, (first_round, first) in enumerate(sets):
        for then_round, then in sets[number + 1 :]:
            assert first_round != then_round or not first <= then
