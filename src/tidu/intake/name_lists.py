"""Lists that name enterprises and little else: 序号, 企业名称, 地区, 有效期."""

from __future__ import annotations

import dataclasses
import datetime
import re
from pathlib import Path
from typing import Any

from tidu.intake.dates import read_date
from tidu.intake.files import Limits, open_sheets
from tidu.intake.problems import CellError, UnreadableFile
from tidu.intake.sheets import Cells, Sheet, cell_at
from tidu.intake.writing import is_blank, normal, show
from tidu.rules.language import N_

_HEADERS_IN = 15  # rows a title, notes and the header may take
_NAME_LENGTH = range(4, 121)  # characters of what can be the name of a firm
_COLUMNS = {
    "name": re.compile(
        r"(?:企业|单位|公司|申报单位|申报企业|获评企业|认定企业)(?:全?名称|全称)|名称|企业"
    ),
    "uscc": re.compile(r"(?:统一)?社会信用代码"),
    "place": re.compile(
        r"(?:所在|所属|推荐)?(?:地区|区域|辖区|区县|县区|县市区|市县区?|地市|市州|区划|地|市)"
        r"|推荐单位"
    ),
    "from": re.compile(r"有效期?(?:起始?|自|开始)(?:日期|时间)?|有效期起始日|认定日期"),
    "until": re.compile(
        r"有效期?(?:至|止|截止|到期)(?:日期|时间)?|有效期截止日|到期日期?"
    ),
    "both": re.compile(r"有效期限?|认定有效期"),
}
_SPAN = re.compile(r"^(.*?\d日?)\s*(?:至|到|~|～|—+|--|－)\s*(\d.*)$")


@dataclasses.dataclass(frozen=True, slots=True)
class NamedRow:
    """One line of a list; dates only where the line gives them."""

    row: int
    name: str
    uscc: str = ""
    place: str = ""
    valid_from: datetime.date | None = None
    valid_until: datetime.date | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class NameList:
    """The lines that name a firm; ``doubts``: (row, text) of dates not understood."""

    rows: tuple[NamedRow, ...]
    doubts: tuple[tuple[int, str], ...]


def read_name_list(path: Path, limits: Limits | None = None) -> NameList:
    """Read every sheet that has a column of names. Raises UnreadableFile."""
    rows: list[NamedRow] = []
    doubts: list[tuple[int, str]] = []
    headed = False
    for sheet in open_sheets(path, limits or Limits()):
        found = _header(sheet)
        if found is None or sheet.hidden:
            continue
        headed = True
        at, columns = found
        for number, cells in sheet.rows(at + 1):
            row = number + sheet.first
            if read := _row(row, cells, columns, doubts):
                rows.append(read)
    if not headed:
        raise UnreadableFile(
            N_("{path} 里没有“企业名称”列；请在名称上面一格写上“企业名称”"),
            path=path.name,
        )
    if not rows:
        raise UnreadableFile(
            N_("{path} 的“企业名称”列下面没有名称；请检查是否选对了文件"),
            path=path.name,
        )
    return NameList(tuple(rows), tuple(doubts))


def _header(sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    """The first row that has a column of names, and where its columns are."""
    for at, cells in enumerate(sheet.head[:_HEADERS_IN]):
        columns: dict[str, int] = {}
        for place, cell in enumerate(cells):
            text = re.sub(r"[\s()（）、,/]", "", normal(show(cell)))
            for kind, pattern in _COLUMNS.items():
                if kind not in columns and pattern.fullmatch(text):
                    columns[kind] = place
                    break
        if "name" in columns:
            return at, columns
    return None


def _row(
    row: int,
    cells: Cells,
    columns: dict[str, int],
    doubts: list[tuple[int, str]],
) -> NamedRow | None:
    texts = {kind: show(cell_at(cells, at)) for kind, at in columns.items()}
    name = " ".join(texts["name"].split())
    if len(name) not in _NAME_LENGTH:
        return None
    raw: dict[str, Any] = {k: cell_at(cells, columns.get(k)) for k in ("from", "until")}
    if span := _SPAN.match(normal(texts.get("both", ""))):
        raw["from"], raw["until"] = span.groups()
    elif texts.get("both"):
        raw["until"] = cell_at(cells, columns["both"])
    dates: dict[str, datetime.date | None] = {}
    for kind, cell in raw.items():
        dates[kind] = None
        if is_blank(cell):
            continue
        try:
            dates[kind] = read_date(cell, lambda _note: None)
        except CellError:
            doubts.append((row, show(cell)[:40]))
    start, end = dates["from"], dates["until"]
    if start and end and end < start:
        doubts.append((row, f"{start}—{end}"))
        start = end = None
    return NamedRow(
        row=row,
        name=name,
        uscc=normal(texts.get("uscc", "")).upper()[:18],
        place=texts.get("place", "")[:100],
        valid_from=start,
        valid_until=end,
    )
