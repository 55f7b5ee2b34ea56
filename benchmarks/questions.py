"""Does asking in Tidu's order decide all outcomes sooner than asking at random?

200 complete fictional firms, k facts hidden; after each answer the rest is ranked anew.
Counted are the questions until every scheme has the outcome of the complete firm.
Run `python benchmarks/questions.py`; it prints the table of docs/explanation.
"""

from __future__ import annotations

import datetime
import random
import statistics
from decimal import Decimal

from tidu.planning.questions import next_questions
from tidu.rules.assess import Standing, prepare, stand
from tidu.rules.facts import Fact, Facts, FactType, FactValue, key_of
from tidu.rules.library import default_library
from tidu.rules.outcomes import Outcome
from tidu.rules.packs import Pack

ON = datetime.date(2026, 6, 1)
FIRMS = 200
HIDDEN = (3, 6, 12, 24)
SEED = 20260601


def complete_firm(pack: Pack, dice: random.Random) -> dict[str, FactValue]:
    """Every fact the rules read, with figures that roughly fit together."""
    revenue = 10 ** dice.uniform(6.5, 8.8)
    flat: dict[str, FactValue] = {}
    read = {name for rule_set in pack.rule_sets() for name in rule_set.facts}
    for fact_id in sorted(read):
        fact = pack.facts[fact_id]
        years = range(2023, 2027) if fact.yearly else (None,)
        for year in years:
            flat[key_of(fact_id, year)] = _value(fact, revenue, dice)
    return flat


def _value(fact: Fact, revenue: float, dice: random.Random) -> FactValue:
    match fact.type:
        case FactType.MONEY:
            share = 1.0 if fact.id == "revenue" else dice.choice((0.03, 0.1, 0.5, 0.9))
            return Decimal(round(revenue * share * dice.uniform(0.8, 1.2)))
        case FactType.COUNT:
            most = {"employees": 900, "staff_total": 900, "rnd_staff": 120}
            return dice.randint(0, most.get(fact.id, 4))
        case FactType.NUMBER:
            return Decimal(dice.randint(0, 90 if fact.id == "srdi_score" else 12))
        case FactType.RATIO:
            return Decimal(dice.randint(0, 30)) / 100
        case FactType.BOOLEAN:
            return dice.random() < (0.05 if fact.group == "conduct" else 0.5)
        case FactType.CHOICE:
            return dice.choice(fact.choices).id
        case FactType.CHOICES:
            options = [each.id for each in fact.choices if each.id != "none"]
            return frozenset(dice.sample(options, dice.randint(0, len(options))))
        case FactType.DATE:
            return datetime.date(dice.randint(2005, 2024), dice.randint(1, 12), 1)
    return dice.choice(("3451", "6513", "5174", "7340"))


def standings(pack: Pack, flat: dict[str, FactValue]) -> dict[str, Standing]:
    """Every scheme's standing."""
    facts = prepare(Facts.of(flat), pack, ON)
    return {scheme: stand(pack, scheme, facts, on=ON) for scheme in pack.schemes}


def questions_needed(
    pack: Pack,
    whole: dict[str, FactValue],
    hidden: list[str],
    dice: random.Random | None,
) -> int:
    """Questions until all outcomes are the complete firm's; ``dice``: at random."""
    goal = _outcomes(standings(pack, whole))
    known = {key: value for key, value in whole.items() if key not in hidden}
    left = list(hidden)
    for asked in range(len(hidden) + 1):
        now = standings(pack, known)
        if _outcomes(now) == goal:
            return asked
        if dice is not None:
            key = dice.choice(left)
        else:
            ranked = (each.key for each in next_questions(pack, now))
            key = next((each for each in ranked if each in left), left[0])
        left.remove(key)
        known[key] = whole[key]
    raise AssertionError("all facts are known, yet an outcome differs")


def _outcomes(found: dict[str, Standing]) -> dict[str, Outcome]:
    return {scheme: standing.outcome for scheme, standing in found.items()}


def table() -> str:
    """The comparison as a Markdown table."""
    pack = default_library().national
    lines = [
        "| hidden facts | Tidu's order, median | random order, median | fewer by |",
        "|---|---|---|---|",
    ]
    for count in HIDDEN:
        dice = random.Random(SEED + count)  # noqa: S311 - no secret
        ours, chance = [], []
        for _ in range(FIRMS):
            whole = complete_firm(pack, dice)
            hidden = dice.sample(sorted(whole), count)
            ours.append(questions_needed(pack, whole, hidden, None))
            chance.append(questions_needed(pack, whole, hidden, dice))
        mine, theirs = statistics.median(ours), statistics.median(chance)
        mean = 1 - statistics.mean(ours) / max(statistics.mean(chance), 1e-9)
        lines.append(f"| {count} | {mine:g} | {theirs:g} | {mean:.0%} in the mean |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
