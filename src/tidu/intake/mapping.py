"""``--columns``: what the columns of a foreign table mean.

    columns:
      revenue_yuan: {fact: revenue, year: 2025, unit: 元, source: 年报第{page}页}
      full_name: name
    constants:
      listed: {value: 是, source: 上海证券交易所科创板上市公司}
    derive:
      employees@2025: {expression: rnd_staff / (share / 100), source: 人数除以占比}
    ignore: [note]

``year`` may name a column; a short form ``revenue_yuan: revenue(元)@2025`` is a header
as people write it. ``derive`` may also be a list of ``employees@2025 = rnd_staff /
share``. Columns that are not named here are read by their own headers.
"""

from __future__ import annotations

import ast
import dataclasses
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from tidu.intake.cells import reader_for
from tidu.intake.dates import check_year
from tidu.intake.headers import UNITS, Header, HeaderReader
from tidu.intake.problems import CellError
from tidu.rules.errors import PackError
from tidu.rules.facts import NUMERIC, Fact, FactDictionary, FactValue, key_of
from tidu.rules.yamlio import Block, load_block, nearest

_ALLOWED = (ast.BinOp, ast.Load, ast.Add, ast.Sub, ast.Mult, ast.Div)
_SECTIONS = {"columns", "constants", "derive", "ignore"}
PLACE = re.compile(r"\{([^{}]+)\}")  # a column named in a source text
_QUOTED = re.compile(r"`([^`]+)`")
_LONGEST = 500  # characters of an expression
_EXPRESSION_REMEDY = (
    "只能用列名、事实编号、数字、+ - * / 和括号；列名里有符号时用 `列名`"
)


@dataclasses.dataclass(frozen=True, slots=True)
class MappedColumn:
    """What one foreign column means; ``year_column`` names the column with its year."""

    header: Header
    year_column: str = ""
    source: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Constant:
    """A fact that is the same for every row."""

    key: str
    value: FactValue
    source: str


@dataclasses.dataclass(frozen=True, slots=True)
class Derivation:
    """A fact worked out from columns; ``names`` maps names in ``tree`` to columns."""

    fact: Fact
    year: int | None
    year_column: str
    tree: ast.expr
    text: str
    names: Mapping[str, str]
    source: str

    @property
    def title(self) -> str:
        """The derivation as one line."""
        return f"{key_of(self.fact.id, self.year)} = {self.text}"


@dataclasses.dataclass(frozen=True, slots=True)
class ColumnMap:
    """The whole of a ``--columns`` file."""

    file: str
    columns: Mapping[str, MappedColumn]
    constants: tuple[Constant, ...]
    derivations: tuple[Derivation, ...]
    ignored: frozenset[str]

    def used_elsewhere(self) -> frozenset[str]:
        """Columns needed for a year, a source or a derivation."""
        found: set[str] = set()
        for each in self.columns.values():
            found |= {each.year_column, *PLACE.findall(each.source)}
        for one in self.derivations:
            found |= {one.year_column, *PLACE.findall(one.source)}
            found |= set(one.names.values())
        return frozenset(found)


def load_column_map(path: Path, facts: FactDictionary) -> ColumnMap:
    """Read a column map. Raises PackError with file, line and remedy."""
    block = load_block(path)
    reader = HeaderReader(facts, 0)
    derivations: list[Derivation] = []
    whole = not _SECTIONS & set(block.keys())
    columns = block if whole else block.take_block("columns")
    mapped = {}
    for name in columns.keys() if columns else ():
        assert columns is not None
        if not columns.is_block(name) and "=" in (text := columns.take_text(name)):
            derivations.append(_equation(columns, text, facts))
        elif columns.is_block(name):
            mapped[name] = _column(columns, name, reader)
        else:
            mapped[name] = MappedColumn(_header(columns, text, reader))
    found = ColumnMap(
        path.name,
        mapped,
        tuple(_constants(block.take_block("constants"), facts)),
        (*derivations, *_derivations(block, facts)),
        frozenset(block.take_texts("ignore")),
    )
    block.finish()
    return found


def _column(columns: Block, name: str, reader: HeaderReader) -> MappedColumn:
    inner = columns.take_block(name)
    assert inner is not None
    header = _header(inner, inner.take_text("fact"), reader)
    year, unit = inner.take_text("year", ""), inner.take_text("unit", "")
    source = inner.take_text("source", "")
    inner.finish()
    if year.isdigit():
        _check(inner, int(year))
        header = dataclasses.replace(header, year=int(year))
        year = ""
    if unit and unit not in UNITS:
        raise inner.error(f"不认识的单位 {unit}", remedy="可写 元、万元、亿元、% 等")
    if unit:
        header = dataclasses.replace(header, unit=unit)
    return MappedColumn(header, year, source)


