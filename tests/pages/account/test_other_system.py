"""Signing in by another system: the whole round, and everything that can go wrong."""

import logging
import urllib.error
import urllib.request
from http.cookies import SimpleCookie
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests.factories import PASSWORD, UserFactory, officer
from tests.pages.account.identity_server import CLIENT, SECRET, serving
from tidu.audit.models import Event

pytestmark = pytest.mark.django_db
NAME = "虚构统一身份认证"
LEAVE = "/account/oidc/oidc/login/"
PERSON = {"sub": "0007", "name": "甲", "preferred_username": "jia"}


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


def providers(server_url: str) -> dict:
    app = {
        "provider_id": "oidc",
        "name": NAME,
        "client_id": CLIENT,
        "secret": SECRET,
        "settings": {"server_url": server_url},
    }
    return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}


@pytest.fixture
def there(settings):
    """The other system, at which person 0007 is signed in."""
    with serving() as identity:
        settings.OIDC_SERVER = identity.base
        settings.SOCIALACCOUNT_PROVIDERS = providers(identity.base)
        identity.person = dict(PERSON)
        yield identity


@pytest.fixture
def known():
    """An officer to whom person 0007 of the other system is bound."""
    user = officer()
    SocialAccount.objects.create(user=user, provider="oidc", uid="0007")
    return user


def leave(client, **query) -> str:
    """Press the button; the address at the other system."""
    answer = client.post(f"{LEAVE}?{urlencode(query)}")
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"]


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def sent_back(address: str) -> str:
    """Open the other system's page; the address of ours that it leads back to."""
    with pytest.raises(urllib.error.HTTPError) as led:
        urllib.request.build_opener(_Stay).open(address)
    assert led.value.code == 302
    led.value.close()
    return led.value.headers["Location"].removeprefix("http://testserver")


def sign_in(client, **query):
    """There and back: the answer of the page come back to."""
    return client.get(sent_back(leave(client, **query)))


def actions() -> list[str]:
    return list(Event.objects.order_by("number").values_list("action", flat=True))


def signed_in(client) -> bool:
    return "_auth_user_id" in client.session


def test_the_button_leads_there_with_state_nonce_and_challenge(client, there):
    page = client.get(reverse("account_login")).content.decode()
    assert f"用{NAME}登录" in page
    assert f'action="{LEAVE}' in page

    address = urlsplit(leave(client))
    asked = {name: value[0] for name, value in parse_qs(address.query).items()}

    assert f"{address.scheme}://{address.netloc}" == there.base
    assert asked["redirect_uri"] == f"http://testserver{LEAVE}callback/"
    assert set(asked["scope"].split()) == {"openid", "profile", "email"}
    assert len(asked["nonce"]) == 32
    assert len(asked["state"]) == 16
    assert asked["code_challenge_method"] == "S256"


def test_without_configuration_there_is_no_button_and_no_page(client):
    assert "oidc" not in client.get(reverse("account_login")).content.decode()
    assert client.post(LEAVE).status_code == 404
    assert client.get(f"{LEAVE}callback/?code=x&state=x").status_code == 404


def test_a_link_alone_begins_no_sign_in(client, there):
    answer = client.get(f"{LEAVE}?process=login")

    assert answer["Location"] == reverse("account_login")


def test_others_cannot_add_to_what_is_asked(client, there):
    address = leave(client, auth_params="nonce=mine&prompt=none", scope="admin")

    asked = parse_qs(urlsplit(address).query)
    assert asked["nonce"] != ["mine"]
    assert "prompt" not in asked
    assert "admin" not in asked["scope"][0]


def test_a_known_person_comes_in_where_their_day_begins(client, there, known):
    answer = sign_in(client)

    assert answer["Location"] == reverse("registry")
    assert client.get(reverse("registry")).context["actor"].user == known
    assert actions() == ["accounts.signed_in"]
    assert there.refusals == []


def test_the_page_asked_for_comes_next_but_never_another_site(client, there, known):
    wanted = reverse("claims")
    assert sign_in(client, next=wanted)["Location"] == wanted
    client.logout()
    elsewhere = sign_in(client, next="https://elsewhere.example/")
    assert elsewhere["Location"] == reverse("registry")


