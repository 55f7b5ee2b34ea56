"""Everybody who signs in: find one, hand out what is held about them, erase them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import models
from django.db.models import Prefetch, Q
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from tidu.accounts.masking import masked_phone
from tidu.accounts.models import Membership, User
from tidu.accounts.permissions import may_run_site
from tidu.accounts.personal import erase, held_about, is_erased, may_erase
from tidu.web.closing_forms import UserNameAgainForm
from tidu.web.downloads import download
from tidu.web.pages import Asked, page
from tidu.web.paging import leaf_through
from tidu.web.personal_files import personal_file

_CURRENT = Membership.objects.filter(ended_at=None).select_related("organisation")
_KNOWN = User.objects.prefetch_related(Prefetch("memberships", queryset=_CURRENT))


@page(may=may_run_site)
def people(request: Asked) -> HttpResponseBase:
    typed = request.GET.get("q", "").strip()
    found = _matching(typed)
    if form := request.GET.get("download"):
        heads = [_("用户名"), _("姓名"), _("单位和角色"), _("电话"), _("最近登录")]
        return download(form, _("用户"), heads, map(_row, found))
    leaf = leaf_through(found, request.GET)
    rows = [
        {"person": each, "phone": masked_phone(each.phone), "erased": is_erased(each)}
        for each in leaf.items
    ]
    context = {"typed": typed, "leaf": leaf, "rows": rows}
    return render(request, "administrator/people.html", context)


@page(may=may_run_site)
def person(request: Asked, pk: int) -> HttpResponse:
    """One person: what is held, and a form that erases them."""
    found = get_object_or_404(_KNOWN, pk=pk)
    form = UserNameAgainForm(request.POST or None, person=found)
    verdict = may_erase(request.actor, found)
    if request.method == "POST" and verdict and form.is_valid():
        _erase(request, found)
        return redirect("site_people")
    context = {
        "person": found,
        "erased": is_erased(found),
        "held": [(title, len(rows)) for title, rows in held_about(found).items()],
        "form": form,
        "verdict": verdict,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "administrator/person.html", context, status=status)


@page(may=may_run_site)
def data(request: Asked, pk: int) -> HttpResponse:
    found = get_object_or_404(User, pk=pk)
    return personal_file(found, request.GET.get("form", "json"))


def _erase(request: Asked, found: User) -> None:
    erased = erase(person=found, by=request.actor)
    messages.success(request, _("已注销：姓名、电话和登录方式已清除，记录里只留编号"))
    if erased.old_events:
        text = _(
            "另有{count}条升级以前的审计记录仍带着原来的姓名：改动它们会使审计链断开"
        )
        messages.warning(request, text.format(count=erased.old_events))


def _matching(typed: str) -> models.QuerySet[User]:
    found = _KNOWN.order_by("username")
    if typed:
        found = found.filter(
            Q(username__icontains=typed)
            | Q(name__icontains=typed)
            | Q(memberships__organisation__name__icontains=typed)
        ).distinct()
    return found


def _row(each: User) -> list[Any]:
    offices = (
        f"{m.organisation}（{m.get_role_display()}）" for m in each.memberships.all()
    )
    last = timezone.localtime(each.last_login) if each.last_login else ""
    phone = masked_phone(each.phone)
    return [each.username, each.name, "；".join(offices), phone, last]
