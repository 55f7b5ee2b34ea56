"""A list of intellectual property as people paste it: one right a line."""

from __future__ import annotations

import dataclasses
import datetime
import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

from tidu.casework.enums import RightOrigin
from tidu.casework.models import CaseRight
from tidu.intake.dates import read_date
from tidu.intake.problems import CellError

MOST = 1000  # rights of one application
_PARTS = re.compile(r"\t|,|，|\s{2,}")
_APPLIED = re.compile("申请|原始|自主|自有|自研|applied")
_TRANSFERRED = re.compile("受让|转让|转入|购|继受|transferred")
_NUMBER = 40  # characters


@dataclasses.dataclass(frozen=True, slots=True)
class GivenRight:
    """A right as the applicant gives it; what is empty is unknown."""

    number: str
    origin: RightOrigin | str = ""
    changed_on: datetime.date | None = None
    from_whom: str = ""


def read_rights(text: str) -> tuple[list[GivenRight], list[str]]:
    """The rights of a text, and a sentence for each line that cannot be read.

    A line holds number, how it was obtained, date and former owner, with tabs, commas
    or wide spaces between; parts at the end may be left out. A number twice is told.
    """
    found: dict[str, GivenRight] = {}
    problems = []
    for place, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            right = _read(line)
        except ValueError as error:
            wrong = _("第 {line} 行：{what}").format(line=place, what=error)
            problems.append(wrong)
            continue
        if right.number in found:
            wrong = _("第 {line} 行：{number} 写了两次")
            problems.append(wrong.format(line=place, number=right.number))
        found.setdefault(right.number, right)
    if len(found) > MOST:
        problems.append(_("最多写 {most} 项").format(most=MOST))
    return list(found.values()), problems


def written(rights: Iterable[CaseRight]) -> str:
    """Rights as ``read_rights`` reads them again, with tabs as a sheet has them."""
    lines = (
        [
            each.number,
            each.get_origin_display() if each.origin else "",
            each.changed_on.isoformat() if each.changed_on else "",
            each.from_whom,
        ]
        for each in rights
    )
    return "\n".join("\t".join(line).rstrip("\t") for line in lines)


def _read(line: str) -> GivenRight:
    # One separator for the line: an owner's name may hold a comma where tabs divide.
    parts = line.split("\t") if "\t" in line else _PARTS.split(line)
    number, origin, day, owner = (*(each.strip() for each in parts), "", "", "")[:4]
    if not number or len(number) > _NUMBER:
        raise ValueError(_("请先写专利号或登记号，最多 40 个字"))
    return GivenRight(number, _origin(origin), _day(day), owner[:200])


def _origin(text: str) -> RightOrigin | str:
    if not text:
        return ""
    if _TRANSFERRED.search(text.lower()):
        return RightOrigin.TRANSFERRED
    if _APPLIED.search(text.lower()):
        return RightOrigin.APPLIED
    raise ValueError(
        _("取得方式写“自行申请”或“受让”，不知道就留空（现在写的是“{text}”）").format(
            text=text
        )
    )


def _day(text: str) -> datetime.date | None:
    if not text:
        return None
    try:
        return read_date(text, _silent)
    except CellError as error:
        raise ValueError(_("读不懂日期“{text}”").format(text=text)) from error


def _silent(_note: str) -> None:
    """Notes of the reading are for tables; a line is shown again as it was read."""
