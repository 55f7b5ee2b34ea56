"""Prints the services and the states of a request as docs/reference/services.md."""

from __future__ import annotations

from collections.abc import Iterator

from tidu.rules import service_table as table
from tidu.rules.packs import Pack
from tidu.rules.printing import print_expression
from tidu.rules.service_files import Asked, Confirmer, Service
from tidu.rules.wording import grade_word

HEAD = """# Services: what can be asked for, states, owners, moves

Generated from the code and the packs; `make docs` writes it again, and a test fails
when it is stale. A service is one file, `packs/national/services/<id>.yaml`; a province
adds its own under its prefix. All of them go through one table of states. No national
text states days for them, so **none are invented**: a clock shows what was used, and a
time limit only where a pack names the clause that sets one.

An outcome counts once the firm, or the other side that the service names, has confirmed
it: in Tidu by people of that organisation, else by a paper that the office registers
and that whoever worked on the request cannot register. The firm then says what changed.
The adviser is reminded of a silence after 9, 21 and 45 days without visit, call or
message; after 45 the office is told too.
"""
PARTIES = {
    table.FIRM: "the firm",
    table.OFFICE: "the office",
    table.ADVISER: "the adviser",
    table.RECEIVER: "the adviser it is handed to",
    table.CONFIRMER: "whoever confirms",
}


def write(pack: Pack) -> str:
    """The whole page."""
    lines = [HEAD, *_states(), "## The services\n"]
    lines += [
        "| id | | measure | who may ask | answered by | days | confirmed by |",
        "|---|---|---|---|---|---|---|",
    ]
    services = sorted(pack.services.values(), key=lambda each: (each.measure, each.id))
    lines += ["| " + " | ".join(_row(each)) + " |" for each in services]
    lines.append("")
    for each in services:
        lines += _service(each)
    return "\n".join(lines).rstrip() + "\n"


def _states() -> Iterator[str]:
    yield "## States\n"
    yield "| state | | owner | clock | can become |\n|---|---|---|---|---|"
    for state in table.STATES.values():
        ways = "; ".join(
            f"{each.label.english} → `{each.target}`"
            for each in table.SERVICE_TABLE.leaving(state.id)
        )
        label = f"{state.label.chinese} · {state.label.english}"
        owner = PARTIES[state.owner] if state.owner else "nobody: it is final"
        clock = "stands" if state.id in table.STANDING else "runs"
        clock = "ended" if state.final else clock
        yield f"| `{state.id}` | {label} | {owner} | {clock} | {ways or '—'} |"
    yield "\n## Moves\n"
    yield "| event | | who | from | to |\n|---|---|---|---|---|"
    for each in table.SERVICE_TABLE.transitions:
        label = f"{each.label.chinese} · {each.label.english}"
        ends = f"`{each.source}` | `{each.target}`"
        yield f"| `{each.event}` | {label} | {PARTIES[each.by]} | {ends} |"
    yield f"\n```mermaid\n{table.SERVICE_TABLE.mermaid(english=True)}```\n"


def _row(service: Service) -> list[str]:
    within = service.within
    who = "; ".join(
        f"{each.label.english} ({each.clause})" for each in service.rule_set.criteria
    )
    return [
        f"`{service.id}`",
        f"{service.label.chinese} · {service.label.english}",
        service.measure,
        who or "everybody",
        f"{service.level.label.english.lower()}: {service.agency.english}",
        f"{within.days} ({within.clause})" if within else "none stated",
        "the firm"
        if service.confirmer is Confirmer.FIRM
        else service.other_side.english,
    ]


def _service(service: Service) -> Iterator[str]:
    yield f"### {service.label.chinese} · {service.label.english} (`{service.id}`)\n"
    rule_set = service.rule_set
    grade = grade_word(rule_set.grade, english=True)
    yield f"{service.gives.english}. Source: {rule_set.number}{rule_set.annex} ({grade}).\n"
    for each in rule_set.criteria:
        if each.require is not None:
            yield f"- who: `{print_expression(each.require)}`"
    if service.tracks:
        yield "- tracks: " + ", ".join(each.label.english for each in service.tracks)
    yield "- asks: " + ", ".join(_asked(each) for each in service.asks)
    if service.documents:
        yield "- documents: " + ", ".join(
            each.label.english + ("*" if each.required else "")
            for each in service.documents
        )
    yield "- outcomes: " + ", ".join(
        each.label.english + (" (good)" if each.good else "")
        for each in service.outcomes
    )
    yield "- before and after: " + ", ".join(_asked(e) for e in service.effects)
    yield ""


def _asked(each: Asked) -> str:
    name = each.fact.english if each.own else f"`{each.fact.id}`"
    return name + ("*" if each.required else "")
