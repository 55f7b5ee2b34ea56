"""Addresses of an enterprise's titles."""

from django.urls import path

from tidu.web.enterprise import holding
from tidu.web.enterprise.firm import own

urlpatterns = [
    path("holding/", own(holding.holding), name="holding"),
    path("holding/<int:title>/update/", own(holding.update), name="holding_update"),
    path(
        "holding/<int:title>/certificate/",
        own(holding.certificate),
        name="holding_certificate",
    ),
]
