"""Signing in: lock-out, the second factor, the record."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests.factories import (
    PASSWORD,
    EnterpriseFactory,
    UserFactory,
    officer,
    owner_of,
)
from tidu.accounts.enums import Role
from tidu.audit.models import Event
from tidu.audit.queries import check_chain

pytestmark = pytest.mark.django_db
LOGIN = "account_login"


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


def sign_in(client, user, password=PASSWORD, **more):
    return client.post(
        reverse(LOGIN), {"login": user.username, "password": password, **more}
    )


def recorded() -> list[str]:
    return list(Event.objects.order_by("number").values_list("action", flat=True))


def code_of(user) -> str:
    secret = Authenticator.objects.get(user=user, type="totp").wrap()
    return code_for(secret.instance.data["secret"])


def code_for(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


@pytest.mark.parametrize(
    ("make", "page"),
    [
        (lambda: owner_of(EnterpriseFactory()), "enterprise_home"),
        (officer, "registry"),
        (UserFactory, "account"),
    ],
)
def test_each_audience_begins_on_its_own_page(client, make, page):
    assert sign_in(client, make())["Location"] == reverse(page)


def test_the_page_asked_for_comes_after_signing_in_but_never_another_site(client):
    user = officer()
    wanted = reverse("claims")
    assert sign_in(client, user, next=wanted)["Location"] == wanted
    client.logout()
    elsewhere = sign_in(client, user, next="https://elsewhere.example/")
    assert elsewhere["Location"] == reverse("registry")


def test_signing_in_and_out_is_recorded(client):
    user = officer()
    sign_in(client, user)
    client.post(reverse("account_logout"))

    assert recorded() == ["accounts.signed_in", "accounts.signed_out"]
    event = Event.objects.order_by("number").first()
    assert event.actor_id == user.pk
    assert event.organisation_name == user.memberships.get().organisation.name
    assert event.territory == "990101"
    assert check_chain().whole


def test_five_wrong_passwords_lock_out_and_say_what_to_do(client):
    user = officer()
    answers = [sign_in(client, user, password="wrong").status_code for _ in range(5)]
    locked = sign_in(client, user)

    assert answers == [200, 200, 200, 200, 429]
    assert locked.status_code == 429
    text = locked.content.decode()
    assert "15 分钟" in text
    assert "本单位管理员" in text
    # Somebody else, and the same person from another place, are not locked out.
    assert sign_in(Client(), officer("990102")).status_code == 302
    assert sign_in(Client(REMOTE_ADDR="192.0.2.7"), user).status_code == 302


def test_other_capitals_do_not_give_further_tries(client):
    user = UserFactory(username="KuaiJi")
    for name in ("KuaiJi", "kuaiji", "KUAIJI", "kUAIJI"):
        client.post(reverse(LOGIN), {"login": name, "password": "wrong"})
    fifth = client.post(reverse(LOGIN), {"login": "kuaijI", "password": "wrong"})

    assert fifth.status_code == 429
    assert sign_in(client, user).status_code == 429


def test_a_success_clears_the_count(client):
    user = UserFactory(username="KuaiJi")
    for _ in range(2):
        for _ in range(4):
            sign_in(client, user, password="wrong")
        assert sign_in(client, user).status_code == 302
        client.logout()


def test_a_wrong_password_keeps_the_user_name_and_tells_nothing_more(client):
    user = officer()
    wrong = sign_in(client, user, password="wrong").content.decode()
    unknown = client.post(
        reverse(LOGIN), {"login": "nobody", "password": "wrong"}
    ).content.decode()

    assert f'value="{user.username}"' in wrong
    said = "用户名或密码不对"
    assert said in wrong
    assert said in unknown


def test_the_back_office_is_entered_by_the_same_page(client):
    answer = client.get("/admin/", follow=True)

    assert answer.redirect_chain[-1][0].startswith(reverse(LOGIN))


def test_the_librarys_own_sign_up_and_reset_are_closed(client):
    assert "企业注册" in client.get(reverse("account_signup")).content.decode()
    assert "不用邮件" in client.get(reverse("account_reset_password")).content.decode()
    client.post(
        reverse("account_signup"),
        {"username": "x1234", "password1": PASSWORD, "password2": PASSWORD},
    )
    assert "accounts.signed_in" not in recorded()


def test_a_changed_password_is_recorded_and_other_sessions_end(client):
    user = officer()
    other = Client()
    sign_in(client, user)
    sign_in(other, user)

    answer = client.post(
        reverse("account_change_password"),
        {
            "oldpassword": PASSWORD,
            "password1": "Xuniguo-2026",
            "password2": "Xuniguo-2026",
        },
    )

    assert answer.status_code == 302
    assert client.get(reverse("registry")).status_code == 200
    assert other.get(reverse("registry")).status_code == 302
    assert recorded()[-1] == "accounts.password_changed"


def confirm(client) -> None:
    """Say the password again, as changes to the way of signing in ask for."""
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def activate(client, user) -> list[str]:
    """Set the second factor up as a person does; the recovery codes."""
    confirm(client)
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": code_for(secret)})
    return (
        Authenticator.objects.get(user=user, type="recovery_codes")
        .wrap()
        .get_unused_codes()
    )


def test_the_second_factor_is_asked_for_and_a_recovery_code_stands_in(
    client, django_capture_on_commit_callbacks
):
    user = officer()
    sign_in(client, user)
    with django_capture_on_commit_callbacks(execute=True):
        (spare, *_rest) = activate(client, user)
    assert "accounts.second_factor_added" in recorded()
    client.post(reverse("account_logout"))

    answer = sign_in(client, user)
    assert answer["Location"] == reverse("mfa_authenticate")
    assert client.get(reverse("registry")).status_code == 302
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "验证码不对" in wrong.content.decode()
    right = client.post(reverse("mfa_authenticate"), {"code": spare})
    assert right["Location"] == reverse("registry")
    assert client.get(reverse("registry")).status_code == 200

    again = Client()
    sign_in(again, user)
    used = again.post(reverse("mfa_authenticate"), {"code": spare})
    assert used.status_code == 200  # a spare code works once


@pytest.mark.parametrize(
    "name",
    ["mfa_index", "mfa_activate_totp", "account_change_password", "account_logout"],
)
def test_the_librarys_pages_are_ours_and_chinese(client, name):
    sign_in(client, officer())
    confirm(client)

    text = client.get(reverse(name)).content.decode()

    assert "site-head" in text
    assert "Two-Factor" not in text
    assert "Password" not in text


def test_the_pages_after_activation_are_ours(client):
    user = officer()
    sign_in(client, user)
    activate(client, user)

    for name in (
        "mfa_index",
        "mfa_view_recovery_codes",
        "mfa_deactivate_totp",
        "mfa_generate_recovery_codes",
        "mfa_reauthenticate",
        "account_reauthenticate",
    ):
        answer = client.get(reverse(name))
        assert answer.status_code == 200
        assert "site-head" in answer.content.decode()
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=user, type="totp").exists()
    assert "accounts.second_factor_removed" in recorded()


@pytest.mark.parametrize(
    ("make", "asked"),
    [
        (officer, True),
        (lambda: officer("990101", Role.OBSERVER), True),
        (lambda: UserFactory(is_superuser=True), True),
        (lambda: owner_of(EnterpriseFactory()), False),
    ],
)
def test_authorities_must_set_up_the_second_factor_where_it_is_required(
    client, settings, make, asked
):
    settings.REQUIRE_SECOND_FACTOR = True
    user = make()
    sign_in(client, user)

    answer = client.get(reverse("account"))

    if not asked:
        assert answer.status_code == 200
        return
    assert answer["Location"] == reverse("mfa_activate_totp")
    assert client.get(answer["Location"]).status_code == 302  # the password again
    confirm(client)
    text = client.get(answer["Location"]).content.decode()
    assert "本站要求主管部门人员使用两步验证" in text
    activate(client, user)
    assert client.get(reverse("account")).status_code == 200
    client.post(reverse("mfa_deactivate_totp"))
    assert Authenticator.objects.filter(user=user, type="totp").exists()


def test_without_the_setting_nobody_is_asked(client):
    sign_in(client, officer())

    assert client.get(reverse("registry")).status_code == 200
