"""Lists that are paid without applying, for everybody: read, print, object."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from tidu.accounts.permissions import anybody
from tidu.eligibility.enums import EntryState
from tidu.eligibility.kept_packs import mechanism_of
from tidu.eligibility.list_objections import may_object_to_entry, object_to_entry
from tidu.eligibility.pay_list_models import (
    EntitlementEntry,
    EntitlementList,
    ListObjection,
)
from tidu.eligibility.pay_list_queries import (
    days_to_payment,
    public_lists,
    today,
)
from tidu.rules.pay_list import PUBLISHED
from tidu.web.downloads import FORMS, download
from tidu.web.pages import Asked, page
from tidu.web.paging import leaf_through
from tidu.web.public.notices import objection_page
from tidu.web.throttle import too_many
from tidu.web.wording import place_word

_SHOWN, _HIDDEN = 6, "********"


@page(may=anybody)
def public_entitlements(request: Asked) -> HttpResponseBase:
    """All lists whose notice has begun, the newest first."""
    found = public_lists(today())
    if words := request.GET.get("q", "").strip()[:100]:
        listed = EntitlementEntry.objects.filter(name__icontains=words)
        found = found.filter(pk__in=listed.values("pay_list"))
    if (form := request.GET.get("download")) in FORMS:
        heads = [
            *(_("标题"), _("主管部门"), _("公示开始"), _("公示截止")),
            *(_("家数"), _("合计（元）"), _("状态")),
        ]
        rows = (
            [
                *(each.title, each.organisation.name, each.opens_on, each.ends_on),
                *(each.firms, each.total, str(each.shown_state.label.chinese)),  # type: ignore[attr-defined]
            ]
            for each in found
        )
        return download(str(form), _("免申即享"), heads, rows)
    context = {
        "leaf": leaf_through(found, request.GET),
        "on": today(),
        "days": days_to_payment(EntitlementEntry.objects.all()),
        "tab": "entitlements",
    }
    return render(request, "public/entitlements.html", context)


@page(may=anybody)
def public_entitlement(request: Asked, pk: int) -> HttpResponseBase:
    """One list: names, places and amounts; codes are masked, accounts never shown."""
    pay_list = _find(pk)
    rows = pay_list.entries.exclude(state=EntryState.REMOVED)
    if words := request.GET.get("q", "").strip()[:100]:
        rows = rows.filter(name__icontains=words)
    if (form := request.GET.get("download")) in FORMS:
        return _file(str(form), pay_list, rows)
    mechanism = mechanism_of(pay_list)
    leaf = leaf_through(rows, request.GET)
    context = {
        "pay_list": pay_list,
        "mechanism": mechanism,
        "leaf": leaf,
        "rows": [(each, masked_code(each.uscc)) for each in leaf.items],
        "open": pay_list.state == PUBLISHED and today() <= pay_list.ends_on,  # type: ignore[operator]
        "on": today(),
        "tab": "entitlements",
    }
    return render(request, "public/entitlement.html", context)


@page(may=anybody)
def object_to_listed(request: Asked, entry: int) -> HttpResponse:
    """Object to a firm on a list."""
    rows = EntitlementEntry.objects.select_related("pay_list__organisation")
    found = get_object_or_404(rows, pk=entry)
    pay_list = _find(found.pay_list_id)
    context = {
        "entry": found,
        "pay_list": pay_list,
        "verdict": may_object_to_entry(found, today()),
        "tab": "entitlements",
    }
    return objection_page(
        request,
        "public/entitlement_object.html",
        context,
        lambda told: object_to_entry(entry=found, told=told),
        answers="entitlement_answer",
    )


@page(may=anybody)
def entitlement_answer(request: Asked) -> HttpResponse:
    """Look up what became of an objection, by its number; nobody's name is shown."""
    number = "".join(request.GET.get("number", "").split()).upper()[:24]
    if number and too_many(request, "objection_answer"):
        return render(request, "public/objection_later.html", {}, status=429)
    rows = ListObjection.objects.select_related("entry__pay_list__organisation")
    found = rows.filter(number=number).first() if number else None
    new = bool(found) and request.session.get("objection") == number
    context = {"number": number, "found": found, "new": new, "tab": "entitlements"}
    return render(request, "public/entitlement_answer.html", context)


def masked_code(uscc: str) -> str:
    """A credit code as the public reads it: its first six and last four characters."""
    return f"{uscc[:_SHOWN]}{_HIDDEN}{uscc[-4:]}"


def _find(pk: int) -> EntitlementList:
    """A list whose notice has begun; what is prepared or cancelled is nobody's."""
    found = public_lists(today()).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _file(
    form: str, pay_list: EntitlementList, rows: models.QuerySet[EntitlementEntry]
) -> HttpResponseBase:
    heads = [_("企业名称"), _("统一社会信用代码"), _("区划"), _("金额（元）")]
    return download(form, pay_list.title, heads, _lines(rows))


def _lines(rows: models.QuerySet[EntitlementEntry]) -> Iterator[list[Any]]:
    for each in rows.iterator(chunk_size=1000):
        place = place_word(each.territory)
        yield [each.name, masked_code(each.uscc), place, each.amount]
