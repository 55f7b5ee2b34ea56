"""How long does a round of 20,000 applications take, assessed and flagged in the system?

    python -m benchmarks.integrity_round --cases 20000

Makes an installation on SQLite in a fresh folder and fills a round with the red team's
made-up firms: frozen figures, contacts, rights, auditors, texts, papers, an earlier
round, tax data and annual reports. Then every case is assessed by its frozen facts with
every finding said, and the job reads the round, finds the signals and keeps them. Writes
its part of docs/benchmarks-casework.md, between its marks.
"""

from __future__ import annotations

import argparse
import datetime
import itertools
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from benchmarks.sections import write_section

PAGE = Path(__file__).resolve().parents[1] / "docs/benchmarks-casework.md"
SECTION = "integrity round"
GOAL = 60  # seconds
SEED, PROVINCE, COUNTY = "integrity", "990000", "990101"
ON = datetime.date(2026, 6, 1)
BATCH = 500
OK, TIMES = 200, 10
PAGES = {
    "the order of reading": "signals/",
    "what comes after its head": "signals/?rest=yes",
    "which applications hang together": "signals/cohort/",
}


def main() -> None:
    """Fill, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--page", type=Path, default=PAGE)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TIDU_HOME"] = folder
        os.environ.pop("DATABASE_URL", None)
        from tidu.cli.site import prepare, start_django  # noqa: PLC0415 - HOME first

        start_django()
        prepare()
        opened, user = fill(options.cases)
        found = measure(opened, user)
    text = section(found, options.cases)
    write_section(options.page, SECTION, text)
    print(text)


# -- the round --------------------------------------------------------------------


def fill(count: int) -> tuple[Any, Any]:
    """A round with submitted cases of fictional firms, and who opened it."""
    from tests.redteam.building import SIZE, red_team  # noqa: PLC0415 - app ready

    user, opened, earlier = _rounds()
    made = itertools.chain.from_iterable(
        red_team(f"{SEED}/{first}", first) for first in range(0, count, SIZE)
    )
    known: dict[str, tuple[str, str]] = {}
    number = 0
    while some := list(itertools.islice(made, SIZE)):
        some = some[: count - number]
        _enter(some, number, opened, earlier, user, known)
        number += len(some)
    _known_ties(opened, known)
    return opened, user


def _rounds() -> tuple[Any, Any, Any]:
    from django.utils import timezone  # noqa: PLC0415 - app ready

    from tidu.accounts.actors import actor_for  # noqa: PLC0415
    from tidu.accounts.enums import OrganisationKind, Role  # noqa: PLC0415
    from tidu.accounts.models import Membership, Organisation, User  # noqa: PLC0415
    from tidu.casework.rounds import Terms, open_round  # noqa: PLC0415
    from tidu.rules.rulesets import Kind  # noqa: PLC0415

    office = Organisation.objects.create(
        name="示范主管部门（虚构）",
        kind=OrganisationKind.AUTHORITY,
        territory=PROVINCE,
    )
    user = User.objects.create_user("province", password=None, name="虚构人员")
    Membership.objects.create(user=user, organisation=office, role=Role.OFFICER)
    today, by = timezone.localdate(), actor_for(user)
    last = today + datetime.timedelta(days=30)
    rounds = [
        open_round(
            scheme="srdi_sme",
            kind=Kind.NEW,
            terms=Terms(title, today, last, ON),
            by=by,
        )
        for title in ("示范批次（虚构）", "示范上一批次（虚构）")
    ]
    return user, *rounds


def _enter(
    firms: list[Any],
    first: int,
    opened: Any,
    earlier: Any,
    user: Any,
    known: dict[str, tuple[str, str]],
) -> None:
    """Firms with all that the registry and their cases hold of them."""
    from benchmarks import population  # noqa: PLC0415 - app ready
    from tidu.casework import models as cases  # noqa: PLC0415
    from tidu.casework.review_models import Tie, TieChoice  # noqa: PLC0415
    from tidu.registry.models import Enterprise, FormerIdentity  # noqa: PLC0415

    plain = population.generate(len(firms), seed=first, year=2025)
    told = [each.application() for each in firms]
    kept = bulk(
        Enterprise,
        (Enterprise(name=e.name, territory=COUNTY, industry=e.industry) for e in told),
    )
    frozen = [
        _frozen(each, one["facts"]) for each, one in zip(told, plain, strict=True)
    ]
    rows = _cases(opened, kept, told, frozen, first)
    bulk(
        cases.Statement,
        (
            cases.Statement(case=row, criterion="innovation", text=each.text)
            for row, e in zip(rows, told, strict=True)
            for each in e.narratives[1:2]
        ),
    )
    bulk(
        cases.CaseRight,
        (
            cases.CaseRight(
                case=row,
                number=each.number,
                origin=each.obtained or "",
                changed_on=each.changed_on,
                from_whom=each.from_whom or "",
            )
            for row, e in zip(rows, told, strict=True)
            for each in {right.number: right for right in e.rights}.values()
        ),
    )
    _papers(rows, kept, told, user, known)
    _elsewhere(earlier, kept, told, first)
    bulk(
        FormerIdentity,
        (
            FormerIdentity(enterprise=firm, kind="name", value=name, source="虚构")
            for firm, e in zip(kept, told, strict=True)
            for name in e.former_names
        ),
    )
    bulk(
        Tie,
        (
            Tie(
                enterprise=firm,
                kind=TieChoice.GROUP,
                party=e.group,
                source="虚构",
                confirmed_by="虚构",
            )
            for firm, e in zip(kept, told, strict=True)
            if e.group
        ),
    )
    _note_contacts(told, known)


def _frozen(application: Any, facts: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Entries of an assessment: the firm's figures over those of a plain one."""
    from tidu.casework.integrity.applications import FigureSource  # noqa: PLC0415
    from tidu.registry.fact_values import to_json  # noqa: PLC0415
    from tidu.rules.facts import key_of  # noqa: PLC0415

    entries = {
        key: {"value": to_json(value) if isinstance(value, Decimal) else value}
        for key, value in facts.items()
    }
    entries["industry"] = {"value": application.industry}
    for each in application.figures:
        if each.source is FigureSource.APPLICATION:
            value = _as_json(each)
            entries[key_of(each.fact.id, each.year)] = {"value": value}
    return entries


