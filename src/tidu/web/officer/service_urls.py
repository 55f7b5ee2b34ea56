"""Addresses of requests and advisers, for authorities."""

from django.urls import path

from tidu.web.officer import advisers, service_queue

_ADVISERS = "services/advisers/"

urlpatterns = [
    path("services/", service_queue.queue, name="service_queue"),
    path("services/export/<str:form>/", service_queue.export, name="service_export"),
    path(_ADVISERS, advisers.advisers, name="advisers"),
    path(_ADVISERS + "new/", advisers.adviser_new, name="adviser_new"),
    path(_ADVISERS + "<int:pk>/", advisers.adviser_one, name="adviser"),
    path(_ADVISERS + "<int:pk>/firms/", advisers.adviser_firm, name="adviser_firm"),
    path("services/served/<int:pk>/end/", advisers.adviser_firm_end, name="served_end"),
    path("services/<int:pk>/", service_queue.one, name="service_one"),
    path(
        "services/<int:pk>/<slug:event>/", service_queue.move, name="service_one_move"
    ),
]
