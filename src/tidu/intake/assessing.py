"""Rows of a file under the rules: what was asked, and where each enterprise stands."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable, Iterator, Sequence

from tidu.intake.problems import Row
from tidu.rules.assess import Standing, prepare, stand
from tidu.rules.facts import Facts
from tidu.rules.ladder import next_scheme
from tidu.rules.library import Library
from tidu.rules.packs import Pack
from tidu.rules.records import size_of
from tidu.rules.rulesets import Kind


@dataclasses.dataclass(frozen=True)
class Request:
    """What is asked of every row: day, kind of procedure, schemes (none = all)."""

    on: datetime.date
    kind: Kind
    province: str | None = None
    schemes: tuple[str, ...] = ()
    english: bool = False


@dataclasses.dataclass(frozen=True)
class Assessed:
    """One enterprise with its standings, in the order of the schemes.

    ``facts`` are prepared; those as read are ``row.facts``.
    """

    row: Row
    pack: Pack
    facts: Facts
    standings: dict[str, Standing]
    size: str | None

    @property
    def next_rung(self) -> str | None:
        """The scheme of the enterprise's next rung among those asked for."""
        return next_scheme(self.pack, self.facts, self.standings)


def assess_row(row: Row, request: Request, library: Library) -> Assessed:
    """Assess one row under the pack of its territory."""
    territory = request.province or row.facts.get("territory")
    pack = library.for_territory(str(territory or ""))
    facts = prepare(row.facts, pack, request.on)
    found = {
        each: stand(pack, each, facts, on=request.on, kind=request.kind)
        for each in dict.fromkeys((*request.schemes, "sme_size"))
    }
    standings = {each: found[each] for each in request.schemes}
    return Assessed(row, pack, facts, standings, size_of(found))


def assess_rows(
    rows: Sequence[Row],
    request: Request,
    library: Library,
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[Assessed]:
    """Assess rows, in the order of the file; ``progress`` takes rows done and all."""
    for at, row in enumerate(rows, start=1):
        yield assess_row(row, request, library)
        if progress:
            progress(at, len(rows))
