"""How long do the pages of review results take with 20,000 sheets of one step?

    python benchmarks/review_pages.py --cases 10000

Makes an installation on SQLite in a fresh folder, fills it with fictional firms, each
reviewed by two of 800 experts and some by a third, asks for the pages as a browser
would (in one process, without a network), counts their queries, and puts both between
its markers in docs/benchmarks-casework.md.
"""

from __future__ import annotations

import argparse
import datetime
import os
import random
import statistics
import tempfile
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

from sections import write_section

PAGE = Path(__file__).resolve().parents[1] / "docs/benchmarks-casework.md"
SECTION = "review pages"
GOAL = 300  # milliseconds
PROVINCE = "990000"
STEP = "province_review"
EXPERTS = 800
TIMES = 20
OK = 200
GAP = 15
SMALL = 50  # cases at which the queries are counted once more
PAGES = {
    "results of a step, first page": "/officer/reviews/{round}/{step}/",
    "results, page 100": "/officer/reviews/{round}/{step}/?page=100",
    "severity and agreement of 800 experts": "/officer/reviews/{round}/{step}/report/",
    "the pool of experts": "/officer/reviews/experts/",
    "one case file with its opinions": "/officer/cases/{case}/",
    "the public page of draws": "/notices/draws/{round}/",
}


