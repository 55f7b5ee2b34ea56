"""All addresses: one list per audience."""

from __future__ import annotations

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from tidu.api.addresses import api

# The back office is entered by our own sign-in page, with lock-out and second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", include("tidu.web.public.urls")),
    path("", include("tidu.web.public.notice_urls")),
    path("", include("tidu.web.public.entitlement_urls")),
    path("", include("tidu.web.account.urls")),
    path("", include("tidu.web.account.care_urls")),
    path("account/", include("allauth.urls")),
    path("enterprise/", include("tidu.web.enterprise.urls")),
    path("enterprise/", include("tidu.web.enterprise.holding_urls")),
    path("enterprise/", include("tidu.web.enterprise.entitlement_urls")),
    path("officer/registry/<int:pk>/", include("tidu.web.enterprise.firm_urls")),
    path("expert/", include("tidu.web.expert.urls")),
    path("", include("tidu.web.adviser.urls")),
    path("site/", include("tidu.web.administrator.urls")),
    path("officer/", include("tidu.web.officer.urls")),
    path("officer/", include("tidu.web.officer.holder_urls")),
    path("officer/", include("tidu.web.officer.entitlement_urls")),
    path("api/v1/", api.urls),
    path("admin/", admin.site.urls),
]
handler403 = "tidu.web.refusals.refused"
handler404 = "tidu.web.refusals.not_found"
handler500 = "tidu.web.refusals.failed"
