"""Addresses of lists that are paid without applying, for everybody."""

from django.urls import path

from tidu.web.public import entitlements

urlpatterns = [
    path("entitlements/", entitlements.public_entitlements, name="public_entitlements"),
    path(
        "entitlements/<int:pk>/",
        entitlements.public_entitlement,
        name="public_entitlement",
    ),
    path(
        "entitlements/object/<int:entry>/",
        entitlements.object_to_listed,
        name="object_to_listed",
    ),
    path(
        "entitlements/answers/",
        entitlements.entitlement_answer,
        name="entitlement_answer",
    ),
]
