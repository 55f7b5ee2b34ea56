"""Several files of one collection round → one firm each, with everything told of it.

Firms are the same where their credit codes are, or, where one has none, their names.
A figure that files tell differently is a conflict: the file named first counts, the
others stay beside it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from tidu.intake.problems import Intake, Row
from tidu.intake.writing import plain_name
from tidu.rules.facts import Facts, FactValue


@dataclasses.dataclass(frozen=True, slots=True)
class Told:
    """One figure as one file has it."""

    value: FactValue
    file: str
    source: str


@dataclasses.dataclass(slots=True)
class MergedFirm:
    """One firm of a round: ``told`` holds every figure of every file, in their order.

    ``at`` names where the firm was first met, for one that has no name.
    """

    uscc: str | None
    name: str | None
    at: str
    files: tuple[str, ...]
    told: dict[str, list[Told]]

    @property
    def facts(self) -> Facts:
        """The figures that count, each with its source."""
        first = {key: told[0] for key, told in self.told.items()}
        return Facts.of(
            {key: each.value for key, each in first.items()},
            {key: each.source for key, each in first.items()},
        )

    @property
    def conflicts(self) -> list[str]:
        """Keys for which files tell different values."""
        return [
            key
            for key, told in self.told.items()
            if any(each.value != told[0].value for each in told[1:])
        ]


def merge(intakes: Sequence[Intake]) -> list[MergedFirm]:
    """All rows of the files, also those with errors, as firms in the order met.

    Of a row with an error the cells that could be read count; what could not be read
    is among the problems of its file.
    """
    rows = [(intake, row) for intake in intakes for row in intake.rows]
    groups: list[list[int]] = []
    by_code: dict[str, list[int]] = {}
    by_name: dict[str, list[list[int]]] = {}
    for at, (_, row) in enumerate(rows):
        if not row.uscc:
            continue
        group = by_code.get(row.uscc)
        if group is None:
            group = by_code[row.uscc] = []
            groups.append(group)
        group.append(at)
        known = by_name.setdefault(plain_name(row.name or ""), [])
        if not any(each is group for each in known):
            known.append(group)
    for at, (_, row) in enumerate(rows):
        if row.uscc:
            continue
        name = plain_name(row.name or "")
        known = by_name.setdefault(name, [])
        if name and len(known) == 1:
            known[0].append(at)
        else:  # no name, or one that several firms have
            groups.append([at])
            if name and not known:
                known.append(groups[-1])
    for group in groups:
        group.sort()
    return [_firm([rows[at] for at in group]) for group in sorted(groups)]


def find_firm(row: Row, firms: Sequence[MergedFirm]) -> MergedFirm | None:
    """The firm a row of another list means: by its code, else by its name alone."""
    if row.uscc:
        for firm in firms:
            if firm.uscc == row.uscc:
                return firm
    name = plain_name(row.name or "")
    named = [
        firm
        for firm in firms
        if name and plain_name(firm.name or "") == name and not (firm.uscc and row.uscc)
    ]
    return named[0] if len(named) == 1 else None


def _firm(rows: Sequence[tuple[Intake, Row]]) -> MergedFirm:
    told: dict[str, list[Told]] = {}
    for intake, row in rows:
        for key, value in row.facts.items():
            source = row.facts.sources.get(key, intake.file)
            told.setdefault(key, []).append(Told(value, intake.file, source))
    intake, first = rows[0]
    return MergedFirm(
        uscc=next((row.uscc for _, row in rows if row.uscc), None),
        name=next((row.name for _, row in rows if row.name), None),
        at=" ".join(filter(None, (intake.file, first.sheet, str(first.row)))),
        files=tuple(dict.fromkeys(intake.file for intake, _ in rows)),
        told=told,
    )
