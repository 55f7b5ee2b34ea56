"""Addresses for authorities."""

from django.urls import include, path

from tidu.web.officer import imports, views

urlpatterns = [
    path("", include("tidu.web.officer.month_urls")),
    path("registry/", views.registry, name="registry"),
    path("registry/<int:pk>/", views.enterprise, name="registry_enterprise"),
    path("imports/", imports.imports, name="imports"),
    path("imports/new/", imports.import_new, name="import_new"),
    path("imports/<int:pk>/", imports.import_one, name="import"),
    path("imports/<int:pk>/columns/", imports.import_columns, name="import_columns"),
    path("imports/<int:pk>/progress/", imports.import_progress, name="import_progress"),
    path("imports/<int:pk>/decide/", imports.import_decide, name="import_decide"),
    path("imports/<int:pk>/commit/", imports.import_commit, name="import_commit"),
    path("imports/<int:pk>/undo/", imports.import_undo, name="import_undo"),
    path("imports/<int:pk>/resume/", imports.import_resume, name="import_resume"),
    path("imports/<int:pk>/discard/", imports.import_discard, name="import_discard"),
    path("imports/<int:pk>/report/", imports.import_report, name="import_report"),
    path(
        "imports/<int:pk>/result/<str:form>/",
        imports.import_result,
        name="import_result",
    ),
]
