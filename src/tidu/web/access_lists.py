"""The list of accesses as pages show it: filtered by the address, paged, downloaded."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db import models
from django.db.models import Q
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tidu.audit.models import Access, AccessKind
from tidu.web.access import PAGE_NAMES
from tidu.web.downloads import download
from tidu.web.pages import Asked
from tidu.web.paging import leaf_through

_DAY = forms.DateInput(attrs={"type": "date", "class": "form-control w-auto"})


class AccessFilter(forms.Form):
    """What to look for; a field that cannot be read is as if it were empty."""

    q = forms.CharField(
        label=gettext_lazy("企业、单位、姓名或内容"),
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control w-auto"}),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("事项"),
        required=False,
        choices=[("", gettext_lazy("全部")), *AccessKind.choices],
        widget=forms.Select(attrs={"class": "form-select w-auto"}),
    )
    since = forms.DateField(label=gettext_lazy("从"), required=False, widget=_DAY)
    until = forms.DateField(label=gettext_lazy("到"), required=False, widget=_DAY)

    def narrow(self, found: models.QuerySet[Access]) -> models.QuerySet[Access]:
        """Those accesses that the filter asks for."""
        self.is_valid()
        asked = self.cleaned_data
        if typed := asked.get("q", "").strip():
            names = ("firm_name", "organisation_name", "actor_name", "what")
            found = found.filter(
                Q.create([(f"{name}__icontains", typed) for name in names], Q.OR)
            )
        if asked.get("kind"):
            found = found.filter(kind=asked["kind"])
        if asked.get("since"):
            found = found.filter(at__date__gte=asked["since"])
        if asked.get("until"):
            found = found.filter(at__date__lte=asked["until"])
        return found


def list_context(request: Asked, found: models.QuerySet[Access]) -> dict[str, Any]:
    """What a template of the list needs."""
    asked = AccessFilter(request.GET)
    leaf = leaf_through(asked.narrow(found), request.GET)
    rows = [{"access": each, "what": what_of(each)} for each in leaf.items]
    return {"filter": asked, "leaf": leaf, "rows": rows}


def as_list_file(
    request: Asked, found: models.QuerySet[Access], form: str
) -> HttpResponseBase:
    """The filtered list as XLSX or CSV."""
    heads = [
        _("时间"),
        _("单位"),
        _("身份"),
        _("姓名"),
        _("事项"),
        _("企业"),
        _("内容"),
    ]
    return download(form, _("查阅记录"), heads, _rows(AccessFilter(request.GET), found))


def what_of(access: Access) -> str:
    """What was seen or taken: a page by its name, else a file or an address."""
    return str(PAGE_NAMES.get(access.page, access.what))


def _rows(asked: AccessFilter, found: models.QuerySet[Access]) -> Iterable[list[Any]]:
    for each in asked.narrow(found).iterator():
        yield [
            timezone.localtime(each.at),
            each.organisation_name,
            each.actor_role,
            each.actor_name,
            each.get_kind_display(),
            each.firm_name,
            what_of(each),
        ]
