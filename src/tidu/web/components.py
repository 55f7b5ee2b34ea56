"""What the components of a page take: chips, clocks, charts. See ``/styleguide/``."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any, Literal

ClockState = Literal["running", "soon", "due", "stopped", "done"]


@dataclasses.dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force; ``url`` is the same list without it."""

    label: str
    url: str


@dataclasses.dataclass(frozen=True, slots=True)
class ClockShown:
    """A clock in words: 还剩 6 个工作日（12 月 3 日前）; ``share``: percent used."""

    left: str
    share: int
    state: ClockState = "running"
    since: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Chart:
    """A chart with its table; ``options`` is what ECharts takes, without styles.

    ``rows``: the same figures as ``options`` draws, the row's name first.
    """

    id: str
    title: str
    options: dict[str, Any]
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    note: str = ""
    table_open: bool = True

    @property
    def options_id(self) -> str:
        """The id of the element that holds the options."""
        return f"{self.id}-options"


ACCENT = "#0f6e6e"


def bars(
    chart_id: str, title: str, columns: tuple[str, str], rows: Sequence[tuple[str, int]]
) -> Chart:
    """A chart of lying bars, the first row on top."""
    options = {
        "grid": {"left": 8, "right": 40, "top": 8, "bottom": 8, "containLabel": True},
        "xAxis": {"type": "value", "minInterval": 1},
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": [name for name, _value in rows],
            "axisTick": {"show": False},
        },
        "tooltip": {"trigger": "axis"},
        "series": [
            {
                "type": "bar",
                "name": columns[1],
                "data": [value for _name, value in rows],
                "itemStyle": {"color": ACCENT},
                "barMaxWidth": 22,
                "label": {"show": True, "position": "right"},
            }
        ],
    }
    return Chart(chart_id, title, options, columns, rows)
