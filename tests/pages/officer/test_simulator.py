"""The simulator: one threshold changed on the office's own firms."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import EnterpriseFactory, member, officer
from tests.unit.registry.importing import code
from tidu.accounts.enums import Role
from tidu.bulk.snapshot import read_firms
from tidu.eligibility.simulations import run, thresholds
from tidu.eligibility.snapshots import announce, making, snapshot_of, write_snapshot
from tidu.registry.fact_values import to_json
from tidu.registry.models import Enterprise
from tidu.rules.examples import load_examples
from tidu.rules.library import default_library
from tidu.rules.outcomes import Outcome

pytestmark = pytest.mark.django_db
LAST = timezone.localdate().year - 1


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME = tmp_path


def test_a_snapshot_holds_the_open_firms_of_a_territory():
    EnterpriseFactory(
        uscc=code(1),
        name="示范虚构甲有限公司",
        facts={f"revenue@{LAST}": "60000000.00"},
    )
    EnterpriseFactory(uscc=code(2), territory="990102")
    EnterpriseFactory(uscc=code(3), closed_at=timezone.now(), closed_reason="虚构")

    path = write_snapshot("990101")

    found = list(read_firms(path, default_library().facts))
    assert [dict(each.flat()) for each in found] == [
        {
            "uscc": code(1),
            "name": "示范虚构甲有限公司",
            "territory": "990101",
            f"revenue@{LAST}": found[0].flat()[f"revenue@{LAST}"],
        }
    ]
    assert str(found[0].flat()[f"revenue@{LAST}"]) == "60000000.00"
    assert snapshot_of("990101").resolve() == path.resolve()
    assert snapshot_of("990102") is None
    assert making("990101") is None


def test_an_empty_territory_has_a_snapshot_too():
    assert list(read_firms(write_snapshot("990101"), default_library().facts)) == []


def firm_on_the_border() -> tuple[Enterprise, datetime.date]:
    """A firm of the pack's examples whose revenue is exactly what 专精特新 asks for."""
    pack = default_library().national
    example = next(
        each
        for each in load_examples(pack, pack.folder)
        if each.scheme == "srdi_sme" and each.name.startswith("营业收入恰为1500万元")
    )
    facts = {key: to_json(value) for key, value in example.facts.flat().items()}
    return EnterpriseFactory(uscc=code(1), facts=facts), example.on


def test_a_stricter_threshold_puts_a_firm_out_by_name():
    firm, day = firm_on_the_border()
    path = write_snapshot("990101", on=day)
    asked = next(each for each in thresholds(day) if each.value == "min_revenue")
    assert (asked.scheme, asked.number.text) == ("srdi_sme", "1500万元")

    stricter = run(path, asked, "1501万元", day)
    same = run(path, asked, "1500万元", day)

    moves = stricter.moves
    assert (moves.before, moves.after, moves.moved_out) == (1, 0, 1)
    assert [(each.firm, each.into) for each in stricter.movers] == [(firm, False)]
    assert stricter.places == (("990101", 0, 1),)
    assert [each[Outcome.MET] for each in stricter.curve.counts] == [1] * 11 + [0] * 10
    assert (same.moves.after, same.movers) == (1, ())


def test_the_page_prepares_and_simulates(desk, django_capture_on_commit_callbacks):
    EnterpriseFactory(uscc=code(1), facts={f"revenue@{LAST}": "60000000.00"})
    url = reverse("simulator")
    assert "准备试算用的数据" in desk.get(url).text
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(reverse("simulator_prepare"))

    asked = {"value": "innovative_sme.min_score", "quantity": "50分"}
    answer = desk.get(url, asked)

    assert answer.context["result"].rows == 1
    assert "60分 改为 50分" in answer.text
    assert next(p.threshold for p in answer.context["points"] if p.current) == "60分"


@pytest.mark.parametrize("quantity", ["很多", "5", "5公里"])
def test_a_quantity_that_is_none_is_refused_and_kept(quantity, desk):
    EnterpriseFactory(uscc=code(1))
    write_snapshot("990101")
    asked = next(each for each in thresholds(timezone.localdate()) if each.number.unit)

    value = f"{asked.scheme}.{asked.value}"
    answer = desk.get(reverse("simulator"), {"value": value, "quantity": quantity})

    assert answer.status_code == 200
    assert "error-summary" in answer.text
    assert f'value="{quantity}"' in answer.text


def test_progress_is_shown_until_it_is_done(desk):
    announce("990101", 5, 20)
    answer = desk.get(reverse("simulator_progress"))
    assert "5 / 20 家" in answer.text
    assert "HX-Refresh" not in answer

    write_snapshot("990101")

    assert desk.get(reverse("simulator_progress"))["HX-Refresh"] == "true"


def test_observers_do_not_prepare_and_others_do_not_see(client, county):
    EnterpriseFactory(uscc=code(1))
    write_snapshot("990101")
    client.force_login(member(county.memberships.get().organisation, Role.OBSERVER))
    assert client.post(reverse("simulator_prepare")).status_code == 403
    client.force_login(officer("990102"))

    assert client.get(reverse("simulator")).context["ready"] is False
