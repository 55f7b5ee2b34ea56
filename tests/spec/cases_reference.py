"""Prints states, clocks and documents of cases, and a holder's duties, as
docs/reference/cases.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tidu.casework.case_clocks import (
    DONE,
    FINAL,
    GOES_ON,
    NOT_TIMED,
    STOPS,
    limit_of,
)
from tidu.casework.clocks import ENOUGH
from tidu.casework.documents import PAPERS
from tidu.casework.models import Round
from tidu.casework.reverifying import AHEAD
from tidu.project.settings import UNOPENED_DAYS
from tidu.rules.case_table import (
    ABOVE,
    ANYBODY,
    APPLICANT,
    CLOCK,
    COMMON,
    DRAFT,
    EVENT_LABELS,
    REFUSED,
    lifecycle_of,
)
from tidu.rules.lifecycle import Lifecycle
from tidu.rules.packs import Pack
from tidu.rules.procedures import (
    NEED_LABELS,
    Consequence,
    Duties,
    Level,
    Need,
    Procedure,
    StepKind,
)
from tidu.rules.wording import grade_word
from tidu.rules.working_days import default_working_days

HEAD = """# Cases: states, owners, moves, clocks, documents, duties

Generated from the code and the packs; `make docs` writes it again, and a test fails
when it is stale. An authority takes the steps up to its own level: where the last of
them is the scheme's decision, and the installation says that it certifies
(`TIDU_CERTIFIES`), the case ends there; otherwise it ends with a recommendation, and
the result comes from above. Each state has one owner and a way out; a case that is
returned or refused comes back to the step it was in.

The steps' order and levels are data (`packs/national/procedures/`), each with its
source and how far that has been checked. Days of public notice, of objection and of
appeal are fields of a round and have **no default**: the authority sets them.
"""
PARTIES = {
    APPLICANT: "the applicant",
    ABOVE: "the authority above",
    ANYBODY: "anybody",
    CLOCK: "a day that has passed",
}
CONSEQUENCES = {
    Consequence.REVERIFICATION_LOST: "the right to re-verification is lost",
    Consequence.REVOKED: "the title is revoked",
}


def write(pack: Pack) -> str:
    """The whole page."""
    lines = [HEAD, *_clocks(pack)]
    for procedure in pack.procedures.values():
        lines += _procedure(pack, procedure)
    return "\n".join(lines).rstrip() + "\n"


def _procedure(pack: Pack, procedure: Procedure) -> Iterator[str]:
    label = pack.schemes[procedure.scheme].label
    yield f"## {label.chinese} · {label.english} (`{procedure.scheme}`)\n"
    grade = grade_word(procedure.grade, english=True)
    yield f"Source: {procedure.document} ({grade}).\n"
    yield "| step | what | level | clause |\n|---|---|---|---|"
    for step in procedure.steps:
        what = f"{step.label.chinese} · {step.label.english}"
        level = step.level.label.english
        yield f"| `{step.id}` | {what} | {level} | {step.clause or '—'} |"
    yield ""
    table = lifecycle_of(procedure.steps, decides=True)
    yield "### Where its authority certifies\n"
    yield from _table(table)
    below = procedure.up_to(Level.PROVINCE)
    if below != procedure.steps and below:
        yield "### Where a province recommends\n"
        yield from _table(lifecycle_of(below, decides=False))
    else:
        yield "### Where it only recommends\n"
        yield from _table(lifecycle_of(procedure.steps, decides=False), brief=True)
    yield from _timing(procedure)
    yield from _papers(pack, procedure)
    yield from _duties(pack, procedure)


def _clocks(pack: Pack) -> Iterator[str]:
    """What all clocks have in common."""
    stops = "; ".join(
        f"`{event}` ({EVENT_LABELS[event].english}), while `{state}`"
        for event, state in STOPS.items()
    )
    years = default_working_days().notices
    yield "## Clocks\n"
    yield (
        "A clock is read from the recorded moves; nothing runs by itself. It times one "
        "stay of a case in a state, in days of Beijing; the day it starts on is not "
        "counted. Working days follow the yearly table "
        f"(`lists/working_days.csv`, {min(years)}–{max(years)}); where a day up to the "
        "end lies in a year without one, pages say that the end is provisional.\n"
    )
    yield "| | |\n|---|---|"
    yield "| starts | with the move into the state |"
    yield f"| stands | after {stops}; in a site inspection from the draw to the report |"
    yield f"| goes on | with {_ids(GOES_ON)} |"
    yield f"| ends | with any other move; usual times count {_ids(DONE)} |"
    yield (
        "| limit | what the round names for the state (`limits`), for an appeal its "
        "`appeal_days`; **no default**, and none where the round names none |"
    )
    yield (
        f"| usual times | half and nine tenths of finished ones of the same scheme and "
        f"kind, from {ENOUGH} on; counted each night, no promise |"
    )
    yield (
        "| escalation | each night, office by office: not opened for more than "
        f"`TIDU_UNOPENED_DAYS` working days ({UNOPENED_DAYS} unless set, 0 for never; a "
        "habit of the house, no legal period), or past its limit; once for each time "
        "a case comes into a step |"
    )
    yield f"| no clock of an office | {_ids(NOT_TIMED)}; final: {_ids(FINAL)} |"
    yield ""


def _ids(names: Iterable[str]) -> str:
    return ", ".join(f"`{each}`" for each in sorted(names))


def _timing(procedure: Procedure) -> Iterator[str]:
    """Each state's clock: who is timed, in which days, what stops it."""
    yield "### Clocks of its states\n"
    yield (
        "| state | times | starts with | limit | days | stands |\n|---|---|---|---|---|---|"
    )
    table = lifecycle_of(procedure.steps, decides=True)
    kinds = {each.id: each.kind for each in procedure.steps}
    stops = {(each.source, each.event) for each in table.transitions}
    for state in table.states.values():
        if state.final:
            continue
        events = sorted(
            {each.event for each in table.transitions if each.target == state.id}
            - GOES_ON
        )
        stand = [
            f"`{target}`"
            for event, target in STOPS.items()
            if (state.id, event) in stops
        ]
        if kinds.get(state.id) is StepKind.SITE_INSPECTION:
            stand.append("inspection")
        field = f"`limits.{state.id}`"
        field = {DRAFT: "`closes_on`", REFUSED: "`appeal_days`"}.get(state.id, field)
        unit = "a date" if state.id == DRAFT else "as its `kind` says"
        if state.id == REFUSED:
            unit = limit_of(Round(appeal_days=1))(REFUSED)[1].value
        if state.id == COMMON["returned"].id:
            field, unit = "the round's end", "a date"
        begins = _ids(events) or "the first draft"
        ends = ", ".join(stand) or "—"
        yield (
            f"| `{state.id}` | {_party(state.owner)} | {begins} | {field} | {unit} | "
            f"{ends} |"
        )
    yield ""
    notice = [s.id for s in procedure.steps if s.kind is StepKind.PUBLIC_NOTICE]
    if notice:
        yield (
            f"Public notice ({_ids(notice)}): `notice_days` of the round, in "
            "`notice_kind` (working or calendar days), **no default**; without them "
            "nothing is published. Objections: while the notice stands; the check has "
            "its own clock. Appeals: within `appeal_days`, or without an end.\n"
        )


