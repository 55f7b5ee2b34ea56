"""Somebody else's objects: one row of every table, all with the same number.

Whoever puts that number into an address asks for what is not theirs, whatever the
address means by it.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import models
from django.utils import timezone

from tests.factories import EnterpriseFactory
from tidu.accounts.enums import OrganisationKind, Role
from tidu.accounts.models import Membership, Organisation, User
from tidu.registry.models import Enterprise

NUMBER = 777_001
TERRITORY = "990203"
NAME = "示范外地虚构机密企业"

ROUND_STEPS = [{"id": "decision", "kind": "decision", "level": "province"}]
SAID = {"zh": "机密", "en": "secret"}
GIVEN: dict[str, dict[str, Any]] = {  # where a column's kind does not say enough
    "accounts.Token": {"scopes": ["read"]},
    "registry.ImportBatch": {"file_name": "机密.xlsx", "territory": TERRITORY},
    "registry.HeldTitle": {
        "valid_from": datetime.date(2100, 1, 1),  # those in force are public
        "valid_until": None,
        "revoked_on": None,
        "revoked_reason": "",
    },
    "registry.Segment": {"query": "q=机密"},
    "casework.Case": {"assessment_id": None, "submitted_at": None, "state": "draft"},
    "casework.Round": {  # draws of those that have begun are public
        "steps": ROUND_STEPS,
        "opens_on": datetime.date(2100, 1, 1),
        "closes_on": datetime.date(2100, 1, 9),
    },
    "casework.Objection": {
        "kind": "complaint",
        "entry_id": None,
        "state": "open",
        "reply": "",
        "replied_at": None,
    },
    "casework.PublicNotice": {  # those that stand are public
        "opens_on": datetime.date(2100, 1, 1),
        "ends_on": datetime.date(2100, 1, 9),
    },
    "casework.Tie": {"expert_id": None, "replaces_id": None},
    "casework.CaseSignal": {
        "said": {"seen": SAID, "may_be": SAID, "check": SAID},
    },
    "casework.KnownTie": {"label": SAID},
    "casework.Review": {"released_reason": ""},
}
# one of a kind, or needing two firms; asked for by no address
PASSED_OVER = {"audit.ChainHead", "audit.Event", "registry.ToldApart"}


def make_foreign_rows() -> Enterprise:
    """A firm of another territory with a row of every table around it."""
    office = Organisation.objects.create(
        pk=NUMBER, name=NAME, kind=OrganisationKind.ENTERPRISE, territory=TERRITORY
    )
    user = User.objects.create(pk=NUMBER, username="foreign", name="外地虚构人员")
    Membership.objects.create(
        pk=NUMBER, user=user, organisation=office, role=Role.OWNER
    )
    firm = EnterpriseFactory(
        pk=NUMBER,
        name=NAME,
        territory=TERRITORY,
        organisation=office,
        facts={"revenue@2025": "123450000.00"},
    )
    for model in apps.get_models():
        label = model._meta.label
        ours = model.__module__.startswith("tidu.")
        if ours and label not in PASSED_OVER:
            _row(model)
    return firm


def _row(model: type[models.Model]) -> None:
    if model._default_manager.filter(pk=NUMBER).exists():
        return
    values: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if field.primary_key and not field.is_relation:
            values[field.name] = NUMBER
        elif field.related_model is model:
            continue  # a row of its own kind
        elif not field.null or field.is_relation:
            values[field.attname] = _value(field)
    values |= GIVEN.get(model._meta.label, {})
    for field in model._meta.concrete_fields:  # what a check asks to be empty
        if field.null and field.name.startswith(
            ("revoked", "ended", "closed", "merged", "decided", "undone")
        ):
            values.pop(field.attname, None)
    try:
        model._default_manager.create(**values)
    except Exception as error:
        what = f"say in GIVEN how a row of {model._meta.label} is made"
        raise AssertionError(what) from error


def _value(field: Any) -> Any:
    if field.is_relation:
        _row(field.related_model)
        return NUMBER
    if field.has_default() and not field.unique:
        return field.get_default()
    if field.choices:
        return field.choices[0][0]
    match field:
        case models.JSONField():
            return {}
        case models.DateTimeField():
            return timezone.now() + datetime.timedelta(days=1)
        case models.DateField():
            return timezone.localdate()
        case models.BooleanField():
            return False
        case models.IntegerField():
            return 1
        case models.DecimalField():
            return Decimal(1)
        case models.FloatField():
            return 1.0
        case _:
            return "f" * min(field.max_length or 8, 64) if field.unique else "机密"
