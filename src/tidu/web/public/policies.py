"""The policy library: schemes, editions, what changed, documents restated."""

from __future__ import annotations

import dataclasses

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from tidu.accounts.permissions import anybody
from tidu.rules.documents import default_documents
from tidu.rules.library import default_library
from tidu.rules.rulesets import Kind, RuleSet, Scheme
from tidu.rules.wording import grade_word
from tidu.web.context import speaks_english
from tidu.web.pages import Asked, page
from tidu.web.public.edition_changes import changes_shown
from tidu.web.public.editions import edition_shown, periods
from tidu.web.public.unchanged import changes_with_packs


@dataclasses.dataclass(frozen=True, slots=True)
class SchemeLine:
    """A scheme in the list: the editions in force today.

    ``again``: the edition for re-verifications, where it is another one.
    """

    id: str
    label: str
    tier: int
    authority: str
    validity: str
    note: str
    new: EditionLine | None
    again: EditionLine | None
    editions: int


@dataclasses.dataclass(frozen=True, slots=True)
class EditionLine:
    """An edition in a list; ``since``: id of the one before it, empty for the first."""

    id: str
    label: str
    number: str
    periods: list[str]
    grade_id: str
    grade: str
    before: str
    in_force: bool


@page(may=anybody)
@changes_with_packs
def policies(request: Asked) -> HttpResponse:
    library = default_library()
    lines = [_scheme_line(each) for each in library.national.schemes.values()]
    context = {
        "schemes": sorted(
            (each for each in lines if each.tier), key=lambda each: each.tier
        ),
        "tools": [each for each in lines if not each.tier],
        "documents": default_documents().values(),
        "packs": [library.national, *library.provinces.values()],
        "today": timezone.localdate(),
    }
    return render(request, "public/policies.html", context)


@page(may=anybody)
@changes_with_packs
def scheme(request: Asked, scheme: str) -> HttpResponse:
    found = _scheme(scheme)
    current = found.which(Kind.NEW, timezone.localdate())
    return _edition_page(request, found, current[0] if current else found.rule_sets[-1])


@page(may=anybody)
@changes_with_packs
def edition(request: Asked, scheme: str, edition: str) -> HttpResponse:
    found = _scheme(scheme)
    return _edition_page(request, found, _edition(found, edition))


@page(may=anybody)
@changes_with_packs
def changes(request: Asked, scheme: str, earlier: str, later: str) -> HttpResponse:
    found = _scheme(scheme)
    old, new = _edition(found, earlier), _edition(found, later)
    english = speaks_english()
    context = {
        "scheme": _scheme_line(found),
        "earlier": _edition_line(found, old),
        "later": _edition_line(found, new),
        "changes": changes_shown(found, old, new, english=english),
    }
    return render(request, "public/changes.html", context)


@page(may=anybody)
@changes_with_packs
def document(request: Asked, document: str) -> HttpResponse:
    found = default_documents().get(document)
    if found is None:
        raise Http404
    return render(request, "public/document.html", {"document": found})


def _edition_page(request: Asked, found: Scheme, rule_set: RuleSet) -> HttpResponse:
    pack = default_library().national
    shown = edition_shown(rule_set, pack, english=speaks_english())
    editions = [_edition_line(found, each) for each in found.rule_sets]
    context = {
        "scheme": _scheme_line(found),
        "edition": shown,
        "editions": editions[::-1],
        "line": next(each for each in editions if each.id == rule_set.id),
    }
    return render(request, "public/edition.html", context)


def _scheme(scheme_id: str) -> Scheme:
    found = default_library().national.schemes.get(scheme_id)
    if found is None:
        raise Http404
    return found


def _edition(found: Scheme, edition_id: str) -> RuleSet:
    for each in found.rule_sets:
        if each.id == edition_id:
            return each
    raise Http404


def _scheme_line(found: Scheme) -> SchemeLine:
    english = speaks_english()
    today = timezone.localdate()
    new, again = (found.which(kind, today) for kind in (Kind.NEW, Kind.REVERIFICATION))
    apart = again is not None and (new is None or new[0] is not again[0])
    return SchemeLine(
        found.id,
        found.label.say(english=english),
        found.tier,
        found.authority.say(english=english),
        _(found.validity) if found.validity else "",
        found.note.say(english=english),
        _edition_line(found, new[0]) if new else None,
        _edition_line(found, again[0]) if again and apart else None,
        len(found.rule_sets),
    )


def _edition_line(found: Scheme, rule_set: RuleSet) -> EditionLine:
    english = speaks_english()
    today = timezone.localdate()
    at = found.rule_sets.index(rule_set)
    return EditionLine(
        rule_set.id,
        rule_set.label.say(english=english),
        f"{rule_set.number} {rule_set.annex}".strip(),
        periods(rule_set, english=english),
        rule_set.grade.value,
        grade_word(rule_set.grade, english=english),
        found.rule_sets[at - 1].id if at else "",
        any(each.start <= today < each.end for each in rule_set.windows),
    )