def _as_json(figure: Any) -> Any:
    from tidu.rules.facts import FactType  # noqa: PLC0415

    if figure.fact.type is FactType.COUNT:
        return int(figure.value)
    return f"{figure.value:.2f}"


def _cases(
    opened: Any, firms: list[Any], told: list[Any], frozen: list[Any], first: int
) -> list[Any]:
    from tidu.casework.models import Case  # noqa: PLC0415

    kept = _assessments(firms, frozen)
    rows = []
    for at, (firm, each) in enumerate(zip(firms, told, strict=True)):
        phones = [c.value for c in each.contacts if c.kind == "phone"]
        addresses = [c.value for c in each.contacts if c.kind == "address"]
        agents = [c.agent for c in each.contacts if c.agent]
        rows.append(
            Case(
                round=opened,
                enterprise=firm,
                number=f"2026-{opened.pk:03d}-{first + at:06d}",
                state="county_check",
                step="county_check",
                counter=1,
                state_since=_moment(each.filed_on),
                submitted_at=_moment(each.filed_on),
                assessment=kept[at],
                contact_name="虚构会计",
                contact_phone=phones[0],
                agent_phone=(phones[1:2] or [""])[0],
                agent_name=(agents[:1] or [""])[0],
                contact_address=(addresses[-1:] or [""])[0],
                auditor_name=each.auditor.name if each.auditor else "",
                narrative=each.narratives[0].text if each.narratives else "",
            )
        )
    return bulk(Case, rows)


def _assessments(firms: list[Any], frozen: list[Any]) -> list[Any]:
    from tidu.eligibility.models import Assessment  # noqa: PLC0415

    return bulk(
        Assessment,
        (
            Assessment(
                enterprise=firm, on=ON, kind="new", territory=COUNTY, entries=entries,
                pack_id="national", pack_digest="0" * 64, program_version="0",
                result={}, made_by="虚构",
            )
            for firm, entries in zip(firms, frozen, strict=True)
        ),
    )  # fmt: skip


