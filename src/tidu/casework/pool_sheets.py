"""A sheet of experts: what each row says, what it would change, and all of it written.

A check writes nothing; the commit writes every row or, where one is wrong, none.
"""

from __future__ import annotations

import dataclasses
import enum
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from tidu.accounts.actors import Actor
from tidu.accounts.models import Organisation, User
from tidu.audit.actions import record
from tidu.casework.experts import (
    About,
    ExpertError,
    change_expert,
    enter_expert,
    experts_of,
    may_keep_pool,
    pool_of,
)
from tidu.casework.review_models import Expert
from tidu.intake import Problem
from tidu.intake.credit_codes import read_code
from tidu.intake.files import Limits, open_sheets
from tidu.intake.problems import ERROR, CellError, UnreadableFile
from tidu.intake.sheets import Cells, Sheet, cell_at
from tidu.intake.writing import is_blank, normal, show
from tidu.rules.language import N_

MOST = 2000  # experts in one file
MOST_SHEETS = 500  # an expert can be given in a round
_LIMITS = Limits(bytes=20 * 1024 * 1024, rows=20_000, cells=1_000_000)
_HEADERS_IN = 15
_USUAL = 20  # sheets of a round, where the cell is empty
_LENGTHS = {"username": 50, "name": 50, "organisation_name": 200}
_USERNAME = re.compile(r"[\w.@+-]+")
_CODES = re.compile(r"[A-T]?\d{2}(?:[、,，/\s]+[A-T]?\d{2})*")
_CODE = re.compile(r"[A-T]?(\d{2})(?!\d)\s*")
_YES = frozenset({"", "是", "在库", "yes", "true", "1"})
_NO = frozenset({"否", "不在库", "no", "false", "0"})

COLUMNS: dict[str, tuple[str, ...]] = {
    "username": ("用户名", "User name"),
    "name": ("姓名", "专家姓名", "Name"),
    "organisation_name": ("工作单位", "单位", "Employer"),
    "organisation_code": ("单位统一社会信用代码", "Employer's credit code"),
    "fields": ("专业领域", "Fields"),
    "limit": ("一个批次最多评几份", "每批次上限", "Most sheets of a round"),
    "active": ("在库", "In the pool"),
}
"""Kind of cell → the heads that mean it; the first is the template's."""
_ASKED = ("username", "name", "organisation_name")


class Effect(enum.StrEnum):
    """What a row would do."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


@dataclasses.dataclass(frozen=True, slots=True)
class PoolRow:
    """One expert as the file has it. ``cell``: where the user name stands."""

    sheet: str
    row: int
    cell: str
    username: str
    name: str
    organisation_name: str
    organisation_code: str
    fields: list[str]
    limit: int
    active: bool

    def about(self) -> About:
        """What would be kept."""
        return About(
            self.name,
            self.organisation_name,
            self.organisation_code,
            self.fields,
            self.limit,
            self.active,
        )


@dataclasses.dataclass(frozen=True, slots=True)
class Checked:
    """A row with what it would do. ``changes``: the fields that would differ."""

    row: PoolRow
    effect: Effect
    expert: Expert | None
    changes: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class PoolCheck:
    """A file as it would be taken; with a problem none of it can be."""

    rows: list[Checked]
    problems: list[Problem]

    def count(self, effect: Effect) -> int:
        """How many rows do that."""
        return sum(each.effect is effect for each in self.rows)

    @property
    def ready(self) -> bool:
        """Whether there is something to write, and nothing in its way."""
        changing = len(self.rows) - self.count(Effect.SAME)
        return bool(changing) and not self.problems


def read_pool(
    path: Path, file: str, fields: Mapping[str, str]
) -> tuple[list[PoolRow], list[Problem]]:
    """The rows of the first sheet that has the heads, and what is wrong with cells.

    ``fields``: a field's name → its two digits. Raises UnreadableFile.
    """
    for sheet in open_sheets(path, _LIMITS):
        found = None if sheet.hidden else _header(sheet)
        if found is not None:
            return _Reading(file, sheet, found[1], fields).all(found[0] + 1)
    raise UnreadableFile(
        N_("{path} 里没有“用户名”“姓名”“工作单位”三列；请用模板，或改正列名"),
        path=file,
    )


def check_pool(
    rows: Sequence[PoolRow], file: str, office: Organisation, found: Iterable[Problem]
) -> PoolCheck:
    """What the rows would do to an office's pool; nothing is written."""
    problems = list(found)
    names = [each.username.lower() for each in rows]
    own = {
        each.user.username.lower(): each
        for each in experts_of(office).select_related("user", "office")
    }
    taken = set(
        User.objects.annotate(low=Lower("username"))
        .filter(low__in=names)
        .values_list("low", flat=True)
    )
    first: dict[str, int] = {}
    checked = []
    for each in rows:
        name = each.username.lower()
        if name in first:
            problems.append(_told(file, each, REPEATED, earlier=first[name]))
        elif name in taken and name not in own:
            problems.append(_told(file, each, TAKEN))
        else:
            checked.append(_check(each, own.get(name)))
        first.setdefault(name, each.row)
    return PoolCheck(checked, problems)


