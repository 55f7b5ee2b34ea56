"""Who has looked at our enterprise's data: for the enterprise itself."""

from __future__ import annotations

from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import render

from tidu.accounts.permissions import may_act_for_enterprise
from tidu.audit.access import accesses_to, kept_days
from tidu.registry.models import Enterprise
from tidu.web.access_lists import as_list_file, list_context
from tidu.web.pages import Asked, page


@page(may=may_act_for_enterprise)
def own_access(request: Asked) -> HttpResponseBase:
    firm = Enterprise.objects.filter(organisation=request.actor.organisation).first()
    if firm is None:
        raise Http404
    found = accesses_to(firm)
    if form := request.GET.get("download"):
        return as_list_file(request, found, form)
    context = list_context(request, found) | {"kept_days": kept_days(), "firm": firm}
    return render(request, "administrator/access_log.html", context)
