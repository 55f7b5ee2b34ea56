"""``tidu merge``: the files of a collection round → one table, and who lacks what."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Sequence
from pathlib import Path

from tidu.cli import merged_workbook
from tidu.cli.assessing import (
    SOME_ROWS_UNREADABLE,
    Request,
    UsageError,
    read_rows,
    with_schemes,
    write_whole,
)
from tidu.cli.collecting import blank_for
from tidu.intake import Intake, Row, UnreadableFile
from tidu.intake.blank_forms import Blank, lay_out
from tidu.intake.contacts import Contact, read_contacts
from tidu.intake.merging import MergedFirm, find_firm, merge
from tidu.rules.asking import AskedFact, asked_facts, lacking
from tidu.rules.language import N_, translate
from tidu.rules.library import Library, default_library
from tidu.rules.vocabulary import Words


@dataclasses.dataclass(frozen=True, slots=True)
class Chased:
    """One firm of the chase list; ``firm`` is None where nothing has come back.

    ``lacking``: keys of required figures nobody told; ``expected``: it was on the list.
    """

    name: str
    uscc: str
    contact: Contact
    firm: MergedFirm | None
    lacking: tuple[str, ...]
    expected: bool

    @property
    def done(self) -> bool:
        """Whether there is nothing left to ask."""
        return self.firm is not None and not self.lacking


def merge_files(
    files: Sequence[Path],
    out: Path,
    request: Request,
    *,
    expected: Path | None,
    columns: Path | None,
) -> int:
    """Do the work of ``tidu merge``; the return value is the exit code."""
    if out.suffix.lower() != ".xlsx":
        raise UsageError(f"汇总表是 Excel 文件，请写成 {out.stem}.xlsx")
    library = default_library()
    request = with_schemes(request, library)
    intakes, unreadable = _read(files, request, library, columns)
    read = len(intakes)
    firms = merge(intakes)
    listed: list[tuple[Row, Contact]] = []
    if expected is not None:
        intake = read_rows(expected, request, library, None)
        contacts = read_contacts(expected)
        listed = [
            (row, contacts.get((row.sheet, row.row), ("", ""))) for row in intake.rows
        ]
        intakes.append(dataclasses.replace(intake, problems=intake.errors))
    chased = _chase(firms, listed, request, library)
    blank = _blank(firms, request, library)
    problems = [problem for intake in intakes for problem in intake.problems]
    found = merged_workbook.Round(blank, firms, chased, problems, unreadable)
    write_whole(out, lambda part: merged_workbook.write(part, found))
    for problem in problems:
        if problem.severity == "error":
            sys.stderr.write(problem.sentence(english=request.english) + "\n")
    for text in unreadable:
        sys.stderr.write(text + "\n")
    _report(out, read, firms, chased, request)
    failed = unreadable or any(intake.errors for intake in intakes)
    return SOME_ROWS_UNREADABLE if failed else 0


def _read(
    files: Sequence[Path], request: Request, library: Library, columns: Path | None
) -> tuple[list[Intake], list[str]]:
    """The files that can be read, and a sentence for each that cannot."""
    intakes: list[Intake] = []
    errors: list[UnreadableFile] = []
    for path in files:
        try:
            intakes.append(read_rows(path, request, library, columns))
        except UnreadableFile as error:
            errors.append(error)
    if not intakes:
        raise errors[0]
    return intakes, [error.sentence(english=request.english) for error in errors]


def _chase(
    firms: Sequence[MergedFirm],
    listed: Sequence[tuple[Row, Contact]],
    request: Request,
    library: Library,
) -> list[Chased]:
    """Every firm of the list, then those that came without being on it."""
    found = []
    met: set[int] = set()
    for row, contact in listed:
        firm = find_firm(row, firms)
        name, uscc = row.name or "", row.uscc or ""
        if firm is None:
            every = _lacking(None, request, library)
            found.append(Chased(name, uscc, contact, None, every, expected=True))
            continue
        met.add(id(firm))
        found.append(
            Chased(
                firm.name or name,
                firm.uscc or uscc,
                contact,
                firm,
                _lacking(firm, request, library),
                expected=True,
            )
        )
    for firm in firms:
        if id(firm) not in met:
            keys = _lacking(firm, request, library)
            name, uscc = firm.name or firm.at, firm.uscc or ""
            found.append(Chased(name, uscc, ("", ""), firm, keys, expected=not listed))
    return sorted(found, key=lambda each: (each.firm is not None, -len(each.lacking)))


def _lacking(
    firm: MergedFirm | None, request: Request, library: Library
) -> tuple[str, ...]:
    facts = firm.facts if firm else merged_workbook.NOTHING
    territory = request.province or facts.get("territory")
    pack = library.for_territory(str(territory or ""))
    return tuple(lacking(pack, facts, request.schemes, request.on, request.kind))


def _blank(firms: Sequence[MergedFirm], request: Request, library: Library) -> Blank:
    """The merged table: what the schemes ask, and whatever else was told."""
    blank = blank_for(request, library)
    words = Words(library.facts, blank.pack.words.quantities)
    pack = dataclasses.replace(blank.pack, facts=library.facts, words=words)
    asked = asked_facts(blank.pack, request.schemes, request.on, request.kind)
    there = {each.key for each in asked}
    told = dict.fromkeys(key for firm in firms for key in firm.told)
    more = [AskedFact(key, (), required=False) for key in told if key not in there]
    return dataclasses.replace(
        blank,
        pack=pack,
        sections=lay_out(pack, [*asked, *more]),
        firms=[firm.facts for firm in firms],
        marked=frozenset(
            (at, key) for at, firm in enumerate(firms) for key in firm.conflicts
        ),
        title="优质中小企业汇总表",
    )


def _report(
    out: Path,
    read: int,
    firms: Sequence[MergedFirm],
    chased: Sequence[Chased],
    request: Request,
) -> None:
    text = N_(
        "已汇总：{path}（{files}个文件，{firms}家企业；不一致{conflicts}处，"
        "还没返回{absent}家，返回不全{partial}家）"
    )
    sys.stderr.write(
        translate(text, request.english).format(
            path=out,
            files=read,
            firms=len(firms),
            conflicts=sum(len(firm.conflicts) for firm in firms),
            absent=sum(each.firm is None for each in chased),
            partial=sum(each.firm is not None and not each.done for each in chased),
        )
        + "\n"
    )
