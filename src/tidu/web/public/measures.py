"""The 26 measures for everybody: what each holds, and which of them work."""

from __future__ import annotations

import dataclasses
from collections import Counter

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from tidu.accounts.permissions import anybody
from tidu.rules.documents import default_documents, place_of_clause
from tidu.rules.entitlements import applying
from tidu.rules.library import default_library
from tidu.rules.measures import Measure, Mechanism
from tidu.rules.walks import MISSING_ENGINES, Walk, walks
from tidu.rules.wording import grade_word
from tidu.web.context import speaks_english
from tidu.web.pages import Asked, page
from tidu.web.public.unchanged import changes_with_packs

AUDIENCES = {
    "srdi": "专精特新中小企业",
    "little_giant": "专精特新“小巨人”",
    "sme": "中小企业",
}


@dataclasses.dataclass(frozen=True, slots=True)
class MechanismLine:
    """One thing a measure holds, in words. ``waits``: nothing carries it out yet."""

    label: str
    kind: str
    gives: str
    slot: bool
    encouraged: bool
    waits: bool
    source: str
    document: str
    anchor: str
    grade_id: str
    grade: str


@dataclasses.dataclass(frozen=True, slots=True)
class MeasureLine:
    """One measure: what it holds by kinds, and the tests that walk it."""

    number: int
    label: str
    audience: str
    agencies: str
    kinds: list[tuple[str, int]]
    slots: int
    walked: list[Walk]
    waits: bool
    mechanisms: list[MechanismLine]


@page(may=anybody)
@changes_with_packs
def coverage(request: Asked) -> HttpResponse:
    lines = [_line(each) for each in default_library().national.measures.values()]
    context = {"measures": lines, "working": sum(bool(each.walked) for each in lines)}
    return render(request, "public/coverage.html", context)


@page(may=anybody)
@changes_with_packs
def measure(request: Asked, number: int) -> HttpResponse:
    found = default_library().national.measures.get(f"m{number:02}")
    if found is None:
        raise Http404
    return render(request, "public/measure.html", {"measure": _line(found)})


def _line(found: Measure) -> MeasureLine:
    english = speaks_english()
    pack = default_library().national
    here = [
        mechanism
        for mechanism, owner in applying(pack, timezone.localdate())
        if owner.id == found.id
    ]
    kinds = Counter(each.kind.label.say(english=english) for each in here)
    return MeasureLine(
        number=found.number,
        label=found.label.say(english=english),
        audience=_(AUDIENCES[found.audience]),
        agencies=_("、").join(each.say(english=english) for each in found.agencies),
        kinds=list(kinds.items()),
        slots=sum(bool(each.slot) for each in here),
        walked=[each for each in walks() if each.measure == found.id],
        waits=bool(here) and all(each.kind in MISSING_ENGINES for each in here),
        mechanisms=[_mechanism(each, english=english) for each in here],
    )


def _mechanism(found: Mechanism, *, english: bool) -> MechanismLine:
    rule_set = found.rule_set
    documents = default_documents()
    place, anchor = place_of_clause(rule_set.annex, rule_set.document, documents)
    known = rule_set.document if rule_set.document in documents else ""
    return MechanismLine(
        label=found.label.say(english=english),
        kind=found.kind.label.say(english=english),
        gives=found.gives.say(english=english),
        slot=bool(found.slot),
        encouraged=found.strength == "encourage",
        waits=found.kind in MISSING_ENGINES,
        source=f"{rule_set.number} {rule_set.annex}".strip(),
        document=place or known,
        anchor=anchor,
        grade_id=rule_set.grade.value,
        grade=grade_word(rule_set.grade, english=english),
    )
