"""What calls take and give, as the OpenAPI document describes it."""

from __future__ import annotations

import datetime
from typing import Any, Literal

from ninja import Schema
from pydantic import Field

Outcome = Literal["met", "unmet", "unknown", "manual", "not_applicable"]
KindName = Literal["new", "reverification", "change"]


class SchemeOut(Schema):
    """A scheme and its editions."""

    id: str
    label: str
    tier: int
    rule_sets: list[str]


class FactsIn(Schema):
    """Facts of one enterprise, keys and values as in the contract's JSON files."""

    facts: dict[str, str | int | float | bool | list[str] | None] = Field(
        examples=[{"revenue@2025": "6088万元", "rnd_expense@2025": "305万元"}]
    )
    on: datetime.date | None = None
    kind: KindName = "new"
    territory: str = Field("", pattern=r"^([0-9]{6})?$")
    schemes: list[str] = Field(default_factory=list, max_length=20)


class AssessmentOut(Schema):
    """Standings by scheme: the same records as ``tidu assess --format json``."""

    on: datetime.date
    kind: KindName
    pack: str
    schemes: dict[str, dict[str, Any]]
    warnings: list[str] = []


class EnterpriseQuery(Schema):
    """Which enterprises, and which page of them."""

    q: str = Field("", max_length=100)
    territory: str = Field("", pattern=r"^[0-9]{0,6}$")
    page: int = Field(1, ge=1, le=100_000)
    size: int = Field(50, ge=1, le=200)


class EnterpriseOut(Schema):
    """An enterprise of the registry."""

    id: int
    name: str
    uscc: str | None
    territory: str
    industry: str


class EnterprisesOut(Schema):
    """A page of a list; ``next`` is the address of the following one."""

    count: int
    next: str | None
    items: list[EnterpriseOut]


class CurrentFact(Schema):
    """A figure in force; ``conflict`` where another source says otherwise."""

    value: Any
    place: str = ""
    filing: int
    conflict: bool = False


class CurrentFactsOut(Schema):
    """What is in force of an enterprise, by fact key."""

    updated_at: datetime.datetime
    facts: dict[str, CurrentFact]


class FilingIn(Schema):
    """Figures to file for an enterprise, with where they stand and why."""

    facts: dict[str, str | int | float | bool | list[str] | None] = Field(
        min_length=1, max_length=500
    )
    place: str = Field("", max_length=200)
    reason: str = Field("", max_length=300)


class FilingOut(Schema):
    """A filing that was recorded."""

    id: int
    keys: list[str]
    warnings: list[str] = []


class AssessIn(Schema):
    """For which day and procedure to assess."""

    on: datetime.date | None = None
    kind: KindName = "new"
