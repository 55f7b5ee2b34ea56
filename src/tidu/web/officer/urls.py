"""Addresses for authorities."""

from django.urls import path

from tidu.web.officer import views

urlpatterns = [
    path("registry/", views.registry, name="registry"),
    path("registry/<int:pk>/", views.enterprise, name="registry_enterprise"),
]
