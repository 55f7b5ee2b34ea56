"""Lead a large fictional table into an empty registry: check, commit, undo.

    python benchmarks/import_registry.py --rows 370000

Writes a CSV of synthetic firms, then measures each job alone, on a database of its own
in a temporary folder, or on the PostgreSQL of ``DATABASE_URL`` (it must be empty).
Prints wall and processor time, the largest memory of the process, and what was written.
"""

from __future__ import annotations

import argparse
import csv
import datetime
import os
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ON = datetime.date(2026, 6, 30)
YEARLY = (
    "revenue",
    "main_revenue",
    "rnd_expense",
    "net_profit",
    "total_assets",
    "total_liabilities",
    "employees",
    "rnd_staff",
)
PLAIN = ("uscc", "name", "territory", "industry", "established_on")
COUNTS = ("class1_ip", "class2_ip", "listed")
PLACES = ("990101", "990102", "990103")


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=370_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TIDU_HOME"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tidu.project.settings")
        import django  # noqa: PLC0415 - the home must be known first

        django.setup()
        file = Path(folder) / "firms.csv"
        write_table(file, rows)
        print(f"{rows} rows, {file.stat().st_size / 2**20:.0f} MB of CSV")
        lead(file)


def write_table(path: Path, rows: int) -> None:
    """A table as a bureau would have it: 24 columns, gaps as they come."""
    from tidu.bulk.columns import column_name  # noqa: PLC0415 - slow import
    from tidu.bulk.synth import Population, row_groups  # noqa: PLC0415 - slow import
    from tidu.rules.library import default_library  # noqa: PLC0415 - slow import

    library = default_library()
    years = (ON.year - 1, ON.year - 2)
    yearly = [(fact, year) for fact in YEARLY for year in years]
    columns = [
        *PLAIN,
        *(column_name(fact, year) for fact, year in yearly),
        *COUNTS,
    ]
    heads = [
        *(library.facts[each].label for each in PLAIN),
        *(_head(library.facts[fact], year) for fact, year in yearly),
        *(library.facts[each].label for each in COUNTS),
    ]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(heads)
        number = 0
        for group in row_groups(Population(rows, 7, ON, library), 1):
            for row in group.to_pylist():
                number += 1
                row["name"] = f"示范虚构{number}号精密机械有限公司"
                row["territory"] = PLACES[number % len(PLACES)]
                writer.writerow([_cell(row.get(each)) for each in columns])


def _head(fact: Any, year: int) -> str:
    unit = "(元)" if fact.type.value == "money" else ""
    return f"{year}年{fact.label}{unit}"


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "是" if value else "否"
    return "" if value is None else value


def lead(path: Path) -> None:
    """Upload, check, commit and undo, each measured."""
    from django.core.management import call_command  # noqa: PLC0415 - app ready
    from huey.contrib.djhuey import HUEY  # noqa: PLC0415 - app ready

    from tidu.accounts.actors import Actor  # noqa: PLC0415 - app ready
    from tidu.accounts.models import (  # noqa: PLC0415 - app ready
        Membership,
        Organisation,
        User,
    )
    from tidu.registry.imports import actions  # noqa: PLC0415 - app ready
    from tidu.registry.models import Enterprise, Filing  # noqa: PLC0415 - app ready

    HUEY.immediate = True  # jobs run where they are asked for, to be measured alone
    call_command("migrate", verbosity=0)
    user = User.objects.create_user("benchmark", name="虚构人员")
    office = Organisation.objects.create(
        name="示范主管部门（虚构）", kind="authority", territory="990100"
    )
    member = Membership.objects.create(user=user, organisation=office, role="officer")
    by = Actor(user, member)
    with path.open("rb") as file:
        batch = measured(
            "upload",
            lambda: actions.upload_import(
                file=file,
                file_name=path.name,
                source="import",
                on=ON,
                territory="990100",
                by=by,
            ),
        )
    measured("check", lambda: actions.check_import(batch=batch, choices={}, by=by))
    measured("commit", lambda: actions.commit_import(batch=batch, by=by))
    batch.refresh_from_db()
    print(f"{batch.state}: {batch.summary['entered']} entered, {batch.errors} errors")
    measured("undo", lambda: actions.undo_import(batch=batch, by=by))
    batch.refresh_from_db()
    left = Filing.objects.filter(withdrawn_at=None).count()
    closed = Enterprise.objects.exclude(closed_at=None).count()
    print(f"{batch.state}: {left} filings left, {closed} firms closed")


def measured(what: str, work: Callable[[], Any]) -> Any:
    """Do the work and say what it took."""
    wall, processor = time.perf_counter(), time.process_time()
    found = work()
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{what:<8}{wall:8.1f} s wall {processor:8.1f} s processor {memory:6} MB")
    return found


if __name__ == "__main__":
    main()