@transaction.atomic
def commit_pool(
    *, check: PoolCheck, file: str, digest: str, by: Actor
) -> list[tuple[Expert, str]]:
    """Write every row in one go; new experts with their one-time passwords.

    ``digest``: SHA-256 of the file. Raises ExpertError where a row cannot be written.
    """
    may_keep_pool(by).or_refuse()
    assert by.organisation is not None
    if not check.ready:
        raise ExpertError(_("表里还有错误，或没有要改的；请改好后重新上传"))
    entered = []
    for each in check.rows:
        if each.effect is Effect.NEW:
            name = each.row.username
            entered.append(enter_expert(username=name, about=each.row.about(), by=by))
        elif each.effect is Effect.CHANGED:
            assert each.expert is not None
            change_expert(expert=each.expert, about=each.row.about(), by=by)
    record(
        action="casework.pool_imported",
        by=by,
        about=pool_of(by.organisation),
        territory=by.organisation.territory,
        data={
            "file": file,
            "sha256": digest,
            **{str(effect): check.count(effect) for effect in Effect},
        },
    )
    return entered


def _check(row: PoolRow, expert: Expert | None) -> Checked:
    if expert is None:
        return Checked(row, Effect.NEW, None, ())
    given = {**dataclasses.asdict(row.about()), "fields": sorted(set(row.fields))}
    changes = tuple(k for k in COLUMNS if k in given and given[k] != getattr(expert, k))
    return Checked(row, Effect.CHANGED if changes else Effect.SAME, expert, changes)


