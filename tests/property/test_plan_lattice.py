"""On random firms the solver finds what trying every lattice point finds."""

from __future__ import annotations

import datetime
import itertools
import random
from decimal import Decimal

import pytest

from tidu.planning.levers import read_levers
from tidu.planning.paths import plan
from tidu.planning.projection import ROUNDS, Horizon, project
from tidu.rules.assess import stand
from tidu.rules.facts import Facts, FactType, key_of
from tidu.rules.library import default_library
from tidu.rules.outcomes import MANUAL, MET
from tidu.rules.rulesets import Kind

PACK = default_library().national
MOST_CHANGES = 3
FIRMS = 150

COARSE = """
grade: ours
day_rate: 1000元
levers:
  rnd_expense:
    {way: up, step: 50万元, most_per_year: 0%, or_most: 150万元, lead_days: 365,
     person_days: [10, 20], per_step: {money: [500000元, 500000元]}, label: 研发, english: R}
  total_liabilities:
    {way: down, step: 400万元, most_per_year: 0%, or_most: 800万元, lead_days: 180,
     person_days: [20, 30], per_step: {person_days: [2, 4]}, label: 负债, english: L}
  main_revenue:
    {way: up, step: 300万元, most_per_year: 0%, or_most: 900万元, lead_days: 365,
     person_days: [7, 9], per_step: {person_days: [1, 2]}, label: 主营, english: M}
  class1_ip_in_use:
    {way: up, step: 1项, most: 2项, lead_days: 240,
     person_days: [5, 10], per_step: {person_days: [15, 40]}, label: 应用, english: U}
  class2_ip:
    {way: up, step: 1项, most: 2项, lead_days: 240,
     person_days: [3, 6], per_step: {person_days: [5, 15]}, label: 二类, english: T}
  rnd_institution:
    {way: choice, options: [below_city, city, province], lead_days: 500,
     person_days: [40, 120], label: 机构, english: I}
  management_system:
    {way: choice, options: ["yes"], lead_days: 120, person_days: [20, 41], label: 体系,
     english: Q}
"""


def firm(dice: random.Random, on: datetime.date) -> Facts:
    flat: dict = {
        "industry": "3451",
        "holds_innovative_sme": True,
        "class2_ip": dice.randint(0, 1),
        "class1_ip": (in_all := dice.randint(0, 3)),
        "class1_ip_own": 0,
        "class1_ip_high_value": 0,
        "class1_ip_in_use": dice.randint(0, in_all),
        "niche_years": Decimal(dice.randint(0, 6)),
        "science_award": "none",
        "maker_contest": "none",
        "rnd_institution": dice.choice(("none", "city", "province")),
        "lead_product_field": dice.choice(("other", "key_chain_breakthrough")),
        "digital_level": dice.randint(0, 3),
        "local_feature_score": Decimal(dice.randint(0, 15)),
    }
    for name in ("quality_award", "management_system", "own_brand", "standards"):
        flat[name] = dice.random() < 0.4
    for name in ("abnormal_list", "serious_dishonesty", "major_accident",
                 "tax_violation", "falsification", "prohibited_product"):  # fmt: skip
        flat[name] = dice.random() < 0.02
    for back in range(4):
        year = on.year - back
        revenue = Decimal(dice.randint(80, 600) * 100_000)
        past = {
            "revenue": revenue,
            "main_revenue": revenue * dice.randint(60, 100) / 100,
            "rnd_expense": revenue * dice.randint(1, 8) / 100,
            "net_profit": revenue * dice.randint(-2, 12) / 100,
            "total_assets": revenue,
            "total_liabilities": revenue * dice.randint(40, 100) / 100,
            "new_equity": Decimal(0),
            "employees": 100,
            "rnd_staff": dice.randint(2, 30),
            "srdi_score": Decimal(dice.randint(45, 70)),
        }
        for name, value in past.items():
            if back or name == "srdi_score":
                flat[key_of(name, year)] = value
    return Facts.of(flat)


