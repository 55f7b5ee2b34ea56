"""The statements of a file → one row for each firm, every figure with its cell."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from tidu.intake.amounts import read_money
from tidu.intake.cells import NO_RESULT, SPREADSHEET_ERRORS
from tidu.intake.credit_codes import read_code
from tidu.intake.problems import ERROR, WARNING, CellError, ColumnRead, Problem, Row
from tidu.intake.statement_terms import BALANCE, heading
from tidu.intake.statements import OWN, Amounts, Figure, Statement
from tidu.intake.writing import is_unknown, plain_name, show
from tidu.rules.facts import FactDictionary, Facts, FactValue, key_of
from tidu.rules.language import N_

_YUAN = "元"


@dataclasses.dataclass(frozen=True, slots=True)
class _Read:
    """One figure as it was read, and the statement it is from."""

    value: FactValue
    figure: Figure
    statement: Statement


class StatementReader:
    """Turns the statements of one file into rows; ``columns`` tells how."""

    def __init__(self, file: str, facts: FactDictionary) -> None:
        self.file = file
        self.facts = facts
        self.columns: list[ColumnRead] = []

    def rows(self, statements: Iterable[Statement]) -> list[Row]:
        """One row for each filer; without a name a statement joins the only filer."""
        groups: dict[str, list[Statement]] = {}
        unnamed = []
        for each in statements:
            name = plain_name(each.name)
            if name:
                groups.setdefault(name, []).append(each)
            else:
                unnamed.append(each)
        if unnamed:
            only = next(iter(groups)) if len(groups) == 1 else ""
            groups.setdefault(only, []).extend(unnamed)
        return [self._row(group) for group in groups.values()]

    def _row(self, group: list[Statement]) -> Row:
        problems: list[Problem] = []
        read: dict[str, list[_Read]] = {}
        for statement in group:
            self._read(statement, read, problems)
        values: dict[str, FactValue] = {}
        sources: dict[str, str] = {}
        named = next((each for each in group if each.name), None)
        name = named.name if named else None
        if named:
            values["name"] = named.name
            sources["name"] = f"{self.file} {named.sheet.name}".strip()
        if code := self._code(group, problems):
            values["uscc"] = code
        for key, found in read.items():
            first, *others = sorted(found, key=lambda each: each.figure.rank)
            values[key] = first.value
            sources[key] = self._source(first)
            problems += [
                self._conflict(first, other)
                for other in others
                if other.value != first.value
            ]
        if not read:
            problems.append(self._of_sheet(group[0], ERROR, NOTHING))
        if not code and all(each.severity != ERROR for each in problems):
            problems.append(self._of_sheet(group[0], WARNING, NO_CODE))
        return Row(
            sheet=group[0].sheet.name,
            row=group[0].header + group[0].sheet.first,
            uscc=code,
            name=name,
            facts=Facts.of(values, sources),
            problems=problems,
        )

    def _read(
        self,
        statement: Statement,
        read: dict[str, list[_Read]],
        problems: list[Problem],
    ) -> None:
        assumed = False
        for figure in statement.figures():
            fact = self.facts.get(figure.fact_id)
            if fact is None:
                continue
            key = key_of(fact.id, figure.year)
            place = (figure.row, figure.column)
            self.columns.append(
                ColumnRead(
                    statement.sheet.name,
                    figure.line,
                    statement.sheet.cell_name(*place),
                    key,
                    figure.unit,
                )
            )
            try:
                if place in statement.sheet.broken or _is_error(figure.cell):
                    raise CellError(*NO_RESULT)
                if is_unknown(figure.cell):
                    continue
                unit = figure.unit or _YUAN
                value = read_money(figure.cell, fact, unit, lambda _: None)
            except CellError as error:
                problems.append(self._at(statement, figure, ERROR, error))
                continue
            assumed = assumed or not figure.unit
            read.setdefault(key, []).append(_Read(value, figure, statement))
        if assumed:
            problems.append(self._of_sheet(statement, WARNING, NO_UNIT))
        problems += [self._left(statement, column) for column in statement.left]

    def _code(self, group: list[Statement], problems: list[Problem]) -> str | None:
        for statement in group:
            if not statement.code:
                continue
            try:
                return read_code(statement.code)
            except CellError as error:
                texts = (error.what, error.accepted)
                problems.append(
                    self._of_sheet(
                        statement, ERROR, texts, text=statement.code, **error.values
                    )
                )
        return None

    def _source(self, read: _Read) -> str:
        sheet, figure = read.statement.sheet, read.figure
        if not sheet.lettered:
            return f"{self.file} 第{figure.row + sheet.first}行"
        cell = sheet.cell_name(figure.row, figure.column)
        return f"{self.file} {sheet.name}!{cell}"

    # -- what is said --------------------------------------------------------

    def _left(self, statement: Statement, column: Amounts) -> Problem:
        """A column that is of no whole year, or of a time nobody wrote."""
        span = column.span or statement.span
        texts = NO_DATE
        if span is not None:
            texts = NOT_YEAR_END if statement.kind == BALANCE else NOT_A_YEAR
            if statement.kind != BALANCE and span.first is None and span.year_end:
                texts = MONTH_OR_YEAR
        sheet = statement.sheet
        return Problem(
            severity=WARNING,
            file=self.file,
            sheet=sheet.name,
            row=statement.header + sheet.first,
            column=heading(column.text)[0],
            cell=sheet.cell_name(statement.header, column.at),
            text="",
            what=texts[0],
            remedy=texts[1],
            values={
                "year": span.year if span else 0,
                "month": span.last if span else 0,
            },
        )

    def _conflict(self, first: _Read, other: _Read) -> Problem:
        """Two figures for one fact and year: the statement of that year itself counts.

        Two statements of the same year that disagree are an error: nobody can tell
        which is the firm's.
        """
        same_rank = first.figure.rank == other.figure.rank == OWN
        severity, texts = (ERROR, TWO_OF_ONE) if same_rank else (WARNING, RESTATED)
        error = CellError(*texts, first=self._source(first))
        return self._at(other.statement, other.figure, severity, error)

    def _at(
        self, statement: Statement, figure: Figure, severity: str, error: CellError
    ) -> Problem:
        sheet = statement.sheet
        place = (figure.row, figure.column)
        return Problem(
            severity=severity,
            file=self.file,
            sheet=sheet.name,
            row=figure.row + sheet.first,
            column=figure.line,
            cell=sheet.cell_name(*place),
            text="" if place in sheet.broken else show(figure.cell),
            what=error.what,
            remedy=error.accepted,
            values=error.values,
        )

    def _of_sheet(
        self,
        statement: Statement,
        severity: str,
        texts: tuple[str, str],
        text: str = "",
        **values: object,
    ) -> Problem:
        row = statement.header + statement.sheet.first
        place = (self.file, statement.sheet.name, row, "", "", text)
        return Problem(severity, *place, *texts, values)


def _is_error(cell: object) -> bool:
    return isinstance(cell, str) and cell in SPREADSHEET_ERRORS


NO_CODE = (
    N_("报表上没有统一社会信用代码"),
    N_("已照常评估；请在表头补上，以便与其他资料对应"),
)
NO_UNIT = (N_("报表没有写单位"), N_("按元读取；请在表头写明“单位：元”"))
NO_DATE = (
    N_("报表没有写日期，看不出是哪一年"),
    N_("没有读；请在表头写明“2025年12月31日”或“2025年度”"),
)
NOT_YEAR_END = (
    N_("不是年末的资产负债表（到{year}年{month}月）"),
    N_("没有读；请换成12月31日的报表"),
)
NOT_A_YEAR = (
    N_("不是全年的利润表（到{year}年{month}月）"),
    N_("没有读；请换成全年的报表"),
)
MONTH_OR_YEAR = (
    N_("看不出是{year}年全年还是12月一个月的数"),
    N_("没有读；请把日期写成“{year}年度”，或加一列“本年累计金额”"),
)
RESTATED = (N_("与{first}的数不一致"), N_("以那一年自己的报表为准；请核对是否追溯调整"))
TWO_OF_ONE = (
    N_("与{first}的数不一致"),
    N_("同一年只留一张报表（合并或母公司），删去另一张"),
)
NOTHING = (N_("报表里没有读到全年或年末的数"), N_("请换成年度报表后再试"))
