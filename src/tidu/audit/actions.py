"""Write what happened, as the last step of the action that did it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from django.db import models, transaction
from django.utils import timezone

from tidu.audit.chain import ERASED, digest_of, seal
from tidu.audit.models import ChainHead, Event


class Witness(Protocol):
    """Who acted, as an event remembers it (``accounts.actors.Actor``)."""

    @property
    def user_id(self) -> int | None: ...
    @property
    def name(self) -> str: ...
    @property
    def role_name(self) -> str: ...
    @property
    def organisation_name(self) -> str: ...


def record(
    *,
    action: str,
    by: Witness,
    about: models.Model,
    territory: str = "",
    data: Mapping[str, Any] | None = None,
) -> Event:
    """Append one event to the chain.

    Must run inside the transaction of what it records: both happen, or neither.
    ``data`` holds JSON values only.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an event is recorded inside the transaction it tells of")
    head, _new = ChainHead.objects.select_for_update().get_or_create(pk=1)
    event = Event(
        number=head.number + 1,
        at=timezone.now(),
        action=action,
        actor_id=by.user_id,
        actor_name=by.name,
        actor_role=by.role_name,
        organisation_name=by.organisation_name,
        territory=territory,
        object_type=about._meta.label_lower,  # noqa: SLF001 - Django's documented API
        object_id=str(about.pk),
        object_name=str(about)[:200],
        data=dict(data or {}),
        previous=head.digest,
    )
    seal(event)
    event.digest = digest_of(event)
    event.save(force_insert=True)
    head.number, head.digest = event.number, event.digest
    head.save()
    return event


def erase_names(*, user_id: int, things: Iterable[models.Model]) -> int:
    """Take a person's name out of the trail; ids stay, and the chain stays whole.

    ``things``: objects whose name is the person's own. Gives the number of events from
    before the seals that still hold the name, for they cannot be changed.
    """
    acted = Event.objects.filter(actor_id=user_id)
    acted.exclude(actor_seal="").update(actor_name=ERASED, actor_salt="")
    old = set(acted.filter(actor_seal="").values_list("pk", flat=True))
    for thing in things:
        about = Event.objects.filter(
            object_type=thing._meta.label_lower,  # noqa: SLF001 - documented API
            object_id=str(thing.pk),
        )
        about.exclude(object_seal="").update(object_name=ERASED, object_salt="")
        old.update(about.filter(object_seal="").values_list("pk", flat=True))
    return len(old)
