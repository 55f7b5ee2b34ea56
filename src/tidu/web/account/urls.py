"""Addresses of a person's own account."""

from django.urls import path
from django.views.i18n import set_language

from tidu.accounts.permissions import anybody
from tidu.web.account import views
from tidu.web.pages import page

urlpatterns = [
    path("account/", views.account, name="account"),
    path("language/", page(may=anybody)(set_language), name="set_language"),
]
