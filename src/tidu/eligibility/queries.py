"""Read where enterprises stand."""

from __future__ import annotations

import datetime

from tidu.eligibility.standings import Standings, standings_of
from tidu.registry.fact_values import facts_from
from tidu.registry.models import Enterprise
from tidu.rules.facts import Facts
from tidu.rules.library import default_library
from tidu.rules.rulesets import Kind


def current_facts(enterprise: Enterprise) -> Facts:
    """The facts in force, with what the registry itself knows: name, code, place."""
    facts = facts_from(enterprise.current.entries, default_library().facts)
    known = {"name": enterprise.name, "territory": enterprise.territory}
    if enterprise.uscc:
        known["uscc"] = enterprise.uscc
    return facts.changed(known)


def current_standings(
    enterprise: Enterprise, *, on: datetime.date, kind: Kind = Kind.NEW
) -> Standings:
    """All standings of an enterprise by the facts in force."""
    return standings_of(
        current_facts(enterprise), on=on, kind=kind, territory=enterprise.territory
    )
