"""``tidu audit``: a changed, removed or cut-off event is found and named."""

import datetime

import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from tests.factories import EnterpriseFactory
from tidu.accounts.actors import SYSTEM
from tidu.audit.models import Event
from tidu.cli.main import app
from tidu.registry.actions import file_facts
from tidu.registry.enums import FilingSource

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def run(*words):
    return CliRunner().invoke(app, ["audit", *words])


@pytest.fixture
def events():
    """Five events of one firm."""
    firm = EnterpriseFactory()
    for number in range(5):
        file_facts(
            enterprise=firm,
            entries={"revenue@2025": {"value": f"{number}.00"}},
            source=FilingSource.ENTERPRISE,
            by=SYSTEM,
        )
    return Event.objects.order_by("number")


def test_a_whole_chain_is_said_to_be_whole(events):
    found = run("verify")

    assert found.exit_code == 0
    assert f"审计链完整：{events.count()} 条" in found.output


def test_a_changed_event_is_named(events):
    Event.objects.filter(number=3).update(actor_role="改过")

    found = run("verify")

    assert found.exit_code == 1
    assert "审计链在第 3 条断开" in found.output
    assert "registry.facts_filed" in found.output


def test_a_removed_event_is_found(events):
    Event.objects.filter(number=2)._raw_delete("default")

    found = run("verify")

    assert found.exit_code == 1
    assert "审计链在第 3 条断开" in found.output


def test_a_chain_that_was_cut_off_is_found(events):
    last = events.count()
    Event.objects.filter(number=last)._raw_delete("default")

    found = run("verify")

    assert found.exit_code == 1
    assert f"应到第 {last} 条，现有 {last - 1} 条" in found.output


def test_events_of_some_days_are_exported_and_that_is_recorded(events, tmp_path):
    target = tmp_path / "审计.xlsx"
    count = events.count()

    found = run("export", "--from", str(TODAY), "--to", str(TODAY), "-o", str(target))

    assert found.exit_code == 0, found.output
    rows = CalamineWorkbook.from_path(target).get_sheet_by_index(0).to_python()
    assert len(rows) == count + 1
    assert rows[1][0] == "1"
    assert rows[-1][-1] == Event.objects.get(number=count).digest
    assert Event.objects.filter(action="audit.exported").exists()
    assert run("verify").exit_code == 0


def test_other_days_have_no_events(events, tmp_path):
    day = str(TODAY - datetime.timedelta(days=30))

    found = run("export", "--from", day, "--to", day, "-o", str(tmp_path / "a.xlsx"))

    assert "已写 0 条" in found.output


def test_a_date_nobody_can_read_is_told(events, tmp_path):
    target = str(tmp_path / "a.xlsx")

    found = run("export", "--from", "昨天", "--to", str(TODAY), "-o", target)

    assert found.exit_code != 0
    assert "2026-06-01" in found.output
