"""Addresses of notices, objections, certificates and holders, for everybody."""

from django.urls import path

from tidu.web.public import certificates, draws, holders, notices

urlpatterns = [
    path("notices/", notices.public_notices, name="public_notices"),
    path("notices/<int:pk>/", notices.public_notice, name="public_notice"),
    path("notices/object/<int:entry>/", notices.object_to, name="object_to"),
    path("notices/answers/", notices.objection_answer, name="objection_answer"),
    path("notices/holders/", holders.holders, name="holders"),
    path("notices/holders/<int:title>/complaint/", holders.complain, name="complain"),
    path("notices/draws/", draws.draws, name="draws"),
    path("notices/draws/<int:pk>/", draws.draws_of_round, name="public_draws"),
    path("notices/draws/inspections/<int:pk>.json", draws.site_draw, name="site_draw"),
    path(
        "notices/draws/inspections/<int:pk>.txt",
        draws.site_draw_list,
        name="site_draw_list",
    ),
    path("certificates/", certificates.certificate_check, name="certificate_check"),
    path(
        "certificates/public.pem",
        certificates.signing_certificates,
        name="signing_certificates",
    ),
    path(
        "certificates/revocations.json",
        certificates.revoked_certificates,
        name="revoked_certificates",
    ),
    path(
        "certificates/<str:number>/",
        certificates.certificate_check,
        name="certificate_page",
    ),
]
