"""Addresses of an enterprise's applications."""

from django.urls import path

from tidu.web.enterprise import case_draft, case_page, cases
from tidu.web.enterprise.firm import own

_CASE = "cases/<int:case>/"

urlpatterns = [
    path("cases/", own(cases.cases), name="cases"),
    path("cases/start/<int:opened>/", own(cases.start), name="case_start"),
    path(_CASE, own(case_page.case), name="case"),
    path(_CASE + "facts/", own(case_draft.facts), name="case_facts"),
    path(_CASE + "clauses/", own(case_draft.clauses), name="case_clauses"),
    path(_CASE + "contact/", own(case_draft.contact), name="case_contact"),
    path(_CASE + "rights/", own(case_draft.rights), name="case_rights"),
    path(_CASE + "documents/", own(case_draft.documents), name="case_documents"),
    path(
        _CASE + "documents/<int:evidence>/remove/",
        own(case_draft.remove_document),
        name="case_document_remove",
    ),
    path(_CASE + "submit/", own(case_page.submit), name="case_submit"),
    path(_CASE + "withdraw/", own(case_page.withdraw), name="case_withdraw"),
    path(_CASE + "appeal/", own(case_page.ask_again), name="case_appeal"),
    path(
        _CASE + "objections/<int:objection>/",
        own(case_page.reply),
        name="objection_reply",
    ),
]
