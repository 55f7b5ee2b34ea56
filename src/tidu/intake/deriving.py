"""What a column map works out of a row: employees = rnd_staff / share."""

from __future__ import annotations

import ast
import dataclasses
import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from tidu.intake.amounts import MOST_RATIO, bare_number, in_range
from tidu.intake.dates import read_year
from tidu.intake.mapping import PLACE, Derivation
from tidu.intake.problems import CellError
from tidu.intake.sheets import Cells, cell_at
from tidu.intake.writing import is_unknown, show
from tidu.rules.facts import FactType, FactValue, key_of
from tidu.rules.language import N_
from tidu.rules.units import CENT

_WHOLE = re.compile(r"(?<=\d)\.0+$")  # 583.0 people are 583


@dataclasses.dataclass(frozen=True, slots=True)
class Known:
    """What a derivation may use: the row's cells by header, and its facts so far."""

    heads: Mapping[str, int]
    cells: Cells
    values: Mapping[str, FactValue]

    def cell(self, column: str) -> object:
        """The cell under a header, None where there is none."""
        return cell_at(self.cells, self.heads.get(column))


def derive(
    one: Derivation, known: Known, default_year: int
) -> tuple[str, FactValue] | None:
    """Key and value in base units; None where a figure it needs is unknown.

    A column is taken as it stands, a fact in its base unit, of the same year. Counts
    are rounded to the nearest whole number, money to the cent.
    """
    year = one.year
    if one.year_column:
        year = read_year(known.cell(one.year_column))
    elif one.fact.yearly and year is None:
        year = default_year
    figures: dict[str, Decimal] = {}
    for name, column in one.names.items():
        figure = _figure(column, known, year)
        if figure is None:
            return None
        figures[name] = figure
    try:
        found = _work_out(one.tree, figures)
        return key_of(one.fact.id, year), _rounded(one, found)
    except ArithmeticError as error:
        raise CellError(N_("除数为零，或数太大"), N_("请核对这几列")) from error


def _figure(column: str, known: Known, year: int | None) -> Decimal | None:
    if column in known.heads:
        cell = known.cell(column)
        return None if is_unknown(cell) else bare_number(cell)
    for key in (key_of(column, year), column):
        value = known.values.get(key)
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return Decimal(value)
    return None


def _rounded(one: Derivation, found: Decimal) -> FactValue:
    if one.fact.type is FactType.RATIO and found > MOST_RATIO:
        raise CellError(N_("超过1000%"), N_("请核对小数点和百分号"))
    if one.fact.type is FactType.COUNT:
        return int(in_range(found.quantize(Decimal(1), ROUND_HALF_UP), one.fact))
    if one.fact.type is FactType.MONEY:
        found = found.quantize(CENT, ROUND_HALF_UP)
    return in_range(found, one.fact)


def _work_out(tree: ast.expr, figures: Mapping[str, Decimal]) -> Decimal:
    match tree:
        case ast.Constant(value):
            return Decimal(str(value))
        case ast.Name(name):
            return figures[name]
        case ast.BinOp(left, operator, right):
            one, other = _work_out(left, figures), _work_out(right, figures)
            match operator:
                case ast.Add():
                    return one + other
                case ast.Sub():
                    return one - other
                case ast.Mult():
                    return one * other
            return one / other
    raise AssertionError(tree)


def fill(template: str, heads: Mapping[str, int], cells: Cells) -> str:
    """Put the row's own cells into a source text: 年报第{page}页."""

    def cell_of(match: re.Match[str]) -> str:
        cell = cell_at(cells, heads.get(match[1]))
        return "?" if is_unknown(cell) else _WHOLE.sub("", show(cell))

    return PLACE.sub(cell_of, template)
