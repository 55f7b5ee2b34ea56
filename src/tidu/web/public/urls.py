"""Addresses for everybody."""

from django.urls import path

from tidu.web.public import checks, measures, policies, styleguide, views

urlpatterns = [
    path("", views.home, name="home"),
    path("check/", checks.self_check, name="self_check"),
    path("check/report/", checks.self_check_report, name="self_check_report"),
    path("check/file/", checks.check_file, name="check_file"),
    path("policies/", policies.policies, name="policies"),
    path(
        "policies/documents/<str:document>/", policies.document, name="policy_document"
    ),
    path("policies/<slug:scheme>/", policies.scheme, name="policy_scheme"),
    path(
        "policies/<slug:scheme>/<slug:edition>/",
        policies.edition,
        name="policy_edition",
    ),
    path(
        "policies/<slug:scheme>/<slug:earlier>/to/<slug:later>/",
        policies.changes,
        name="policy_changes",
    ),
    path("policy/coverage/", measures.coverage, name="policy_coverage"),
    path("policy/measures/<int:number>/", measures.measure, name="policy_measure"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
]