def test_the_second_factor_of_this_site_is_still_asked_for(client, there, known):
    known.authenticator_set.create(type="totp", data={"secret": "x"})

    answer = sign_in(client)

    assert answer["Location"] == reverse("mfa_authenticate")
    assert not signed_in(client)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("zh-hans", f"“{NAME}”认识您（甲），但这个登录还没有绑定本站的账户"),
        ("en", f"{NAME} knows you (甲), but this sign-in is not linked"),
    ],
)
def test_an_unknown_person_is_told_how_to_come_in(client, there, language, sentence):
    client.cookies = SimpleCookie({"django_language": language})

    answer = sign_in(client)

    assert answer.status_code == 403
    assert sentence in answer.content.decode()
    assert not signed_in(client)
    assert SocialAccount.objects.count() == 0


def test_the_same_user_name_over_there_opens_nobodys_account(client, there):
    UserFactory(username="jia", email="jia@example.org")
    there.person |= {"email": "jia@example.org", "email_verified": True}

    answer = sign_in(client)

    assert answer.status_code == 403
    assert not signed_in(client)


def test_a_closed_account_stays_closed(client, there, known):
    known.is_active = False
    known.save()

    answer = client.get(sent_back(leave(client)), follow=True)

    assert "这个账户已经停用" in answer.content.decode()
    assert not signed_in(client)


def refused(client, answer, *sentences) -> None:
    assert answer.status_code == 401
    text = answer.content.decode()
    for sentence in sentences:
        assert sentence in text
    assert "您也可以用本站的用户名和密码登录" in text
    assert not signed_in(client)
    assert actions() == []


@pytest.mark.parametrize("state", ["", "0123456789abcdef"])
def test_an_answer_nobody_asked_for_is_refused(client, there, known, state, caplog):
    address = sent_back(leave(client))
    code = parse_qs(urlsplit(address).query)["code"][0]

    answer = client.get(f"{LEAVE}callback/?{urlencode({'code': code, 'state': state})}")

    refused(client, answer, "不是从本站的登录页开始的")
    assert code in there.codes  # it was not even asked for


def test_an_answer_works_once_and_only_in_its_own_browser(client, there, known):
    address = sent_back(leave(client))
    other = Client()

    refused(other, other.get(address), "不是从本站的登录页开始的")
    assert client.get(address).status_code == 302
    client.logout()
    assert client.get(address).status_code == 401


def test_a_code_from_another_session_is_refused(client, there, known):
    """PKCE: whoever plants their own code in another's answer gets nowhere."""
    planted = parse_qs(urlsplit(sent_back(leave(Client()))).query)["code"][0]
    state = parse_qs(urlsplit(leave(client)).query)["state"][0]

    answer = client.get(
        f"{LEAVE}callback/?{urlencode({'code': planted, 'state': state})}"
    )

    refused(client, answer, "没有通过核对")
    assert there.refusals == ["invalid_grant"]


def test_an_expired_code_is_refused(client, there, known, caplog):
    there.lifetime = 0

    refused(client, sign_in(client), f"“{NAME}”的答复没有通过核对", "停留太久")
    assert there.refusals == ["invalid_grant"]
    assert "invalid_grant" in caplog.text  # the operator sees the reason


