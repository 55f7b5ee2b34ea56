"""What is held about me: read it, take it along, close the account."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tidu.accounts.models import User
from tidu.accounts.permissions import may_sign_in_only
from tidu.accounts.personal import erase, held_about, may_erase
from tidu.web.closing_forms import OwnAccountForm
from tidu.web.pages import Asked, page
from tidu.web.personal_files import personal_file


@page(may=may_sign_in_only)
def my_data(request: Asked) -> HttpResponse:
    person = _person(request)
    held = [(title, len(rows)) for title, rows in held_about(person).items()]
    return render(request, "account/my_data.html", {"person": person, "held": held})


@page(may=may_sign_in_only)
def download(request: Asked) -> HttpResponse:
    return personal_file(_person(request), request.GET.get("form", "json"))


@page(may=may_sign_in_only)
def close(request: Asked) -> HttpResponse:
    person = _person(request)
    form = OwnAccountForm(request.POST or None, person=person)
    verdict = may_erase(request.actor, person)
    if request.method == "POST" and verdict and form.is_valid():
        erase(person=person, by=request.actor)
        logout(request)
        messages.success(request, _("账户已注销，姓名、电话和登录方式已清除"))
        return redirect("home")
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "verdict": verdict}
    return render(request, "account/close.html", context, status=status)


def _person(request: Asked) -> User:
    assert request.actor.user is not None
    return request.actor.user
