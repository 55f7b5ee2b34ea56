"""A list of contacts: whose, the person, the telephone."""

from __future__ import annotations

import dataclasses
import datetime
from pathlib import Path

from tidu.intake import UnreadableFile, read_file
from tidu.intake.contacts import read_contacts
from tidu.rules.language import N_
from tidu.rules.library import default_library


@dataclasses.dataclass(frozen=True, slots=True)
class ContactRow:
    """One line: the enterprise by code or name, and whom to call there."""

    name: str
    uscc: str
    person: str
    phone: str


def read_contact_list(path: Path, on: datetime.date) -> list[ContactRow]:
    """The lines that name a person or a telephone. Raises UnreadableFile."""
    contacts = read_contacts(path)
    if not contacts:
        raise UnreadableFile(
            N_("{path} 里没有“联系人”或“电话”列；请写上列名"), path=path.name
        )
    intake = read_file(path, default_library().facts, on=on)
    found = []
    for row in intake.rows:
        person, phone = contacts.get((row.sheet, row.row), ("", ""))
        if person or phone:
            found.append(ContactRow(row.name or "", row.uscc or "", person, phone))
    return found