def _header(sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    """The first row that has the heads that are asked for, and where each stands."""
    heads = {_plain(head): kind for kind, said in COLUMNS.items() for head in said}
    for at, cells in enumerate(sheet.head[:_HEADERS_IN]):
        columns: dict[str, int] = {}
        for place, cell in enumerate(cells):
            kind = heads.get(_plain(show(cell)))
            if kind:
                columns.setdefault(kind, place)
        if all(each in columns for each in _ASKED):
            return at, columns
    return None


def _plain(text: str) -> str:
    return re.sub(r"[\s*]", "", normal(text)).lower()


class _Reading:
    """The work on one sheet."""

    def __init__(
        self,
        file: str,
        sheet: Sheet,
        columns: dict[str, int],
        fields: Mapping[str, str],
    ) -> None:
        self.file, self.sheet, self.columns = file, sheet, columns
        self.by_name = {_plain(name): code for name, code in fields.items()}
        self.codes = set(fields.values())
        self.problems: list[Problem] = []

    def all(self, start: int) -> tuple[list[PoolRow], list[Problem]]:
        """Every row that says something; those with an error are left out."""
        rows: list[PoolRow] = []
        for at, cells in self.sheet.rows(start):
            if all(is_blank(cell_at(cells, each)) for each in self.columns.values()):
                continue
            if len(rows) == MOST:
                self._say(at, "username", "", (TOO_MANY[0], TOO_MANY[1]), most=MOST)
                break
            known = len(self.problems)
            row = self._row(at, cells)
            if len(self.problems) == known:
                rows.append(row)
        if not rows and not self.problems:
            raise UnreadableFile(
                N_("{path} 的列名下面没有专家；请检查是否选对了文件"), path=self.file
            )
        return rows, self.problems

    def _row(self, at: int, cells: Cells) -> PoolRow:
        texts = {kind: self._text(at, cells, kind) for kind in _ASKED}
        name = texts["username"]
        if name and not _USERNAME.fullmatch(name):
            self._say(at, "username", name, STRANGE_NAME)
        return PoolRow(
            sheet=self.sheet.name,
            row=at + self.sheet.first,
            cell=self._cell(at, "username"),
            **texts,
            organisation_code=self._code(at, cells),
            fields=self._fields(at, cells),
            limit=self._limit(at, cells),
            active=self._active(at, cells),
        )

    def _raw(self, cells: Cells, kind: str) -> Any:
        return cell_at(cells, self.columns.get(kind))

    def _text(self, at: int, cells: Cells, kind: str) -> str:
        text = " ".join(show(self._raw(cells, kind)).split())
        if not text:
            self._say(at, kind, "", EMPTY)
        elif len(text) > _LENGTHS[kind]:
            self._say(at, kind, text, TOO_LONG, most=_LENGTHS[kind])
        return text

    def _code(self, at: int, cells: Cells) -> str:
        raw = self._raw(cells, "organisation_code")
        if is_blank(raw):
            return ""
        try:
            found = read_code(raw)
        except CellError as error:
            said = (error.what, error.accepted)
            self._say(at, "organisation_code", show(raw), said, **error.values)
            return ""
        if found is None:
            self._say(at, "organisation_code", show(raw), LEGACY)
        return found or ""

    def _fields(self, at: int, cells: Cells) -> list[str]:
        text = show(self._raw(cells, "fields")).strip()
        if _CODES.fullmatch(normal(text)):
            parts = re.split(r"[、,，/\s]+", normal(text))
        else:
            parts = [each.strip() for each in re.split(r"[；;\n]", text)]
        found = []
        for part in filter(None, parts):
            started = _CODE.match(part)
            code = started[1] if started else self.by_name.get(_plain(part), "")
            if code in self.codes:
                found.append(code)
            else:
                self._say(at, "fields", part, NO_FIELD)
        return sorted(set(found))

    def _limit(self, at: int, cells: Cells) -> int:
        raw = self._raw(cells, "limit")
        if is_blank(raw):
            return _USUAL
        text = normal(show(raw))
        if text.isdecimal() and 1 <= int(text) <= MOST_SHEETS:
            return int(text)
        self._say(at, "limit", text, NO_LIMIT, most=MOST_SHEETS)
        return _USUAL

    def _active(self, at: int, cells: Cells) -> bool:
        text = normal(show(self._raw(cells, "active"))).lower()
        if text not in _YES | _NO:
            self._say(at, "active", text, NO_ANSWER)
        return text in _YES

    def _cell(self, at: int, kind: str) -> str:
        column = self.columns.get(kind)
        return "" if column is None else self.sheet.cell_name(at, column)

    def _say(
        self, at: int, kind: str, text: str, said: tuple[str, str], **values: Any
    ) -> None:
        head = COLUMNS[kind][0]
        place = (self.sheet.name, at + self.sheet.first, head, self._cell(at, kind))
        self.problems.append(Problem(ERROR, self.file, *place, text, *said, values))


def _told(file: str, row: PoolRow, said: tuple[str, str], **values: Any) -> Problem:
    head = COLUMNS["username"][0]
    place = (row.sheet, row.row, head, row.cell, row.username)
    return Problem(ERROR, file, *place, *said, values)


EMPTY = (N_("没有填写"), N_("请补上"))
TOO_LONG = (N_("太长"), N_("最多{most}个字"))
STRANGE_NAME = (N_("不能作用户名"), N_("只用字母、数字、汉字和 . @ + - _，中间不留空"))
TAKEN = (N_("已有人用这个用户名，不在本单位的专家库"), N_("请换一个用户名"))
REPEATED = (N_("与第{earlier}行的用户名相同"), N_("一位专家只写一行"))
LEGACY = (N_("是旧的注册号"), N_("请填 18 位统一社会信用代码，或留空"))
NO_FIELD = (
    N_("不是国民经济行业大类"),
    N_("请写两位代码（如 34）或大类全名，几个之间用分号隔开"),
)
NO_LIMIT = (N_("不是份数"), N_("请填 1 到 {most} 的整数"))
NO_ANSWER = (N_("看不懂"), N_("请填“是”或“否”"))
TOO_MANY = (N_("从这一行起没有读"), N_("一次最多{most}位专家，请分成几个文件"))
