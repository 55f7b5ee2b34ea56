"""Where facts stand on every scheme on a day: the rules over one enterprise."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable, Mapping

from tidu.rules.assess import Standing, prepare, stand
from tidu.rules.facts import Facts
from tidu.rules.library import Library, default_library
from tidu.rules.packs import Pack
from tidu.rules.rulesets import Kind


@dataclasses.dataclass(frozen=True, slots=True)
class Standings:
    """All standings of one enterprise, with the pack and the facts they rest on."""

    pack: Pack
    facts: Facts
    prepared: Facts
    on: datetime.date
    kind: Kind
    schemes: Mapping[str, Standing]


def standings_of(
    facts: Facts,
    *,
    on: datetime.date,
    kind: Kind = Kind.NEW,
    territory: str = "",
    schemes: Iterable[str] = (),
    library: Library | None = None,
) -> Standings:
    """Assess facts under the rules of their territory; all schemes unless named.

    ``library``: packs kept from another day, in place of the installation's.
    """
    pack = (library or default_library()).for_territory(territory)
    prepared = prepare(facts, pack, on)
    found = {
        each: stand(pack, each, prepared, on=on, kind=kind)
        for each in (tuple(schemes) or pack.schemes)
    }
    return Standings(pack, facts, prepared, on, kind, found)
