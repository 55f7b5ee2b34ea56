"""Addresses for everybody."""

from django.urls import path

from tidu.web.public import views

urlpatterns = [
    path("", views.home, name="home"),
    path("check/", views.self_check, name="self_check"),
    path("policies/", views.policies, name="policies"),
]
