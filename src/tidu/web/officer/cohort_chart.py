"""Cohorts as a chart: cases around what they share, at places that never change.

The places are worked out here, by a fixed seed: a graph that moves by itself would look
different each time two officers speak about it. The small build of ECharts draws it as
points and lines.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Sequence
from typing import Any

import rustworkx
from django.utils.translation import gettext as _

from tidu.casework.cohorts import Cohort
from tidu.casework.integrity.kinds import SignalKind
from tidu.web.components import ACCENT, Chart
from tidu.web.context import speaks_english

DRAWN = 8  # cohorts of a chart; the table has them all
NAMED = 12  # cases of a cohort whose names are written; the others say them on touch
_SEED = 7
_COLUMNS = 2
_HALF = 2.9  # of a cell's width, where half its height is 1: room for names
_STRETCH, _REACH = 1.5, 0.62  # how far points stand from the middle of their cell
_MIDDLE = 0.3  # of the reach: no name to the side from here
_THINGS = "#b7791f"
_EDGE = "#9aa5b1"
_NARROW = 600  # pixels of a chart on a telephone
_NAME_WIDTH, _SHORT_WIDTH = 190, 90

Place = tuple[float, float]


@dataclasses.dataclass(slots=True)
class _Drawing:
    """Points and lines as they are gathered, cohort by cohort."""

    cases: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    things: dict[SignalKind, list[dict[str, Any]]] = dataclasses.field(
        default_factory=dict
    )
    lines: list[list[float | None]] = dataclasses.field(default_factory=list)


def rows_of(cohorts: Sequence[Cohort]) -> int:
    """How many rows of cells a chart has: what its height follows."""
    return math.ceil(min(len(cohorts), DRAWN) / _COLUMNS)


def cohort_chart(cohorts: Sequence[Cohort]) -> Chart:
    """The chart of the first DRAWN cohorts; the page has a table of its own."""
    found = _Drawing()
    for at, cohort in enumerate(cohorts[:DRAWN]):
        row, column = divmod(at, _COLUMNS)
        _draw(found, cohort, ((2 * column + 1) * _HALF, -(2.0 * row + 1)))
    columns = min(len(cohorts), _COLUMNS)
    series = [
        _edges(found.lines),
        _points(_("申报企业"), found.cases, "circle", ACCENT, 12),
        *(
            _points(kind.label(english=speaks_english()), each, "diamond", _THINGS, 18)
            for kind, each in found.things.items()
        ),
    ]
    narrow: list[dict[str, Any]] = [{"label": {"show": False}} for _each in series[:2]]
    narrow += [{"label": {"width": _SHORT_WIDTH}} for _each in series[2:]]
    options = {
        "grid": {"left": 8, "right": 8, "top": 44, "bottom": 16},
        "legend": {"top": 0, "type": "scroll"},
        "tooltip": {"trigger": "item", "formatter": "{b}"},
        "xAxis": _axis(0, 2 * _HALF * columns),
        "yAxis": _axis(-2 * rows_of(cohorts), 0),
        "series": series,
        "media": [{"query": {"maxWidth": _NARROW}, "option": {"series": narrow}}],
    }
    return Chart("cohorts", _("哪些申报连在一起"), options, (), ())


def _draw(found: _Drawing, cohort: Cohort, middle: Place) -> None:
    places = _places(cohort, middle)
    written = len(cohort.cases) <= NAMED
    for case, place in zip(cohort.cases, places, strict=False):
        name = case.enterprise.name
        found.cases.append(_point(place, middle, name, written=written))
    for thing, place in zip(cohort.things, places[len(cohort.cases) :], strict=True):
        name = thing.label
        if thing.elsewhere:
            name += _("（别的区划另有 {count} 份）").format(count=thing.elsewhere)
        point = {"name": name, "value": list(place)}
        found.things.setdefault(thing.kind, []).append(point)
    for left, right in _pairs(cohort):  # two ends and a gap
        found.lines += [list(places[left]), list(places[right]), [None, None]]


def _places(cohort: Cohort, middle: Place) -> list[Place]:
    """Where the cases, then the things of a cohort stand."""
    graph: rustworkx.PyGraph[int, None] = rustworkx.PyGraph()
    graph.add_nodes_from(range(len(cohort.cases) + len(cohort.things)))
    graph.add_edges_from([(left, right, None) for left, right in _pairs(cohort)])
    found = rustworkx.spring_layout(graph, seed=_SEED, num_iter=200)
    rows = [found[each] for each in graph.node_indices()]
    farthest = max((max(abs(x), abs(y)) for x, y in rows), default=1.0) or 1.0
    scale = _REACH / farthest
    return [
        (
            round(middle[0] + x * scale * _STRETCH, 4),
            round(middle[1] + y * scale, 4),
        )
        for x, y in rows
    ]


def _pairs(cohort: Cohort) -> Iterable[tuple[int, int]]:
    at = {case.pk: place for place, case in enumerate(cohort.cases)}
    for number, thing in enumerate(cohort.things, start=len(cohort.cases)):
        for pk in thing.cases:
            yield at[pk], number


def _point(place: Place, middle: Place, name: str, *, written: bool) -> dict[str, Any]:
    """A case, its name on the outer side of its cohort."""
    aside = (place[0] - middle[0]) / (_REACH * _STRETCH)
    if abs(aside) < _MIDDLE:
        side = "top" if place[1] > middle[1] else "bottom"
    else:
        side = "right" if aside > 0 else "left"
    label = {"position": side} if written else {"show": False}
    return {"name": name, "value": list(place), "label": label}


def _axis(least: float, most: float) -> dict[str, Any]:
    return {"type": "value", "show": False, "min": least, "max": most}


def _edges(lines: list[list[float | None]]) -> dict[str, Any]:
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
            "width": _NAME_WIDTH,
            "overflow": "truncate",
        },
        "z": 3,
    }
