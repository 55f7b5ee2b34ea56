"""How long does the work queue take with 20,000 open cases at one office?

    python benchmarks/queue_page.py --cases 20000

Makes an installation on SQLite in a fresh folder, fills it with fictional firms whose
cases all wait for one county, asks for the page as a browser would (in one process,
without a network), and puts the times between its markers in
docs/benchmarks-casework.md.
"""

from __future__ import annotations

import argparse
import datetime
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from sections import write_section

PAGE = Path(__file__).resolve().parents[1] / "docs/benchmarks-casework.md"
SECTION = "queue page"
GOAL = 300  # milliseconds
COUNTY = "990101"
TIMES = 30
OK = 200
PAGES = {
    "the queue, first page": "",
    "unopened only": "?unopened=yes",
    "overdue only": "?overdue=yes",
    "nearest limit first": "?sort=due",
    "longest wait first": "?sort=waited",
    "one round and one state": "?round={round}&state=county_check",
    "page 200": "?page=200",
    "all of the territory": "?whose=all",
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
        opened, user, night = fill(options.cases)
        found = measure(opened, user)
    text = section(found, options.cases, night)
    write_section(options.page, SECTION, text)
    print(text)


def fill(count: int) -> tuple[Any, Any, tuple[float, float]]:
    """Firms with submitted cases, nine in ten of them opened, a third of them returned
    once, with their moves, limits and clocks; all fictional.
    """
    from django.utils import timezone  # noqa: PLC0415 - app ready

    from tidu.accounts.actors import actor_for  # noqa: PLC0415
    from tidu.accounts.enums import OrganisationKind, Role  # noqa: PLC0415
    from tidu.accounts.models import Membership, Organisation, User  # noqa: PLC0415
    from tidu.casework.models import Case  # noqa: PLC0415
    from tidu.casework.rounds import Terms, open_round  # noqa: PLC0415
    from tidu.eligibility.models import Assessment  # noqa: PLC0415
    from tidu.registry.models import Enterprise  # noqa: PLC0415
    from tidu.rules.rulesets import Kind  # noqa: PLC0415

    now, today = timezone.now(), timezone.localdate()
    people = {}
    for code in ("990000", COUNTY):
        office = Organisation.objects.create(
            name=f"示范主管部门{code}（虚构）",
            kind=OrganisationKind.AUTHORITY,
            territory=code,
        )
        person = User.objects.create_user(code, password=None, name="虚构人员")
        Membership.objects.create(user=person, organisation=office, role=Role.OFFICER)
        people[code] = (person, office)
    terms = Terms(
        "示范批次（虚构）",
        today,
        today + datetime.timedelta(days=30),
        today,
        limits={"county_check": {"days": 10, "kind": "working"}},
    )
    by = actor_for(people["990000"][0])
    opened = open_round(scheme="srdi_sme", kind=Kind.NEW, terms=terms, by=by)
    firms = Enterprise.objects.bulk_create(
        (
            Enterprise(name=f"示范虚构{number}有限公司", territory=COUNTY)
            for number in range(count)
        ),
        batch_size=1000,
    )
    kept = Assessment.objects.bulk_create(
        (
            Assessment(
                enterprise=firm, on=today, kind="new", territory=COUNTY, entries={},
                pack_id="national", pack_digest="0" * 64, program_version="0",
                result={}, made_by="虚构",
            )
            for firm in firms
        ),
        batch_size=1000,
    )  # fmt: skip
    cases = Case.objects.bulk_create(
        (
            Case(
                round=opened,
                enterprise=firm,
                number=f"2026-001-{at:06d}",
                state="county_check",
                step="county_check",
                counter=1,
                office=people[COUNTY][1],
                state_since=now - datetime.timedelta(minutes=at),
                opened_at=None if at % 10 == 0 else now,
                assessment=kept[at],
                submitted_at=now,
            )
            for at, firm in enumerate(firms)
        ),
        batch_size=1000,
    )
    return opened, people[COUNTY][0], move_all(cases)


def move_all(cases: list[Any]) -> tuple[float, float]:
    """The moves each case made, usual times to show, and the nightly job: its seconds
    by the clock and of the processor.
    """
    from django.utils import timezone  # noqa: PLC0415 - app ready

    from tidu.casework.clock_jobs import care_for_clocks  # noqa: PLC0415
    from tidu.casework.clock_models import UsualTime  # noqa: PLC0415
    from tidu.casework.models import Move  # noqa: PLC0415

    ways = [("submit", "draft", "county_check")]
    longer = [
        *ways,
        ("return", "county_check", "returned"),
        ("resubmit", "returned", "county_check"),
    ]
    Move.objects.bulk_create(
        (
            Move(
                case=case, sequence=place, event=event, source=source, target=target,
                made_by="虚构",
                at=case.state_since - datetime.timedelta(days=3 - min(place, 3)),
            )
            for at, case in enumerate(cases)
            for place, (event, source, target) in enumerate(
                longer if at % 3 == 0 else ways, 1
            )
        ),
        batch_size=1000,
    )  # fmt: skip
    started, busy = time.perf_counter(), time.process_time()
    assert care_for_clocks(timezone.now()) == {}
    night = time.perf_counter() - started, time.process_time() - busy
    for state in ("county_check", ""):
        UsualTime.objects.create(
            scheme="srdi_sme", kind="new", state=state, count=40, p50=3, p90=8
        )
    return night


def measure(opened: Any, user: Any) -> dict[str, list[tuple[float, float]]]:
    """Milliseconds of each page by the clock and of the processor, one by one."""
    from django.conf import settings  # noqa: PLC0415 - app ready
    from django.test import Client  # noqa: PLC0415

    settings.ALLOWED_HOSTS = ["testserver"]
    client = Client()
    client.force_login(user)
    found = {}
    for name, query in PAGES.items():
        url = "/officer/cases/" + query.format(round=opened.pk)
        times = []
        for _ in range(TIMES + 2):
            start, busy = time.perf_counter(), time.process_time()
            answer = client.get(url)
            took = time.perf_counter() - start, time.process_time() - busy
            times.append((took[0] * 1000, took[1] * 1000))
            assert answer.status_code == OK, answer.status_code
        found[name] = sorted(times[2:])
    return found


def section(
    found: dict[str, list[tuple[float, float]]], count: int, night: tuple[float, float]
) -> str:
    """The section of the page."""
    lines = [
        f"## Queue page at {count:,} open cases of one office",
        "",
        f"`python benchmarks/queue_page.py --cases {count}`: SQLite, one process, {TIMES}",
        f"requests each; the goal is {GOAL} ms. Every case has its moves, a limit and a",
        "clock, a third of them a pause. The machine is shared with other work (its load",
        f"at the end: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores): read the",
        "processor's time first.",
        "",
        "| page | median ms | slowest ms | processor, median ms |",
        "|---|---:|---:|---:|",
    ]
    for name, times in found.items():
        clock = [each for each, _busy in times]
        busy = statistics.median(each for _clock, each in times)
        lines.append(
            f"| {name} | {statistics.median(clock):.0f} | {max(clock):.0f} | {busy:.0f} |"
        )
    lines += [
        "",
        f"The nightly job over all of them, its first night: {night[0]:.0f} s by the",
        f"clock, {night[1]:.0f} s of the processor; most of it writes what it tells.",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
