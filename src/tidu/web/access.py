"""Note who opened a firm's page or evidence and who took data out, on every page.

A middleware and not the views: a page that somebody adds is noted without being told.
"""

from __future__ import annotations

from collections.abc import Callable
from email.message import Message
from urllib.parse import unquote

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from tidu.accounts.actors import PUBLIC, Actor
from tidu.audit.access import note_access
from tidu.audit.models import AccessKind
from tidu.registry.models import Enterprise

FIRM_PAGES = "officer/registry/<int:pk>/"
CASE_PAGES = "officer/cases/<int:pk>/"
OTHER_PAGES = {
    CASE_PAGES: "cases",
    "officer/holding/titles/<int:pk>/": "titles",
    "officer/holding/objections/<int:pk>/": "objections",
    "officer/reviews/visits/<int:pk>/": "cases__inspections",
    "adviser/requests/<int:pk>/": "service_requests",
    "officer/services/<int:pk>/": "service_requests",
    "confirm/<int:pk>/": "service_requests",
}
"""Pages of one firm by another thing of it → how the firm leads to that."""
SERVED_PAGES = "adviser/firms/<int:pk>/"
PROGRAM_PAGES = "api/v1/enterprises"
EVIDENCE_PAGES = (
    *("evidence_file", "firm_evidence_file", "objection_file"),
    "served_evidence",
)
OK = 200

PAGE_NAMES = {
    "registry_enterprise": _("企业页"),
    "firm_ladder": _("梯度"),
    "firm_facts": _("数据"),
    "firm_facts_history": _("一项数据的来历"),
    "firm_evidence": _("佐证材料目录"),
    "firm_assessments": _("评估记录"),
    "firm_assessment": _("一次评估"),
    "firm_what_if": _("假如"),
    "firm_ladder_paths": _("怎样上一级"),
    "firm_ties": _("利害关系"),
    "case_file": _("案卷"),
    "holder": _("称号页"),
    "certificate_file": _("证书"),
    "objection": _("异议或举报"),
    "objection_file": _("异议或举报的证据"),
    "visit": _("实地核查表"),
    "served_firm": _("专员服务的企业"),
    "served_request": _("服务申请"),
    "service_one": _("服务申请"),
    "confirm_one": _("服务申请"),
}
"""What the pages of a firm are called in the log; others show their address."""


class AccessMiddleware:
    """Append an access for each answer that showed or handed out a firm's data."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        kind = kind_of(request, answer)
        actor = _actor(request)
        if kind and actor != PUBLIC:
            assert request.resolver_match is not None
            note_access(
                kind=kind,
                by=actor,
                firm=_firm(request, actor),
                page=request.resolver_match.url_name or "",
                what=_file_name(answer) or request.get_full_path(),
                address=request.META.get("REMOTE_ADDR", ""),
            )
        return answer


def kind_of(request: HttpRequest, answer: HttpResponseBase) -> AccessKind | None:
    """What kind of access an answer was, None for what need not be noted.

    An HTMX request brings a piece of a page that was noted when it was opened.
    """
    match = request.resolver_match
    if match is None or answer.status_code != OK or match.route.startswith("admin/"):
        return None
    if answer.get("Content-Disposition", "").startswith("attachment"):
        evidence = match.url_name in EVIDENCE_PAGES
        return AccessKind.EVIDENCE if evidence else AccessKind.EXPORT
    if request.method != "GET":
        return None
    if match.route.startswith(PROGRAM_PAGES):
        return AccessKind.PROGRAM
    if (
        match.route.startswith((FIRM_PAGES, SERVED_PAGES, *OTHER_PAGES))
        and "HX-Request" not in request.headers
    ):
        return AccessKind.VIEW
    return None


def _actor(request: HttpRequest) -> Actor:
    """Who asked: a program by its token, else a person by their session."""
    caller = getattr(request, "auth", None)
    found: Actor = getattr(caller, "actor", None) or request.actor  # type: ignore[attr-defined]
    return found


def _firm(request: HttpRequest, actor: Actor) -> Enterprise | None:
    """Whose data an address leads to: the firm it names, else the actor's own."""
    match = request.resolver_match
    assert match is not None
    if match.route.startswith((FIRM_PAGES, PROGRAM_PAGES, SERVED_PAGES)):
        pk = match.kwargs.get("pk")
        return Enterprise.objects.filter(pk=pk).first() if pk is not None else None
    for pages, leads in OTHER_PAGES.items():
        if match.route.startswith(pages):
            return Enterprise.objects.filter(**{leads: match.kwargs["pk"]}).first()
    if actor.organisation is None:
        return None
    return Enterprise.objects.filter(organisation=actor.organisation).first()


def _file_name(answer: HttpResponseBase) -> str:
    """The name that an answer gives its file."""
    given = answer.get("Content-Disposition", "")
    if not given:
        return ""
    header = Message()
    header["Content-Disposition"] = given
    return unquote(header.get_filename() or "")
