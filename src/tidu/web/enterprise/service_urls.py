"""Addresses of what an enterprise asks for."""

from django.urls import path

from tidu.web.enterprise import service_requests as requests
from tidu.web.enterprise.firm import own

_ONE = "services/<int:pk>/"

urlpatterns = [
    path("services/", own(requests.services), name="services"),
    path("services/ask/<slug:service>/", own(requests.ask), name="service_ask"),
    path(_ONE, own(requests.one), name="service"),
    path(_ONE + "documents/", own(requests.hand_in), name="service_document"),
    path(_ONE + "<slug:event>/", own(requests.move), name="service_move"),
]
