"""Which province, city and county does a division code stand for?"""

from __future__ import annotations

import csv
import dataclasses
import functools
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from tidu.rules.errors import PackError
from tidu.rules.library import pack_folders
from tidu.rules.yamlio import load_block

FILE = Path("lists/divisions.csv")
PROVINCE, CITY, COUNTY = 1, 2, 3
_COLUMNS = ["code", "name", "level", "parent"]
_DIGITS = 6


@dataclasses.dataclass(frozen=True, slots=True)
class Division:
    """A province (level 1), city (2) or county (3); a province's parent is empty.

    A county may stand directly under its province: the municipalities have no cities.
    """

    code: str
    name: str
    level: int
    parent: str


@dataclasses.dataclass(frozen=True)
class Divisions:
    """Divisions by their six-digit code, in the order of the codes."""

    by_code: Mapping[str, Division]

    def __iter__(self) -> Iterator[Division]:
        return iter(self.by_code.values())

    def __len__(self) -> int:
        return len(self.by_code)

    def find(self, code: str) -> Division | None:
        """The division of a code: six digits, or a prefix of two or four; else None."""
        return self.by_code.get(code.ljust(_DIGITS, "0"))

    def nearest(self, code: str) -> Division | None:
        """The division, or the smallest listed one around it: codes are abolished."""
        for digits in (_DIGITS, 4, 2):
            found = self.find(code[:digits])
            if found:
                return found
        return None

    def name(self, code: str) -> str:
        """The division's own name (宁波市); empty for a code that is not listed."""
        found = self.find(code)
        return found.name if found else ""

    def full_name(self, code: str) -> str:
        """Province, city and county in one (浙江省宁波市慈溪市), as far as listed."""
        return "".join(each.name for each in self.line(code))

    def level(self, code: str) -> int | None:
        """1 province, 2 city, 3 county; None for a code that is not listed."""
        found = self.find(code)
        return found.level if found else None

    def parent(self, code: str) -> Division | None:
        """The division above by the prefix; None above a province or where unlisted."""
        full = code.ljust(_DIGITS, "0")
        for digits in (4, 2):
            found = self.find(full[:digits])
            if found and found.code != full:
                return found
        return None

    def line(self, code: str) -> tuple[Division, ...]:
        """The divisions from the province down to the nearest listed one."""
        found = self.nearest(code)
        upward: list[Division] = []
        while found:
            upward.append(found)
            found = self.parent(found.code)
        return tuple(reversed(upward))

    def children(self, code: str = "") -> tuple[Division, ...]:
        """The divisions directly below; the provinces for an empty code."""
        return self._below.get(code.ljust(_DIGITS, "0") if code else "", ())

    @functools.cached_property
    def _below(self) -> Mapping[str, tuple[Division, ...]]:
        found: dict[str, list[Division]] = {}
        for each in self:
            found.setdefault(each.parent, []).append(each)
        return {code: tuple(below) for code, below in found.items()}


@functools.cache
def default_divisions() -> Divisions:
    """The divisions of this installation's packs; read once."""
    return load_divisions(pack_folders())


def load_divisions(folders: Iterable[Path]) -> Divisions:
    """Read ``lists/divisions.csv`` of every folder that has one.

    A province's pack (one that ``extends``) lists codes of its own territory only.
    Raises PackError with file, line and remedy: a code twice, a wrong level, a parent
    that is not the nearest listed code above.
    """
    rows: dict[str, Division] = {}
    places: dict[str, str] = {}
    for folder in folders:
        path = folder / FILE
        if path.is_file():
            for line, division in _read(path, _territory(folder)):
                place = f"{path}:{line}"
                if division.code in rows:
                    raise PackError(
                        f"区划代码 {division.code} 已在 {places[division.code]}",
                        place=place,
                        remedy="只保留一处",
                    )
                rows[division.code] = division
                places[division.code] = place
    found = Divisions(dict(sorted(rows.items())))
    for each in found:
        above = found.parent(each.code)
        if (above.code if above else "") != each.parent:
            raise PackError(
                f"{each.code} 的上级写的是 {each.parent or '空'}",
                place=places[each.code],
                remedy=f"按代码应为 {above.code if above else '空'}",
            )
    return found


def _territory(folder: Path) -> str:
    block = load_block(folder / "pack.yaml")
    return block.take_text("territory") if "extends" in block else ""


def _read(path: Path, territory: str) -> Iterator[tuple[int, Division]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if reader.fieldnames != _COLUMNS:
            raise PackError(
                f"列名是 {reader.fieldnames}",
                place=f"{path}:1",
                remedy=f"应为 {','.join(_COLUMNS)}",
            )
        for row in reader:
            code, name = row["code"] or "", row["name"] or ""
            level = COUNTY if code[4:] != "00" else CITY if code[2:4] != "00" else 1
            right = len(code) == _DIGITS and code.isascii() and code.isdigit()
            if not right or not name or row["level"] != str(level):
                raise PackError(
                    f"读不懂这一行：{code},{name},{row['level']}",
                    place=f"{path}:{reader.line_num}",
                    remedy="写六位数字的代码、名称和层级（1省 2市 3县）",
                )
            if not code.startswith(territory):
                raise PackError(
                    f"{code} 不在本包的区划 {territory} 之内",
                    place=f"{path}:{reader.line_num}",
                    remedy="地方包只列本地的区划",
                )
            yield reader.line_num, Division(code, name, level, row["parent"] or "")
