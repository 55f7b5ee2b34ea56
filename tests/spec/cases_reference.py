"""Prints the states of cases and a holder's duties as docs/reference/cases.md."""

from __future__ import annotations

from collections.abc import Iterator

from tidu.rules.case_table import ABOVE, ANYBODY, APPLICANT, CLOCK, lifecycle_of
from tidu.rules.lifecycle import Lifecycle
from tidu.rules.packs import Pack
from tidu.rules.procedures import Consequence, Duties, Level, Procedure
from tidu.rules.wording import grade_word

HEAD = """# Cases: states, owners, moves, duties

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
    lines = [HEAD]
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
    yield from _duties(procedure)


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


def _duties(procedure: Procedure) -> Iterator[str]:
    if not procedure.after:
        return
    yield "### What a holder owes\n"
    yield (
        "| rule set | valid | yearly update by | missed | then | changes told within | "
        "bar after revocation | how far checked |\n|---|---|---|---|---|---|---|---|"
    )
    for each in procedure.after:
        yield "| " + " | ".join(_duty(each)) + " |"
    yield ""
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
