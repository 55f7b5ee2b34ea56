"""Telephones are whole for those whose duty needs them."""

import pytest

from tests.factories import OfficeFactory, UserFactory, acting, member, officer
from tidu.accounts.actors import PUBLIC, SYSTEM
from tidu.accounts.enums import Role
from tidu.accounts.masking import masked_phone, masked_text, phone_for


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13812341234", "138****1234"),
        ("+86 138 1234 1234", "+86 1** **** 1234"),
        ("010-12345678", "010-****5678"),
        ("12345", "*****"),
        ("", ""),
    ],
)
def test_the_middle_of_a_telephone_is_hidden(phone, masked):
    assert masked_phone(phone) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("张三 13812341234，白天", "张三 138****1234，白天"),
        ("身份证11010519491231002X", "身份证110105********002X"),
        ("代码91990221MA00000114", "代码91990221MA00000114"),
        ("营收13812341234567元", "营收13812341234567元"),
    ],
)
def test_numbers_of_persons_in_a_text_are_masked(text, masked):
    assert masked_text(text) == masked


@pytest.mark.django_db
def test_who_sees_a_whole_telephone():
    office = OfficeFactory()
    person = member(office, Role.OFFICER)
    person.phone = "13812341234"
    leader = member(office, Role.ADMINISTRATOR)
    elsewhere = officer("990102", Role.ADMINISTRATOR)
    colleague = member(office, Role.OFFICER)

    for actor in (acting(person), acting(leader), SYSTEM):
        assert phone_for(actor, person) == "13812341234"
    for actor in (acting(elsewhere), acting(colleague), acting(UserFactory()), PUBLIC):
        assert phone_for(actor, person) == "138****1234"
