"""Service requests in words, the same for firms, advisers and offices."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from tidu.casework.clocks import Reading
from tidu.casework.queries import today
from tidu.casework.serving.models import Adviser, ServiceMove, ServiceRequest
from tidu.casework.serving.queries import (
    SILENT_DAYS,
    kept_pack,
    reading_of,
    service_of,
    silence_of,
)
from tidu.casework.wording import say_text
from tidu.registry.fact_values import from_json
from tidu.rules import service_table as table
from tidu.rules.naming import show_fact
from tidu.rules.packs import Pack
from tidu.rules.service_files import Asked, Confirmer, Service
from tidu.rules.vocabulary import Text, Words
from tidu.web.components import ClockShown
from tidu.web.context import speaks_english
from tidu.web.findings import OutcomeMark

_COLOURS = {
    table.ASKED: ("unknown", "!"),
    table.WAITING: ("unknown", "!"),
    table.DISPUTED: ("unmet", "✕"),
    table.CONFIRMED: ("met", "✓"),
    table.CLOSED: ("met", "✓"),
    table.WITHDRAWN: ("not_applicable", "–"),
}
_BETWEEN_COLLEAGUES = frozenset({"assign", "reassign", "hand_over", "give_back"})
_SOON = 2  # days left that are said in amber


@dataclasses.dataclass(frozen=True, slots=True)
class Told:
    """A request in one line. ``silence``: days without a contact, ``late`` past 9."""

    request: ServiceRequest
    label: str
    track: str
    state: OutcomeMark
    turn: str
    clock: ClockShown | None
    spent: str
    silence: int
    silent: bool
    following: str


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """A label and a value."""

    label: str
    value: str


@dataclasses.dataclass(frozen=True, slots=True)
class Changed:
    """One figure that the service may change: before, and after as the firm says."""

    label: str
    before: str
    after: str


@dataclasses.dataclass(frozen=True, slots=True)
class Happened:
    """One move in words."""

    what: str
    who: str
    at: datetime.datetime
    reason: str


def told(request: ServiceRequest) -> Told:
    """A request in words."""
    service = service_of(request)
    reading = reading_of(request, timezone.now())
    silence = silence_of(request, today())
    return Told(
        request=request,
        label=say_text(service.label),
        track=track_word(service, request.track),
        state=state_mark(request),
        turn=turn_word(request, service),
        clock=clock_shown(reading),
        spent=reading.sentence(english=speaks_english()),
        silence=silence,
        silent=silence >= SILENT_DAYS[0] and request.adviser_id is not None,
        following=following_word(request, service),
    )


def state_mark(request: ServiceRequest) -> OutcomeMark:
    """A state's colour, sign and word; closed without a confirmation is not green."""
    colour, sign = _COLOURS.get(request.state, ("manual", "☰"))
    word = say_text(table.STATES[request.state].label)
    if request.state == table.CLOSED and not request.confirmed_way:
        return OutcomeMark("not_applicable", "–", _("已办结，结果没有确认"))
    return OutcomeMark(colour, sign, word)


def track_word(service: Service, track: str) -> str:
    """The track's label; nothing for a service without tracks."""
    found = service.track(track)
    return say_text(found.label) if found else ""


def adviser_word(adviser: Adviser | None) -> str:
    """An adviser's name and kind."""
    if adviser is None:
        return ""
    text = _("{name}（{kind}）")
    return text.format(kind=adviser.get_kind_display(), name=adviser)


def confirmer_word(request: ServiceRequest, service: Service) -> str:
    """Who confirms the outcome."""
    if service.confirmer is Confirmer.FIRM:
        return _("企业")
    if request.other_side:
        return request.other_side.name
    return say_text(service.other_side)


def turn_word(request: ServiceRequest, service: Service) -> str:
    """Whose turn it is, by name where there is one."""
    match table.STATES[request.state].owner:
        case table.FIRM:
            return _("企业")
        case table.OFFICE:
            return request.office.name
        case table.ADVISER:
            return adviser_word(request.adviser)
        case table.RECEIVER:
            return adviser_word(request.receiver)
        case table.CONFIRMER:
            return confirmer_word(request, service)
    return _("已办结")


