"""Certified enterprises for everybody, and a complaint about one."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from tidu.accounts.actors import scope_of
from tidu.accounts.permissions import anybody
from tidu.casework.objecting import file_complaint
from tidu.casework.queries import today
from tidu.registry.models import HeldTitle
from tidu.registry.queries import scope_filter
from tidu.rules.divisions import default_divisions
from tidu.rules.library import default_library
from tidu.web.downloads import FORMS, download
from tidu.web.pages import Asked, page
from tidu.web.paging import leaf_through
from tidu.web.public.notices import objection_page
from tidu.web.wording import place_word, scheme_word

STATES = ("valid", "expired", "revoked")


@page(may=anybody)
def holders(request: Asked) -> HttpResponseBase:
    """Titles as official lists and this installation's decisions say, with filters."""
    asked, on = request.GET, today()
    state = asked.get("state") if asked.get("state") in STATES else STATES[0]
    found = titles_of(
        on,
        scheme=asked.get("scheme", ""),
        place=asked.get("place", ""),
        words=asked.get("q", "").strip(),
        state=str(state),
    )
    if (form := asked.get("download")) in FORMS:
        return _file(str(form), found)
    context = {
        "leaf": leaf_through(found, asked),
        "schemes": [(each, scheme_word(each)) for each in tier_schemes()],
        "places": places(),
        "state": state,
        "states": [
            ("valid", _("有效")),
            ("expired", _("已到期")),
            ("revoked", _("已撤销")),
        ],
        "tab": "holders",
    }
    return render(request, "public/holders.html", context)


@page(may=anybody)
def complain(request: Asked, title: int) -> HttpResponse:
    """Complain about a holder, by real name and with evidence."""
    rows = HeldTitle.objects.select_related("enterprise", "certificate__case__round")
    found = get_object_or_404(rows, pk=title, scheme__in=tier_schemes())
    context = {"title": found, "tab": "holders"}
    return objection_page(
        request,
        "public/complain.html",
        context,
        lambda told: file_complaint(title=found, told=told),
    )


def titles_of(
    on: datetime.date, *, scheme: str, place: str, words: str, state: str
) -> models.QuerySet[HeldTitle]:
    """Titles of the tiers, of firms in the registry; ``words``: a part of a name."""
    found = HeldTitle.objects.filter(
        enterprise__merged_into=None, scheme__in=tier_schemes()
    )
    match state:
        case "revoked":
            found = found.exclude(revoked_on=None)
        case "expired":
            found = found.filter(revoked_on=None, valid_until__lt=on)
        case _:
            found = found.filter(
                Q(valid_until=None) | Q(valid_until__gte=on),
                revoked_on=None,
                valid_from__lte=on,
            )
    if scheme:
        found = found.filter(scheme=scheme)
    if place.isdecimal():
        found = found.filter(scope_filter(_prefix(place), "enterprise__territory"))
    if words:
        found = found.filter(enterprise__name__icontains=words)
    return found.select_related("enterprise", "certificate").order_by(
        "enterprise__territory", "enterprise__name", "pk"
    )


def places() -> list[tuple[str, str]]:
    """Cities and counties that have holders, in the order of their codes."""
    codes = (
        HeldTitle.objects.order_by()
        .values_list("enterprise__territory", flat=True)
        .distinct()
    )
    cities = {code[:4] + "00" for code in codes}
    known = sorted(cities | set(codes))
    name = default_divisions().name
    return [
        (code, ("　" if code[4:] != "00" else "") + (name(code) or code))
        for code in known
    ]


def _prefix(place: str) -> str:
    return scope_of(place[:6].ljust(6, "0"))


def tier_schemes() -> list[str]:
    """The schemes whose steps and duties the packs know; others have other offices."""
    pack = default_library().national
    return [each for each in pack.schemes if each in pack.procedures]


def _file(form: str, found: models.QuerySet[HeldTitle]) -> HttpResponseBase:
    heads = [
        _("企业名称"),
        _("区划"),
        _("称号"),
        _("有效期自"),
        _("有效期至"),
        _("证书编号"),
        _("撤销日期"),
    ]
    rows = (_line(each) for each in found.iterator(chunk_size=1000))
    return download(form, _("获证企业"), heads, rows)


def _line(title: HeldTitle) -> list[Any]:
    certificate = getattr(title, "certificate", None)
    return [
        title.enterprise.name,
        place_word(title.enterprise.territory),
        scheme_word(title.scheme),
        title.valid_from,
        title.valid_until,
        certificate.number if certificate else "",
        title.revoked_on,
    ]
