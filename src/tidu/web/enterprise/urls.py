"""Addresses for enterprises; each stands a second time below an officer's registry."""

from django.urls import include, path

from tidu.web.enterprise import (
    assessments,
    evidence,
    facts,
    facts_book,
    facts_edit,
    facts_upload,
    home,
    ladder,
    package,
    package_paper,
    paths,
    questionnaires,
    ties,
    what_if,
)
from tidu.web.enterprise.firm import Route, own, own_paths

ROUTES: list[Route] = [
    ("ladder/", ladder.ladder, "ladder"),
    ("ladder/download/", ladder.ladder_file, "ladder_file"),
    ("ladder/paths/", paths.paths, "ladder_paths"),
    ("ladder/what-if/", what_if.what_if, "what_if"),
    ("package/", package.package, "package"),
    ("package/download/", package.package_file, "package_file"),
    ("package/paper/", package_paper.package_paper, "package_paper"),
    ("questionnaires/", questionnaires.questionnaires, "questionnaires"),
    (
        "questionnaires/<slug:name>/",
        questionnaires.questionnaire,
        "questionnaire",
    ),
    ("assessments/", assessments.assessments, "assessments"),
    ("assessments/<int:assessment>/", assessments.assessment, "assessment"),
    ("facts/", facts.facts, "facts"),
    ("facts/download/", facts_book.download, "facts_file"),
    ("facts/upload/", facts_upload.upload, "facts_upload"),
    ("facts/edit/<slug:group>/", facts_edit.edit, "facts_edit"),
    ("facts/history/<str:key>/", facts.history, "facts_history"),
    ("evidence/", evidence.evidence, "evidence"),
    ("evidence/<int:evidence_id>/", evidence.file, "evidence_file"),
    ("evidence/<int:evidence_id>/remove/", evidence.remove, "evidence_remove"),
    ("ties/", ties.ties, "ties"),
]

urlpatterns = [
    path("", own(home.home), name="enterprise_home"),
    *own_paths(ROUTES),
    path("ties/<int:tie>/", own(ties.correct), name="tie_correct"),
    path("", include("tidu.web.enterprise.case_urls")),
    path("", include("tidu.web.enterprise.service_urls")),
]
