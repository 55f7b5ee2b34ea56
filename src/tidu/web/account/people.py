"""The people of an organisation: see, invite, change, end, help to sign in again."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tidu.accounts import actions
from tidu.accounts.enums import Role
from tidu.accounts.errors import AccountError
from tidu.accounts.models import Invitation, Membership, Organisation
from tidu.accounts.permissions import may_manage_people, may_reset_sign_in_of
from tidu.accounts.queries import open_invitations, people_of
from tidu.web.account.forms import InviteForm, role_choices
from tidu.web.downloads import download
from tidu.web.pages import Asked, View, page

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Change = Callable[[Asked, Membership], None]


@page(may=may_manage_people)
@never_cache
def people(request: Asked) -> HttpResponseBase:
    """List the people; a POST invites one and shows the link, this once."""
    organisation = _organisation(request)
    if form := request.GET.get("download"):
        return _download(organisation, form)
    if request.method != "POST":
        return _show(request, organisation, InviteForm(organisation))
    invite = InviteForm(organisation, request.POST)
    if not invite.is_valid():
        return _show(request, organisation, invite, status=422)
    made, secret = actions.invite(
        organisation=organisation,
        name=invite.cleaned_data["name"],
        role=Role(invite.cleaned_data["role"]),
        by=request.actor,
    )
    link = request.build_absolute_uri(reverse("invitation", args=[secret]))
    shown: dict[str, Any] = {"link": link, "invited": made}
    return _show(request, organisation, InviteForm(organisation), **shown)


def _posted(text: StrOrPromise) -> Callable[[Change], View]:
    """A view that changes something about one of the people, and says so."""

    def declare(change: Change) -> View:
        @page(may=may_manage_people)
        @require_POST
        @functools.wraps(change)
        def view(request: Asked, pk: int) -> HttpResponseBase:
            membership = _membership(request, pk)
            try:
                change(request, membership)
            except AccountError as error:
                messages.error(request, str(error))
            else:
                said = str(text).format(name=membership.user)
                messages.success(request, said)
            return redirect("people")

        return view

    return declare


@_posted(gettext_lazy("{name}的角色已改"))
def change_role(request: Asked, membership: Membership) -> None:
    wanted = request.POST.get("role", "")
    if wanted not in dict(role_choices(membership.organisation)):
        raise Http404
    actions.change_role(membership=membership, role=Role(wanted), by=request.actor)


@_posted(gettext_lazy("{name}不再代表本单位"))
def end(request: Asked, membership: Membership) -> None:
    actions.end_membership(membership=membership, by=request.actor)


@page(may=may_manage_people)
@require_POST
@never_cache
def reset_password(request: Asked, pk: int) -> HttpResponseBase:
    """Make a one-time password and show it, this once."""
    membership = _membership(request, pk)
    password = actions.reset_password(membership=membership, by=request.actor)
    context = {"membership": membership, "password": password}
    return render(request, "account/one_time_password.html", context)


@_posted(gettext_lazy("{name}的两步验证已取消，下次登录后可重新设置"))
def reset_second_factor(request: Asked, membership: Membership) -> None:
    actions.reset_second_factor(membership=membership, by=request.actor)


@page(may=may_manage_people)
@require_POST
def withdraw(request: Asked, pk: int) -> HttpResponseBase:
    found = get_object_or_404(
        Invitation.objects.select_related("organisation"),
        pk=pk,
        organisation=_organisation(request),
    )
    actions.withdraw_invitation(invitation=found, by=request.actor)
    messages.success(request, _("邀请已收回，链接不能再用"))
    return redirect("people")


def _organisation(request: Asked) -> Organisation:
    if request.actor.organisation is None:
        raise Http404
    return request.actor.organisation


def _membership(request: Asked, pk: int) -> Membership:
    """One of the actor's own organisation's people; 404 for anybody else's."""
    return get_object_or_404(
        people_of(_organisation(request)).select_related("organisation"), pk=pk
    )


def _show(
    request: Asked,
    organisation: Organisation,
    form: InviteForm,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponseBase:
    found = list(
        people_of(organisation)
        .select_related("organisation")
        .prefetch_related("user__memberships")
    )
    rows = [
        {
            "membership": each,
            "resettable": bool(may_reset_sign_in_of(request.actor, each)),
        }
        for each in found
    ]
    context = {
        "organisation": organisation,
        "people": rows,
        "invitations": open_invitations(organisation),
        "roles": role_choices(organisation),
        "form": form,
        **more,
    }
    return render(request, "account/people.html", context, status=status)


def _download(organisation: Organisation, form: str) -> HttpResponseBase:
    heads = [_("姓名"), _("用户名"), _("角色"), _("开始")]
    rows = [
        [each.user.name, each.user.username, each.get_role_display(), each.since]
        for each in people_of(organisation)
    ]
    return download(form, _("本单位人员"), heads, rows)
