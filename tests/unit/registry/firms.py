"""Enterprises for tests of the registry: look one up, give one a title."""

import datetime

from tidu.accounts.actors import Actor
from tidu.registry.models import Enterprise, HeldTitle
from tidu.registry.searching import matching
from tidu.registry.titles import record_title

DAY = datetime.date(2025, 1, 1)


def found(typed: str) -> list[Enterprise]:
    """The firms that a typed text finds."""
    return list(matching(Enterprise.objects.all(), typed))


def titled(
    firm: Enterprise,
    by: Actor,
    scheme: str = "srdi_sme",
    day: datetime.date = DAY,
    **given: object,
) -> HeldTitle:
    """Record a title that the firm holds."""
    filled = {"valid_until": None, "source": "虚构名单", **given}
    return record_title(enterprise=firm, scheme=scheme, valid_from=day, by=by, **filled)
