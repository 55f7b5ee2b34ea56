"""Open and close rounds."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tidu.accounts.actors import SYSTEM, Actor, scope_of
from tidu.audit.actions import record
from tidu.casework import permissions
from tidu.casework.archives import keep_packs
from tidu.casework.enums import DayKind
from tidu.casework.forecasting import freeze_soon
from tidu.casework.models import Case, Round
from tidu.casework.moving import move_case
from tidu.rules.case_table import DRAFT, RETURNED
from tidu.rules.errors import TiduError
from tidu.rules.library import default_library
from tidu.rules.procedures import Level, Procedure, Step
from tidu.rules.rulesets import Kind

_LEVELS = {6: Level.COUNTY, 4: Level.CITY, 2: Level.PROVINCE, 0: Level.MINISTRY}


class RoundImpossible(TiduError):
    """No round of this kind can be opened here; the sentence says why."""


def level_of(territory: str) -> Level:
    """990101 a county, 990100 a city, 990000 a province, 000000 the country."""
    return _LEVELS[len(scope_of(territory))]


@dataclasses.dataclass(frozen=True, slots=True)
class Terms:
    """What an authority announces. ``on``: the day by which the standard is chosen.

    What has no default in the regulations stays None until the authority says it.
    """

    title: str
    opens_on: datetime.date
    closes_on: datetime.date
    on: datetime.date
    capacity: int | None = None
    notice_days: int | None = None
    notice_kind: DayKind = DayKind.WORKING
    appeal_days: int | None = None
    limits: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    papers: Mapping[str, str] = dataclasses.field(default_factory=dict)


@transaction.atomic
def open_round(*, scheme: str, kind: Kind, terms: Terms, by: Actor) -> Round:
    """Open a round: its rule set, steps and packs are pinned from now on.

    Raises RoundImpossible where no standard is in force on its day, or nothing is
    known of the scheme's steps.
    """
    permissions.may_open_round(by).or_refuse()
    assert by.organisation is not None
    assert by.user is not None
    pack = default_library().for_territory(by.organisation.territory)
    chosen = (
        pack.schemes[scheme].which(kind, terms.on) if scheme in pack.schemes else None
    )
    procedure = pack.procedures.get(scheme)
    if chosen is None or procedure is None:
        raise RoundImpossible(_("这一天没有可用的标准或办理步骤，请换一个日期或称号"))
    steps, decides = steps_here(procedure, by.organisation.territory)
    opened = Round.objects.create(
        scheme=scheme,
        kind=kind,
        organisation=by.organisation,
        rule_set=chosen[0].name,
        packs=keep_packs(),
        steps=[_as_json(each) for each in steps],
        decides=decides,
        **{f.name: getattr(terms, f.name) for f in dataclasses.fields(terms)},
        opened_by=by.user,
    )
    _tell("opened", opened, by, rule_set=opened.rule_set, packs=opened.packs.digest)
    if kind is Kind.REVERIFICATION:
        pk = opened.pk
        transaction.on_commit(lambda: freeze_soon(pk))
    return opened


@transaction.atomic
def close_round(*, opened: Round, by: Actor) -> int:
    """Close a round before or after its last day; drafts lapse. How many lapsed."""
    permissions.may_run_round(by, opened).or_refuse()
    if opened.closed_at:
        return 0
    opened.closed_at = timezone.now()
    opened.save(update_fields=["closed_at"])
    count = _lapse(opened)
    _tell("closed", opened, by, lapsed=count)
    return count


@transaction.atomic
def change_last_day(*, opened: Round, closes_on: datetime.date, by: Actor) -> None:
    """Give applicants more days, or fewer; those known before stay in the log."""
    permissions.may_run_round(by, opened).or_refuse()
    was = opened.closes_on
    opened.closes_on = closes_on
    opened.save(update_fields=["closes_on"])
    days = {"was": was.isoformat(), "closes_on": closes_on.isoformat()}
    _tell("last_day_changed", opened, by, **days)


def steps_here(procedure: Procedure, territory: str) -> tuple[tuple[Step, ...], bool]:
    """The steps an authority and those below it take, and whether they decide.

    It decides where the steps end with its own level, and the installation says so.
    """
    steps = procedure.up_to(level_of(territory))
    whole = steps == procedure.steps
    return steps, whole and procedure.scheme in settings.CERTIFIES


def _lapse(opened: Round) -> int:
    waiting = Case.objects.filter(round=opened, state__in=(DRAFT, RETURNED))
    count = 0
    for case in waiting.select_related("round", "enterprise"):
        move_case(case=case, event="lapse", by=SYSTEM, seen=case.counter)
        count += 1
    return count


def _as_json(step: Step) -> dict[str, str]:
    return {
        "id": step.id,
        "kind": step.kind.value,
        "level": step.level.value,
        "clause": step.clause,
    }


def _tell(what: str, opened: Round, by: Actor, **data: Any) -> None:
    record(
        action=f"casework.round_{what}",
        by=by,
        about=opened,
        territory=opened.organisation.territory,
        data={"scheme": opened.scheme, **data},
    )