def following_word(request: ServiceRequest, service: Service) -> str:
    """What happens next, for whoever reads."""
    return {
        table.ASKED: _("主管部门受理并指派专员"),
        table.ACCEPTED: _("专员联系企业，开始办理"),
        table.WORKING: _("专员办理并答复结果"),
        table.WAITING: _("企业补充后继续"),
        table.HANDED_OVER: _("新的专员接手或退回"),
        table.ANSWERED: _("{who}确认结果").format(who=confirmer_word(request, service)),
        table.CONFIRMED: _("企业说明有什么变化，然后办结"),
        table.DISPUTED: _("主管部门决定重新办理或办结"),
    }.get(request.state, "")


def clock_shown(reading: Reading) -> ClockShown | None:
    """The clock as a bar; None where no text states days."""
    if reading.allowed is None or reading.left is None:
        return None
    state: Any = "running"
    if reading.finished:
        state = "due" if reading.missed else "done"
    elif reading.pause:
        state = "stopped"
    elif reading.missed or reading.left < 0:
        state = "due"
    elif reading.left <= _SOON:
        state = "soon"
    share = min(100, 100 * reading.used // max(1, reading.allowed))
    return ClockShown(reading.sentence(english=speaks_english()), share, state)


def deadline_word(service: Service) -> str:
    """In how many days an answer is due, with the clause; or that no text says."""
    if service.within is None:
        return _("没有规定时限")
    days, clause = service.within.days, service.within.clause
    if service.within.unit == "working_day":
        text = _("{days} 个工作日内（{clause}）")
    else:
        text = _("{days} 天内（{clause}）")
    return text.format(days=days, clause=clause)


def words_of(service: Service, pack: Pack) -> Words:
    """The pack's words with the service's own fields."""
    own = {e.fact.id: e.fact for e in (*service.asks, *service.effects) if e.own}
    return Words({**pack.facts, **own}, pack.words.quantities)


def label_of(each: Asked, year: int | None = None) -> str:
    """What a field is called; a yearly fact with its year."""
    label = say_text(Text(each.fact.label, each.fact.english))
    if each.own or year is None or not each.fact.yearly:
        return label
    return _("{year}年{label}").format(year=year - 1, label=label)


def shown(each: Asked, value: Any, words: Words) -> str:
    """A kept value in words; a dash where there is none."""
    if value is None or value == "":
        return "—"
    try:
        known = from_json(value, each.fact.type)
    except ValueError:
        return str(value)
    return show_fact(each.fact.id, known, words, english=speaks_english())


def answer_lines(request: ServiceRequest) -> list[Line]:
    """The service's own fields with what the firm wrote."""
    pack, service = kept_pack(request), service_of(request)
    words = words_of(service, pack)
    return [
        Line(label_of(each), shown(each, request.answers.get(each.fact.id), words))
        for each in service.asks
        if each.own
    ]


def changes_of(request: ServiceRequest) -> list[Changed]:
    """What may have changed: before it was asked, and after."""
    pack, service = kept_pack(request), service_of(request)
    words = words_of(service, pack)
    return [
        Changed(
            label_of(each),
            shown(each, request.before.get(each.fact.id), words),
            shown(each, request.after.get(each.fact.id), words),
        )
        for each in service.effects
    ]


def finding_lines(request: ServiceRequest) -> list[dict[str, Any]]:
    """Who may ask, as it was found: outcome, condition, clause, sentence."""
    tail = "_en" if speaks_english() else ""
    return [
        {
            "outcome": each["outcome"],
            "label": each[f"label{tail}"],
            "says": each[f"says{tail}"],
            "clause": each["clause"],
        }
        for each in request.findings
    ]


def happened(moves: Iterable[ServiceMove], *, inside: bool) -> list[Happened]:
    """The moves of a request in words, the newest first.

    ``inside``: also what colleagues wrote to each other.
    """
    found = [
        Happened(
            say_text(table.EVENT_LABELS[each.event]),
            f"{each.organisation_name} {each.made_by}".strip(),
            each.at,
            each.text if inside or each.event not in _BETWEEN_COLLEAGUES else "",
        )
        for each in moves
    ]
    return found[::-1]


def notice_word(event: str, day: int, who: Mapping[str, str]) -> str:
    """A notice in one sentence; without a firm for the firm itself."""
    if day:
        text = _("{firm}的“{service}”已经 {day} 天没有联系，请联系企业并记下来")
        return text.format(day=day, **who)
    text = (
        _("{firm}的“{service}”：{event}")
        if "firm" in who
        else _("“{service}”：{event}")
    )
    return text.format(event=say_text(table.EVENT_LABELS[event]), **who)
