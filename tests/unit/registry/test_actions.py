"""Writes to the registry: each with its event, refused outside one's territory."""

import datetime

import pytest

from tests.factories import EnterpriseFactory, acting, officer, owner_of
from tests.unit.registry.firms import found, titled
from tidu.accounts.actors import SYSTEM
from tidu.accounts.enums import Role
from tidu.accounts.verdicts import Refused
from tidu.audit.models import Event
from tidu.registry.actions import (
    change_identity,
    enter_enterprise,
    file_facts,
)
from tidu.registry.enums import FilingSource, IdentityKind
from tidu.registry.models import Enterprise
from tidu.registry.queries import enterprises_of

pytestmark = pytest.mark.django_db
REVENUE = {"revenue@2025": {"value": "60000000.00", "place": "利润表第一行"}}


def test_entered_enterprise_can_be_found_and_is_on_record():
    firm = enter_enterprise(
        name="示范华智机械有限公司", uscc=None, territory="990101", by=SYSTEM
    )

    assert found("华智") == [firm]
    assert firm.current.entries == {}
    assert Event.objects.get().action == "registry.enterprise_entered"


def test_filed_figure_is_in_force_with_its_place():
    firm = EnterpriseFactory()
    by = acting(owner_of(firm))

    filing = file_facts(
        enterprise=firm, entries=REVENUE, source=FilingSource.ENTERPRISE, by=by
    )

    firm.current.refresh_from_db()
    assert firm.current.entries["revenue@2025"] == {
        "value": "60000000.00",
        "filing": filing.pk,
        "place": "利润表第一行",
    }
    assert Event.objects.get().data["keys"] == ["revenue@2025"]


def test_industry_follows_the_figures():
    firm = EnterpriseFactory()
    entries = {"industry": {"value": "C3484"}}

    file_facts(
        enterprise=firm, entries=entries, source=FilingSource.ENTERPRISE, by=SYSTEM
    )

    assert Enterprise.objects.get().industry == "C3484"


@pytest.mark.parametrize(
    ("who", "reason"),
    [
        (lambda: officer("990102"), "不在您单位的区划内"),
        (lambda: officer("990101", Role.OBSERVER), "只读"),
        (lambda: owner_of(EnterpriseFactory()), "只有本企业人员"),
    ],
    ids=["another county", "observer", "another firm"],
)
def test_filing_is_refused_to_others_with_the_reason(who, reason):
    firm = EnterpriseFactory(territory="990101")

    with pytest.raises(Refused, match=reason):
        file_facts(
            enterprise=firm,
            entries=REVENUE,
            source=FilingSource.ENTERPRISE,
            by=acting(who()),
        )

    assert not firm.filings.exists()
    assert not Event.objects.exists()


def test_renamed_enterprise_is_found_by_both_names():
    firm = EnterpriseFactory(name="示范旧名机械有限公司")

    change_identity(
        enterprise=firm,
        kind=IdentityKind.NAME,
        value="示范新颜机械股份有限公司",
        source="登记机关变更通知",
        by=acting(officer("990101")),
        until=datetime.date(2026, 5, 31),
    )

    assert found("旧名") == found("新颜") == [firm]
    former = firm.former.get()
    assert (former.value, former.until) == (
        "示范旧名机械有限公司",
        datetime.date(2026, 5, 31),
    )


def test_the_same_name_again_changes_nothing():
    firm = EnterpriseFactory()

    change_identity(
        enterprise=firm,
        kind=IdentityKind.NAME,
        value=firm.name,
        source="-",
        by=SYSTEM,
    )

    assert not firm.former.exists()
    assert not Event.objects.exists()


def test_first_code_has_no_former_one():
    firm = EnterpriseFactory(uscc=None)

    change_identity(
        enterprise=firm,
        kind=IdentityKind.USCC,
        value="91990101MA00000017",
        source="营业执照",
        by=SYSTEM,
    )

    assert not firm.former.exists()


def test_title_is_recorded_with_its_source():
    firm = EnterpriseFactory()

    titled(
        firm,
        acting(officer("990000")),
        valid_until=datetime.date(2027, 12, 31),
        source="示范省第三批名单（虚构）",
    )

    assert firm.titles.get().source == "示范省第三批名单（虚构）"
    assert (
        Event.objects.get(action="registry.title_recorded").data["valid_until"]
        == "2027-12-31"
    )


def test_each_sees_their_own():
    here, there = (
        EnterpriseFactory(territory="990101"),
        EnterpriseFactory(territory="990201"),
    )

    assert list(enterprises_of(acting(officer("990101")))) == [here]
    assert list(enterprises_of(acting(officer("990000")))) == [here, there]
    assert list(enterprises_of(acting(owner_of(there)))) == [there]
    assert list(enterprises_of(SYSTEM)) == [here, there]


@pytest.mark.parametrize("typed", ["", "  "])
def test_typing_nothing_finds_all(typed):
    firm = EnterpriseFactory()

    assert found(typed) == [firm]
