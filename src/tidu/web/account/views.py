"""A person's own account: for whom they act, and how they sign in."""

from __future__ import annotations

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tidu.accounts.actors import actor_for
from tidu.accounts.permissions import may_sign_in_only
from tidu.accounts.queries import memberships_of
from tidu.web.middleware import CHOSEN, has_second_factor
from tidu.web.pages import Asked, page
from tidu.web.sign_in import start_page


@page(may=may_sign_in_only)
def account(request: Asked) -> HttpResponse:
    user = request.actor.user
    assert user is not None
    context = {
        "memberships": memberships_of(user),
        "claims": user.claims.select_related("enterprise"),
        "second_factor": has_second_factor(request.actor),
        "oidc": bool(settings.OIDC_SERVER),
        "bound": SocialAccount.objects.filter(user=user).count()
        if settings.OIDC_SERVER
        else 0,
    }
    return render(request, "account/account.html", context)


@page(may=may_sign_in_only)
@require_POST
def act_as(request: Asked) -> HttpResponse:
    """Switch to another of one's own memberships."""
    user = request.actor.user
    assert user is not None
    asked = request.POST.get("membership", "")
    chosen = get_object_or_404(
        memberships_of(user), pk=int(asked) if asked.isdecimal() else 0
    )
    request.session[CHOSEN] = chosen.pk
    text = _("现在以“{organisation}”的{role}身份工作")
    messages.success(
        request,
        text.format(
            organisation=chosen.organisation.name, role=chosen.get_role_display()
        ),
    )
    return redirect(start_page(actor_for(user, chosen.pk)))
