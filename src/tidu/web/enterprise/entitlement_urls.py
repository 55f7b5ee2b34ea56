"""Addresses of what an enterprise has without applying, and of its account."""

from django.urls import path

from tidu.web.enterprise import entitlements
from tidu.web.enterprise.firm import own

urlpatterns = [
    path("entitlements/", own(entitlements.my_entitlements), name="my_entitlements"),
    path(
        "entitlements/account/",
        own(entitlements.account_enter),
        name="account_enter",
    ),
    path(
        "entitlements/account/confirm/",
        own(entitlements.account_confirm),
        name="account_confirm",
    ),
]
