"""The package of an enterprise of the registry: every measure by the facts in force."""

from __future__ import annotations

import datetime

from tidu.registry.models import Enterprise
from tidu.registry.queries import current_facts
from tidu.rules.entitlements import Package, put_together, with_title
from tidu.rules.library import default_library


def current_package(enterprise: Enterprise, *, on: datetime.date) -> Package:
    """What an enterprise may have on a day, by the rules of its place."""
    pack = default_library().for_territory(enterprise.territory)
    return put_together(
        pack, current_facts(enterprise), on=on, territory=enterprise.territory
    )


def package_with(package: Package, title_fact: str) -> Package:
    """The same package as if one more title were held."""
    facts = with_title(package.facts, title_fact)
    return put_together(package.pack, facts, on=package.on, territory=package.territory)
