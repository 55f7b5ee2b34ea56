"""Addresses for experts."""

from django.urls import path

from tidu.web.expert import sheets

urlpatterns = [
    path("", sheets.sheets, name="sheets"),
    path("<int:pk>/", sheets.sheet, name="sheet"),
    path("<int:pk>/conflict/", sheets.conflict, name="sheet_conflict"),
]
