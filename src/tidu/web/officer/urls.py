"""Addresses for authorities."""

from django.urls import include, path

from tidu.web.enterprise.firm import of_territory
from tidu.web.enterprise.ladder import ladder
from tidu.web.officer import (
    duplicates,
    firms,
    home,
    imports,
    pool,
    registry,
    simulator,
)

urlpatterns = [
    path("", home.officer_home, name="officer_home"),
    path("pool/", pool.pool, name="pool"),
    path("pool/export/<str:form>/", pool.pool_export, name="pool_export"),
    path("pool/expiring/", pool.titles_expiring, name="expiring"),
    path("pool/silent/", pool.silent_firms, name="silent_firms"),
    path("pool/<str:what>/<str:form>/", pool.list_export, name="list_export"),
    path("simulator/", simulator.simulator, name="simulator"),
    path("simulator/prepare/", simulator.simulator_prepare, name="simulator_prepare"),
    path(
        "simulator/progress/", simulator.simulator_progress, name="simulator_progress"
    ),
    path("registry/", registry.registry, name="registry"),
    path(
        "registry/export/<str:form>/", registry.registry_export, name="registry_export"
    ),
    path("registry/segments/", registry.segment_keep, name="segment_keep"),
    path("registry/segments/<int:pk>/", registry.segment_drop, name="segment_drop"),
    path("registry/duplicates/", duplicates.duplicates, name="duplicates"),
    path("registry/merge/<int:kept>/<int:duplicate>/", duplicates.merge, name="merge"),
    path("registry/mergers/<int:pk>/undo/", duplicates.merger_undo, name="merger_undo"),
    path("registry/<int:pk>/", of_territory(ladder), name="registry_enterprise"),
    path("registry/<int:pk>/identity/", firms.identity, name="firm_identity"),
    path("registry/<int:pk>/titles/", firms.titles, name="firm_titles"),
    path("registry/<int:pk>/filings/", firms.filings, name="firm_filings"),
    path("registry/<int:pk>/events/", firms.events, name="firm_events"),
    path("registry/<int:pk>/close/", firms.close, name="firm_close"),
    path("registry/<int:pk>/reopen/", firms.reopen, name="firm_reopen"),
    path("", include("tidu.web.officer.month_urls")),
    path("", include("tidu.web.officer.case_urls")),
    path("", include("tidu.web.officer.review_urls")),
    path("", include("tidu.web.officer.service_urls")),
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
    path(
        "imports/<int:pk>/report/<str:form>/",
        imports.import_report,
        name="import_report",
    ),
    path(
        "imports/<int:pk>/result/<str:form>/",
        imports.import_result,
        name="import_result",
    ),
]
