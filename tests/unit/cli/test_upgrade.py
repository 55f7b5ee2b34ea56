"""An older installation is upgraded on a copy, then for good, and can go back."""

import hashlib
import json

import psycopg
import pytest

from tests.unit.cli.installations import FILL, Installation
from tests.unit.cli.test_backup import place  # noqa: F401 - a fixture

# The first version of the tables, from before there was anything to search by.
GO_BACK = """
from tidu.cli.site import start_django
start_django()
from django.core.management import call_command
call_command("migrate", "registry", "0001", verbosity=0)
"""
COUNT = """
import json
from tidu.cli.site import start_django
start_django()
from django.db import connection
from tidu.cli.table_copies import counts_of
kept = ["registry_enterprise", "registry_filing", "registry_evidence", "registry_blob",
        "accounts_user", "audit_event", "registry_currentfacts"]
print(json.dumps(counts_of(kept)))
"""
FIND = """
from tidu.cli.site import start_django
start_django()
from tidu.registry.models import Enterprise
from tidu.registry.searching import matching
from tidu.audit.queries import check_chain
print(matching(Enterprise.objects.all(), "虚构3").exists(), check_chain().whole)
"""
EVENTS = """
from tidu.accounts.actors import SYSTEM
from tidu.registry.actions import change_identity
from tidu.registry.enums import IdentityKind
from tidu.registry.models import Enterprise
from django.db import transaction
for firm in Enterprise.objects.all():
    change_identity(enterprise=firm, kind=IdentityKind.TERRITORY, value="990102",
                    source="虚构", by=SYSTEM)
"""
BREAK = """
from tidu.cli.site import start_django
start_django()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("UPDATE audit_chainhead SET number = number + 1")
"""


@pytest.fixture(scope="module")
def old(place):  # noqa: F811 - the fixture imported
    """An installation of the first version of its tables, with rows."""
    found = place()
    found.script(FILL + EVENTS)
    found.script(GO_BACK)
    return found


def state(installation: Installation):
    """Everything an upgrade could touch."""
    files = {
        path.relative_to(installation.home): hashlib.sha256(
            path.read_bytes()
        ).hexdigest()
        for path in sorted(installation.home.rglob("*"))
        if path.is_file()
        and path.suffix not in {".sqlite3-shm", ".sqlite3-wal"}
        and not path.name.startswith("queue.")
    }
    return files, installation.content()


def databases(installation):
    with psycopg.connect(installation.url) as connection:
        return {n for (n,) in connection.execute("SELECT datname FROM pg_database")}


def test_a_rehearsal_says_what_will_change_and_touches_nothing(old, tmp_path):
    before = state(old)

    ran = old.tidu("upgrade", "--rehearse", "--room", tmp_path)

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "registry.0002_search_index" in ran.stdout
    assert "预演通过" in ran.stdout
    assert state(old) == before
    assert list(tmp_path.iterdir()) == []
    if old.url:
        assert not any("rehearsal" in name for name in databases(old))


def test_an_old_installation_goes_forward_with_all_its_rows_and_back(
    old,
    place,  # noqa: F811 - the fixture imported
    tmp_path,
):
    counts = json.loads(old.script(COUNT))
    before = old.content()
    assert min(counts.values()) > 0

    ran = old.tidu("upgrade", "-o", tmp_path)

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert json.loads(old.script(COUNT)) == counts
    assert old.script(FIND).split() == ["True", "True"]
    assert old.content() != before
    (archive,) = tmp_path.glob("*.tar")

    returned = place()
    ran = returned.tidu("restore", archive, "--into", returned.home)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert json.loads(returned.script(COUNT)) == counts

    ran = old.tidu("upgrade", "--rehearse")
    assert "没有要更新的" in ran.stdout


def test_a_copy_that_is_not_well_is_told_and_nothing_is_touched(place):  # noqa: F811
    ill = place()
    ill.script(FILL + EVENTS)
    ill.script(BREAK)

    ran = ill.tidu("upgrade", "--rehearse")

    assert "审计链" in ran.stdout, ran.stderr
    assert "审计链：末尾缺了记录" in ran.stdout
    assert "先不要升级" in ran.stdout


@pytest.mark.parametrize("arguments", [(), ("--rehearse", "-o", "x")])
def test_one_of_both_is_asked_for(tmp_path, arguments):
    ran = Installation(tmp_path / "home").tidu("upgrade", *arguments)

    assert ran.returncode == 2
    assert not (tmp_path / "home").exists()
