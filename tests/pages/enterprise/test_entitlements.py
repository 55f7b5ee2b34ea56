"""What an enterprise has without applying, and its account, on its own pages."""

import pytest
from django.urls import reverse

from tests.factories import owner_of
from tests.unit.eligibility.pay_list_work import (
    Office,
    firm,
    frozen,
    published,
    with_account,
)
from tidu.eligibility.bank_accounts import account_of

pytestmark = pytest.mark.django_db
ACCOUNT = {"bank": "示范银行（虚构）", "number": "6222 0000 0000 1234"}


@pytest.fixture
def office():
    return Office()


@pytest.fixture
def one():
    return firm(1)


@pytest.fixture
def own(one, client):
    client.force_login(owner_of(one))
    return client


def test_the_first_page_says_nothing_has_to_be_applied_for(own, office, one):
    made = published(office)

    page = own.get(reverse("enterprise_home")).content.decode()

    assert f"“{made.title}”名单上有您，不用申请" in page
    assert "请填写并确认收款账户" in page


def test_a_list_that_is_not_published_is_not_told(own, office, one):
    made = frozen(office)

    assert made.title not in own.get(reverse("my_entitlements")).content.decode()
    assert made.title not in own.get(reverse("enterprise_home")).content.decode()


def test_the_page_says_until_when_to_object(own, office, one):
    made = published(office)

    page = own.get(reverse("my_entitlements")).content.decode()

    assert "200,000.00 元" in page
    assert f"{made.ends_on:%Y-%m-%d} 以前（含当天）联系：{made.contact}" in page


def test_an_account_is_entered_confirmed_and_masked(own, one):
    own.post(reverse("account_enter"), {"holder": one.name, **ACCOUNT})
    assert account_of(one) is None
    wrong = own.post(reverse("account_confirm"), {"again": "6222000000001235"})
    assert wrong.status_code == 422
    assert "两次填写的账号不一样" in wrong.content.decode()
    own.post(reverse("account_confirm"), {"again": "6222000000001234"})

    page = own.get(reverse("my_entitlements")).content.decode()

    assert "**** 1234" in page
    assert "6222000000001234" not in page


def test_another_holder_is_refused_and_what_was_typed_stays(own, one):
    answer = own.post(reverse("account_enter"), {"holder": "别家公司", **ACCOUNT})

    assert answer.status_code == 422
    assert "户名应与企业名称" in answer.content.decode()
    assert "别家公司" in answer.content.decode()


def test_another_firm_sees_neither_list_nor_account(client, office, one):
    with_account(one, "622200001234")
    made = published(office)
    other = firm(2, holds_srdi=False)
    client.force_login(owner_of(other))

    page = client.get(reverse("my_entitlements")).content.decode()

    assert made.title not in page
    assert "1234" not in page


@pytest.mark.parametrize("lists", [0, 1])
def test_the_page_asks_no_more_for_a_list(
    own, office, one, lists, django_assert_num_queries
):
    for _each in range(lists):
        published(office)

    with django_assert_num_queries(7):
        own.get(reverse("my_entitlements"))
