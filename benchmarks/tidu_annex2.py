"""Tidu in a process of its own, measured in the same way as its peers."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable
from typing import Any

import peer
import population

from tidu.rules.assess import Standing, assess, prepare, stand
from tidu.rules.facts import Facts
from tidu.rules.findings import Finding
from tidu.rules.library import default_library
from tidu.rules.outcomes import MET
from tidu.rules.packs import Pack
from tidu.rules.rulesets import Kind, RuleSet
from tidu.rules.scope import Interval

FULL = 300  # enterprises for all nine schemes
PLANNED = 120  # enterprises for a plan
PLANNED_FOR = ("srdi_sme", "little_giant")
PLANNING = "tidu.planning.paths"


def main() -> None:
    """Prepare the facts, then measure on request."""
    data = peer.load()
    pack = default_library().national
    given = prepared(data["enterprises"], pack)
    rule_set = annex2(pack)

    def bare(facts: Facts) -> Standing:
        return assess(pack, rule_set, facts, on=population.ON)

    def explained(facts: Facts) -> None:
        explain(bare(facts))

    def spoken(facts: Facts) -> None:
        explain(bare(facts), say=True)

    full = population.generate_full(FULL, pack.facts)

    def nine(facts: Facts, *, say: bool = False) -> None:
        ready = prepare(facts, pack, population.TODAY)
        for scheme in pack.schemes:
            explain(stand(pack, scheme, ready, on=population.TODAY), say=say)

    measures: dict[str, peer.Measure] = {
        "bare": lambda: peer.mean(bare, given),
        "explained": lambda: peer.mean(explained, given),
        "spoken": lambda: peer.mean(spoken, given),
        "nine": lambda: peer.each(nine, full),
        "nine spoken": lambda: peer.each(lambda one: nine(one, say=True), full),
    }
    plan_one = planner(pack)
    if plan_one is not None:
        firms = population.generate_full(PLANNED, pack.facts, seed=7, whole=True)
        asked = [(firm, scheme) for firm in firms for scheme in PLANNED_FOR]
        measures["plan"] = lambda: peer.each(plan_one, asked)
    nine(full[0], say=True)
    greeting = {
        "findings": len(findings(bare(given[0]))),
        "schemes": len(pack.schemes),
        "full": FULL,
        "today": population.TODAY.isoformat(),
        "plans": PLANNED * len(PLANNED_FOR) if "plan" in measures else 0,
        "measures": list(measures),
    }
    peer.serve(greeting, measures)


def prepared(records: list[population.Record], pack: Pack) -> list[Facts]:
    """The facts of the population as of the day of the assessment."""
    return [
        prepare(population.to_facts(each, pack.facts), pack, population.ON)
        for each in records
    ]


def annex2(pack: Pack) -> RuleSet:
    """63号 annex 2."""
    found = pack.schemes["srdi_sme"].which(Kind.NEW, population.ON)
    assert found is not None
    return found[0]


def findings(standing: Standing) -> tuple[Finding, ...]:
    """Everything a standing has to say, advice included."""
    return standing.findings + standing.advice


def explain(standing: Standing, *, say: bool = False) -> None:
    """Ask every finding for what explains it, so that nothing is left for later."""
    for finding in findings(standing):
        for reading in finding.readings:
            _ = reading.value, reading.threshold, reading.period
        _ = finding.missing
        if say:
            finding.sentence(english=False)


def expected(standing: Standing) -> dict[str, Any] | None:
    """What the peers must find, or None where they cannot: unknown or for people."""
    if standing.score is None or isinstance(standing.score, Interval):
        return None
    found: dict[str, Any] = {"outcome": standing.outcome is MET}
    for finding in findings(standing):
        points = finding.points
        assert not isinstance(points, Interval)
        found[finding.id] = finding.outcome is MET if points is None else int(points)
    return found | {"score": int(standing.score)}


def planner(pack: Pack) -> Callable[[tuple[Facts, str]], Any] | None:
    """One call of the planner, or None where there is none yet."""
    try:
        if importlib.util.find_spec(PLANNING) is None:
            return None
    except ModuleNotFoundError:
        return None
    plan = importlib.import_module(PLANNING).plan
    levers = importlib.import_module("tidu.planning.levers").load_levers(pack)

    def plan_one(asked: tuple[Facts, str]) -> Any:
        facts, scheme = asked
        return plan(
            pack, facts, scheme, on=population.TODAY, kind=Kind.NEW, levers=levers
        )

    return plan_one


if __name__ == "__main__":
    main()
