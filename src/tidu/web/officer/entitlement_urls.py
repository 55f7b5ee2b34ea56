"""Addresses of lists that an authority pays without being asked."""

from django.urls import path

from tidu.web.officer import entitlement_steps as steps
from tidu.web.officer import entitlements, list_objections

urlpatterns = [
    path("entitlements/", entitlements.entitlements, name="entitlements"),
    path("entitlements/new/", steps.entitlement_choose, name="entitlement_choose"),
    path(
        "entitlements/new/<str:mechanism>/",
        steps.entitlement_new,
        name="entitlement_new",
    ),
    path("entitlements/<int:pk>/", entitlements.entitlement, name="entitlement"),
    path(
        "entitlements/<int:pk>/progress/",
        entitlements.entitlement_progress,
        name="entitlement_progress",
    ),
    path(
        "entitlements/<int:pk>/export/<str:form>/",
        entitlements.entitlement_export,
        name="entitlement_export",
    ),
    path(
        "entitlements/<int:pk>/open/",
        entitlements.entitlement_open,
        name="entitlement_open",
    ),
    path(
        "entitlements/entry/<int:entry>/",
        entitlements.entitlement_entry,
        name="entitlement_entry",
    ),
    path(
        "entitlements/<int:pk>/budget/",
        steps.entitlement_budget,
        name="entitlement_budget",
    ),
    path(
        "entitlements/<int:pk>/work-out/",
        steps.entitlement_work_out,
        name="entitlement_work_out",
    ),
    path(
        "entitlements/<int:pk>/freeze/",
        steps.entitlement_freeze,
        name="entitlement_freeze",
    ),
    path(
        "entitlements/<int:pk>/publish/",
        steps.entitlement_publish,
        name="entitlement_publish",
    ),
    path(
        "entitlements/<int:pk>/approve/",
        steps.entitlement_approve,
        name="entitlement_approve",
    ),
    path("entitlements/<int:pk>/pay/", steps.entitlement_pay, name="entitlement_pay"),
    path(
        "entitlements/<int:pk>/pay-file/<str:form>/",
        steps.entitlement_pay_file,
        name="entitlement_pay_file",
    ),
    path(
        "entitlements/<int:pk>/receipts/",
        steps.entitlement_receipts,
        name="entitlement_receipts",
    ),
    path(
        "entitlements/<int:pk>/close/",
        steps.entitlement_close,
        name="entitlement_close",
    ),
    path(
        "entitlements/<int:pk>/replay/",
        steps.entitlement_replay,
        name="entitlement_replay",
    ),
    path(
        "entitlements/objections/",
        list_objections.list_objections,
        name="list_objections",
    ),
    path(
        "entitlements/objections/<int:pk>/",
        list_objections.list_objection,
        name="list_objection",
    ),
    path(
        "entitlements/objections/<int:pk>/file/",
        list_objections.list_objection_file,
        name="list_objection_file",
    ),
]
