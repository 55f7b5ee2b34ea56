"""Who opened which firm's pages and who took data out, of the whole site."""

from __future__ import annotations

from django.http.response import HttpResponseBase
from django.shortcuts import render

from tidu.accounts.permissions import may_run_site
from tidu.audit.access import kept_days
from tidu.audit.models import Access
from tidu.web.access_lists import as_list_file, list_context
from tidu.web.pages import Asked, page


@page(may=may_run_site)
def access_log(request: Asked) -> HttpResponseBase:
    found = Access.objects.all()
    if form := request.GET.get("download"):
        return as_list_file(request, found, form)
    context = list_context(request, found) | {"kept_days": kept_days(), "all": True}
    return render(request, "administrator/access_log.html", context)