def _papers(
    rows: list[Any],
    firms: list[Any],
    told: list[Any],
    user: Any,
    known: dict[str, tuple[str, str]],
) -> None:
    from tidu.casework.models import CaseDocument  # noqa: PLC0415
    from tidu.registry.models import Blob, Evidence  # noqa: PLC0415

    digests = {d.sha256 for e in told for d in e.documents}
    there = set(
        Blob.objects.filter(sha256__in=digests).values_list("sha256", flat=True)
    )
    bulk(
        Blob,
        (
            Blob(sha256=each, size=1, media_type="application/pdf")
            for each in sorted(digests - there)
        ),
    )
    blobs = dict(Blob.objects.filter(sha256__in=digests).values_list("sha256", "pk"))
    papers = [
        (row, firm, paper)
        for row, firm, e in zip(rows, firms, told, strict=True)
        for paper in {each.sha256: each for each in e.documents}.values()
    ]
    evidence = bulk(
        Evidence,
        (
            Evidence(
                enterprise=firm,
                blob_id=blobs[paper.sha256],
                title=paper.title,
                uploaded_by=user,
            )
            for _row, firm, paper in papers
        ),
    )
    bulk(
        CaseDocument,
        (
            CaseDocument(case=row, evidence=each)
            for (row, _firm, _paper), each in zip(papers, evidence, strict=True)
        ),
    )
    for _row, _firm, paper in papers:
        if paper.public:
            known[f"file:{paper.sha256}"] = ("public_text", paper.title)


def _elsewhere(earlier: Any, firms: list[Any], told: list[Any], first: int) -> None:
    """What the firm submitted before, and imported tax data and annual reports."""
    from tidu.casework.integrity.applications import FigureSource  # noqa: PLC0415
    from tidu.casework.models import Case  # noqa: PLC0415
    from tidu.registry.models import Filing  # noqa: PLC0415
    from tidu.rules.facts import key_of  # noqa: PLC0415

    sources = (
        FigureSource.EARLIER_FILING,
        FigureSource.TAX,
        FigureSource.ANNUAL_REPORT,
    )
    given: dict[Any, list[tuple[Any, dict[str, Any]]]] = {each: [] for each in sources}
    for firm, e in zip(firms, told, strict=True):
        for source in sources:
            entries = {
                key_of(f.fact.id, f.year): {"value": _as_json(f)}
                for f in e.figures
                if f.source is source
            }
            if entries:
                given[source].append((firm, entries))
    before = given.pop(FigureSource.EARLIER_FILING)
    kept = _assessments([f for f, _e in before], [entries for _f, entries in before])
    moment = _moment(ON - datetime.timedelta(days=300))
    bulk(
        Case,
        (
            Case(
                round=earlier,
                enterprise=each.enterprise,
                number=f"2025-{earlier.pk:03d}-{first + at:06d}",
                state="county_check",
                state_since=moment,
                submitted_at=moment,
                assessment=each,
            )
            for at, each in enumerate(kept)
        ),
    )
    for source, rows in given.items():
        bulk(
            Filing,
            (
                Filing(
                    enterprise=firm,
                    source=source.value,
                    entries=entries,
                    filed_by="虚构",
                    filed_at=moment,
                )
                for firm, entries in rows
            ),
        )


def _note_contacts(told: list[Any], known: dict[str, tuple[str, str]]) -> None:
    from tidu.casework.integrity.contacts import normal_contact  # noqa: PLC0415

    for e in told:
        for each in e.contacts:
            if each.confirmed:
                key = f"{each.kind}:{normal_contact(each)}"
                known[key] = (each.confirmed.value, each.value)


def _known_ties(opened: Any, known: dict[str, tuple[str, str]]) -> None:
    from tidu.casework.signal_models import KnownTie  # noqa: PLC0415

    bulk(
        KnownTie,
        (
            KnownTie(
                organisation=opened.organisation,
                key=key,
                label={"zh": label, "en": label},
                known_as=known_as,
                note="虚构",
                made_by="虚构",
            )
            for key, (known_as, label) in known.items()
        ),
    )


def _moment(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(9), datetime.UTC)


def bulk(model: Any, rows: Iterable[Any]) -> list[Any]:
    """Rows of a table, written in batches."""
    made: list[Any] = model.objects.bulk_create(rows, batch_size=BATCH)
    return made


# -- measuring --------------------------------------------------------------------