def _papers(pack: Pack, procedure: Procedure) -> Iterator[str]:
    """Documents of an application, for each rule set."""
    yield "### Documents\n"
    yield (
        "What the round says counts first, then this; *no list known* does not stop an "
        "application, a required document that is missing does.\n"
    )
    yield "| rule set | " + " | ".join(f"`{each}`" for each in PAPERS) + " | source |"
    yield "|---" * (len(PAPERS) + 2) + "|"
    for rule_set in pack.schemes[procedure.scheme].rule_sets:
        listed = procedure.papers_of(rule_set.id)
        needs = listed.needs if listed else {}
        words = [NEED_LABELS[needs.get(e, Need.UNKNOWN)].english for e in PAPERS]
        source = "—"
        if listed:
            grade = grade_word(listed.grade, english=True)
            source = f"{listed.document} {listed.clause} ({grade})"
        yield f"| {rule_set.id} | {' | '.join(words)} | {source} |"
    yield ""


def _table(table: Lifecycle, *, brief: bool = False) -> Iterator[str]:
    yield "| state | | owner | can become |\n|---|---|---|---|"
    for state in table.states.values():
        ways = "; ".join(
            f"{each.label.english} → `{each.target}`"
            for each in table.leaving(state.id)
        )
        label = f"{state.label.chinese} · {state.label.english}"
        owner = _party(state.owner) if state.owner else "nobody: it is final"
        yield f"| `{state.id}` | {label} | {owner} | {ways or '—'} |"
    yield ""
    if not brief:
        yield "| event | | who | from | to |\n|---|---|---|---|---|"
        for each in table.transitions:
            label = f"{each.label.chinese} · {each.label.english}"
            ends = f"`{each.source}` | `{each.target}`"
            yield f"| `{each.event}` | {label} | {_party(each.by)} | {ends} |"
        yield f"\n```mermaid\n{table.mermaid(english=True)}```\n"


def _party(party: str) -> str:
    return PARTIES.get(party) or f"the {Level(party).label.english.lower()}"


def _duties(pack: Pack, procedure: Procedure) -> Iterator[str]:
    if not procedure.after:
        return
    numbers = {e.id: e.number for e in pack.schemes[procedure.scheme].rule_sets}
    yield "### What a holder owes\n"
    yield (
        "| rule set | text | valid | yearly update by | missed | then | changes told "
        "within | bar after revocation | how far checked |\n"
        "|---|---|---|---|---|---|---|---|---|"
    )
    for each in procedure.after:
        ids, *rest = _duty(each)
        text = ", ".join(dict.fromkeys(numbers.get(e) or "—" for e in each.rule_sets))
        yield "| " + " | ".join([ids, text, *rest]) + " |"
    yield ""
    months = ", ".join(map(str, AHEAD))
    yield f"Holders are reminded {months} months before the end of validity.\n"
    for each in procedure.after:
        clauses = ", ".join(f"{what} {clause}" for what, clause in each.clauses.items())
        yield f"Clauses of {', '.join(each.rule_sets)}: {clauses or '—'}."
    yield ""


def _duty(duties: Duties) -> list[str]:
    month, day = duties.update_by
    bar = f"at least {duties.bar_years} years"
    if duties.bar_for:
        bar += f" for {duties.bar_for}; otherwise set by the authority"
    return [
        ", ".join(duties.rule_sets),
        f"{duties.validity_years} years",
        f"{month}-{day:02d}",
        f"{duties.misses}×",
        CONSEQUENCES[duties.consequence],
        f"{duties.change_months} months",
        bar,
        grade_word(duties.grade, english=True),
    ]
