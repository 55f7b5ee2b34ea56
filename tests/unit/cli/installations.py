"""An installation of its own, run by commands as an operator would, for tests."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg

from tests.house.tree import ROOT

FILL = """
import hashlib
from tidu.cli.site import prepare, start_django
start_django()
prepare()
from django.conf import settings
from tests.factories import EnterpriseFactory, UserFactory
from tidu.accounts.actors import SYSTEM
from tidu.registry.actions import file_facts
from tidu.registry.models import Blob, Evidence
user = UserFactory(username="zhang", name="虚构人员")
for number in range(20):
    firm = EnterpriseFactory(facts={"revenue@2025": "60000000.00"})
    content = f"虚构的审计报告{number}".encode() * 500
    digest = hashlib.sha256(content).hexdigest()
    path = settings.EVIDENCE_FOLDER / digest[:2] / digest[2:4] / digest
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    blob = Blob.objects.create(
        sha256=digest, size=len(content), media_type="application/pdf"
    )
    Evidence.objects.create(enterprise=firm, blob=blob, title="报告", uploaded_by=user)
(settings.EVIDENCE_FOLDER / ".unfinished.part").write_bytes(b"half")
"""
WRITE = """
import sys
from tidu.cli.site import start_django
start_django()
from tidu.accounts.actors import SYSTEM
from tidu.registry.actions import file_facts
from tidu.registry.enums import FilingSource
from tidu.registry.models import Enterprise
number = 0
while True:
    for firm in Enterprise.objects.all():
        number += 1
        entries = {"revenue@2025": {"value": f"{number}.00"}}
        file_facts(
            enterprise=firm, entries=entries, source=FilingSource.ENTERPRISE, by=SYSTEM
        )
        print(number, flush=True)
"""


@dataclasses.dataclass(frozen=True)
class Installation:
    """A home and, for PostgreSQL, the address of a database."""

    home: Path
    url: str = ""

    def environment(self) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("TIDU_", "DJANGO_", "DATABASE_", "COV_"))
        }
        path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
        found = {**kept, "TIDU_HOME": str(self.home), "PYTHONPATH": path}
        return found | ({"DATABASE_URL": self.url} if self.url else {})

    def tidu(self, *arguments: object, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a command; ``more``: environment variables beside its own."""
        return self._run(["-m", "tidu.cli.main", *map(str, arguments)], more)

    def script(self, code: str) -> str:
        """Run a piece of Python; what it printed."""
        ran = self._run(["-c", code], {})
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    @contextlib.contextmanager
    def writing(self) -> Iterator[subprocess.Popen[str]]:
        """File figures in another process for as long as the block runs."""
        with subprocess.Popen(
            [sys.executable, "-c", WRITE],
            env=self.environment(),
            cwd=self.home.parent,
            stdout=subprocess.PIPE,
            text=True,
        ) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()  # it has begun
            try:
                yield writer
            finally:
                still_running = writer.poll() is None
                writer.terminate()
                assert still_running, "the writer ended before the block did"

    def content(self) -> list[str]:
        """Every row of every table, as text."""
        if self.url:
            return _postgres_content(self.url)
        with contextlib.closing(sqlite3.connect(self.home / "tidu.sqlite3")) as found:
            return list(found.iterdump())

    def _run(
        self, arguments: list[str], more: dict[str, str]
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments],
            env=self.environment() | more,
            cwd=self.home.parent,
            capture_output=True,
            text=True,
            check=False,
        )


def _postgres_content(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        tables = [
            name
            for (name,) in connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
                " AND tablename NOT LIKE 'huey%' ORDER BY tablename"
            )
        ]
        rows = [
            f"{table} {row}"
            for table in tables
            for (row,) in connection.execute(
                f'SELECT t::text FROM "{table}" t ORDER BY 1'.encode()  # noqa: S608
            )
        ]
        sequences = connection.execute(
            "SELECT sequencename || ' ' || coalesce(last_value, 0) FROM pg_sequences"
            " WHERE sequencename NOT LIKE 'huey%' ORDER BY sequencename"
        )
        return rows + [text for (text,) in sequences]
