"""zen-engine on 63号 annex 2: a process of its own that knows nothing of Tidu.

Measures every fair way of calling it, traced, one enterprise a call, rules loaded once.
"""

from __future__ import annotations

import functools
import importlib.metadata
import json
from typing import Any

import peer
import zen
import zen_graphs

TRACED: Any = {"trace": True}


def main() -> None:
    """Check agreement with Tidu, then measure on request."""
    data = peer.load()
    given = [each["inputs"] for each in data["enterprises"]]
    written = [json.dumps(each).encode() for each in given]
    large = data["large"]
    graphs = {
        "expressions": zen_graphs.expressions(large),
        "tables": zen_graphs.tables(large),
        "function": zen_graphs.function(large, list(given[0])),
    }
    parsed = {name: json.loads(graph) for name, graph in graphs.items()}
    engine: Any = zen.ZenEngine({"loader": {"type": "static", "content": parsed}})
    measures: dict[str, peer.Measure] = {}
    agreed = {}
    for name, graph in graphs.items():
        for way, evaluate in ways(engine, name, graph).items():
            measures[f"{name}/{way}"] = functools.partial(peer.mean, evaluate, written)
        results = [engine.evaluate(name, one)["result"] for one in written]
        agreed[name] = peer.agreement(results, data["enterprises"])
    trace = engine.evaluate("expressions", written[0], TRACED)["trace"]
    greeting = {
        "version": importlib.metadata.version("zen-engine"),
        "agreement": agreed,
        "rules_traced": len(trace["rules"]["traceData"]),  # proof that it is on
    }
    peer.serve(greeting, measures)


def ways(engine: Any, name: str, graph: str) -> dict[str, Any]:
    """The ways to evaluate one graph, each a function of the enterprise."""
    decision: Any = zen.ZenEngine().create_decision(graph)
    ready: Any = zen.ZenEngine().create_decision(zen.ZenDecisionContent(graph))
    return {
        "engine": lambda one: engine.evaluate(name, one, TRACED),
        "decision": lambda one: decision.evaluate(one, TRACED),
        "content": lambda one: ready.evaluate(one, TRACED),
    }


if __name__ == "__main__":
    main()
