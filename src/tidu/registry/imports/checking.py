"""What a file would do to the registry: every row sorted, nothing written to it."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from tidu.accounts.actors import scope_of
from tidu.intake import ColumnRead, Intake, Problem, Row, read_file
from tidu.intake.problems import ERROR, WARNING
from tidu.intake.writing import plain_name
from tidu.registry.asked_language import asked_in_english
from tidu.registry.fact_values import same_value, to_json
from tidu.registry.import_models import ImportBatch
from tidu.registry.imports.columns import column_map
from tidu.registry.imports.files import named_file
from tidu.registry.imports.known import (
    Known,
    candidates_by_name,
    firms_with_former_codes,
    known_by_code,
)
from tidu.registry.imports.prepared import IDENTITY, Line, line_of
from tidu.registry.models import CurrentFacts
from tidu.rules.language import N_
from tidu.rules.library import default_library

Beat = Callable[[int, int], None]

_SLICE = 1000  # rows whose current facts are compared at once


@dataclasses.dataclass(slots=True)
class Counts:
    """What became of the rows, and of the figures of known firms."""

    new: int = 0
    known: int = 0
    waiting: int = 0
    changed: int = 0
    added: int = 0


@dataclasses.dataclass(slots=True)
class Waiting:
    """A row that may be an enterprise of the registry: a person decides."""

    line: int
    row: Row
    candidate: int


class Check:
    """The work on one file. ``lines()`` must be used up before the results are read."""

    def __init__(self, batch: ImportBatch, beat: Beat) -> None:
        self.batch = batch
        self.beat = beat
        self.scope = scope_of(batch.organisation.territory)
        self.counts = Counts()
        self.waiting: list[Waiting] = []
        self.intake = self._read()
        self.problems: list[Problem] = list(self.intake.problems)
        self.columns = {
            (c.sheet, c.key): c for c in reversed(self.intake.columns) if c.key
        }
        self.codes = known_by_code(r.uscc for r in self.rows if r.uscc)
        self._names()

    @property
    def rows(self) -> list[Row]:
        return self.intake.rows

    def lines(self) -> Iterator[Line]:
        """What is to be written, in the order of the file."""
        line = done = 0
        readable = (row for row in self.rows if row.readable)
        while some := list(itertools.islice(readable, _SLICE)):
            current = self._current(some)
            for row in some:
                if found := self._line(row, line, current):
                    yield found
                    line += 1
            done += len(some)
            self.beat(done, len(self.rows))

    def _read(self) -> Intake:
        facts = default_library().facts
        with named_file(self.batch.blob, self.batch.file_name) as path:
            return read_file(
                path,
                facts,
                on=self.batch.on,
                columns=column_map(self.batch.columns, facts),
                progress=self.beat,
                english=asked_in_english(self.batch.summary),
            )

    def _names(self) -> None:
        """Who may be meant by rows whose code the registry does not know."""
        self.first_named: dict[str, Row] = {}
        asked: set[str] = set()
        codes: set[str] = set()
        for row in self.rows:
            if not row.readable or not row.name or row.uscc in self.codes:
                continue
            plain = plain_name(row.name)
            asked.add(plain)
            first = self.first_named.setdefault(plain, row)
            if row.uscc:
                codes.add(row.uscc)
                if not first.uscc:  # of two namesakes the one with a code counts
                    self.first_named[plain] = row
        self.names = candidates_by_name(asked, self.scope)
        self.former = firms_with_former_codes(codes, self.scope)

    def _current(self, rows: Iterable[Row]) -> dict[int, dict[str, Any]]:
        ids = {k.pk for row in rows if (k := self.codes.get(row.uscc or ""))}
        if not ids:
            return {}
        found = CurrentFacts.objects.filter(pk__in=ids)
        return dict(found.values_list("pk", "entries"))

    def _line(
        self, row: Row, line: int, current: dict[int, dict[str, Any]]
    ) -> Line | None:
        """The line of a row; None where it may not be written, with the reason."""
        known = self.codes.get(row.uscc or "")
        said = row.facts.values.get("territory")
        territory = str(said or (known.territory if known else self.batch.territory))
        if not territory.startswith(self.scope):
            self._say(ERROR, row, OUTSIDE, "territory", territory)
            return None
        if known:
            if not self._may_take(row, known, territory):
                return None
            self.counts.known += 1
            self._compare(row, current.get(known.pk, {}))
            return line_of(row, territory)
        if not row.name:
            self._say(ERROR, row, NAMELESS_FIRM, "uscc", row.uscc or "")
            return None
        plain = plain_name(row.name)
        candidate = self.names.get(plain) or self.former.get(row.uscc or "")
        if candidate:
            self.waiting.append(Waiting(line, row, candidate))
            self.counts.waiting += 1
            found = line_of(row, territory)
            found.waiting = True
            return found
        first = self.first_named.get(plain)
        if not row.uscc and first is not None and first is not row:
            self._say(ERROR, row, NAMESAKE, "name", row.name, earlier=first.row)
            return None
        self.counts.new += 1
        return line_of(row, territory)

    def _may_take(self, row: Row, known: Known, territory: str) -> bool:
        """Whether a known firm may be filed for; warns where its identity differs."""
        code = row.uscc or ""
        if not known.territory.startswith(self.scope):
            self._say(ERROR, row, KNOWN_ELSEWHERE, "uscc", code)
            return False
        if known.closed and not known.reopens:
            self._say(ERROR, row, CLOSED, "uscc", code, reason=known.closed)
            return False
        if row.name and plain_name(row.name) != plain_name(known.name):
            self._say(WARNING, row, OTHER_NAME, "name", row.name, known=known.name)
        if territory != known.territory:
            place = known.territory
            self._say(WARNING, row, OTHER_PLACE, "territory", territory, known=place)
        return True

    def _compare(self, row: Row, current: dict[str, Any]) -> None:
        for key, value in row.facts.items():
            if key in IDENTITY:
                continue
            entry = current.get(key)
            if entry is None:
                self.counts.added += 1
            elif not same_value(entry.get("value"), to_json(value)):
                self.counts.changed += 1

    def _say(
        self,
        severity: str,
        row: Row,
        texts: tuple[str, str],
        fact: str,
        text: str,
        **values: Any,
    ) -> None:
        """Note a problem at the cell of a fact."""
        column = self.columns.get((row.sheet, fact))
        place = (
            self.intake.file,
            row.sheet,
            row.row,
            column.column if column else "",
            _cell(row, column, fact),
            text,
        )
        self.problems.append(Problem(severity, *place, *texts, values))


def _cell(row: Row, column: ColumnRead | None, fact: str) -> str:
    """The spreadsheet's name of the cell, by the value's source or its header."""
    if column is None or not column.cell:
        return ""
    source = row.facts.sources.get(fact, "")
    if "!" in source:
        return source.rpartition("!")[2].partition("，")[0]
    return f"{column.cell.rstrip('0123456789')}{row.row}"


OUTSIDE = (N_("不在本单位的区划内"), N_("没有导入；请改正区划代码，或请所在地导入"))
KNOWN_ELSEWHERE = (
    N_("这家企业已由别的区划入库"),
    N_("没有导入；请核对代码，确已迁入的请上级主管部门变更区划"),
)
CLOSED = (
    N_("这家企业已出库（{reason}）"),
    N_("没有导入；需要恢复的请先在企业页恢复"),
)
NAMELESS_FIRM = (N_("库里没有这家企业，表里也没有名称"), N_("没有导入；请补上企业名称"))
NAMESAKE = (
    N_("与第{earlier}行同名，又没有统一社会信用代码"),
    N_("没有导入；请补上代码，或删去一行"),
)
OTHER_NAME = (
    N_("库里的名称是“{known}”"),
    N_("数据照常导入，名称没有改；确已更名的请在企业页登记"),
)
OTHER_PLACE = (
    N_("库里的区划是{known}"),
    N_("数据照常导入，区划没有改；确已迁移的请在企业页登记"),
)
