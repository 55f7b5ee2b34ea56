"""Rights that came in late, and changes of owner that are none."""

import datetime

import pytest

from tests.unit.casework.integrity.applying import FILED, application, cases
from tidu.casework.integrity.applications import Obtained, Right
from tidu.casework.integrity.limits import DEFAULT
from tidu.casework.integrity.transfers import late_transfers

SELLER = "虚构专利运营有限公司"


def bought(number, days=30, whom=SELLER, **parts):
    day = FILED - datetime.timedelta(days=days)
    return Right(f"ZL{number}", Obtained.TRANSFERRED, day, whom, **parts)


def own(number):
    return Right(f"ZL{number}", Obtained.APPLIED)


def found(*rights, **parts):
    return list(late_transfers([application("C1", rights=rights, **parts)], DEFAULT))


def test_two_of_three_rights_bought_last_month_are_told():
    (signal,) = found(bought(1), bought(2), own(3))

    assert signal.seen.sentence() == "所列3项知识产权中有2项在申报前180天内由他人转入"
    assert [each.where for each in signal.places] == ["rights/ZL1", "rights/ZL2"]
    assert signal.tie is None


@pytest.mark.parametrize(
    "rights",
    [
        (bought(1), own(2)),  # one alone
        (bought(1), bought(2), *(own(n) for n in range(3, 9))),  # few of many
        (bought(1, 181), bought(2, 181)),  # in good time
        (bought(1, -1), bought(2, -1)),  # after filing: another matter
        (Right("ZL1"), Right("ZL2")),  # nobody knows how
        (Right("ZL1", Obtained.TRANSFERRED), Right("ZL2", Obtained.TRANSFERRED)),
        (),
    ],
)
def test_these_are_not(rights):
    assert found(*rights) == []


@pytest.mark.parametrize("days", [0, 180])
def test_both_ends_of_the_days_count(days):
    assert cases(found(bought(1, days), bought(2, days))) == ["C1"]


def test_a_change_of_ones_own_recorded_name_is_no_transfer():
    rights = bought(1, whom="虚构旧名有限公司"), bought(2, whom="虚构旧名有限责任公司")

    assert found(*rights, former_names=("虚构旧名有限公司",)) == []
    assert cases(found(*rights)) == ["C1"]


def test_a_transfer_within_the_confirmed_group_is_none():
    rights = bought(1, from_group="G"), bought(2, from_group="G")

    assert found(*rights, group="G") == []
    assert cases(found(*rights, group="H")) == ["C1"]
    assert cases(found(*rights)) == ["C1"]


def test_a_seller_to_several_applicants_makes_it_stronger_and_ties_them():
    alone = found(bought(1), bought(2))[0]
    applications = [
        application(f"C{n}", rights=(bought(n), bought(n + 9))) for n in (1, 2, 3)
    ]
    first = next(late_transfers(applications, DEFAULT))

    assert first.related == ("C2", "C3")
    assert "还向本批2家申报企业转让过" in first.seen.sentence()
    assert first.strength > alone.strength
    assert first.tie.label.sentence(english=True) == f"seller {SELLER}"


def test_a_seller_nobody_knows_is_no_seller():
    (signal,) = found(bought(1, whom=None), bought(2, whom=None))

    assert signal.related == ()
