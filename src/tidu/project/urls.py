"""All addresses: one list per audience."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

from tidu.api.addresses import api

urlpatterns = [
    path("", include("tidu.web.public.urls")),
    path("", include("tidu.web.account.urls")),
    path("", include("tidu.web.account.care_urls")),
    path("account/", include("allauth.urls")),
    path("enterprise/", include("tidu.web.enterprise.urls")),
    path("site/", include("tidu.web.administrator.urls")),
    path("officer/", include("tidu.web.officer.urls")),
    path("api/v1/", api.urls),
    path("admin/", admin.site.urls),
]
handler403 = "tidu.web.refusals.refused"
handler404 = "tidu.web.refusals.not_found"
handler500 = "tidu.web.refusals.failed"
