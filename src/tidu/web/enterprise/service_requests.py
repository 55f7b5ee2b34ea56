"""Services of the authority: what can be asked for, and what became of what was."""

from __future__ import annotations

import dataclasses
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tidu.accounts.verdicts import Refused
from tidu.casework.permissions import may_apply_for
from tidu.casework.queries import today
from tidu.casework.serving.asking import ask_service
from tidu.casework.serving.enums import Party
from tidu.casework.serving.models import ServiceRequest
from tidu.casework.serving.queries import (
    Offer,
    offers_for,
    pack_of,
    requests_of,
    service_of,
    services_in,
    standing_on,
    unseen_by,
)
from tidu.casework.serving.working import hand_in as hand_in_evidence
from tidu.casework.wording import say_text
from tidu.registry.evidence import add_evidence, evidence_of
from tidu.registry.models import Evidence
from tidu.registry.queries import current_facts
from tidu.rules import service_table as table
from tidu.rules.assess import prepare
from tidu.rules.errors import TiduError
from tidu.rules.naming import ask_keys
from tidu.rules.outcomes import UNKNOWN, UNMET
from tidu.rules.packs import Pack
from tidu.rules.service_files import Confirmer
from tidu.web.context import speaks_english
from tidu.web.downloads import FORMS, download
from tidu.web.enterprise.firm import Firm
from tidu.web.findings import OutcomeMark, finding_row, mark
from tidu.web.pages import Asked
from tidu.web.service_forms import AskForm, HandInForm
from tidu.web.service_page import INVALID, Audience, show
from tidu.web.service_page import move as make_move
from tidu.web.service_words import (
    Told,
    confirmer_word,
    deadline_word,
    following_word,
    notice_word,
    told,
)

AUDIENCE = Audience(
    Party.FIRM, "service", "service_move", "services", lambda: _("服务")
)


@dataclasses.dataclass(frozen=True, slots=True)
class Offered:
    """A service in the list: its words, whether the firm may ask, what is missing."""

    id: str
    label: str
    gives: str
    agency: str
    deadline: str
    measure: str
    outcome: OutcomeMark
    refused: bool
    missing: str


def services(request: Asked, firm: Firm) -> HttpResponseBase:
    """What was asked for on top, then everything that can be."""
    rows = [told(each) for each in requests_of(firm.enterprise)]
    if (form := request.GET.get("download")) in FORMS:
        return _file(form, rows)
    pack = pack_of(firm.enterprise)
    context = {
        "firm": firm,
        "tab": "services",
        "rows": rows,
        "notices": _notices(firm),
        "offers": [_offered(e, pack) for e in offers_for(firm.enterprise, today())],
        "may": may_apply_for(request.actor, firm.enterprise),
    }
    return render(request, "enterprise/services.html", context)


def ask(request: Asked, firm: Firm, service: str) -> HttpResponse:
    """The form of a service, with who may ask, and what is known filled in."""
    on, pack, english = today(), pack_of(firm.enterprise), speaks_english()
    found = services_in(pack, firm.enterprise.territory, on).get(service)
    if found is None:
        raise Http404
    facts = current_facts(firm.enterprise)
    form = AskForm(
        request.POST or None,
        service=found,
        pack=pack,
        english=english,
        facts=facts,
        year=on.year,
    )
    form.initial = {**form.initial, **_contact(request, firm)}
    if form.is_valid() and (made := _asked(request, firm, service, form)):
        messages.success(request, _("已提出，编号 {number}").format(number=made.number))
        return redirect("service", made.pk)
    standing = standing_on(pack, found, prepare(facts, pack, on), on)
    own = found.rule_set.document
    context = {
        "firm": firm,
        "tab": "services",
        "service": found,
        "label": say_text(found.label),
        "gives": say_text(found.gives),
        "note": say_text(found.note),
        "agency": say_text(found.agency),
        "deadline": deadline_word(found),
        "outcome": mark(standing.outcome, english=english),
        "refused": standing.outcome is UNMET,
        "open": standing.outcome is UNKNOWN,
        "findings": [
            finding_row(each, found.id, own, english=english)
            for each in standing.findings
        ],
        "documents": [
            (say_text(each.label), each.required) for each in found.documents
        ],
        "form": form,
        "may": may_apply_for(request.actor, firm.enterprise),
    }
    status = INVALID if form.errors else 200
    return render(request, "enterprise/service_ask.html", context, status=status)


def one(request: Asked, firm: Firm, pk: int) -> HttpResponse:
    """One request of the firm."""
    return _show(request, firm, _find(firm, pk))


@require_POST
def move(request: Asked, firm: Firm, pk: int, event: str) -> HttpResponse:
    """Reply, confirm, dispute, say what changed, withdraw."""
    return make_move(request, _find(firm, pk), event, AUDIENCE)


