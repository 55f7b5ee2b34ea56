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
as people write it. In an expression stand columns, numbers, + - * / and brackets.
"""

from __future__ import annotations

import ast
import dataclasses
import operator
import re
from collections.abc import Callable, Mapping
from decimal import Decimal, DivisionByZero, InvalidOperation
from pathlib import Path

from tidu.intake.cells import normal
from tidu.intake.headers import Header, HeaderReader
from tidu.intake.problems import CellError
from tidu.rules.facts import Fact, FactDictionary, split_key
from tidu.rules.language import N_
from tidu.rules.yamlio import Block, load_block, nearest

_OPERATORS: Mapping[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_NUMBER = re.compile(r"[-+]?[\d,]+(?:\.\d+)?(?:[eE][-+]?\d+)?")


@dataclasses.dataclass(frozen=True, slots=True)
class MappedColumn:
    """What one foreign column means; ``year_column`` names the column with its year."""

    header: Header
    year_column: str = ""
    source: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Constant:
    """A fact that is the same for every row, as text."""

    key: str
    fact: Fact
    text: str
    source: str


@dataclasses.dataclass(frozen=True, slots=True)
class Derivation:
    """A fact worked out from columns; ``columns`` are those the expression names."""

    fact: Fact
    year: int | None
    year_column: str
    tree: ast.expr
    text: str
    columns: tuple[str, ...]
    source: str


@dataclasses.dataclass(frozen=True, slots=True)
class ColumnMap:
    """The whole of a ``--columns`` file."""

    columns: Mapping[str, MappedColumn]
    constants: tuple[Constant, ...]
    derivations: tuple[Derivation, ...]
    ignored: frozenset[str]


def load_column_map(path: Path, facts: FactDictionary) -> ColumnMap:
    """Read a column map. Raises PackError with file, line and remedy."""
    block = load_block(path)
    reader = HeaderReader(facts, 0)
    known = {"columns", "constants", "derive", "ignore"}
    whole = not known & set(block.keys())
    columns = block if whole else block.take_block("columns")
    mapped = {}
    if columns is not None:
        for name in columns.keys():
            mapped[name] = _column(columns, name, reader)
    found = ColumnMap(
        mapped,
        tuple(_constants(block.take_block("constants"), facts)),
        tuple(_derivations(block.take_block("derive"), facts)),
        frozenset(block.take_texts("ignore")),
    )
    block.finish()
    return found


def _column(columns: Block, name: str, reader: HeaderReader) -> MappedColumn:
    if columns.is_block(name):
        inner = columns.take_block(name)
        assert inner is not None
        text = inner.take_text("fact")
        year, unit = inner.take_text("year", ""), inner.take_text("unit", "")
        source = inner.take_text("source", "")
        header = _header(inner, text, reader)
        inner.finish()
        if year.isdigit():
            header = dataclasses.replace(header, year=int(year))
            year = ""
        if unit:
            header = dataclasses.replace(header, unit=unit)
        return MappedColumn(header, year, source)
    return MappedColumn(_header(columns, columns.take_text(name), reader))


def _header(block: Block, text: str, reader: HeaderReader) -> Header:
    header = reader.read(text)
    if header.fact is None:
        raise block.error(
            f"不认识的事实 {text}", remedy=nearest(text, reader.facts) or "请写事实编号"
        )
    return header


def _fact(block: Block, key: str, facts: FactDictionary) -> tuple[Fact, int | None]:
    fact_id, _, year = key.partition("@")
    if fact_id not in facts or (year and not year.isdigit()):
        raise block.error(
            f"不认识的事实 {key}", remedy=nearest(fact_id, facts) or "请写事实编号@年份"
        )
    return facts[fact_id], split_key(key)[1]


def _constants(block: Block | None, facts: FactDictionary) -> list[Constant]:
    found = []
    for key in block.keys() if block else ():
        assert block is not None
        fact, _ = _fact(block, key, facts)
        if block.is_block(key):
            inner = block.take_block(key)
            assert inner is not None
            text, source = inner.take_text("value"), inner.take_text("source", "")
            inner.finish()
        else:
            text, source = block.take_text(key), ""
        found.append(Constant(key, fact, text, source))
    return found


def _derivations(block: Block | None, facts: FactDictionary) -> list[Derivation]:
    found = []
    for key in block.keys() if block else ():
        assert block is not None
        fact, year = _fact(block, key, facts)
        year_column = source = ""
        if block.is_block(key):
            inner = block.take_block(key)
            assert inner is not None
            text = inner.take_text("expression")
            year_column = inner.take_text("year", "")
            source = inner.take_text("source", "")
            inner.finish()
        else:
            text = block.take_text(key)
        tree = _expression(block, text)
        names = tuple(n.id for n in ast.walk(tree) if isinstance(n, ast.Name))
        found.append(Derivation(fact, year, year_column, tree, text, names, source))
    return found


def _expression(block: Block, text: str) -> ast.expr:
    remedy = "只能用列名、数字、+ - * / 和括号"
    try:
        tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError) as error:
        raise block.error(f"算式读不懂：{text}", remedy=remedy) from error
    for node in ast.walk(tree):
        allowed = (
            isinstance(node, ast.BinOp | ast.Name | ast.Load)
            or type(node) in _OPERATORS
            or (isinstance(node, ast.Constant) and type(node.value) in {int, float})
        )
        if not allowed:
            raise block.error(f"算式里不能这样写：{text}", remedy=remedy)
    return tree


def number_of(text: str) -> Decimal:
    """A bare number from a foreign cell; CellError where it is none."""
    plain = normal(text)
    if _NUMBER.fullmatch(plain) is None:
        raise CellError(N_("读不成数字"), N_("请写数字，如 3 或 3.5"))
    return Decimal(plain.replace(",", ""))


def work_out(tree: ast.expr, values: Mapping[str, Decimal]) -> Decimal:
    """The value of an expression. CellError where it divides by zero."""
    match tree:
        case ast.Constant(value):
            return Decimal(str(value))
        case ast.Name(name):
            return values[name]
        case ast.BinOp(left, op, right):
            try:
                return _OPERATORS[type(op)](
                    work_out(left, values), work_out(right, values)
                )
            except (DivisionByZero, InvalidOperation) as error:
                raise CellError(N_("除数为零"), N_("请核对这几列")) from error
    raise AssertionError(tree)
