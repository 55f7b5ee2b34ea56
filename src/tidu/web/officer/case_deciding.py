"""What an officer does to a case: judge, pass, return, refuse, answer, report, move."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tidu.accounts.permissions import may_work_for_authority
from tidu.accounts.verdicts import Refused
from tidu.casework.deciding import (
    NoReason,
    answer_appeal,
    judge,
    migrate_case,
    pass_case,
    refuse_case,
    report_result,
    return_case,
)
from tidu.casework.enums import Judged
from tidu.casework.looking import note_look
from tidu.casework.models import Case, Round
from tidu.casework.moving import CaseMoved, check_seen
from tidu.casework.permissions import may_run_round, may_work_on_case
from tidu.casework.queries import clauses_of, pack_for
from tidu.casework.signal_permissions import may_look_into
from tidu.web.officer.case_file import (
    find_case,
    refuse_choices,
    return_choices,
    show_file,
)
from tidu.web.officer.case_forms import (
    AnswerForm,
    JudgeForm,
    MigrateForm,
    RefuseForm,
    ResultForm,
    ReturnForm,
)
from tidu.web.officer.case_signals import look_form
from tidu.web.pages import Asked, page

CONFLICT, INVALID = 409, 422


@page(may=may_work_for_authority)
@require_POST
def case_judge(request: Asked, pk: int, criterion: str) -> HttpResponse:
    """Say of one clause whether it is met."""
    case = find_case(request, pk)
    form = JudgeForm(request.POST, prefix=criterion)
    typed = {f"judge-{criterion}": form}
    try:
        check_seen(case, _number(request, "seen"))
        may_work_on_case(request.actor, case).or_refuse()
        if not form.is_valid():
            return show_file(request, case, INVALID, **typed)
        judge(
            case=case,
            criterion=criterion,
            outcome=Judged(form.cleaned_data["outcome"]),
            reason=form.cleaned_data["reason"],
            by=request.actor,
            known=_number(request, "known"),
        )
    except CaseMoved as error:
        case.refresh_from_db()
        return show_file(request, case, CONFLICT, error=str(error), **typed)
    except NoReason as error:
        return show_file(request, case, INVALID, error=str(error))
    messages.success(request, _("结论已保存"))
    answer = redirect("case_file", pk)
    answer["Location"] += f"#{case.round.scheme}-{criterion}"
    return answer


@page(may=may_work_for_authority)
@require_POST
def case_look(request: Asked, pk: int, signal: int) -> HttpResponse:
    """Note what a look into a signal found; the case stays where it is."""
    case = find_case(request, pk)
    found = get_object_or_404(
        case.signals.select_related("case__round__organisation", "case__enterprise"),
        pk=signal,
    )
    may_look_into(request.actor, case).or_refuse()
    form = look_form(request.actor, case, found, request.POST)
    if not form.is_valid():
        return show_file(request, case, INVALID, **{f"look-{signal}": form})
    note_look(signal=found, by=request.actor, **form.given())
    messages.success(request, _("记下了；案卷的办理不受影响"))
    answer = redirect("case_file", pk)
    answer["Location"] += "#signals"
    return answer


@page(may=may_work_for_authority)
@require_POST
def case_pass(request: Asked, pk: int) -> HttpResponse:
    """Send it on, recommend or certify it, as its step does."""
    case = find_case(request, pk)
    note = request.POST.get("note", "").strip()[:1000]

    def act(seen: int) -> None:
        pass_case(case=case, by=request.actor, seen=seen, note=note)

    return _done(request, case, act, {})


@page(may=may_work_for_authority)
@require_POST
def case_return(request: Asked, pk: int) -> HttpResponse:
    """Send it back with the fields to correct."""
    case = find_case(request, pk)
    choices = return_choices(clauses_of(case), pack_for(case))
    form = ReturnForm(request.POST, fields=choices)

    def act(seen: int) -> None:
        given = form.cleaned_data
        return_case(
            case=case,
            by=request.actor,
            seen=seen,
            reason=given["reason"],
            fields=given["fields_named"],
        )

    return _done(request, case, act, {"return_form": form})


@page(may=may_work_for_authority)
@require_POST
def case_refuse(request: Asked, pk: int) -> HttpResponse:
    """Refuse it, with the clauses it rests on."""
    case = find_case(request, pk)
    form = RefuseForm(request.POST, criteria=refuse_choices(clauses_of(case)))

    def act(seen: int) -> None:
        given = form.cleaned_data
        refuse_case(
            case=case,
            by=request.actor,
            seen=seen,
            grounds=form.grounds(given),
            note=given["note"],
        )

    return _done(request, case, act, {"refuse_form": form})


@page(may=may_work_for_authority)
@require_POST
def case_answer(request: Asked, pk: int) -> HttpResponse:
    """Answer an appeal."""
    case = find_case(request, pk)
    form = AnswerForm(request.POST)

    def act(seen: int) -> None:
        given = form.cleaned_data
        reverse = given["decision"] == "reverse"
        answer_appeal(
            case=case,
            by=request.actor,
            seen=seen,
            reason=given["reason"],
            reverse=reverse,
        )

    return _done(request, case, act, {"answer_form": form})


@page(may=may_work_for_authority)
@require_POST
def case_result(request: Asked, pk: int) -> HttpResponse:
    """Record what the authority above decided."""
    case = find_case(request, pk)
    may_run_round(request.actor, case.round).or_refuse()
    form = ResultForm(request.POST)

    def act(seen: int) -> None:
        given = form.cleaned_data
        report_result(
            case=case,
            by=request.actor,
            seen=seen,
            certified=given["decision"] == "certified",
            source=given["source"],
        )

    return _done(request, case, act, {"result_form": form})


@page(may=may_work_for_authority)
@require_POST
def case_migrate(request: Asked, pk: int) -> HttpResponse:
    """Move it to another round of its scheme."""
    case = find_case(request, pk)
    may_run_round(request.actor, case.round).or_refuse()
    number = request.POST.get("to", "")
    to = get_object_or_404(
        Round.objects.select_related("organisation"),
        pk=int(number) if number.isdecimal() else 0,
    )
    form = MigrateForm(request.POST, rounds=[to])

    def act(_seen: int) -> None:
        reason = form.cleaned_data["reason"]
        migrate_case(case=case, to=to, by=request.actor, reason=reason)

    return _done(request, case, act, {"migrate_form": form})


def _done(
    request: Asked, case: Case, act: Callable[[int], None], forms: dict[str, Any]
) -> HttpResponse:
    """Do it, or show the file again with what stood in the way, and what was typed.

    Who came second is told who was first (409).
    """
    seen = _number(request, "seen")
    try:
        check_seen(case, seen)
        if not all(form.is_valid() for form in forms.values()):
            return show_file(request, case, INVALID, **forms)
        act(seen)
    except CaseMoved as error:
        case.refresh_from_db()
        return show_file(request, case, CONFLICT, error=str(error))
    except (NoReason, Refused) as error:
        if isinstance(error, Refused):
            case.refresh_from_db()
            may_do = may_work_on_case(request.actor, case) or may_run_round(
                request.actor, case.round
            )
            may_do.or_refuse()
        return show_file(request, case, INVALID, error=str(error), **forms)
    messages.success(request, _("已办理，记录在“办理经过”里"))
    return redirect("case_file", case.pk)


def _number(request: Asked, name: str) -> int:
    """What the page that was sent had before it; -1 where it says nothing."""
    typed = request.POST.get(name, "")
    return int(typed) if typed.isdecimal() else -1
