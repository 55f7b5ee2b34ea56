"""What a certificate must say, and numbers in which no slip of the pen goes unseen."""

import datetime

import pytest

from tests.unit.casework.certificates.papers import CERTIFICATE, changed
from tidu.casework.certificates.contents import (
    CertificateError,
    certificate_number,
    number_is_sound,
)


def test_a_number_tells_who_which_when_and_checks_itself():
    assert certificate_number("990000", "LG", 2026, 12) == "990000-LG-2026-00012-81"
    assert number_is_sound("990000-LG-2026-00012-81")


def test_every_single_wrong_character_is_found():
    number = CERTIFICATE.number
    wrong = [
        number[:at] + other + number[at + 1 :]
        for at, right in enumerate(number)
        for other in ("0123456789" if right.isdigit() else "ABLGZ-")
        if other != right
    ]

    assert len(wrong) > 150
    assert [each for each in wrong if number_is_sound(each)] == []


def test_swapped_neighbours_are_found():
    number = CERTIFICATE.number
    wrong = {
        number[:at] + number[at + 1] + number[at] + number[at + 2 :]
        for at in range(len(number) - 1)
    } - {number}

    assert [each for each in wrong if number_is_sound(each)] == []


@pytest.mark.parametrize(
    "parts",
    [
        ("99", "LG", 2026, 1),
        ("990000", "lg", 2026, 1),
        ("990000", "L", 2026, 1),
        ("990000", "LG", 2026, 0),
        ("990000", "LG", 2026, 100_000),
    ],
)
def test_a_number_of_other_parts_is_refused(parts):
    with pytest.raises(CertificateError):
        certificate_number(*parts)


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": "990000-LG-2026-00012-82"},
        {"valid_until": datetime.date(2026, 11, 30)},
        {"name": " "},
        {"basis": "一\n二"},
    ],
)
def test_a_certificate_that_cannot_be_is_refused(wrong):
    with pytest.raises(CertificateError):
        changed(**wrong)