def measure(opened: Any, user: Any) -> dict[str, Any]:
    """Seconds of each part by the clock and of the processor, and what was found."""
    from tidu.accounts.actors import actor_for  # noqa: PLC0415 - app ready
    from tidu.casework.screening import screen_round  # noqa: PLC0415

    by = actor_for(user)
    cases, assessing = timed(lambda: assess_all(opened))
    run, flagging = timed(lambda: screen_round(opened=opened, by=by))
    _again, repeating = timed(lambda: screen_round(opened=opened, by=by))
    return {
        "cases": cases,
        "run": run,
        "signals": opened.screenings.first().signals.count(),
        "parts": {
            "assess all, every finding said": assessing,
            "read the rows, flag all eight kinds, keep the signals": flagging,
        },
        "again": repeating,
        "pages": pages(opened, user),
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def assess_all(opened: Any) -> int:
    """Every case by its frozen facts, with every finding as a sentence; how many."""
    from tidu.casework.archives import library_for  # noqa: PLC0415 - app ready
    from tidu.casework.signal_inputs import cases_to_screen  # noqa: PLC0415
    from tidu.eligibility.standings import standings_of  # noqa: PLC0415
    from tidu.registry.fact_values import facts_from  # noqa: PLC0415
    from tidu.rules.rulesets import Kind  # noqa: PLC0415

    library = library_for(opened.packs)
    rows = cases_to_screen(opened).values_list("assessment__entries", flat=True)
    count = 0
    for entries in rows.iterator(chunk_size=1000):
        found = standings_of(
            facts_from(entries, library.facts),
            on=opened.on,
            kind=Kind(opened.kind),
            territory=COUNTY,
            schemes=[opened.scheme],
            library=library,
        )
        for finding in found.schemes[opened.scheme].findings:
            finding.sentence(english=False)
        count += 1
    return count


def timed(work: Callable[[], Any]) -> tuple[Any, tuple[float, float]]:
    """What the work gives; seconds by the clock and of the processor."""
    clock, processor = time.perf_counter(), time.process_time()
    answer = work()
    return answer, (time.perf_counter() - clock, time.process_time() - processor)


def pages(opened: Any, user: Any) -> dict[str, list[tuple[float, float]]]:
    """Seconds of each page by the clock and of the processor, one after the other."""
    from django.conf import settings  # noqa: PLC0415 - app ready
    from django.test import Client  # noqa: PLC0415

    settings.ALLOWED_HOSTS = ["testserver"]
    client = Client()
    client.force_login(user)
    found = {}
    for name, path in PAGES.items():
        url = f"/officer/cases/rounds/{opened.pk}/{path}"
        times = []
        for _ in range(TIMES + 1):
            answer, took = timed(lambda: client.get(url))  # noqa: B023 - called at once
            times.append(took)
            assert answer.status_code == OK, answer.status_code
        found[name] = times[1:]
    return found


def section(found: dict[str, Any], count: int) -> str:
    """The section of the page."""
    parts, run = found["parts"], found["run"]
    clock = sum(each[0] for each in parts.values())
    processor = sum(each[1] for each in parts.values())
    lines = [
        f"## A round of {count:,} applications in the running system, assessed and flagged",
        "",
        f"`python -m benchmarks.integrity_round --cases {count}`: SQLite, one process,",
        f"{os.cpu_count()} cores shared with other work, load at the end {os.getloadavg()[0]:.1f}. Frozen",
        "figures, contacts, rights, auditors, two texts and five papers a case, an earlier",
        "round, tax data and annual reports are read from the tables; signals are written.",
        "",
        "| | goal, s | by the clock, s | processor, s |",
        "| --- | ---: | ---: | ---: |",
        *(
            f"| {name} | | {took[0]:.1f} | {took[1]:.1f} |"
            for name, took in parts.items()
        ),
        f"| together | {GOAL} | {clock:.1f} | {processor:.1f} |",
        f"| a second run that finds the same | | {found['again'][0]:.1f} | {found['again'][1]:.1f} |",
        "",
        verdict(clock, processor),
        f"{found['signals']:,} signals in {run.flagged:,} of {run.read:,} cases; at most {found['memory']:,} MB,",
        "the filling included.",
        "",
        "| page of the round, median of ten | by the clock, ms | processor, ms |",
        "|---|---:|---:|",
        *(
            f"| {name} | {median_of(times, 0)} | {median_of(times, 1)} |"
            for name, times in found["pages"].items()
        ),
    ]
    return "\n".join(lines)


def verdict(clock: float, processor: float) -> str:
    """Whether the goal was reached, and by which of the two."""
    if clock < GOAL:
        return "Reached."
    if processor < GOAL:
        return "**Missed** by the clock on a loaded machine; the processor needed less."
    return "**Missed**."


def median_of(times: list[tuple[float, float]], which: int) -> str:
    """The median of the one or the other, in milliseconds."""
    return f"{1000 * statistics.median(each[which] for each in times):.0f}"


if __name__ == "__main__":
    main()
