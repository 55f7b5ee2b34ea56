"""How people come in: an enterprise signs up, an invited person accepts."""

from __future__ import annotations

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth import login
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from tidu.accounts.actions import accept_invitation, check_open, open_account
from tidu.accounts.actors import Actor
from tidu.accounts.errors import AccountError
from tidu.accounts.models import Invitation, Membership, User
from tidu.accounts.permissions import anybody
from tidu.accounts.queries import invitation_for
from tidu.registry.claims import sign_up_enterprise
from tidu.web.account.forms import EnterpriseForm, PersonForm, SignUpForm
from tidu.web.middleware import CHOSEN
from tidu.web.pages import Asked, page

_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@page(may=anybody)
def sign_up(request: Asked) -> HttpResponse:
    """An enterprise comes in; who has signed in already adds an enterprise."""
    form_class = EnterpriseForm if request.actor.user else SignUpForm
    if request.method != "POST":
        return render(request, "account/sign_up.html", {"form": form_class()})
    form = form_class(request.POST)
    if not ratelimit.consume(request, action="signup"):
        form.add_error(None, _("试得太多了，请过一分钟再试"))
    if form.is_valid():
        try:
            return _signed_up(request, form)
        except AccountError as error:
            form.add_error(None, str(error))
    return render(request, "account/sign_up.html", {"form": form}, status=422)


def _signed_up(request: Asked, form: EnterpriseForm | SignUpForm) -> HttpResponse:
    found = form.cleaned_data
    with transaction.atomic():
        user = request.actor.user
        if isinstance(form, SignUpForm):
            user = open_account(**form.account())
        assert user is not None
        made = sign_up_enterprise(
            name=found["name"],
            uscc=found["uscc"],
            territory=found["territory"],
            note=found["note"],
            user=user,
        )
    _sign_in(request, user)
    if isinstance(made, Membership):
        request.session[CHOSEN] = made.pk
        messages.success(request, _("企业账户已建立。先把数据填上，就能看到梯度"))
        return redirect("enterprise_home")
    messages.info(request, _("这家企业已在库里，要等当地主管部门核实后才能使用"))
    return redirect("account")


@page(may=anybody)
@never_cache
def invitation(request: Asked, secret: str) -> HttpResponse:
    """Accept an invitation: as the person who is signed in, or as a new one."""
    found = invitation_for(secret)
    if found is None:
        raise Http404
    context = {
        "invitation": found,
        "problem": _problem(found),
        "form": PersonForm(initial={"person": found.name}),
    }
    if request.method != "POST" or context["problem"]:
        status = 410 if context["problem"] else 200
        return render(request, "account/invitation.html", context, status=status)
    if request.actor.user:
        return _joined(request, found, request.actor.user)
    form = PersonForm(request.POST)
    if form.is_valid():
        try:
            with transaction.atomic():
                return _joined(request, found, open_account(**form.account()))
        except AccountError as error:
            form.add_error(None, str(error))
    context["form"] = form
    return render(request, "account/invitation.html", context, status=422)


def _problem(found: Invitation) -> str:
    try:
        check_open(found)
    except AccountError as error:
        return str(error)
    return ""


def _joined(request: Asked, found: Invitation, user: User) -> HttpResponse:
    membership = accept_invitation(invitation=found, by=Actor(user))
    _sign_in(request, user)
    request.session[CHOSEN] = membership.pk
    text = _("您已加入“{organisation}”")
    messages.success(request, text.format(organisation=membership.organisation.name))
    return redirect("account")


def _sign_in(request: Asked, user: User) -> None:
    """Begin the new person's session, under a new key."""
    if not request.user.is_authenticated:
        login(request, user, backend=_BACKEND)