@require_POST
def hand_in(request: Asked, firm: Firm, pk: int) -> HttpResponse:
    """Hand in a paper: one that is there already, or a file uploaded now."""
    found = _find(firm, pk)
    form = _hand_in_form(firm, found, request.POST, request.FILES)
    if form.is_valid():
        try:
            with transaction.atomic():
                hand_in_evidence(
                    request=found,
                    document=form.cleaned_data["document"],
                    evidence=_evidence(request, firm, form),
                    by=request.actor,
                )
        except (TiduError, Refused) as error:
            form.add_error("file", str(error))
        else:
            messages.success(request, _("材料已交"))
            return redirect("service", pk)
    return _show(request, firm, found, INVALID, hand_in_form=form)


def _show(
    request: Asked, firm: Firm, found: ServiceRequest, status: int = 200, **more: Any
) -> HttpResponse:
    if found.open:
        more.setdefault("hand_in_form", _hand_in_form(firm, found))
    return show(request, found, AUDIENCE, status, firm=firm, tab="services", **more)


def _asked(
    request: Asked, firm: Firm, service: str, form: AskForm
) -> ServiceRequest | None:
    try:
        return ask_service(
            enterprise=firm.enterprise,
            service_id=service,
            given=form.given(),
            by=request.actor,
        )
    except TiduError as error:
        form.add_error(None, error.sentence(english=speaks_english()))
    except Refused as error:
        form.add_error(None, str(error))
    return None


def _contact(request: Asked, firm: Firm) -> dict[str, str]:
    """Who was to be called the last time, else the person themselves."""
    last = firm.enterprise.service_requests.order_by("-pk").first()
    if last:
        return {"contact_name": last.contact_name, "contact_phone": last.contact_phone}
    user = request.actor.user
    return {"contact_name": user.name, "contact_phone": user.phone} if user else {}


def _find(firm: Firm, pk: int) -> ServiceRequest:
    found: ServiceRequest = get_object_or_404(requests_of(firm.enterprise), pk=pk)
    return found


def _hand_in_form(
    firm: Firm, found: ServiceRequest, data: Any = None, files: Any = None
) -> HandInForm:
    return HandInForm(
        data,
        files,
        service=service_of(found),
        evidence=list(evidence_of(firm.enterprise)),
        auto_id="hand_in_%s",
    )


def _evidence(request: Asked, firm: Firm, form: HandInForm) -> Evidence:
    file = form.cleaned_data["file"]
    if not file:
        chosen = int(form.cleaned_data["evidence"])
        found: Evidence = get_object_or_404(evidence_of(firm.enterprise), pk=chosen)
        return found
    return add_evidence(
        enterprise=firm.enterprise,
        file=file.file,
        file_name=file.name,
        size=file.size,
        by=request.actor,
    )


def _offered(offer: Offer, pack: Pack) -> Offered:
    service, english = offer.service, speaks_english()
    missing = [key for each in offer.standing.findings for key in each.missing]
    return Offered(
        id=service.id,
        label=say_text(service.label),
        gives=say_text(service.gives),
        agency=say_text(service.agency),
        deadline=deadline_word(service),
        measure=f"{service.rule_set.number}{service.rule_set.annex}",
        outcome=mark(offer.standing.outcome, english=english),
        refused=offer.standing.outcome is UNMET,
        missing=ask_keys(list(dict.fromkeys(missing)), pack.words, english=english)
        if missing
        else "",
    )


def waiting_for_firm(firm: Firm) -> list[tuple[str, str, str]]:
    """Requests in which it is the firm's turn: what, what to do, where."""
    rows = requests_of(firm.enterprise).filter(
        state__in=(table.WAITING, table.ANSWERED, table.CONFIRMED)
    )
    found = []
    for each in rows:
        service = service_of(each)
        if each.state == table.ANSWERED and service.confirmer is not Confirmer.FIRM:
            continue
        what = _("服务“{name}”轮到您").format(name=say_text(service.label))
        why = following_word(each, service)
        found.append((what, why, reverse("service", args=[each.pk])))
    return found


def _notices(firm: Firm) -> list[tuple[int, str]]:
    found = unseen_by(Party.FIRM, enterprise=firm.enterprise)[:10]
    return [
        (
            each.request_id,
            notice_word(
                each.event,
                0,
                {"service": say_text(service_of(each.request).label)},
            ),
        )
        for each in found
    ]


def _file(form: str, rows: list[Told]) -> HttpResponseBase:
    columns = [
        *(_("编号"), _("服务"), _("通道"), _("状态"), _("轮到谁"), _("提出时间")),
        *(_("时限"), _("接下来"), _("谁确认结果")),
    ]
    lines = (
        [
            *(each.request.number, each.label, each.track, each.state.word),
            *(each.turn, timezone.localtime(each.request.asked_at), each.spent),
            each.following,
            confirmer_word(each.request, service_of(each.request)),
        ]
        for each in rows
    )
    return download(form, _("服务申请"), columns, lines)
