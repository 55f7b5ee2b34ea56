"""Pass many cases at once: first what will happen to each, then do it one by one."""

from __future__ import annotations

import dataclasses

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tidu.accounts.actors import Actor
from tidu.accounts.permissions import may_work_for_authority
from tidu.accounts.verdicts import Refused
from tidu.casework.deciding import NoReason, pass_case
from tidu.casework.models import Case
from tidu.casework.moving import CaseMoved, moved
from tidu.casework.queries import cases_in_scope, queue_of
from tidu.casework.wording import say_text
from tidu.web.case_words import Told, arrow, told
from tidu.web.officer.case_file import forward_of, may_go_on
from tidu.web.pages import Asked, page

MOST = 50  # one page of the queue
_FIELD = "case"


@dataclasses.dataclass(frozen=True, slots=True)
class Foreseen:
    """What will happen to a case, or why nothing will."""

    told: Told
    what: str
    why_not: str


@page(may=may_work_for_authority)
def case_batch(request: Asked) -> HttpResponse:
    """``case``: ``12:3``, number and counter, for each case that was ticked."""
    chosen = _chosen(request.POST)
    if request.method != "POST" or not chosen:
        messages.warning(request, _("请先在待办里勾选案卷"))
        return redirect("queue")
    if request.POST.get("step") == "do":
        return _do(request, chosen)
    rows = queue_of(request.actor).filter(pk__in=chosen)
    cases = rows.select_related("round__organisation", "round__packs", "enterprise")
    found = [_foresee(each) for each in cases.select_related("office", "assessment")]
    context = {
        "rows": found,
        "gone": len(chosen) - len(found),
        "ready": sum(not each.why_not for each in found),
    }
    return render(request, "officer/case_batch.html", context)


def _do(request: Asked, chosen: dict[int, int]) -> HttpResponse:
    """Each case by itself: what stands in the way of one does not stop the others."""
    done, left = 0, []
    note = request.POST.get("note", "").strip()[:1000]
    rows = cases_in_scope(request.actor).filter(pk__in=chosen)
    for case in rows.select_related("round__packs", "enterprise", "assessment"):
        why = _pass(case, chosen[case.pk], note, request.actor)
        if why:
            left.append((case, why))
        else:
            done += 1
    context = {"done": done, "left": left}
    return render(request, "officer/case_batch_done.html", context)


def _pass(case: Case, seen: int, note: str, by: Actor) -> str:
    """Pass it; why not, where it cannot be."""
    try:
        if case.counter != seen:
            return str(moved(case))
        pass_case(case=case, by=by, seen=seen, note=note)
    except (CaseMoved, NoReason, Refused) as error:
        return str(error)
    return ""


def _foresee(case: Case) -> Foreseen:
    shown = told(case, by_office=True)
    event = forward_of(case)
    move = case.lifecycle.find(case.state, event) if event else None
    if move is None:
        return Foreseen(shown, "", _("这一步不能直接通过，请打开案卷办理"))
    verdict = may_go_on(case)
    target = say_text(case.lifecycle.states[move.target].label)
    what = arrow(say_text(move.label), target)
    return Foreseen(shown, what, "" if verdict else str(verdict.reason))


def _chosen(posted: QueryDict) -> dict[int, int]:
    found = {}
    for each in posted.getlist(_FIELD)[:MOST]:
        number, _colon, seen = str(each).partition(":")
        if number.isdecimal() and seen.isdecimal() and len(number) < 10:  # noqa: PLR2004
            found[int(number)] = int(seen)
    return found
