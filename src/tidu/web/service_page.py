"""The page of one request: the same for its firm, adviser, office and other side.

What can be done is asked of the table of states and of the permissions; each move has
one form and one action, whoever makes it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from tidu.accounts.actors import Actor
from tidu.accounts.enums import OrganisationKind, Role
from tidu.accounts.models import Membership, Organisation
from tidu.accounts.verdicts import Refused
from tidu.casework.queries import today
from tidu.casework.serving import working
from tidu.casework.serving.advisers import note_seen
from tidu.casework.serving.enums import ContactKind, Party
from tidu.casework.serving.models import Adviser, ServiceRequest
from tidu.casework.serving.moving import RequestMoved, check_seen
from tidu.casework.serving.permissions import may_move_request, may_see_request
from tidu.casework.serving.queries import (
    adviser_of,
    advisers_for,
    kept_pack,
    service_of,
    with_all,
)
from tidu.casework.wording import say_text
from tidu.rules import service_table as table
from tidu.rules.errors import TiduError
from tidu.rules.lifecycle import Transition
from tidu.rules.outcomes import Outcome
from tidu.rules.service_files import Confirmer, Service
from tidu.web.context import speaks_english
from tidu.web.findings import mark
from tidu.web.pages import Asked
from tidu.web.service_forms import (
    AnswerForm,
    AssignForm,
    ContactForm,
    HandOverForm,
    TellForm,
    TextForm,
    people_for,
)
from tidu.web.service_words import (
    adviser_word,
    answer_lines,
    changes_of,
    confirmer_word,
    deadline_word,
    finding_lines,
    happened,
    told,
)

INVALID, CONFLICT = 422, 409
_FIRST = (
    *("assign", "begin", "take_over", "answer", "reply", "go_on"),
    *("confirm", "tell", "rework"),
)
"""What leads on; the first that is possible stands open, the others folded."""


@dataclasses.dataclass(frozen=True, slots=True)
class Audience:
    """Whose page it is: party, url names of the page, of its moves, of the list."""

    party: Party
    page: str
    move: str
    back: str
    back_label: Callable[[], str]


@dataclasses.dataclass(frozen=True, slots=True)
class Doing:
    """One move that the reader may make now."""

    event: str
    label: str
    form: forms.Form
    folded: bool


def find(request: Asked, pk: int) -> ServiceRequest:
    """A request the reader may see; refused otherwise, 404 where there is none."""
    found: ServiceRequest = get_object_or_404(
        with_all(ServiceRequest.objects.all()), pk=pk
    )
    may_see_request(request.actor, found).or_refuse()
    return found


def show(
    request: Asked,
    found: ServiceRequest,
    audience: Audience,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """The page; ``wrong``: the event whose form was not accepted, with the form."""
    actor, service = request.actor, service_of(found)
    mine = adviser_of(actor) if audience.party is Party.ADVISER else None
    if request.method == "GET":
        note_seen(request=found, party=audience.party, adviser=mine)
    outcome = service.outcome(found.result)
    documents = found.documents.select_related("evidence")
    labels = {each.id: say_text(each.label) for each in service.documents}
    wrong = more.pop("wrong", None)
    inside = audience.party in {Party.ADVISER, Party.OFFICE}
    contact = mine is not None and found.open and found.adviser_id == mine.pk
    context = {
        "audience": audience,
        "inside": inside,
        "back_label": audience.back_label(),
        "one": told(found),
        "asked": found,
        "service": service,
        "gives": say_text(service.gives),
        "agency": say_text(service.agency),
        "deadline": deadline_word(service),
        "adviser": adviser_word(found.adviser),
        "confirmer": confirmer_word(found, service),
        "answers": answer_lines(found),
        "findings": _findings(found),
        "documents": [
            (labels.get(each.document, _("其他材料")), each.evidence)
            for each in documents
        ],
        "lacking": _lacking(service, [each.document for each in documents]),
        "result": say_text(outcome.label) if outcome else "",
        "changes": changes_of(found),
        "moves": happened(found.moves.all(), inside=inside),
        "contacts": _contacts(found, audience.party),
        "doings": doings(actor, found, service, wrong),
        "contact_form": ContactForm(initial={"on": today(), "kind": "call"})
        if contact
        else None,
        **more,
    }
    return render(request, "services/request.html", context, status=status)


def doings(
    actor: Actor,
    found: ServiceRequest,
    service: Service,
    wrong: tuple[str, forms.Form] | None = None,
) -> list[Doing]:
    """The moves the reader may make now, those that lead on first."""
    ways = {each.event: each for each in _ways(actor, found, service)}
    ahead = [each for each in _FIRST if each in ways]
    made = []
    for event in dict.fromkeys([*ahead, *ways]):
        form = form_for(event, actor, found, service)
        if wrong and wrong[0] == event:
            form = wrong[1]
        folded = event not in ahead[:1] and not form.errors
        made.append(Doing(event, say_text(ways[event].label), form, folded))
    return made


def _ways(actor: Actor, found: ServiceRequest, service: Service) -> list[Transition]:
    ways = table.SERVICE_TABLE.leaving(found.state)
    return [each for each in ways if may_move_request(actor, found, service, each)]


def move(
    request: Asked, found: ServiceRequest, event: str, audience: Audience
) -> HttpResponse:
    """Make a move of the page, or show the page again with what is wrong."""
    service = service_of(found)
    if event not in {each.event for each in table.SERVICE_TABLE.transitions}:
        raise Http404
    form = form_for(event, request.actor, found, service, request.POST)
    try:
        typed = request.POST.get("seen", "")
        check_seen(found, int(typed) if typed.isdecimal() else -1)
        if not form.is_valid():
            return show(request, found, audience, INVALID, wrong=(event, form))
        run(event, found, request.actor, form)
    except (RequestMoved, Refused) as error:
        found.refresh_from_db()
        return show(request, found, audience, CONFLICT, error=str(error))
    except TiduError as error:
        form.add_error(None, error.sentence(english=speaks_english()))
        return show(request, found, audience, INVALID, wrong=(event, form))
    state = say_text(table.STATES[found.state].label)
    messages.success(request, _("已保存，现在是“{state}”").format(state=state))
    if not may_see_request(request.actor, found):
        return redirect(audience.back)
    return redirect(audience.page, found.pk)


def run(event: str, found: ServiceRequest, by: Actor, form: Any) -> None:
    """The action of a move, with what its form says."""
    given = form.cleaned_data
    common: dict[str, Any] = {"request": found, "by": by, "seen": found.counter}
    common["text"] = given.get("text", "")
    match event:
        case "assign" | "reassign":
            to = get_object_or_404(Membership, pk=int(given["to"]))
            side = given.get("other_side") or None
            chosen = get_object_or_404(Organisation, pk=int(side)) if side else None
            working.assign(**common, to=to, other_side=chosen)
        case "hand_over":
            adviser = get_object_or_404(Adviser, pk=int(given["to"]))
            working.hand_over(**common, to=adviser)
        case "answer":
            working.answer(**common, result=given["result"])
        case "tell":
            working.tell_change(**common, after=form.after())
        case "close":
            working.close_request(**common)
        case _:
            getattr(working, event)(**common)


def form_for(
    event: str,
    actor: Actor,
    found: ServiceRequest,
    service: Service,
    data: Any = None,
) -> forms.Form:
    """The form of a move; ids carry the event, as several stand on one page."""
    form = _form(event, actor, found, service, data)
    form.auto_id = f"{event}_%s"
    return form


def _form(
    event: str, actor: Actor, found: ServiceRequest, service: Service, data: Any
) -> forms.Form:
    label, must, hint = _asked_text(event, actor, service)
    texts: dict[str, Any] = {"label": label, "must": must, "hint": hint}
    match event:
        case "assign" | "reassign":
            return AssignForm(
                data,
                people=people_for(advisers_for(found.office_id), _officers(found)),
                sides=_sides(found)
                if service.confirmer is Confirmer.OTHER_SIDE
                else None,
                **texts,
            )
        case "hand_over":
            others = advisers_for(found.office_id).exclude(requests=found)
            return HandOverForm(data, advisers=others, **texts)
        case "answer":
            return AnswerForm(data, service=service, **texts)
        case "tell":
            return TellForm(
                data,
                request=found,
                service=service,
                pack=kept_pack(found),
                english=speaks_english(),
            )
    return TextForm(data, **texts)


def _asked_text(event: str, actor: Actor, service: Service) -> tuple[str, bool, str]:
    """What a move asks for in words, whether it must be written, and a hint."""
    on_paper = event == "confirm" and (
        service.confirmer is Confirmer.OTHER_SIDE
        and actor.kind is not OrganisationKind.PROVIDER
    )
    if on_paper:
        hint = _("如：某银行放款回单第几号、日期。经办人不能自己登记。")
        return _("对方的书面材料"), True, hint
    asked = {
        "assign": (_("给专员的话"), False, ""),
        "reassign": (_("为什么改派"), False, ""),
        "begin": (_("打算怎样办"), False, _("企业看得到。")),
        "ask_firm": (_("要企业补充什么"), True, _("等企业期间不计时。")),
        "reply": (_("补充的内容"), True, _("材料在下面“材料”里交。")),
        "go_on": (_("怎样得到了企业的答复"), True, ""),
        "hand_over": (_("交接说明"), True, _("办到哪里、答应了企业什么。")),
        "take_over": (_("备注"), False, ""),
        "give_back": (_("为什么不接手"), True, ""),
        "answer": (_("结果和依据"), True, _("没有办成的，写明原因和别的办法。")),
        "confirm": (_("备注"), False, ""),
        "dispute": (_("哪里不对"), True, ""),
        "rework": (_("要重新办什么"), True, ""),
        "close": (_("为什么这样办结"), True, _("没有确认的结果不算办成。")),
        "withdraw": (_("为什么撤回"), False, ""),
    }
    return asked.get(event, (_("备注"), False, ""))


def _officers(found: ServiceRequest) -> Any:
    return Membership.objects.filter(
        organisation=found.office_id,
        ended_at=None,
        role__in=(Role.OFFICER, Role.ADMINISTRATOR),
    ).select_related("user")


def _sides(found: ServiceRequest) -> Any:
    return Organisation.objects.filter(
        kind=OrganisationKind.PROVIDER,
        closed_at=None,
        territory__startswith=found.office.territory[:2],
    ).order_by("name")[:200]


def _findings(found: ServiceRequest) -> list[dict[str, Any]]:
    english = speaks_english()
    return [
        {**each, "outcome": mark(Outcome(each["outcome"]), english=english)}
        for each in finding_lines(found)
    ]


def _contacts(found: ServiceRequest, party: Party) -> Any:
    """Visits and calls; the adviser's own notes are for colleagues."""
    if party is Party.OTHER_SIDE:
        return []
    rows = found.contacts.all()
    return rows.exclude(kind=ContactKind.NOTE) if party is Party.FIRM else rows


def _lacking(service: Service, there: list[str]) -> list[str]:
    """The documents that are required and not there yet."""
    return [
        say_text(each.label)
        for each in service.documents
        if each.required and each.id not in there
    ]
