"""A person's own account: for whom they act, and how they sign in."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from tidu.accounts.permissions import may_sign_in_only
from tidu.web.pages import Asked, page


@page(may=may_sign_in_only)
def account(request: Asked) -> HttpResponse:
    return render(request, "account/account.html")
