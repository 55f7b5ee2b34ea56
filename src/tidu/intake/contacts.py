"""Whom to call: 联系人 and 电话 of a list of firms; the policy does not know them."""

from __future__ import annotations

import re
from pathlib import Path

from tidu.intake.files import Limits, open_sheets
from tidu.intake.sheets import cell_at
from tidu.intake.writing import normal, show

_PERSON = re.compile(r"(?:企业|财务|填报)?联系人(?:姓名)?|填报人|经办人")
_PHONE = re.compile(r"(?:联系人?)?(?:电话|手机)(?:号码?)?|联系方式")
_LOOK_AT = 15  # rows a title and the header may take

Contact = tuple[str, str]  # person, telephone


def read_contacts(
    path: Path, limits: Limits | None = None
) -> dict[tuple[str, int], Contact]:
    """Contacts by sheet and row number, as the rows of ``read_file`` have them."""
    found: dict[tuple[str, int], Contact] = {}
    for sheet in open_sheets(path, limits or Limits()):
        for header, cells in enumerate(sheet.head[:_LOOK_AT]):
            person = phone = None
            for at, cell in enumerate(cells):
                text = normal(show(cell)).replace(" ", "")
                if _PERSON.fullmatch(text):
                    person = at
                elif _PHONE.fullmatch(text):
                    phone = at
            if person is None and phone is None:
                continue
            for row, line in sheet.rows(header + 1):
                contact = (show(cell_at(line, person)), show(cell_at(line, phone)))
                found[sheet.name, row + sheet.first] = contact
            break
    return found
