"""What provinces, industries and scenarios are called where their results are shown."""

from __future__ import annotations

import csv
from pathlib import Path

from tidu.bulk.scenarios import DEFAULT_LABEL, DEFAULT_NAME
from tidu.rules.language import N_, say, translate
from tidu.rules.library import Library

DIVISIONS = "divisions.csv"
INDUSTRIES = "gbt4754_2017.csv"
_PROVINCE, _COUNTY = 2, 6  # digits of their codes


def names_in(folder: Path, name: str) -> dict[str, str]:
    """Code → name as a pack's list has them; empty where the pack has no such list."""
    path = folder / "lists" / name
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {line["code"]: line["name"] for line in csv.DictReader(file)}


class GroupNames:
    """The names of provinces and industries as the national pack lists them.

    The lists are official and Chinese; their names are quoted in either language.
    """

    def __init__(self, library: Library, *, english: bool) -> None:
        folder = library.national.folder
        self.english = english
        self.divisions = names_in(folder, DIVISIONS)
        # C26 is the division 26 of section C: figures are by letter or by two digits.
        self.industries = {
            code[1:] or code: name
            for code, name in names_in(folder, INDUSTRIES).items()
        }

    def province(self, code: str | None) -> str:
        """A province by its first two digits; the bare code and its level unlisted."""
        if code is None:
            return translate(N_("不详"), self.english)
        name = self.divisions.get(code.ljust(_COUNTY, "0"))
        if name:
            return f"{code} {name}"
        if len(code) == _PROVINCE and code.isdecimal():
            return say(N_("{code}（省）"), self.english, code=code)
        return code

    def industry(self, code: str | None) -> str:
        """A section or division of GB/T 4754 and its name; unlisted, the bare code."""
        if code is None:
            return translate(N_("不详"), self.english)
        name = self.industries.get(code)
        return f"{code} {name}" if name else code


def scenario_name(name: str, *, english: bool) -> str:
    """The scenario's own name, or a word for the one that ``--change`` forms."""
    return translate(DEFAULT_LABEL, english) if name == DEFAULT_NAME else name
