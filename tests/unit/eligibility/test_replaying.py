"""A kept assessment gives the same to the letter; changed rules are said."""

import copy
import datetime

import pytest

from tests.factories import EnterpriseFactory, acting, owner_of
from tidu.accounts.verdicts import Refused
from tidu.audit.models import Event
from tidu.eligibility.actions import assess_enterprise, replay
from tidu.eligibility.models import Assessment
from tidu.eligibility.replaying import replay_of
from tidu.registry.actions import file_facts
from tidu.registry.enums import FilingSource
from tidu.rules.rulesets import Kind

pytestmark = pytest.mark.django_db
ON = datetime.date(2026, 6, 1)
FACTS = {
    "revenue@2025": "60000000.00",
    "revenue@2024": "50000000.00",
    "main_revenue@2025": "58000000.00",
    "rnd_expense@2025": "3000000.00",
    "rnd_expense@2024": "2500000.00",
    "total_assets@2025": "80000000.00",
    "total_liabilities@2025": "30000000.00",
    "employees@2025": 120,
    "class1_ip": 3,
    "abnormal_list": False,
    "industry": "C3912",
    "established_on": "2015-03-01",
}


@pytest.fixture
def firm():
    return EnterpriseFactory(facts=FACTS)


@pytest.fixture
def owner(firm):
    return acting(owner_of(firm))


@pytest.fixture
def kept(firm, owner):
    made = assess_enterprise(enterprise=firm, on=ON, kind=Kind.NEW, by=owner)
    return Assessment.objects.get(pk=made.pk)  # as the database has it


def test_changing_nothing_replays_to_the_letter(kept):
    assert replay(kept) == kept.result
    found = replay_of(kept)
    assert (found.equal, found.pack_changed, found.differing) == (True, False, ())
    assert "逐字相同" in found.sentence


def test_later_figures_do_not_change_a_kept_assessment(firm, owner, kept):
    file_facts(
        enterprise=firm,
        entries={"revenue@2025": {"value": "1.00"}},
        source=FilingSource.ENTERPRISE,
        by=owner,
    )
    now = assess_enterprise(enterprise=firm, on=ON, kind=Kind.NEW, by=owner)

    assert replay_of(kept).equal
    assert now.result != kept.result


def test_a_changed_pack_is_said_though_the_result_is_the_same(kept):
    kept.pack_digest = "0" * 64

    found = replay_of(kept)

    assert (found.equal, found.pack_changed) == (True, True)
    assert "标准包后来有改动" in found.sentence


def test_a_result_that_differs_is_counted_and_laid_to_the_pack(kept):
    kept.pack_digest = "0" * 64
    kept.result = copy.deepcopy(kept.result)
    kept.result["srdi_sme"]["outcome"] = "met"

    found = replay_of(kept)

    assert found.differing == ("srdi_sme",)
    assert found.sentence == "标准包后来有改动，今天重算有 1 项结果不同"


def test_a_difference_without_another_pack_is_a_fault_of_ours(kept):
    kept.result["srdi_sme"]["criteria"][0]["sentence"] += " "

    found = replay_of(kept)

    assert found.differing == ("srdi_sme",)
    assert "请报告" in found.sentence


def test_another_version_of_the_program_is_said(kept):
    kept.result["srdi_sme"]["outcome"] = "met"
    kept.program_version = "0.0.0"

    assert "程序版本不同" in replay_of(kept).sentence


def test_an_assessment_is_recorded_and_refused_to_strangers(firm, kept):
    assert Event.objects.get(action="eligibility.assessed").data == {
        "assessment": kept.pk,
        "pack": kept.pack_digest,
    }
    stranger = acting(owner_of(EnterpriseFactory()))
    with pytest.raises(Refused):
        assess_enterprise(enterprise=firm, on=ON, kind=Kind.NEW, by=stranger)
