"""Cohorts as a chart: cases around what they share, at places that never change.

The places are worked out here, by a fixed seed: a graph that moves by itself would look
different each time two officers speak about it. The small build of ECharts draws it as
points and lines.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import rustworkx
from django.utils.translation import gettext as _

from tidu.casework.cohorts import Cohort
from tidu.casework.integrity.kinds import SignalKind
from tidu.web.components import ACCENT, Chart
from tidu.web.context import speaks_english

MOST = 160  # points on a chart; more is ink
_SEED = 7
_ACROSS = 1.6  # cells are wider than high, as the chart is
_THINGS = "#b7791f"
_EDGE = "#9aa5b1"
_MARGIN = 0.2

Place = tuple[float, float]


def drawn(cohorts: Sequence[Cohort]) -> list[Cohort]:
    """The first cohorts that fit on a chart, at least one."""
    found: list[Cohort] = []
    points = 0
    for each in cohorts:
        points += len(each.cases) + len(each.things)
        if found and points > MOST:
            break
        found.append(each)
    return found


def cohort_chart(cohorts: Sequence[Cohort]) -> Chart:
    """The chart of some cohorts; its rows are empty, the page has a table of its own."""
    cases: list[dict[str, Any]] = []
    things: dict[SignalKind, list[dict[str, Any]]] = {}
    lines: list[Any] = []
    for cohort, cell in zip(cohorts, _cells(cohorts), strict=True):
        places = _places(cohort, cell)
        for at, case in enumerate(cohort.cases):
            cases.append(_point(places[at], case.enterprise.name))
        for at, thing in enumerate(cohort.things, start=len(cohort.cases)):
            name = thing.label
            if thing.elsewhere:
                more = _("（别的区划另有 {count} 份）").format(count=thing.elsewhere)
                name += more
            things.setdefault(thing.kind, []).append(_point(places[at], name))
        lines += _lines(cohort, places)
    options = {
        "grid": {"left": 8, "right": 8, "top": 40, "bottom": 8},
        "legend": {"top": 0, "type": "scroll"},
        "tooltip": {"trigger": "item", "formatter": "{b}"},
        "xAxis": _axis(),
        "yAxis": _axis(),
        "series": [
            _edges(lines),
            _points(_("申报企业"), cases, "circle", ACCENT, 12),
            *(
                _points(
                    kind.label(english=speaks_english()), found, "diamond", _THINGS, 18
                )
                for kind, found in things.items()
            ),
        ],
    }
    return Chart("cohorts", _("哪些申报连在一起"), options, (), ())


def _cells(cohorts: Sequence[Cohort]) -> Iterable[tuple[Place, float]]:
    """A cell for each: its middle and half its width; rows of about equal length."""
    across = max(1, math.ceil(math.sqrt(len(cohorts) * _ACROSS)))
    for at in range(len(cohorts)):
        row, column = divmod(at, across)
        yield ((2 * column + 1) * _ACROSS, -(2.0 * row + 1)), 1.0


def _places(cohort: Cohort, cell: tuple[Place, float]) -> list[Place]:
    """Where the cases, then the things of a cohort stand."""
    (middle, height), half = cell
    graph: rustworkx.PyGraph[int, None] = rustworkx.PyGraph()
    graph.add_nodes_from(range(len(cohort.cases) + len(cohort.things)))
    graph.add_edges_from([(left, right, None) for left, right in _pairs(cohort)])
    found = rustworkx.spring_layout(graph, seed=_SEED, num_iter=200)
    rows = [found[each] for each in graph.node_indices()]
    widest = max((max(abs(x), abs(y)) for x, y in rows), default=1.0) or 1.0
    scale = half * (1 - _MARGIN) / widest
    return [
        (round(middle + x * scale * _ACROSS, 4), round(height + y * scale, 4))
        for x, y in rows
    ]


def _pairs(cohort: Cohort) -> Iterable[tuple[int, int]]:
    at = {case.pk: place for place, case in enumerate(cohort.cases)}
    for number, thing in enumerate(cohort.things, start=len(cohort.cases)):
        for pk in thing.cases:
            yield at[pk], number


def _lines(cohort: Cohort, places: Sequence[Place]) -> Iterable[Any]:
    """Each edge as two points and a gap."""
    for left, right in _pairs(cohort):
        yield from (list(places[left]), list(places[right]), [None, None])


def _point(place: Place, name: str) -> dict[str, Any]:
    return {"name": name, "value": list(place)}


def _axis() -> dict[str, Any]:
    return {"type": "value", "show": False, "scale": True}


def _edges(lines: list[Any]) -> dict[str, Any]:
    return {
        "type": "line",
        "data": lines,
        "silent": True,
        "symbol": "none",
        "lineStyle": {"color": _EDGE, "width": 1},
        "tooltip": {"show": False},
        "z": 1,
    }


def _points(
    name: str, found: list[dict[str, Any]], symbol: str, colour: str, size: int
) -> dict[str, Any]:
    return {
        "type": "scatter",
        "name": name,
        "data": found,
        "symbol": symbol,
        "symbolSize": size,
        "itemStyle": {"color": colour},
        "label": {
            "show": True,
            "formatter": "{b}",
            "position": "bottom",
            "fontSize": 12,
            "width": 150,
            "overflow": "truncate",
        },
        "labelLayout": {"hideOverlap": True},
        "z": 3,
    }