FOREIGN_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.mark.parametrize(
    "change",
    [
        {"nonce": "of-another-session"},
        {"nonce": None},
        {"iss": "https://elsewhere.example"},
        {"aud": "another-site"},
        {"exp": 1_000_000_000},
        {"sub": "0008"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_an_id_token_that_is_not_for_us_is_refused(client, there, known, change):
    there.rewrite = lambda claims: claims | change

    refused(client, sign_in(client), "没有通过核对")


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [(FOREIGN_KEY, "RS256"), (None, "none"), ("x" * 32, "HS256")],
    ids=["foreign key", "unsigned", "shared secret"],
)
def test_an_id_token_with_a_bad_signature_is_refused(
    client, there, known, key, algorithm
):
    there.key, there.algorithm = key, algorithm

    refused(client, sign_in(client), "没有通过核对")


def test_an_answer_without_id_token_is_refused(client, there, known):
    there.rewrite = lambda _claims: {}

    refused(client, sign_in(client), "没有通过核对")


def test_user_information_about_nobody_is_refused(client, there, known):
    there.userinfo = {"sub": ""}

    refused(client, sign_in(client), "没有通过核对")


def test_a_wrong_secret_is_refused(client, there, known, settings):
    app = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]
    app["secret"] = "wrong"

    refused(client, sign_in(client), "没有通过核对")
    assert there.refusals == ["invalid_client"]


def test_who_cancels_over_there_is_not_told_of_a_fault(client, there, known, caplog):
    there.person = None

    answer = client.get(sent_back(leave(client)), follow=True)

    assert answer.status_code == 200
    assert "您在另一个登录系统里取消了" in answer.content.decode()
    assert [r for r in caplog.records if r.name == "tidu.web.sign_in"] == []


def test_another_error_over_there_is_said(client, there):
    state = parse_qs(urlsplit(leave(client)).query)["state"][0]
    query = urlencode({"error": "server_error", "state": state})

    refused(client, client.get(f"{LEAVE}callback/?{query}"), "没有同意这次登录")


def test_a_system_that_is_not_there_is_said_before_leaving(client, settings, caplog):
    settings.SOCIALACCOUNT_PROVIDERS = providers("http://127.0.0.1:9")
    with caplog.at_level(logging.WARNING):
        refused(client, client.post(LEAVE), f"现在连不上“{NAME}”")
    assert "127.0.0.1" in caplog.text

    client.cookies["django_language"] = "en"
    assert f"{NAME} cannot be reached now" in client.post(LEAVE).content.decode()


def test_a_system_that_goes_away_meanwhile_is_said(client, settings):
    with serving() as identity:
        settings.SOCIALACCOUNT_PROVIDERS = providers(identity.base)
        identity.person = dict(PERSON)
        address = sent_back(leave(client))

    refused(client, client.get(address), f"现在连不上“{NAME}”")


@pytest.mark.parametrize("missing", ["authorization_endpoint", "issuer", "jwks_uri"])
def test_a_system_that_does_not_say_where_its_pages_are(client, there, missing):
    there.discovery = {missing: ""}

    answer = client.post(LEAVE)
    if answer.status_code == 302:
        answer = client.get(sent_back(answer["Location"]))

    refused(client, answer, "没有通过核对")


def test_a_system_that_answers_something_else(client, there):
    address = sent_back(leave(client))
    there.broken = True

    refused(client, client.post(LEAVE), "没有通过核对")
    refused(client, client.get(address), "没有通过核对")


def test_one_binds_the_other_system_after_saying_the_password_again(client, there):
    user = officer()
    client.force_login(user)
    button = f"绑定{NAME}"
    assert button in client.get(reverse("account")).content.decode()

    answer = sign_in(client, process="connect")
    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    assert not SocialAccount.objects.exists()
    answer = client.post(answer["Location"], {"password": PASSWORD}, follow=True)

    assert answer.redirect_chain[-1][0] == reverse("account")
    assert "已绑定，以后可以直接登录" in answer.content.decode()
    assert "已绑定 1 个登录" in answer.content.decode()
    assert SocialAccount.objects.get().user == user
    assert actions()[-1] == "accounts.other_sign_in_added"
    client.logout()
    assert sign_in(client)["Location"] == reverse("registry")


def test_what_is_bound_to_another_account_stays_there(client, there, known):
    client.force_login(officer("990102"))

    answer = sign_in(client, process="connect")
    answer = client.post(answer["Location"], {"password": PASSWORD}, follow=True)

    assert "已经绑定了本站的另一个账户" in answer.content.decode()
    assert SocialAccount.objects.get().user == known


def test_one_unbinds_after_saying_the_password_again(client, there, known):
    client.force_login(known)
    page = reverse("socialaccount_connections")
    bound = SocialAccount.objects.get()
    assert NAME in client.get(page).content.decode()

    again = client.post(page, {"account": bound.pk})
    client.post(again["Location"], {"password": PASSWORD})
    answer = client.post(page, {"account": bound.pk}, follow=True)

    assert "已解除绑定" in answer.content.decode()
    assert not SocialAccount.objects.exists()
    assert actions()[-1] == "accounts.other_sign_in_removed"
    client.logout()
    assert sign_in(client).status_code == 403
