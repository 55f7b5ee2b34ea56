"""Cases in words, the same for applicants and offices: state, turn, next step."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from tidu.casework.case_clocks import last_day_of_appeal
from tidu.casework.models import Case, Move, Round
from tidu.casework.platform import own_result
from tidu.casework.queries import pack_for
from tidu.casework.tracks import Stop, track_of
from tidu.casework.wording import say_text
from tidu.rules import case_table
from tidu.rules.case_table import ABOVE, APPLICANT
from tidu.rules.facts import split_key
from tidu.rules.library import default_library
from tidu.rules.lifecycle import Lifecycle, State
from tidu.rules.naming import name_key
from tidu.rules.outcomes import Outcome
from tidu.rules.procedures import Level, StepKind
from tidu.rules.rulesets import Kind
from tidu.web.context import speaks_english
from tidu.web.findings import OutcomeMark, mark

_COLOURS = {
    case_table.CERTIFIED: "met",
    case_table.RECOMMENDED: "met",
    case_table.REFUSED: "unmet",
    case_table.UPHELD: "unmet",
    case_table.RETURNED: "unknown",
    case_table.DRAFT: "unknown",
    case_table.WITHDRAWN: "not_applicable",
    case_table.LAPSED: "not_applicable",
}
_SIGNS = {
    "met": "✓",
    "unmet": "✕",
    "unknown": "!",
    "manual": "☰",
    "not_applicable": "–",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Told:
    """A case in one line. ``days``: since it came into its state; ``promise``: the days
    the authority announced for the step, empty where it did not.
    """

    case: Case
    state: OutcomeMark
    turn: str
    days: int
    promise: str
    following: str


@dataclasses.dataclass(frozen=True, slots=True)
class Happened:
    """One move in words: what, by whom, when, why, and what it names."""

    what: str
    who: str
    at: datetime.datetime
    reason: str
    fields: tuple[str, ...]
    grounds: tuple[dict[str, str], ...]
    source: str


class Tables:
    """The table of states of each round, worked out once for a list of cases."""

    def __init__(self) -> None:
        self._known: dict[int, Lifecycle] = {}

    def of(self, opened: Round) -> Lifecycle:
        if opened.pk not in self._known:
            self._known[opened.pk] = opened.lifecycle
        return self._known[opened.pk]


def told(case: Case, tables: Tables | None = None, *, by_office: bool = False) -> Told:
    """A case in words; ``by_office``: what the office does next, else the applicant."""
    table = (tables or Tables()).of(case.round)
    state = table.states[case.state]
    days = (timezone.localdate() - timezone.localdate(case.state_since)).days
    return Told(
        case,
        state_mark(state),
        turn_word(case, state),
        days,
        promise_word(case.round, case.state),
        next_for_office(case, state) if by_office else next_for_applicant(case, state),
    )


def state_mark(state: State) -> OutcomeMark:
    """A state's colour, sign and word: one of the five that every page has."""
    colour = _COLOURS.get(state.id, "manual")
    return OutcomeMark(colour, _SIGNS[colour], say_text(state.label))


def owner_word(owner: str) -> str:
    """Who has to act, by what the table calls them."""
    if owner in {each.value for each in Level}:
        return _("{level}主管部门").format(level=say_text(Level(owner).label))
    return {APPLICANT: _("企业"), ABOVE: _("上级部门")}.get(owner, "")


def turn_word(case: Case, state: State) -> str:
    """Whose turn it is: the office by its name."""
    if case.office and state.owner != ABOVE:
        return case.office.name
    return owner_word(state.owner) or _("已办结")


def promise_word(opened: Round, step: str) -> str:
    """The days that the authority announced for a step."""
    limit = opened.limits.get(step)
    if not limit:
        return ""
    text = (
        _("承诺 {days} 个工作日") if limit["kind"] == "working" else _("承诺 {days} 天")
    )
    return text.format(days=limit["days"])


