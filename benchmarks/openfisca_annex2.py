"""OpenFisca-Core on 63号 annex 2: a process of its own that knows nothing of Tidu.

One enterprise at a time through SimulationBuilder, in the two ways there are, and for
information all of them at once, which is what the engine is made for.
"""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterator
from typing import Any

import numpy
import openfisca_rules
import peer
from openfisca_core.simulations import SimulationBuilder

PERIOD = "2024"
ONE_BY_ONE = 100  # enterprises a repetition
Columns = dict[tuple[str, str], Any]
RULES = [*openfisca_rules.SCORES, *openfisca_rules.GATES, "sme"]


def main() -> None:
    """Check agreement with Tidu, then measure on request."""
    data = peer.load()
    inputs = [each["inputs"] for each in data["enterprises"]]
    system = openfisca_rules.system(inputs[0], data["large"], numpy.float64)
    single = openfisca_rules.system(inputs[0], data["large"], numpy.float32)
    columns = _columns(inputs)
    documents = [_document(each) for each in inputs[:ONE_BY_ONE]]
    arrays = [_columns([each]) for each in inputs[:ONE_BY_ONE]]

    def from_document(document: dict[str, Any]) -> dict[str, Any]:
        return _all_rules(SimulationBuilder().build_from_entities(system, document))

    def from_arrays(one: Columns) -> dict[str, Any]:
        return _all_rules(_simulation(system, one, 1))

    def traced(document: dict[str, Any]) -> Any:
        simulation = SimulationBuilder().build_from_entities(system, document)
        simulation.trace = True
        _all_rules(simulation)
        return simulation.tracer.trees

    def everybody() -> float:
        def run(given: Columns) -> object:
            return _all_rules(_simulation(system, given, len(inputs)))

        return peer.mean(run, [columns]) / len(inputs)

    agreed = {
        "64-bit money": _agreement(system, columns, data["enterprises"]),
        "32-bit money, as it comes": _agreement(single, columns, data["enterprises"]),
    }
    alone = [
        {name: found[0] for name, found in from_document(each).items()}
        for each in documents
    ]
    agreed["64-bit money, one by one"] = peer.agreement(
        map(_renamed, alone), data["enterprises"][:ONE_BY_ONE]
    )
    peer.serve(
        {
            "version": importlib.metadata.version("openfisca-core"),
            "agreement": agreed,
            "one_by_one": ONE_BY_ONE,
        },
        {
            "document": lambda: peer.mean(from_document, documents),
            "traced": lambda: peer.mean(traced, documents),
            "arrays": lambda: peer.mean(from_arrays, arrays),
            "vectorised": everybody,
        },
    )


def _keys(inputs: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """The variable and the year behind each name: ``revenue_2`` is the year before."""
    for name in inputs:
        stem, _, back = name.rpartition("_")
        if back in {"2", "3"}:
            yield name, stem, str(int(PERIOD) + 1 - int(back))
        else:
            yield name, name, PERIOD


def _document(inputs: dict[str, Any]) -> dict[str, Any]:
    one: dict[str, Any] = {}
    for name, variable, year in _keys(inputs):
        one.setdefault(variable, {})[year] = inputs[name]
    return {"enterprises": {"one": one}}


def _columns(inputs: list[dict[str, Any]]) -> Columns:
    return {
        (variable, year): numpy.array([each[name] for each in inputs])
        for name, variable, year in _keys(inputs[0])
    }


def _simulation(system: Any, columns: Columns, count: int) -> Any:
    simulation = SimulationBuilder().build_default_simulation(system, count)
    for (variable, year), column in columns.items():
        simulation.set_input(variable, year, column)
    return simulation


def _all_rules(simulation: Any) -> dict[str, Any]:
    return {name: simulation.calculate(name, PERIOD) for name in RULES}


def _agreement(system: Any, columns: Columns, enterprises: list[Any]) -> dict[str, Any]:
    found = _all_rules(_simulation(system, columns, len(enterprises)))
    lists = {name: column.tolist() for name, column in found.items()}
    rows = [
        {name: column[at] for name, column in lists.items()}
        for at in range(len(enterprises))
    ]
    return peer.agreement(map(_renamed, rows), enterprises)


def _renamed(row: dict[str, Any]) -> dict[str, Any]:
    """The gate ``niche_years`` shares its name with a figure and is called apart."""
    return {**row, "niche_years": row["niche_years_gate"]}


if __name__ == "__main__":
    main()
