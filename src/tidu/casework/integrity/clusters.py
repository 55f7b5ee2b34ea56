"""Which applications hang together, and by what? Plain data for a page that draws it.

Two sorts of nodes: cases, and the things that several of them have in common. A cluster
is a connected part; that it hangs together says nothing about whether it is honest.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable

import rustworkx

from tidu.casework.integrity.kinds import Said, Signal, SignalKind


@dataclasses.dataclass(frozen=True, slots=True)
class Node:
    """A case (``kind`` and ``label`` are None) or a thing in common, by its key."""

    id: str
    kind: SignalKind | None = None
    label: Said | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Edge:
    """A case has a thing."""

    case: str
    thing: str


@dataclasses.dataclass(frozen=True, slots=True)
class Reason:
    """Why a cluster hangs together: a thing and how many of its cases have it."""

    thing: Node
    cases: int


@dataclasses.dataclass(frozen=True, slots=True)
class Cluster:
    """A connected part: cases by id, things by key, the commonest reason first."""

    cases: tuple[str, ...]
    things: tuple[Node, ...]
    edges: tuple[Edge, ...]
    reasons: tuple[Reason, ...]

    @property
    def nodes(self) -> tuple[Node, ...]:
        """All nodes, the cases first."""
        return (*(Node(case) for case in self.cases), *self.things)


def clusters(signals: Iterable[Signal]) -> tuple[Cluster, ...]:
    """The connected parts of two or more cases, the largest first."""
    things: dict[str, Node] = {}
    edges: set[Edge] = set()
    for signal in signals:
        if signal.tie:
            key = signal.tie.key
            things.setdefault(key, Node(key, signal.kind, signal.tie.label))
            edges.update(Edge(case, key) for case in (signal.case, *signal.related))
    ordered = sorted(edges, key=lambda each: (each.case, each.thing))
    graph: rustworkx.PyGraph[str, Edge] = rustworkx.PyGraph()
    cases = sorted({each.case for each in ordered})
    places = {name: graph.add_node(name) for name in (*cases, *sorted(things))}
    for each in ordered:
        graph.add_edge(places[each.case], places[each.thing], each)
    parts = [
        _cluster({graph[place] for place in part}, ordered, things)
        for part in rustworkx.connected_components(graph)
    ]
    found = [part for part in parts if len(part.cases) > 1]
    return tuple(sorted(found, key=lambda part: (-len(part.cases), part.cases)))


def _cluster(names: set[str], edges: list[Edge], things: dict[str, Node]) -> Cluster:
    own = tuple(each for each in edges if each.thing in names)
    counts = Counter(each.thing for each in own)
    reasons = (Reason(things[key], count) for key, count in counts.items())
    return Cluster(
        cases=tuple(sorted({each.case for each in own})),
        things=tuple(things[key] for key in sorted(counts)),
        edges=own,
        reasons=tuple(sorted(reasons, key=lambda each: (-each.cases, each.thing.id))),
    )
