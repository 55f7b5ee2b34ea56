"""Applications of made-up firms, with only the parts a test is about."""

import datetime
from decimal import Decimal

from tidu.casework.integrity.applications import (
    Application,
    Contact,
    ContactKind,
    Figure,
    FigureSource,
)
from tidu.rules.library import default_library

FILED = datetime.date(2026, 5, 10)
FACTS = default_library().national.facts


def application(case, **parts):
    return Application(
        case=case,
        enterprise=parts.pop("enterprise", f"E{case}"),
        name=parts.pop("name", f"虚构{case}有限公司"),
        filed_on=FILED,
        **parts,
    )


def phone(value, **parts):
    return Contact(ContactKind.PHONE, value, **parts)


def address(value, **parts):
    return Contact(ContactKind.ADDRESS, value, **parts)


def figure(fact, value, *, year=2025, source=FigureSource.APPLICATION, **parts):
    return Figure(FACTS[fact], year, Decimal(value), source, **parts)


def cases(signals):
    return [each.case for each in signals]
