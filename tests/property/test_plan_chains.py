"""Titles won on the way: the solver finds what trying every lattice point finds."""

from __future__ import annotations

import datetime
import itertools
import random
from decimal import Decimal

import pytest

from tidu.planning.levers import read_levers
from tidu.planning.paths import plan
from tidu.rules.assess import prepare, stand
from tidu.rules.facts import Facts, FactType, key_of
from tidu.rules.library import default_library
from tidu.rules.outcomes import MANUAL, MET
from tidu.rules.rulesets import Kind

PACK = default_library().national
ROUNDS = 3
MOST_CHANGES = 3
FIRMS = 40
TITLES = {"holds_innovative_sme": "innovative_sme", "holds_srdi": "srdi_sme"}
WAN = 10_000

COARSE = """
grade: ours
day_rate: 1000元
levers:
  revenue:
    {way: up, step: 500万元, or_most: 1000万元, lead_days: 365, person_days: [60, 90],
     label: 收入, english: S}
  main_revenue:
    {way: up, step: 400万元, or_most: 800万元, lead_days: 365, person_days: [7, 9],
     per_step: {person_days: [1, 2]}, label: 主营, english: M}
  rnd_expense:
    {way: up, step: 200万元, or_most: 400万元, lead_days: 365, person_days: [10, 20],
     per_step: {money: [2000000元, 2000000元]}, label: 研发, english: R}
  total_liabilities:
    {way: down, step: 1000万元, or_most: 2000万元, lead_days: 180,
     person_days: [20, 30], per_step: {person_days: [2, 4]}, label: 负债, english: L}
  class1_ip:
    {way: up, step: 1项, most: 2项, lead_days: 500, person_days: [11, 20],
     per_step: {person_days: [30, 80]}, label: 一类, english: P}
  class1_ip_in_use:
    {way: up, step: 1项, most: 2项, lead_days: 240,
     person_days: [5, 10], per_step: {person_days: [15, 40]}, label: 应用, english: U}
  rnd_institution:
    {way: choice, options: [city, province], lead_days: 300, person_days: [40, 121],
     label: 机构, english: I}
  management_system:
    {way: choice, options: ["yes"], lead_days: 120, person_days: [20, 41],
     label: 体系, english: Q}
  holds_innovative_sme:
    {way: title, scheme: innovative_sme, lead_days: 120, person_days: [5, 16],
     label: 创新型, english: A}
  holds_srdi:
    {way: title, scheme: srdi_sme, lead_days: 180, person_days: [15, 40],
     label: 专精特新, english: B}
"""


def firm(dice: random.Random, on: datetime.date) -> Facts:
    """A firm near the mark of a little giant, often without the titles before it."""
    flat: dict = {
        "industry": "3451",
        "holds_innovative_sme": dice.random() < 0.4,
        "holds_srdi": dice.random() < 0.3,
        "class1_ip": (in_all := dice.choice((3, 4, 5, 6, 6))),
        "class1_ip_in_use": min(dice.choice((0, 3, 4, 6)), in_all),
        "class1_ip_own": dice.randint(0, in_all),
        "class1_ip_high_value": 0,
        "class2_ip": 3,
        "niche_years": Decimal(dice.choice((1, 2, 4, 8))),
        "science_award": "none",
        "maker_contest": "none",
        "rnd_institution": dice.choice(("none", "city", "province")),
        "lead_product_field": "key_chain_breakthrough",
        "strategic_emerging": dice.random() < 0.5,
        "digital_level": 2,
        "local_feature_score": Decimal(10),
        "market_share": Decimal("0.12"),
        "key_link": True,
        "key_field_lead_product": True,
        "market_position_reviewed": True,
        "core_business_online": True,
        "product_certified_abroad": False,
        "management_system": dice.random() < 0.6,
        "own_brand": True,
        "quality_award": False,
        "standards": True,
        "high_tech": False,
        "national_tech_demo": False,
        "ip_advantage": False,
        "holds_champion": False,
        "controls_or_controlled_by_little_giant": False,
        "group_has_similar_little_giant": False,
        key_of("srdi_score", on.year): Decimal(dice.choice((55, 62, 66, 70))),
    }
    for name in ("abnormal_list", "serious_dishonesty", "major_accident",
                 "tax_violation", "falsification", "prohibited_product"):  # fmt: skip
        flat[name] = dice.random() < 0.01
    revenue = Decimal(dice.randint(50, 95) * 100 * WAN)
    for back in range(1, 4):
        assets = revenue * dice.choice((1, 2))
        past = {
            "revenue": revenue,
            "main_revenue": revenue * dice.choice((86, 92, 95, 98)) / 100,
            "rnd_expense": revenue * dice.randint(9, 20) / 100,
            "net_profit": revenue * dice.randint(2, 12) / 100,
            "total_assets": assets,
            "total_liabilities": assets * dice.randint(40, 80) / 100,
            "new_equity": Decimal(0),
            "employees": 100,
            "rnd_staff": 20,
        }
        for name, value in past.items():
            flat[key_of(name, on.year - back)] = value
        revenue = (revenue / dice.randint(102, 128) * 100).quantize(Decimal(WAN))
    return Facts.of(flat)


