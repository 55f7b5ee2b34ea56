"""Addresses for experts."""

from django.urls import path

from tidu.web.expert import sheets, ties

urlpatterns = [
    path("", sheets.sheets, name="sheets"),
    path("ties/", ties.expert_ties, name="expert_ties"),
    path("ties/<int:pk>/", ties.expert_tie_correct, name="expert_tie_correct"),
    path("<int:pk>/", sheets.sheet, name="sheet"),
    path("<int:pk>/conflict/", sheets.conflict, name="sheet_conflict"),
]
