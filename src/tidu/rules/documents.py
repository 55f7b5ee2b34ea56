"""The policy documents as restated in the packs, clause by clause, with anchors.

A document is ``documents/<id>.md``: a title, a head of ``name：value`` lines, and one
``## `` heading for each clause, whose text is Tidu's own restatement.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Mapping
from pathlib import Path

from tidu.rules.library import Library, default_library

# 117号-不予推荐 stands in another document than the rule set's own.
NUMBERED_CLAUSE = re.compile(r"(\d+)号-")
_BLANKS = re.compile(r"\s+")


@dataclasses.dataclass(frozen=True, slots=True)
class DocumentClause:
    """One clause restated: its heading, the anchor of it, its paragraphs."""

    heading: str
    anchor: str
    paragraphs: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Document:
    """A document: head lines as (name, value), lead paragraphs, clauses.

    ``territory``: empty for the State's, else the two digits of the province's pack.
    """

    id: str
    title: str
    head: tuple[tuple[str, str], ...]
    lead: tuple[str, ...]
    clauses: tuple[DocumentClause, ...]
    territory: str = ""

    @property
    def number(self) -> str:
        """The official number, empty where the head names none."""
        return dict(self.head).get("文号", "")

    def has(self, anchor: str) -> bool:
        """Whether one of its clauses has this anchor."""
        return any(each.anchor == anchor for each in self.clauses)


def anchor(clause: str) -> str:
    """The anchor of a clause's first part: 第六条、第八条 → 第六条."""
    return _BLANKS.sub("-", clause.split("、", maxsplit=1)[0].strip())


def place_of_clause(
    clause: str, own: str, documents: Mapping[str, Document]
) -> tuple[str, str]:
    """(document id, anchor) of a clause; two empty texts where no document has it.

    ``own`` is the rule set's document: it is looked at first, unless the clause names
    another one by its number. Elsewhere it is looked for only where it is unmistakable.
    """
    found = anchor(clause)
    holders = [each.id for each in documents.values() if each.has(found)]
    named = own
    if numbered := NUMBERED_CLAUSE.match(clause):
        start = f"{numbered[1]}-"
        named = next((each for each in documents if each.startswith(start)), own)
    if named in holders:
        return named, found
    return (holders[0], found) if len(holders) == 1 else ("", "")


def read_document(path: Path, territory: str = "") -> Document:
    """Read one document; lines before the first heading are its head and lead."""
    title, head, lead = "", [], []
    clauses: list[tuple[str, list[str]]] = []
    for line in path.read_text("utf-8").splitlines():
        text = line.strip()
        if text.startswith("## "):
            clauses.append((text.removeprefix("## ").strip(), []))
        elif text.startswith("# "):
            title = text.removeprefix("# ").strip()
        elif text and clauses:
            clauses[-1][1].append(text)
        elif text:
            name, colon, value = text.partition("：")
            if colon and len(name) <= len("官方页面"):
                head.append((name, value))
            else:
                lead.append(text)
    return Document(
        path.stem,
        title,
        tuple(head),
        tuple(lead),
        tuple(
            DocumentClause(heading, anchor(heading), tuple(paragraphs))
            for heading, paragraphs in clauses
        ),
        territory,
    )


def documents_of(library: Library) -> dict[str, Document]:
    """All documents of a library by id, the State's first."""
    packs = [library.national, *library.provinces.values()]
    return {
        path.stem: read_document(path, pack.territory)
        for pack in packs
        for path in sorted(pack.folder.glob("documents/*.md"))
    }


@functools.cache
def default_documents() -> dict[str, Document]:
    """The documents of this installation; read once."""
    return documents_of(default_library())
