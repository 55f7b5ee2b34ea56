"""Two entries that are one enterprise: merge them, take a merger back."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from tidu.accounts.actors import Actor
from tidu.accounts.verdicts import Verdict, no, yes
from tidu.audit.actions import record
from tidu.intake.writing import plain_name
from tidu.registry import guards, permissions
from tidu.registry.current import refresh_current_of
from tidu.registry.duplicate_models import Merger
from tidu.registry.enums import IdentityKind
from tidu.registry.models import Enterprise, Evidence, Filing, FormerIdentity, HeldTitle
from tidu.registry.searching import write_search_terms
from tidu.registry.titles import file_held


def may_be_merged(kept: Enterprise, duplicate: Enterprise) -> Verdict:
    """Two open entries, of which the one given up has no account of its own."""
    if kept.pk == duplicate.pk:
        return no(_("不能并入自己"))
    for each in (kept, duplicate):
        if not (verdict := guards.enterprise_is_open(each)):
            return verdict
    if duplicate.organisation_id:
        return no(_("有企业账户的那一家应当保留，请对调后再合并"))
    return yes()


@transaction.atomic
def merge_enterprises(
    *, kept: Enterprise, duplicate: Enterprise, source: str, by: Actor
) -> Merger:
    """Make a duplicate part of the enterprise it is.

    Filings, titles and evidence go over; its name and code stay known as former ones;
    what is in force is worked out again. A title both have stays with the duplicate.
    """
    for each in (kept, duplicate):
        permissions.may_manage_enterprise(by, each).or_refuse()
    may_be_merged(kept, duplicate).or_refuse()
    moved: dict[str, Any] = {
        "filings": _move(Filing.objects.filter(enterprise=duplicate), kept),
        "evidence": _move(Evidence.objects.filter(enterprise=duplicate), kept),
        "titles": _move(_titles_only_of(duplicate, kept), kept),
        "former": _remember(kept, duplicate, source),
        "uscc": None,
    }
    if duplicate.uscc and not kept.uscc:
        moved["uscc"] = duplicate.uscc
        kept.uscc, duplicate.uscc = duplicate.uscc, None
    duplicate.merged_into = kept
    duplicate.save(update_fields=["merged_into", "uscc"])
    kept.save(update_fields=["uscc"])
    merger = Merger.objects.create(
        kept=kept, duplicate=duplicate, moved=moved, source=source, made_by=by.name
    )
    refresh_current_of([kept.pk, duplicate.pk])
    _follow_titles(kept, moved["titles"], by)
    write_search_terms([kept])
    _tell("registry.enterprises_merged", merger, by)
    return merger


@transaction.atomic
def undo_merger(*, merger: Merger, by: Actor) -> None:
    """Take two enterprises apart again, each with what it had."""
    kept, duplicate = merger.kept, merger.duplicate
    permissions.may_manage_enterprise(by, kept).or_refuse()
    if merger.undone_at:
        return
    moved = merger.moved
    for model, name in ((Filing, "filings"), (Evidence, "evidence")):
        _move(model.objects.filter(pk__in=moved[name]), duplicate)
    _move(HeldTitle.objects.filter(pk__in=moved["titles"]), duplicate)
    FormerIdentity.objects.filter(pk__in=moved["former"]).delete()
    duplicate.merged_into = None
    if moved["uscc"]:
        Enterprise.objects.filter(pk=kept.pk).update(uscc=None)
        kept.uscc, duplicate.uscc = None, moved["uscc"]
    duplicate.save(update_fields=["merged_into", "uscc"])
    Merger.objects.filter(pk=merger.pk).update(undone_at=Now())
    refresh_current_of([kept.pk, duplicate.pk])
    _follow_titles(kept, moved["titles"], by)
    write_search_terms([kept, duplicate])
    _tell("registry.merger_undone", merger, by)


def _move(rows: Any, to: Enterprise) -> list[int]:
    ids = list(rows.values_list("pk", flat=True))
    rows.model.objects.filter(pk__in=ids).update(enterprise=to)
    return ids


def _follow_titles(kept: Enterprise, moved: list[int], by: Actor) -> None:
    """Of two lists' words the later title counts, whichever was filed last."""
    schemes = HeldTitle.objects.filter(pk__in=moved).values_list("scheme", flat=True)
    for scheme in sorted(set(schemes)):
        file_held(kept, scheme, _("合并或拆分两条记录"), by)


def _titles_only_of(duplicate: Enterprise, kept: Enterprise) -> Any:
    both = kept.titles.values_list("scheme", "valid_from")
    doubled = [
        title.pk
        for title in duplicate.titles.all()
        if (title.scheme, title.valid_from) in set(both)
    ]
    return HeldTitle.objects.filter(enterprise=duplicate).exclude(pk__in=doubled)


def _remember(kept: Enterprise, duplicate: Enterprise, source: str) -> list[int]:
    """Keep the duplicate's name and code as former ones, to be found by."""
    was = []
    if plain_name(duplicate.name) != plain_name(kept.name):
        was.append((IdentityKind.NAME, duplicate.name))
    if duplicate.uscc and kept.uscc:
        was.append((IdentityKind.USCC, duplicate.uscc))
    return [
        FormerIdentity.objects.create(
            enterprise=kept, kind=kind, value=value, source=source
        ).pk
        for kind, value in was
    ]


def _tell(action: str, merger: Merger, by: Actor) -> None:
    """One event for each of the two, so that both histories have it."""
    for each, other in (
        (merger.kept, merger.duplicate),
        (merger.duplicate, merger.kept),
    ):
        record(
            action=action,
            by=by,
            about=each,
            territory=each.territory,
            data={
                "merger": merger.pk,
                "kept": merger.kept_id,
                "other": other.pk,
                "other_name": other.name,
                "source": merger.source,
            },
        )
