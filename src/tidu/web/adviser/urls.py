"""Addresses for advisers and for the other side of a service."""

from django.urls import path

from tidu.web.adviser import caseload, confirming

_ONE = "adviser/requests/<int:pk>/"
_CONFIRM = "confirm/<int:pk>/"

urlpatterns = [
    path("adviser/", caseload.caseload, name="caseload"),
    path(_ONE, caseload.served_request, name="served_request"),
    path(_ONE + "contact/", caseload.request_contact, name="served_contact"),
    path(
        _ONE + "documents/<int:evidence>/",
        caseload.served_evidence,
        name="served_evidence",
    ),
    path(_ONE + "<slug:event>/", caseload.served_move, name="served_move"),
    path("adviser/firms/<int:pk>/", caseload.served_firm, name="served_firm"),
    path("confirm/", confirming.to_confirm, name="to_confirm"),
    path(_CONFIRM, confirming.confirm_one, name="confirm_one"),
    path(_CONFIRM + "<slug:event>/", confirming.confirm_move, name="confirm_move"),
]
