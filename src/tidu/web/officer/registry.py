"""The registry as an officer explores it: filters, segments, downloads."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import models
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tidu.accounts.actors import Actor
from tidu.accounts.permissions import may_act_for_authority, may_work_for_authority
from tidu.eligibility.explorer import SIZES, Listing, with_standings
from tidu.registry.actions import drop_segment, keep_segment
from tidu.registry.models import Enterprise, Segment
from tidu.rules.divisions import default_divisions
from tidu.rules.facts import key_of
from tidu.rules.ladder import RUNGS
from tidu.rules.library import default_library
from tidu.rules.outcomes import Outcome
from tidu.rules.wording import outcome_word, short_name
from tidu.web.context import speaks_english
from tidu.web.findings import OutcomeMark, mark
from tidu.web.officer.exports import TakenOut, exported, firm_cells, firm_heads
from tidu.web.pages import Asked, page
from tidu.web.paging import address, leaf_through
from tidu.web.wording import (
    enterprise_size_word,
    industries,
    key_word,
    place_word,
    scheme_word,
)

SHOWN_SCHEMES = tuple(scheme for rung in RUNGS[:3] for scheme in rung)
_BATCH = 1000
_MISSING = ("revenue", "rnd_expense", "employees", "total_liabilities", "net_profit")


@dataclasses.dataclass(frozen=True, slots=True)
class Chip:
    """A filter in words, and the address without it."""

    label: str
    without: str


@dataclasses.dataclass(frozen=True, slots=True)
class FirmRow:
    """A firm of the list with where it stands."""

    firm: Enterprise
    size: str
    outcomes: list[tuple[str, OutcomeMark | None]]


@page(may=may_act_for_authority)
def registry(request: Asked) -> HttpResponse:
    listing = Listing.of(request.GET)
    found = listing.enterprises(request.actor).select_related("current")
    found = found.defer("current__entries")
    leaf = leaf_through(found, request.GET, full=listing.cheap)
    context = {
        "leaf": leaf,
        "rows": firm_rows(leaf.items),
        "listing": listing,
        "typed": listing.filters.get("q", ""),
        "headings": [
            (short_name(each, english=speaks_english()), scheme_word(each))
            for each in SHOWN_SCHEMES
        ],
        "chips": chips(listing, request.GET),
        "query": address(request.GET, page=""),
        "segments": segments_of(request.actor),
        "may": may_work_for_authority(request.actor),
        **choices(request.actor),
    }
    return render(request, "officer/registry.html", context)


@page(may=may_act_for_authority)
def registry_export(request: Asked, form: str) -> HttpResponseBase:
    listing = Listing.of(request.GET)
    found = listing.enterprises(request.actor)
    columns = [
        *firm_heads(),
        _("行业代码"),
        _("规模"),
        *(scheme_word(each) for each in SHOWN_SCHEMES),
        _("数据更新"),
    ]
    filters = "&".join(f"{k}={v}" for k, v in listing.filters.items())
    taken = TakenOut(_("企业库"), columns, _export_rows(found), found.count())
    return exported(request, form, taken, what="registry", filters=filters)


@page(may=may_work_for_authority)
@require_POST
def segment_keep(request: Asked) -> HttpResponse:
    name = request.POST.get("name", "").strip()[:60]
    query = request.POST.get("query", "")[:2000]
    if name and request.actor.organisation and request.actor.user:
        keep_segment(name=name, query=query.lstrip("?"), by=request.actor)
    return redirect(
        reverse("registry") + "?" + QueryDict(query.lstrip("?")).urlencode()
    )


@page(may=may_work_for_authority)
@require_POST
def segment_drop(request: Asked, pk: int) -> HttpResponse:
    drop_segment(segment=get_object_or_404(Segment, pk=pk), by=request.actor)
    return redirect("registry")


def firm_rows(firms: list[Enterprise]) -> list[FirmRow]:
    """The firms of one page, with their standings from one query."""
    english = speaks_english()
    standings = with_standings(firms)
    rows = []
    for firm in firms:
        known = standings.get(firm.pk, {})
        outcomes = [
            (
                scheme_word(each),
                mark(Outcome(known[each]), english=english) if each in known else None,
            )
            for each in SHOWN_SCHEMES
        ]
        size = enterprise_size_word(known.get("sme_size", ""))
        rows.append(FirmRow(firm, size, outcomes))
    return rows


def segments_of(actor: Actor) -> list[Segment]:
    """The filtered views the actor's organisation keeps."""
    return list(Segment.objects.filter(organisation=actor.organisation))


def chips(listing: Listing, asked: QueryDict) -> list[Chip]:
    """Each filter in words, to be taken out one by one."""
    return [
        Chip(_say(name, value), address(asked, **{name: "", "page": ""}))
        for name, value in listing.filters.items()
    ]


def choices(actor: Actor) -> Mapping[str, Any]:
    """What the filters offer: the places below, industries, schemes, figures."""
    english = speaks_english()
    territory = actor.organisation.territory if actor.organisation else ""
    divisions = default_divisions()
    top = territory in {"", "000000"}
    below = divisions.children("" if top else territory)
    last = timezone.localdate().year - 1
    outcomes = [(each.value, outcome_word(each, english=english)) for each in Outcome]
    schemes = [
        (each.id, each.label.say(english=english))
        for each in default_library().national.schemes.values()
    ]
    return {
        "places": [(each.code, each.name) for each in below],
        "figures": [(key := key_of(each, last), key_word(key)) for each in _MISSING],
        "industries": [(code, f"{code} {name}") for code, name in industries().items()],
        "sizes": [(each, enterprise_size_word(each)) for each in SIZES],
        "schemes": schemes,
        "standings": [
            (label, [(f"{scheme}:{id_}", f"{label}：{word}") for id_, word in outcomes])
            for scheme, label in schemes
            if scheme != "sme_size"
        ],
    }


def _say(name: str, value: str) -> str:
    english = speaks_english()
    match name:
        case "q":
            return _("查找：{text}").format(text=value)
        case "place":
            return place_word(value)
        case "industry":
            return f"{value} {industries().get(value, '')}".strip()
        case "size":
            return enterprise_size_word(value)
        case "standing":
            scheme, _colon, outcome = value.partition(":")
            word = outcome_word(Outcome(outcome), english=english)
            return f"{scheme_word(scheme)}：{word}"
        case "title":
            return _("持有{title}").format(title=scheme_word(value))
        case "missing":
            return _("缺{figure}").format(figure=key_word(value))
        case "since":
            return _("{day} 以来有更新").format(day=value)
        case "account":
            return _("有账户") if value == "yes" else _("没有账户")
        case "conflict":
            return _("数据有冲突")
    return _("已出库")


def _export_rows(found: models.QuerySet[Enterprise]) -> Iterator[list[Any]]:
    english = speaks_english()
    firms = found.select_related("current").defer("current__entries")
    batch: list[Enterprise] = []
    for firm in firms.iterator(chunk_size=_BATCH):
        batch.append(firm)
        if len(batch) == _BATCH:
            yield from _lines(batch, english=english)
            batch = []
    yield from _lines(batch, english=english)


def _lines(firms: list[Enterprise], *, english: bool) -> Iterator[list[Any]]:
    standings = with_standings(firms)
    for firm in firms:
        known = standings.get(firm.pk, {})
        words = [
            outcome_word(Outcome(known[each]), english=english) if each in known else ""
            for each in SHOWN_SCHEMES
        ]
        yield [
            *firm_cells(firm),
            firm.industry,
            enterprise_size_word(known.get("sme_size", "")),
            *words,
            firm.current.updated_at.date(),
        ]
