"""Who stands behind many applications, and whose sharing is natural."""

import pytest

from tests.unit.casework.integrity.applying import address, application, cases, phone
from tidu.casework.integrity.applications import ContactRole
from tidu.casework.integrity.contacts import normal_contact, shared_contacts
from tidu.casework.integrity.limits import DEFAULT

NUMBER = "12001234567"


def sharing(contact, count=4, **parts):
    return [application(f"C{n}", contacts=(contact,), **parts) for n in range(count)]


@pytest.mark.parametrize(
    ("contact", "expected"),
    [
        (phone("+86 120-0123-4567"), NUMBER),
        (phone("１２００１２３４５６７"), NUMBER),
        (phone("0086 12001234567"), NUMBER),
        (phone("110"), ""),
        (address("虚构市 中区服务街８号（５０１室）"), "虚构市中区服务街8号501室"),
        (address("本市"), ""),
    ],
)
def test_a_contact_has_one_normal_form(contact, expected):
    assert normal_contact(contact) == expected


def test_four_unrelated_applicants_with_one_phone_are_told_and_the_phone_is_masked():
    found = list(shared_contacts(sharing(phone(NUMBER)), DEFAULT))

    assert cases(found) == ["C0", "C1", "C2", "C3"]
    assert found[0].related == ("C1", "C2", "C3")
    assert found[0].seen.sentence() == "4家互无关联的企业填写了同一电话 120****4567"
    assert found[0].places[0].where == "contacts/phone"


def test_three_are_not():
    assert list(shared_contacts(sharing(phone(NUMBER), 3), DEFAULT)) == []


def test_companies_of_a_confirmed_group_count_once():
    group = sharing(phone(NUMBER), 9, group="G1")

    assert list(shared_contacts(group, DEFAULT)) == []


@pytest.mark.parametrize("role", ContactRole)
def test_a_contact_confirmed_in_one_case_is_explained_in_all(role):
    applications = sharing(phone(NUMBER), 8)
    told = application("C9", contacts=(phone(NUMBER, confirmed=role),))

    assert list(shared_contacts([*applications, told], DEFAULT)) == []


def test_a_park_goes_further_down_than_another_address_and_that_than_a_phone():
    contacts = address("虚构科技园二号楼"), address("虚构街道二号楼"), phone(NUMBER)
    strengths = [
        next(shared_contacts(sharing(each), DEFAULT)).strength for each in contacts
    ]

    assert strengths == sorted(strengths)
    assert len(set(strengths)) == 3


def test_too_short_a_contact_is_no_contact():
    assert list(shared_contacts(sharing(phone("110"), 9), DEFAULT)) == []