def _header(block: Block, text: str, reader: HeaderReader) -> Header:
    try:
        header = reader.read(text)
    except CellError as error:
        raise block.error(f"{text} 的年份超出范围", remedy="请写四位年份") from error
    if header.fact is None:
        raise block.error(
            f"不认识的事实 {text}", remedy=nearest(text, reader.facts) or "请写事实编号"
        )
    return header


def _fact(block: Block, key: str, facts: FactDictionary) -> tuple[Fact, int | None]:
    fact_id, _, year = key.strip().partition("@")
    if fact_id not in facts or (year and not year.isdigit()):
        raise block.error(
            f"不认识的事实 {key}", remedy=nearest(fact_id, facts) or "请写事实编号@年份"
        )
    if not year:
        return facts[fact_id], None
    if not facts[fact_id].yearly:
        raise block.error(f"{fact_id} 不分年度", remedy=f"请写 {fact_id}")
    _check(block, int(year))
    return facts[fact_id], int(year)


def _check(block: Block, year: int) -> None:
    try:
        check_year(year)
    except CellError as error:
        raise block.error(f"年份 {year} 超出范围", remedy="请写四位年份") from error


def _constants(block: Block | None, facts: FactDictionary) -> Iterator[Constant]:
    for key in block.keys() if block else ():
        assert block is not None
        fact, year = _fact(block, key, facts)
        if block.is_block(key):
            inner = block.take_block(key)
            assert inner is not None
            text, source = inner.take_text("value"), inner.take_text("source", "")
            inner.finish()
        else:
            inner, text, source = block, block.take_text(key), ""
        if fact.yearly and year is None:
            raise inner.error(f"{key} 要写年份", remedy=f"请写 {key}@年份")
        try:
            value = reader_for(fact, "")(text, lambda _: None)
        except CellError as error:
            accepted = error.accepted.format(**error.values)
            raise inner.error(
                f"{key} 的 {text} {error.what.format(**error.values)}", remedy=accepted
            ) from error
        yield Constant(key_of(fact.id, year), value, source)


def _derivations(block: Block, facts: FactDictionary) -> Iterator[Derivation]:
    if not block.is_block("derive"):
        for text in block.take_texts("derive"):
            yield _equation(block, text, facts)
        return
    inside = block.take_block("derive")
    assert inside is not None
    for key in inside.keys():
        if inside.is_block(key):
            inner = inside.take_block(key)
            assert inner is not None
            text = inner.take_text("expression")
            year, source = inner.take_text("year", ""), inner.take_text("source", "")
            inner.finish()
            yield _derivation(inner, key, text, facts, year, source)
        else:
            yield _derivation(inside, key, inside.take_text(key), facts)


def _equation(block: Block, text: str, facts: FactDictionary) -> Derivation:
    """``employees@2025 = rnd_staff / share``."""
    key, _, expression = text.partition("=")
    return _derivation(block, key.strip(), expression.strip(), facts)


def _derivation(
    block: Block,
    key: str,
    text: str,
    facts: FactDictionary,
    year_column: str = "",
    source: str = "",
) -> Derivation:
    fact, year = _fact(block, key, facts)
    if fact.type not in NUMERIC:
        raise block.error(f"{key} 不是数，不能推算", remedy="请改用 constants 或列")
    if year_column.isdigit():
        _check(block, int(year_column))
        year, year_column = int(year_column), ""
    tree, names = _expression(block, text)
    return Derivation(fact, year, year_column, tree, text, names, source)


def _expression(block: Block, text: str) -> tuple[ast.expr, dict[str, str]]:
    """The tree of an expression, and the column each of its names stands for."""
    names: dict[str, str] = {}

    def stand_in(match: re.Match[str]) -> str:
        name = f"_column_{len(names)}"
        names[name] = match[1].strip()
        return name

    try:
        if len(text) > _LONGEST:
            raise ValueError(text)
        tree = ast.parse(_QUOTED.sub(stand_in, text).strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise _refused(block, text) from error
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            names.setdefault(node.id, node.id)
        elif not (
            isinstance(node, _ALLOWED)
            or (isinstance(node, ast.Constant) and type(node.value) in {int, float})
        ):
            raise _refused(block, text)
    return tree, names


def _refused(block: Block, text: str) -> PackError:
    shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return block.error(f"算式读不懂或不能这样写：{shown}", remedy=_EXPRESSION_REMEDY)
