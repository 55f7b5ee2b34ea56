"""Move a case: the one place that changes its state, with event and history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tidu.accounts.actors import Actor
from tidu.accounts.models import Organisation
from tidu.audit.actions import record
from tidu.casework import permissions
from tidu.casework.case_clocks import keep_clock
from tidu.casework.models import Case, Move
from tidu.casework.wording import say_text
from tidu.rules.case_table import ABOVE
from tidu.rules.errors import TiduError
from tidu.rules.lifecycle import Transition
from tidu.rules.procedures import Level

LEVELS = frozenset(each.value for each in Level)
FOLLOWS: dict[str, list[Callable[[Move, Actor], None]]] = {}
"""By event: what else is written with the move; the modules that own it add it."""


class CaseMoved(TiduError):
    """Somebody else has moved the case, or it is in no state for this move."""


@transaction.atomic
def move_case(
    *,
    case: Case,
    event: str,
    by: Actor,
    seen: int,
    reason: str = "",
    target: str = "",
    data: Mapping[str, Any] | None = None,
) -> Move:
    """Move a case by an event of its table, and record it.

    ``seen``: the counter of the case that the person had before them; ``target``: where
    an event leads to several states. Raises CaseMoved, which says who was first.
    """
    transition = _transition(case, event, target)
    permissions.may_move_case(by, case, transition).or_refuse()
    now = timezone.now()
    values: dict[str, Any] = {
        "office": _office(case, transition.target),
        "state": transition.target,
        "counter": seen + 1,
        "state_since": now,
        "opened_at": None,
    }
    if any(step.id == transition.target for step in case.round.step_list):
        values["step"] = transition.target
    waiting = Case.objects.filter(pk=case.pk, counter=seen, state=transition.source)
    if not waiting.update(**values):
        raise moved(case)
    for name, value in values.items():
        setattr(case, name, value)
    made = Move.objects.create(
        case=case,
        sequence=case.counter,
        event=event,
        source=transition.source,
        target=transition.target,
        reason=reason,
        data=dict(data or {}),
        made_by=by.name,
        organisation_name=by.organisation_name,
        at=now,
    )
    keep_clock(case)
    told = {"from": made.source, "to": made.target, "reason": reason}
    tell(event, case, by, **(told | made.data))
    for follow in FOLLOWS.get(event, ()):
        follow(made, by)
    return made


def check_seen(case: Case, seen: int) -> None:
    """Raise CaseMoved where a case has moved since somebody had it before them."""
    if case.counter != seen:
        raise moved(case)


def tell(what: str, case: Case, by: Actor, **data: Any) -> None:
    """Record what happened to a case, in its enterprise's territory."""
    record(
        action=f"casework.case_{what}",
        by=by,
        about=case,
        territory=case.enterprise.territory,
        data={"enterprise": case.enterprise_id, "round": case.round_id, **data},
    )


def _office(case: Case, state: str) -> Organisation | None:
    """Whose turn it will be: the office of the level that owns the state."""
    owner = case.lifecycle.states[state].owner
    if owner == ABOVE:
        return case.round.organisation
    return permissions.office_for(case, Level(owner)) if owner in LEVELS else None


def _transition(case: Case, event: str, target: str) -> Transition:
    found = case.lifecycle.find(case.state, event, target)
    if found is None:
        state = say_text(case.lifecycle.states[case.state].label)
        said = _("这份案卷现在是“{state}”，不能这样办理；请刷新页面")
        raise CaseMoved(said.format(state=state))
    return found


def moved(case: Case) -> CaseMoved:
    """Who was first, for whom came second."""
    last = case.moves.order_by("-sequence").first()
    said = _("{person}刚刚办理了这份案卷（{time}），您的操作没有保存；请刷新后再看")
    person = last.made_by if last else _("有人")
    time = timezone.localtime(last.at if last else timezone.now())
    return CaseMoved(said.format(person=person, time=f"{time:%H:%M}"))