class Trial:
    """One enterprise, tried out point by point; nothing here is the planner's."""

    def __init__(self, facts: Facts, to: str, kind: Kind, on: datetime.date, levers):
        self.facts, self.to, self.kind, self.on = facts, to, kind, on
        self.levers = levers.by_fact
        self.rate = levers.day_rate
        self.titles = [t for t in TITLES if facts.get(t) is False]

    def date(self, at: int) -> datetime.date:
        return self.on.replace(year=self.on.year + at)

    def days(self, at: int) -> int:
        return (self.date(at) - self.on).days

    def world(self, at, steps: dict, held: frozenset[str], *, on_the_way=False) -> dict:
        """The facts at a round: levels last, the calendar goes on, steps add up."""
        flat = self.facts.flat()
        flat["niche_years"] += at
        for fact in PACK.facts.values():
            last = self.on.year + at - (fact.undated != "current")
            if fact.yearly and any(key.startswith(f"{fact.id}@") for key in flat):
                for year in range(self.on.year, last + 1):
                    before = flat.get(key_of(fact.id, year - 1))
                    if key_of(fact.id, year) in flat or before is None:
                        continue
                    level = 0 if fact.accumulates else before
                    moved = steps.get((fact.id, year), 0) * self.signed(fact.id)
                    flat[key_of(fact.id, year)] = level + moved
        for (fact_id, year), step in steps.items():
            if year is None and self.levers[fact_id].lead_days <= self.days(at):
                flat[fact_id] = self.stepped(fact_id, flat[fact_id], step)
        for fact_id, year in steps if on_the_way else ():
            whole = PACK.facts[fact_id].part_of
            if year is None and whole:  # what is not granted yet is not in use
                flat[fact_id] = min(flat[fact_id], flat[whole])
        flat |= dict.fromkeys(held, True)
        return flat

    def signed(self, fact_id: str) -> Decimal:
        lever = self.levers.get(fact_id)
        if lever is None or lever.way not in {"up", "down"}:
            return Decimal(0)
        return -lever.step if lever.way == "down" else lever.step

    def stepped(self, fact_id: str, before, step):
        if isinstance(step, str):
            return True if step == "yes" else step
        after = before + step * self.signed(fact_id)
        return int(after) if PACK.facts[fact_id].type is FactType.COUNT else after

    def holds(self, scheme: str, kind: Kind, at: int, steps, titles, *, on_the_way):
        """Whether a rule set is satisfied at a round, titles won before it counted."""
        held = frozenset(t for t in titles if self.won(t, at, steps, titles))
        flat = self.world(at, steps, held, on_the_way=on_the_way)
        for fact_id, year in steps:
            whole = PACK.facts[fact_id].part_of
            years = range(year, self.on.year + at) if year else (None,)
            for each in years if whole else ():
                if flat[key_of(fact_id, each)] > flat[key_of(whole, each)]:
                    return False
        facts = prepare(Facts.of(flat), PACK, self.date(at))
        standing = stand(PACK, scheme, facts, on=self.date(at), kind=kind)
        return standing.outcome in {MET, MANUAL}

    def won(self, title: str, at: int, steps, titles) -> bool:
        return any(
            self.holds(TITLES[title], Kind.NEW, earlier, steps, titles, on_the_way=True)
            for earlier in range(at)
        )

    def moves(self, at: int) -> dict:
        """Per fact and year the steps it may take by a round."""
        found: dict = {}
        quo = self.world(at, {}, frozenset())
        for fact_id, lever in self.levers.items():
            if lever.way == "title":
                continue
            if lever.fact.yearly:
                for year in range(self.on.year, self.on.year + at):
                    base = quo[key_of(fact_id, year)]
                    most = lever.or_most // lever.step
                    if lever.way == "down":
                        most = min(lever.or_most, base) // lever.step
                    left = (datetime.date(year, 12, 31) - self.on).days
                    most = int(most * min(Decimal(1), Decimal(left) / 365))
                    found[fact_id, year] = range(1, most + 1)
            elif lever.lead_days <= self.days(at):
                if lever.way == "choice":
                    now = quo[fact_id]
                    now = "none" if now is False else "yes" if now is True else now
                    rising = ("none", *lever.options)
                    found[fact_id, None] = rising[rising.index(now) + 1 :]
                else:
                    found[fact_id, None] = range(1, int(lever.most // lever.step) + 1)
        return {slot: steps for slot, steps in found.items() if steps}

    def effort(self, steps, titles) -> Decimal:
        total = Decimal(0)
        for (fact_id, _), step in steps.items():
            lever = self.levers[fact_id]
            total += lever.fixed.scalar(self.rate)
            if not isinstance(step, str):
                total += lever.per_step.scalar(self.rate) * step
        return total + sum(self.levers[t].fixed.scalar(self.rate) for t in titles)

    def best(self) -> tuple | None:
        """Round, number of changes and effort of the best point, or None."""
        for at in range(ROUNDS):
            moves = self.moves(at)
            for count in range(MOST_CHANGES + 1):
                found = [
                    effort
                    for titles, slots in self.subsets(moves, count)
                    for picked in itertools.product(*(moves[slot] for slot in slots))
                    if (effort := self.worth(at, slots, picked, titles)) is not None
                ]
                if found:
                    return self.on.year + at, count, min(found)
        return None

    def subsets(self, moves, count: int):
        for many in range(min(count, len(self.titles)) + 1):
            for titles in itertools.combinations(self.titles, many):
                for slots in itertools.combinations(moves, count - many):
                    yield titles, slots

    def worth(self, at: int, slots, picked, titles) -> Decimal | None:
        steps = dict(zip(slots, picked, strict=True))
        if not all(self.won(title, at, steps, titles) for title in titles):
            return None
        if not self.holds(self.to, self.kind, at, steps, titles, on_the_way=False):
            return None
        return self.effort(steps, titles)


@pytest.mark.parametrize(
    ("to", "kind", "on"),
    [
        ("little_giant", Kind.NEW, datetime.date(2026, 6, 1)),
        ("little_giant", Kind.REVERIFICATION, datetime.date(2026, 6, 1)),
        ("little_giant", Kind.NEW, datetime.date(2023, 9, 1)),
        ("srdi_sme", Kind.NEW, datetime.date(2026, 9, 1)),
    ],
)
def test_titles_on_the_way_equal_trying_every_point(to, kind, on, tmp_path):
    path = tmp_path / "levers.yaml"
    path.write_text(COARSE, encoding="utf-8")
    levers = read_levers(path, PACK.facts)
    dice = random.Random(f"{to} {kind} {on}")  # noqa: S311 - no secret
    reached = titles = 0
    for number in range(FIRMS):
        facts = firm(dice, on)
        found = plan(PACK, facts, to, on=on, kind=kind, levers=levers)
        assert not found.unsolved
        best = Trial(facts, to, kind, on, levers).best()
        first = found.paths[0] if found.paths else None
        if best is None:
            assert first is None or len(first.changes) > MOST_CHANGES, number
            continue
        assert first is not None, number
        effort = first.effort.scalar(levers.day_rate)
        assert (first.earliest_round, len(first.changes)) == best[:2], number
        assert abs(effort - best[2]) < Decimal("0.001"), number
        reached += 1
        titles += any(each.key in TITLES for each in first.changes)
    assert reached > FIRMS // 5
    assert titles or on.year == 2023
