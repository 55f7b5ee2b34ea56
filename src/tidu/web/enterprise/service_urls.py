"""Addresses of what an enterprise asks for."""

from django.urls import path

from tidu.web.enterprise import services
from tidu.web.enterprise.firm import own

_ONE = "services/<int:pk>/"

urlpatterns = [
    path("services/", own(services.services), name="services"),
    path("services/ask/<slug:service>/", own(services.ask), name="service_ask"),
    path(_ONE, own(services.one), name="service"),
    path(_ONE + "documents/", own(services.hand_in), name="service_document"),
    path(_ONE + "<slug:event>/", own(services.move), name="service_move"),
]
