"""A worker that dies in the middle of an import loses nothing and repeats nothing.

The worker is a process of its own over a database file, and is killed for good.
"""

import datetime
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.house.tree import ROOT
from tests.unit.registry.importing import firm_line, table

ROWS = 3000
_START = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
import django
django.setup()
from tidu.registry.imports import committing, jobs
from tidu.registry.import_models import ImportBatch
jobs.CHUNK = committing.CHUNK = 100
"""
_UPLOAD = """
from django.core.management import call_command
from tests.factories import acting, officer
from tests.unit.registry.importing import checked
call_command("migrate", verbosity=0)
from tidu.registry.imports.actions import commit_import
from django.db import transaction
by = acting(officer("990101"))
batch = checked(open(sys.argv[1], "rb").read(), by)
ImportBatch.objects.filter(pk=batch.pk).update(state="committing", rows=batch.readable)
"""
_WORK = "jobs.run_import.call_local(1)\n"
_UNDO = """
from django.utils import timezone
ImportBatch.objects.update(state="undoing", done=0, undone_at=timezone.now())
jobs.run_import.call_local(1)
"""


def start(script: str, home: Path, *arguments: str) -> subprocess.Popen:
    other = {"DATABASE_URL", "TIDU_TEST_DATABASE"}  # its database is a file
    environment = {k: value for k, value in os.environ.items() if k not in other}
    environment |= {
        "TIDU_HOME": str(home),
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]),
    }
    return subprocess.Popen(
        [sys.executable, "-c", _START + script, *arguments],
        env=environment,
        cwd=ROOT,
    )


def opened(home: Path) -> closing[sqlite3.Connection]:
    return closing(sqlite3.connect(home / "tidu.sqlite3", timeout=30))


def ask(home: Path, sql: str) -> int:
    with opened(home) as database:
        return database.execute(sql).fetchone()[0]


def kill_once(process: subprocess.Popen, home: Path, sql: str) -> int:
    """Kill the process when the count has passed a third; what it was then."""
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        if ask(home, sql) >= ROWS // 3:
            break
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    return ask(home, sql)


def say_it_is_silent(home: Path) -> None:
    """Let two minutes pass for the import's sign of life."""
    past = datetime.datetime.now(datetime.UTC) - datetime.timedelta(minutes=3)
    with opened(home) as database, database:
        text = past.replace(tzinfo=None).isoformat(" ")
        database.execute("UPDATE registry_importbatch SET touched_at = ?", [text])


@pytest.mark.skipif(os.name != "posix", reason="kills a process as POSIX does")
def test_a_killed_worker_is_followed_by_one_that_goes_on(tmp_path):
    file = tmp_path / "firms.csv"
    file.write_bytes(table(*(firm_line(n) for n in range(1, ROWS + 1))))
    home = tmp_path / "home"
    home.mkdir()
    assert start(_UPLOAD, home, str(file)).wait() == 0

    done = "SELECT done FROM registry_importbatch"
    firms = "SELECT count(*) FROM registry_enterprise"
    at = kill_once(start(_WORK, home), home, done)
    assert 0 < at < ROWS
    assert ask(home, firms) == at  # what was counted is there, and nothing else

    assert start(_WORK, home).wait() == 0
    assert ask(home, done) == at  # the dead run is not yet taken for dead
    say_it_is_silent(home)
    assert start(_WORK, home).wait() == 0

    assert ask(home, done) == ROWS
    for name in ("enterprise", "filing", "currentfacts", "searchterms"):
        counted = f"SELECT count(*) FROM registry_{name}"  # noqa: S608 - our own names
        assert ask(home, counted) == ROWS, name
    assert ask(
        home, "SELECT count(*) FROM registry_importbatch WHERE state='committed'"
    )

    left = "SELECT count(*) FROM registry_filing WHERE withdrawn_at IS NOT NULL"
    at = kill_once(start(_UNDO, home), home, left)
    assert 0 < at < ROWS
    say_it_is_silent(home)
    assert start(_WORK, home).wait() == 0

    assert ask(home, left) == ROWS
    closed = "SELECT count(*) FROM registry_enterprise WHERE closed_at IS NOT NULL"
    assert ask(home, closed) == ROWS