def tried_out(facts: Facts, on: datetime.date, levers) -> tuple | None:
    """Round, number of changes and effort of the best point, by trying them all."""
    horizon = Horizon(on)
    for at in range(ROUNDS):
        moves = possible_moves(facts, horizon, at, levers)
        for count in range(MOST_CHANGES + 1):
            efforts = [
                effort
                for chosen in itertools.combinations(moves, count)
                for picked in itertools.product(*(moves[slot] for slot in chosen))
                if (effort := worth(facts, horizon, at, levers, chosen, picked))
                is not None
            ]
            if efforts:
                return on.year + at, count, min(efforts)
    return None


def possible_moves(facts, horizon, at, levers):
    """Per fact and year the steps it can take by the round."""
    moves = {}
    quo = project(facts, PACK, horizon, at, {})
    for fact_id, lever in levers.by_fact.items():
        if lever.fact.yearly:
            for year in horizon.open_years(at, current=False):
                base = quo.get(key_of(fact_id, year))
                most = int(lever.most_steps(base) * horizon.left_of_year(year))
                moves[fact_id, year] = range(1, most + 1)
        elif lever.lead_days <= horizon.days(at):
            base = quo.get(fact_id)
            if lever.way == "choice":
                now = "yes" if base is True else "none" if base is False else base
                rising = ("none", *lever.options)
                moves[fact_id, None] = rising[rising.index(now) + 1 :]
            else:
                moves[fact_id, None] = range(1, lever.most_steps(Decimal(base)) + 1)
    return {slot: steps for slot, steps in moves.items() if steps}


def worth(facts, horizon, at, levers, chosen, picked) -> Decimal | None:
    """The effort of one point, or None where it does not reach the title."""
    changes, effort = {}, Decimal(0)
    for (fact_id, year), step in sorted(
        zip(chosen, picked, strict=True), key=lambda move: move[0][1] or 0
    ):
        lever, key = levers.by_fact[fact_id], key_of(fact_id, year)
        effort += lever.fixed.scalar(levers.day_rate)
        if isinstance(step, str):
            changes[key] = True if step == "yes" else step
            continue
        sign = -1 if lever.way == "down" else 1
        base = project(facts, PACK, horizon, at, changes).get(key)
        moved = base + sign * step * lever.step
        changes[key] = int(moved) if lever.fact.type is FactType.COUNT else moved
        effort += lever.per_step.scalar(levers.day_rate) * step
    after = project(facts, PACK, horizon, at, changes)
    for fact_id, year in chosen:
        whole = PACK.facts[fact_id].part_of
        years = range(year, horizon.date(at).year) if year else (None,)
        for each in years if whole else ():
            if after.get(key_of(fact_id, each)) > after.get(key_of(whole, each)):
                return None
    standing = stand(PACK, "srdi_sme", after, on=horizon.date(at), kind=Kind.NEW)
    return effort if standing.outcome in {MET, MANUAL} else None


@pytest.mark.parametrize("on", [datetime.date(2026, 6, 1), datetime.date(2022, 9, 1)])
def test_solver_equals_trying_every_point(on, tmp_path):
    path = tmp_path / "levers.yaml"
    path.write_text(COARSE, encoding="utf-8")
    levers = read_levers(path, PACK.facts)
    dice = random.Random(on.year)  # noqa: S311 - no secret
    reached = 0
    for number in range(FIRMS):
        facts = firm(dice, on)
        found = plan(PACK, facts, "srdi_sme", on=on, kind=Kind.NEW, levers=levers)
        assert not found.unsolved
        best = tried_out(facts, on, levers)
        first = found.paths[0] if found.paths else None
        if best is None:
            assert first is None or len(first.changes) > MOST_CHANGES, number
            continue
        reached += 1
        assert first is not None, number
        effort = first.effort.scalar(levers.day_rate)
        assert (first.earliest_round, len(first.changes)) == best[:2], number
        assert abs(effort - best[2]) < Decimal("0.001"), number
    assert reached > FIRMS // 5