def next_for_applicant(case: Case, state: State) -> str:
    """What the applicant does next, or that there is nothing to do."""
    match state.id:
        case case_table.DRAFT:
            text = _("补齐还缺的，{day} 前提交")
            return text.format(day=f"{case.round.closes_on:%Y-%m-%d}")
        case case_table.RETURNED:
            return _("按退回的意见补正，再提交")
        case case_table.REFUSED:
            last = last_day_of_appeal(case)
            if last is None:
                return _("不服可以申诉")
            if timezone.localdate() > last:
                return _("申诉期限已过")
            return _("不服可以在 {day} 前申诉").format(day=f"{last:%Y-%m-%d}")
        case case_table.RECOMMENDED:
            return _("等上级公布结果，您不用做什么")
        case case_table.OBJECTION:
            return _("等主管部门核查异议；您可以说明一次")
    if state.final:
        return _("已办结")
    return _("等主管部门办理，您不用做什么")


def next_for_office(case: Case, state: State) -> str:
    """What the office in charge does next."""
    step = case.current_step
    if step is not None:
        return {
            StepKind.PRELIMINARY_CHECK: _("核对数据和材料，通过或退回"),
            StepKind.SITE_INSPECTION: _("实地核查，写结论"),
            StepKind.EXPERT_REVIEW: _("组织评审，写结论"),
            StepKind.RECOMMENDATION: _("逐条写结论，推荐或不予通过"),
            StepKind.PUBLIC_NOTICE: _("公示，期满无异议后通过"),
            StepKind.DECISION: _("逐条写结论，认定或不予通过"),
        }[step.kind]
    return {
        case_table.OBJECTION: _("核查异议，成立或不成立"),
        case_table.APPEAL: _("复查申诉，维持或撤销原决定"),
        case_table.RECOMMENDED: _("公布后登记上级结果"),
        case_table.RETURNED: _("等企业补正"),
        case_table.REFUSED: _("等企业申诉，或期满"),
    }.get(state.id, "")


def happened(case: Case, moves: Sequence[Move]) -> list[Happened]:
    """The moves of a case in words, the newest first."""
    table, labels = case.lifecycle, _labels(case, moves)
    return [
        Happened(
            what=arrow(
                say_text(case_table.EVENT_LABELS[each.event]),
                say_text(table.states[each.target].label)
                if each.target in table.states
                else each.target,
            ),
            who=f"{each.organisation_name} {each.made_by}".strip(),
            at=each.at,
            reason=each.reason,
            fields=tuple(labels.get(f) or field_word(f) for f in each.fields),
            grounds=tuple(each.data.get("criteria", ())),
            source=each.data.get("source", ""),
        )
        for each in reversed(moves)
    ]


def _labels(case: Case, moves: Iterable[Move]) -> dict[str, str]:
    """The criteria of the case's standard, where a return named one."""
    facts = default_library().facts
    named = {split_key(field)[0] for each in moves for field in each.fields}
    chosen = None
    if named - facts.keys():
        scheme = pack_for(case).schemes[case.round.scheme]
        chosen = scheme.which(Kind(case.round.kind), case.round.on)
    if chosen is None:
        return {}
    return {each.id: say_text(each.label) for each in chosen[0].criteria}


def arrow(event: str, state: str) -> str:
    """What happens and where it leads; once where both have one name."""
    return event if event == state else f"{event} → {state}"


def field_word(field: str) -> str:
    """What was asked to be corrected: a figure's name, else as it was written."""
    words = default_library().national.words
    if split_key(field)[0] not in words.facts:
        return field
    return name_key(field, words, english=speaks_english())


def way(case: Case, moves: Sequence[Move]) -> list[tuple[Stop, str, OutcomeMark, str]]:
    """The stops of a case with the words a template writes."""
    return [shown_stop(each) for each in track_of(case, moves)]


def shown_stop(stop: Stop) -> tuple[Stop, str, OutcomeMark, str]:
    """A stop, who acts there, its mark, and what can happen, in words."""
    exits = _("；").join(
        arrow(say_text(way.label), say_text(target.label)) for way, target in stop.ways
    )
    return stop, owner_word(stop.state.owner), state_mark(stop.state), exits


def own_mark(case: Case) -> tuple[OutcomeMark | None, str]:
    """What Tidu found when the case was submitted: outcome and score."""
    found = own_result(case)
    if not found["outcome"]:
        return None, ""
    shown = mark(Outcome(found["outcome"]), english=speaks_english())
    score = found["score"]
    if isinstance(score, list):
        return shown, "–".join(str(end) for end in score)
    return shown, "" if score is None else str(score)