def main() -> None:
    """Fill, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--page", type=Path, default=PAGE)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TIDU_HOME"] = folder
        os.environ.pop("DATABASE_URL", None)
        from tidu.cli.site import prepare, start_django  # noqa: PLC0415 - HOME first

        start_django()
        prepare()
        small, user = fill(SMALL, "small")
        few = measure(small, user, times=1)
        opened, user = fill(options.cases, "large")
        found = measure(opened, user, times=TIMES)
        sheets = count_sheets(opened)
    text = section(found, few, options.cases, sheets)
    write_section(options.page, SECTION, text)
    print(text)


def fill(count: int, mark: str) -> tuple[Any, Any]:
    """A round whose cases were all reviewed in one step; all fictional."""
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
    office, _new = Organisation.objects.get_or_create(
        name="示范主管部门（虚构）",
        kind=OrganisationKind.AUTHORITY,
        territory=PROVINCE,
    )
    person, new = User.objects.get_or_create(username="desk", name="虚构人员")
    if new:
        Membership.objects.create(user=person, organisation=office, role=Role.OFFICER)
    terms = Terms("示范批次（虚构）", today, today + datetime.timedelta(days=30), today)
    by = actor_for(person)
    opened = open_round(scheme="srdi_sme", kind=Kind.NEW, terms=terms, by=by)
    firms = Enterprise.objects.bulk_create(
        (
            Enterprise(name=f"示范虚构{mark}{number}有限公司", territory="990101")
            for number in range(count)
        ),
        batch_size=1000,
    )
    kept = Assessment.objects.bulk_create(
        (
            Assessment(
                enterprise=firm, on=today, kind="new", territory="990101", entries={},
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
                number=f"2026-{mark}-{at:06d}",
                state=STEP,
                step=STEP,
                counter=1,
                office=office,
                state_since=now,
                opened_at=now,
                assessment=kept[at],
                submitted_at=now,
            )
            for at, firm in enumerate(firms)
        ),
        batch_size=1000,
    )
    review(opened, office, cases)
    return opened, person


def review(opened: Any, office: Any, cases: list[Any]) -> None:
    """Two sheets a case and a third where they differ, from a fixed seed."""
    from django.utils import timezone  # noqa: PLC0415 - app ready

    from tidu.accounts.models import User  # noqa: PLC0415
    from tidu.casework.experts import pool_of  # noqa: PLC0415
    from tidu.casework.review_models import (  # noqa: PLC0415
        DrawKind,
        Expert,
        Review,
        ReviewDraw,
        ReviewPlan,
    )
    from tidu.casework.review_planning import own_items  # noqa: PLC0415

    now = timezone.now()
    pool = pool_of(office)
    experts = list(Expert.objects.filter(office=office))
    if not experts:
        people = User.objects.bulk_create(
            User(username=f"expert{at}", name=f"虚构专家{at}") for at in range(EXPERTS)
        )
        experts = Expert.objects.bulk_create(
            Expert(
                office=office, pool=pool, user=user, name=user.name, limit=60,
                organisation_name=f"虚构研究院{user.pk}", fields=["34"],
            )
            for user in people
        )  # fmt: skip
    items = [
        {"id": each.id, "label": each.label, "points": each.points}
        for each in own_items()
    ]
    plan = ReviewPlan.objects.create(
        round=opened, step=STEP, office=office, items=items, gap=Decimal(GAP),
        due_on=timezone.localdate(), confirmed_by="虚构人员", confirmed_at=now,
    )  # fmt: skip
    counts = {"cases": len(cases), "experts": EXPERTS, "conflicts": 0}
    draw = ReviewDraw.objects.create(
        plan=plan, kind=DrawKind.FIRST, inputs={}, inputs_digest="0" * 64,
        counts=counts, secret="虚构",  # noqa: S106 - no password
        commitment="0" * 64, seed="0" * 64,
        announced_by="虚构人员", held_at=now, held_by="虚构人员",
    )  # fmt: skip
    chance = random.Random(20_000)  # noqa: S311 - no secret
    habits = {each.pk: chance.gauss(0, 4) for each in experts}
    sheets = []
    for case in cases:
        worth = chance.gauss(72, 9)
        chosen = chance.sample(experts, 3)
        totals = [_points(worth, habits[each.pk], chance) for each in chosen]
        used = 3 if abs(totals[0] - totals[1]) > GAP else 2
        for expert, total in list(zip(chosen, totals, strict=True))[:used]:
            scores = {each["id"]: str(total / len(items)) for each in items}
            sheets.append(
                Review(
                    case=case, step=STEP, expert=expert, draw=draw, matched=True,
                    scores=scores, total=total, saved_at=now, submitted_at=now,
                    comments={each["id"]: "虚构的意见" * 20 for each in items},
                    remark="虚构的总评" * 40,
                )
            )  # fmt: skip
    Review.objects.bulk_create(sheets, batch_size=1000)


def _points(worth: float, habit: float, chance: random.Random) -> Decimal:
    given = round(2 * (worth + habit + chance.gauss(0, 5))) / 2
    return Decimal(str(min(100.0, max(0.0, given))))


def count_sheets(opened: Any) -> int:
    """How many sheets stand in the round."""
    from tidu.casework.review_models import Review  # noqa: PLC0415 - app ready

    return Review.objects.filter(case__round=opened).count()


def measure(
    opened: Any, user: Any, *, times: int
) -> dict[str, tuple[list[float], int]]:
    """Milliseconds of each page, asked one after the other, and its queries."""
    from django.conf import settings  # noqa: PLC0415 - app ready
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    settings.ALLOWED_HOSTS = ["testserver"]
    client = Client()
    client.force_login(user)
    case = opened.cases.order_by("pk").first()
    found = {}
    for name, pattern in PAGES.items():
        url = pattern.format(round=opened.pk, step=STEP, case=case.pk)
        client.get(url)
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(url)
        queries = len(asked)
        assert answer.status_code == OK, (url, answer.status_code)
        spent = []
        for _ in range(times):
            start = time.perf_counter()
            client.get(url)
            spent.append((time.perf_counter() - start) * 1000)
        found[name] = (sorted(spent), queries)
    return found


def section(
    found: dict[str, tuple[list[float], int]],
    few: dict[str, tuple[list[float], int]],
    count: int,
    sheets: int,
) -> str:
    """The section of the page."""
    lines = [
        f"## Pages of review results at {sheets:,} sheets of one step",
        "",
        f"`python benchmarks/review_pages.py --cases {count}`: {count:,} cases, {EXPERTS}",
        f"experts, SQLite, one process, {TIMES} requests each; the goal is {GOAL} ms, and",
        f"as many queries as with {SMALL} cases. {os.cpu_count()} cores shared with",
        f"other work, load {os.getloadavg()[0]:.1f} at the end.",
        "",
        f"| page | median ms | slowest ms | queries | with {SMALL} cases |",
        "|---|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {name} | {statistics.median(times):.0f} | {times[-1]:.0f} | {queries} "
        f"| {few[name][1]} |"
        for name, (times, queries) in found.items()
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
