"""Addresses for enterprises."""

from django.urls import path

from tidu.web.enterprise import views

urlpatterns = [path("ladder/", views.ladder, name="ladder")]
