"""The forms of a round, with what is known filled in: one for all, or one each."""

from __future__ import annotations

import dataclasses
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO

from tidu.intake.blank_books import write_county, write_enterprise
from tidu.intake.blank_forms import Blank, blank_form, form_name, form_of, only
from tidu.registry.collection_models import CollectionFirm, CollectionRound
from tidu.registry.queries import current_facts
from tidu.rules.library import default_library

EACH_MOST = 500  # workbooks in one archive
COUNTY_MOST = 5000  # lines in one workbook
_SPARE = 10  # empty lines for firms that nobody knew of


def county_workbook(
    opened: CollectionRound, firms: Sequence[CollectionFirm]
) -> IO[bytes]:
    """One line a firm; asked is whatever some firm still lacks."""
    wanted = dict.fromkeys(key for each in firms for key in each.lacking)
    blank = _blank(opened)
    asked = dataclasses.replace(
        blank,
        sections=only(blank.sections, wanted),
        firms=[current_facts(each.enterprise) for each in firms],
        rows=_SPARE,
        title=opened.title,
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "form.xlsx"
        write_county(path, asked)
        return _kept(path)


def enterprise_workbook(opened: CollectionRound, each: CollectionFirm) -> IO[bytes]:
    """The form of one firm: only what it lacks is asked."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "form.xlsx"
        write_enterprise(path, _form(_blank(opened), each))
        return _kept(path)


def enterprise_workbooks(
    opened: CollectionRound, firms: Iterable[CollectionFirm]
) -> IO[bytes]:
    """An archive of the forms of several firms, named by firm and code."""
    blank = _blank(opened)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    with (
        tempfile.TemporaryDirectory() as folder,
        zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive,
    ):
        path = Path(folder) / "form.xlsx"
        taken: set[str] = set()
        for each in firms:
            write_enterprise(path, _form(blank, each))
            name = workbook_name(each)
            if name in taken:
                name = f"{each.enterprise_id}-{name}"
            taken.add(name)
            archive.write(path, name)
    file.seek(0)
    return file


def workbook_name(each: CollectionFirm) -> str:
    """What the form of a firm is called."""
    return form_name(each.enterprise.name[:60], each.enterprise.uscc or "")


def _blank(opened: CollectionRound) -> Blank:
    pack = default_library().for_territory(opened.organisation.territory)
    blank = blank_form(pack, opened.schemes, opened.on)
    return dataclasses.replace(blank, title=opened.title)


def _form(blank: Blank, each: CollectionFirm) -> Blank:
    facts = current_facts(each.enterprise)
    return form_of(blank, facts, each.lacking, each.enterprise.name)


def _kept(path: Path) -> IO[bytes]:
    """The file, open, although its folder goes."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    file.write(path.read_bytes())
    file.seek(0)
    return file
