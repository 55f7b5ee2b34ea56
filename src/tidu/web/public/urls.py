"""Addresses for everybody."""

from django.urls import path

from tidu.web.public import policies, styleguide, views

urlpatterns = [
    path("", views.home, name="home"),
    path("check/", views.self_check, name="self_check"),
    path("policies/", policies.policies, name="policies"),
    path(
        "policies/documents/<str:document>/", policies.document, name="policy_document"
    ),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
]
