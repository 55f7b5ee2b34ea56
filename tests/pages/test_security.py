"""What an attacker tries on every page: pages that are added are tried too."""

import datetime
import io
import re
import zipfile

import pytest
from axes.models import AccessAttempt
from django.conf import settings as installed
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, reverse
from django.utils import timezone

from tests.factories import (
    PASSWORD,
    EnterpriseFactory,
    UserFactory,
    acting,
    officer,
    owner_of,
)
from tests.pages.foreign import NAME, NUMBER, make_foreign_rows
from tests.pages.test_rules_of_pages import pages, plain_pages
from tests.unit.cli.installations import Installation
from tidu.accounts.enums import Role, Scope
from tidu.accounts.permissions import anybody
from tidu.accounts.tokens import issue_token
from tidu.api.addresses import api
from tidu.intake.files import Limits, open_sheets
from tidu.intake.problems import UnreadableFile

pytestmark = pytest.mark.django_db

LIBRARY_PAGES = [
    "account_login",
    "account_logout",
    "account_change_password",
    "mfa_index",
    "mfa_activate_totp",
    "admin:index",
    "api:openapi-view",
]
EVIL = ["https://evil.example/", "//evil.example", r"/\evil.example", "javascript:1"]
INLINE = re.compile(
    rb"""<script(?![^>]*\b(?:src|nonce)=|[^>]*\stype="application/json")[^>]*>|<style\b|\sstyle\s*=|\son[a-z]+\s*="""
    rb"""|(?:href|src|action)\s*=\s*["']?\s*javascript:""",
    re.IGNORECASE,
)
PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")
FILLERS = {"int": str(NUMBER), "str": "revenue@2025", "slug": "srdi_sme", "path": "x"}
PART = NAME[2:6]  # typed words are said again
CLOSED = {403, 404, 405}


@pytest.fixture(autouse=True)
def _nobody_has_tried_before():
    cache.clear()  # how often an address has tried is counted there


@pytest.fixture
def firm():
    return EnterpriseFactory(facts={"revenue@2025": "60000000.00"})


@pytest.fixture
def people(firm):
    return {
        "public": None,
        "owner": owner_of(firm),
        "filer": owner_of(firm, Role.FILER),
        "officer": officer("990101"),
        "administrator": officer("990101", Role.ADMINISTRATOR),
        "observer": officer("990101", Role.OBSERVER),
        "nobody's": UserFactory(),
    }


def names_of_pages() -> list[str]:
    return [*plain_pages(), *LIBRARY_PAGES]


def pages_with_an_object() -> list[tuple[str, URLPattern]]:
    """Pages whose address names a row; an enterprise's own names none by a word."""
    return [
        (address, each)
        for address, each in pages()
        if "<int:" in address
        or ("<" in address and not address.startswith("enterprise/"))
    ]


def filled(address: str) -> str:
    """An address with somebody else's number wherever it takes something."""
    return "/" + PARAMETER.sub(lambda m: FILLERS.get(m[1] or "str", "x"), address)


def test_the_inline_code_looked_for_is_found():
    for text in (b"<script>1", b"<p style='x'>", b'<a onclick="x">', b"<style>"):
        assert INLINE.search(text)
    for text in (
        b'<script src="a.js" defer>',
        b'<script type="application/json" id="a">',
    ):
        assert not INLINE.search(text)


@pytest.mark.parametrize("name", names_of_pages())
def test_no_page_allows_or_holds_inline_code(name, people, client):
    super_user = UserFactory(is_superuser=True, is_staff=True)
    for user in (None, people["owner"], people["officer"], super_user):
        client.logout()
        if user:
            client.force_login(user)
        answer = client.get(reverse(name))
        policy = answer.headers.get("Content-Security-Policy", "")

        assert "script-src 'self'" in policy, (name, user)
        assert "unsafe" not in policy
        assert not re.search(r"https?:|\*", policy)
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            found = INLINE.search(answer.content)
            assert not found, (name, user, found and found.group())


@pytest.mark.parametrize("name", names_of_pages())
def test_each_page_has_the_security_headers(name, client):
    headers = client.get(reverse(name)).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_refusals_have_them_too_and_tell_nothing(client):
    for url in ("/nowhere/", "/officer/registry/1/", "/static/nothing.css"):
        answer = client.get(url)
        assert answer.status_code in {302, 404}
        assert "unsafe" not in answer.headers.get("Content-Security-Policy", "")
        assert b"Traceback" not in answer.content


# -- signing in -------------------------------------------------------------------


def sign_in(client, user, **more):
    given = {"login": user.username, "password": PASSWORD, **more}
    return client.post(reverse("account_login"), given)


def test_the_session_of_before_is_worth_nothing_after_signing_in(client):
    user = UserFactory()
    client.get(reverse("account_login"))
    client.session["planted"] = "by an attacker"
    session = client.session
    session.save()
    client.cookies[installed.SESSION_COOKIE_NAME] = session.session_key
    before = session.session_key

    assert sign_in(client, user).status_code == 302

    assert client.session.session_key != before
    stranger = Client()
    stranger.cookies[installed.SESSION_COOKIE_NAME] = before
    assert stranger.get(reverse("account")).status_code == 302


def test_the_session_is_gone_after_signing_out(client):
    user = UserFactory()
    sign_in(client, user)
    key = client.session.session_key
    client.post(reverse("account_logout"))

    stranger = Client()
    stranger.cookies[installed.SESSION_COOKIE_NAME] = key
    assert stranger.get(reverse("account")).status_code == 302


def test_a_changed_password_ends_other_sessions(client):
    user = UserFactory()
    client.force_login(user)
    user.set_password("Another-2026")
    user.save()

    assert client.get(reverse("account")).status_code == 302


def test_guessing_is_locked_out_for_the_name_whatever_the_client_claims(client):
    user = UserFactory()
    for number in range(5):
        client.post(
            reverse("account_login"),
            {"login": user.username, "password": "wrong"},
            headers={"X-Forwarded-For": f"10.0.0.{number}"},
        )

    right = sign_in(client, user)

    assert right.status_code != 302
    assert client.get(reverse("account")).status_code == 302
    assert AccessAttempt.objects.get().failures_since_start >= 5


def test_who_is_locked_out_is_told_and_others_are_not(client):
    user = UserFactory()
    wrong = {"login": user.username, "password": "wrong"}
    answers = [client.post(reverse("account_login"), wrong) for _ in range(5)]

    assert [each.status_code for each in answers] == [200] * 4 + [429]
    assert sign_in(Client(REMOTE_ADDR="10.0.0.9"), UserFactory()).status_code == 302


@pytest.mark.parametrize("evil", EVIL)
def test_signing_in_leads_to_no_other_host(client, evil):
    answer = sign_in(client, UserFactory(), next=evil)

    assert answer.status_code == 302
    assert answer["Location"].startswith("/")
    assert not answer["Location"].startswith(("//", "/\\"))


@pytest.mark.parametrize("evil", EVIL)
@pytest.mark.parametrize("name", ["account_logout", "set_language"])
def test_no_form_leads_to_another_host(client, name, evil):
    client.force_login(UserFactory())

    answer = client.post(reverse(name), {"next": evil, "language": "en"})

    place = answer.headers.get("Location", "/")
    assert "evil" not in place
    assert not place.startswith(("//", "/\\", "javascript"))


# -- what is not theirs -------------------------------------------------------------


@pytest.mark.parametrize("address", [address for address, _e in pages_with_an_object()])
@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_opens_what_is_not_theirs(address, method, people, client):
    make_foreign_rows()
    page = next(each for a, each in pages_with_an_object() if a == address)
    if page.callback.rule is anybody:
        return
    for who, user in people.items():
        client.logout()
        if user:
            client.force_login(user)
        answer = getattr(client, method)(filled(address))
        if user is None:
            assert answer.status_code in {*CLOSED, 302}, who
            assert "/account/login/" in answer.headers.get(
                "Location", "/account/login/"
            )
        else:
            assert answer.status_code in CLOSED, (who, answer.status_code)
            assert NAME not in answer.content.decode()


def test_the_foreign_firm_is_there_for_its_own_authority(client):
    make_foreign_rows()
    client.force_login(officer("990203"))

    answer = client.get(reverse("registry_enterprise", args=[NUMBER]))

    assert answer.status_code == 200
    assert NAME in answer.content.decode()


def operations() -> list[tuple[str, str]]:
    """Method and path of each operation that names an object."""
    return [
        (method, path)
        for path, methods in api.get_openapi_schema(path_prefix="/api/v1/")[
            "paths"
        ].items()
        for method in methods
        if "{" in path and "enterprises" in path
    ]


@pytest.mark.parametrize(("method", "path"), operations())
@pytest.mark.parametrize("who", ["owner", "officer", "administrator", "observer"])
def test_no_program_reads_what_is_not_its_owners(method, path, who, people, client):
    make_foreign_rows()
    _token, secret = _token_of(people[who])
    url = re.sub(r"\{\w+\}", str(NUMBER), path)
    given = {"data": {"facts": {"revenue@2025": "1"}}} if method == "post" else {}

    answer = getattr(client, method)(
        url,
        headers={"Authorization": f"Bearer {secret}"},
        **({"content_type": "application/json"} | given if given else {}),
    )

    assert answer.status_code in {403, 404}
    assert NAME not in answer.content.decode()


def _token_of(user):
    day = timezone.now() + datetime.timedelta(days=1)
    return issue_token(by=acting(user), name="试", scopes=list(Scope), expires_at=day)


def test_lists_and_searches_show_no_other_territory(people, client):
    make_foreign_rows()
    for who in ("owner", "officer", "observer"):
        client.force_login(people[who])
        for name in plain_pages():
            for query in ({}, {"q": PART}, {"q": PART, "download": "csv"}):
                text = (
                    client.get(reverse(name), query)
                    .getvalue()
                    .decode("utf-8", "replace")
                )
                shown = text.replace(
                    f'value="{NAME}"', ""
                )  # what they typed themselves
                assert NAME not in shown, (who, name)


# -- forms --------------------------------------------------------------------------


@pytest.mark.parametrize("name", names_of_pages())
def test_a_form_of_another_site_is_refused(name, people):
    if name.startswith("api"):
        return  # asks for a token, which a browser does not send by itself
    client = Client(enforce_csrf_checks=True)
    for user in (people["owner"], people["officer"], UserFactory(is_superuser=True)):
        client.force_login(user)
        assert client.post(reverse(name), {"a": "b"}).status_code == 403


def test_a_stale_form_is_told_in_plain_words():
    client = Client(enforce_csrf_checks=True)
    client.force_login(UserFactory())

    text = client.post(reverse("account_logout")).content.decode()

    assert "刷新" in text
    assert "unsafe" not in text


def test_a_wrong_host_is_refused(client):
    for host in ("evil.example", "127.0.0.1.evil.example", "[::1].evil.example"):
        answer = client.get("/", headers={"host": host})
        assert answer.status_code == 400
        assert b"evil" not in answer.content


def test_a_form_with_thousands_of_fields_is_refused(client):
    given = {f"field{number}": "x" for number in range(3000)}

    assert client.post(reverse("set_language"), given).status_code == 400


@pytest.mark.parametrize(
    "url",
    [
        "/static/../../secret_key",
        "/static/..%2f..%2fsecret_key",
        "/static/%2e%2e/%2e%2e/tidu.sqlite3",
        "/static//etc/passwd",
        "/evidence/",
        "/officer/registry/..%2f..%2fsecret_key/",
    ],
)
def test_no_address_leads_out_of_its_folder(client, url):
    assert client.get(url).status_code in {302, 404}


# -- uploads ------------------------------------------------------------------------


def bomb() -> bytes:
    """A workbook of 700 KB that unpacks to 700 MB."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            for _ in range(700):
                sheet.write(b"0" * (1 << 20))
    return target.getvalue()


CSV = "name\n示范".encode()
TRAPS = {
    "bomb.xlsx": bomb,
    "long-line.csv": lambda: b"name," + b"x" * 3_000_000 + b"\n1,2",
    "deep.json": lambda: b"[" * 100_000,
    "not-a-book.xlsx": lambda: b"PK\x03\x04 nothing",
    "nul.csv": lambda: b"name\n\0\0\0",
    "../../../escape.csv": lambda: CSV,
    "a" * 300 + ".csv": lambda: CSV,
    "=cmd|' calc'!A0.csv": lambda: CSV,
}
FILE_FIELD = re.compile(r'<input[^>]*type="file"[^>]*>')
FIELD_NAME = re.compile(r'name="([^"]+)"')


@pytest.mark.parametrize("trap", TRAPS)
def test_no_upload_brings_a_page_down(trap, people, client, tmp_path):
    """On every page with a file field: an answer in words, never a fault of ours."""
    content = TRAPS[trap]()
    for user in (None, people["owner"], people["administrator"]):
        client.logout()
        if user:
            client.force_login(user)
        for name in plain_pages():
            shown = client.get(reverse(name)).content.decode("utf-8", "replace")
            fields = [FIELD_NAME.search(each) for each in FILE_FIELD.findall(shown)]
            for field in filter(None, fields):
                upload = SimpleUploadedFile("x", content)
                upload.name = trap  # as a browser that lies would send it
                answer = client.post(reverse(name), {field[1]: upload})
                assert answer.status_code < 500, (name, trap)
    assert not list(tmp_path.parent.glob("escape*"))


@pytest.mark.parametrize("trap", TRAPS)
def test_the_readers_refuse_a_trap_in_one_sentence(trap, tmp_path):
    path = tmp_path / re.sub(r"\W+", "-", trap)[-40:].replace("-csv", ".csv").replace(
        "-xlsx", ".xlsx"
    ).replace("-json", ".json")
    path.write_bytes(TRAPS[trap]())
    if trap in {
        "bomb.xlsx",
        "long-line.csv",
        "deep.json",
        "not-a-book.xlsx",
        "nul.csv",
    }:
        with pytest.raises(UnreadableFile):
            open_sheets(path, Limits())
    else:
        assert open_sheets(path, Limits())


# -- behind TLS -----------------------------------------------------------------------

HTTPS = """
import os
os.environ["TIDU_HTTPS"] = "1"
from tidu.cli.site import prepare, start_django
start_django()
prepare()
from django.test import Client
from django.test.utils import setup_test_environment
setup_test_environment()
from tests.factories import PASSWORD, UserFactory
user = UserFactory()
plain = Client().get("/")
print(plain.status_code, plain["Location"])
client = Client()
client.get("/account/login/", secure=True)
given = {"login": user.username, "password": PASSWORD}
answer = client.post("/account/login/", given, secure=True)
print(answer["Strict-Transport-Security"])
for name in ("sessionid", "csrftoken"):
    cookie = client.cookies[name]
    print(name, cookie["secure"], cookie["samesite"], bool(cookie["httponly"]))
"""


def test_behind_tls_cookies_are_secure_and_plain_requests_are_led_there(tmp_path):
    lines = Installation(tmp_path / "home").script(HTTPS).splitlines()

    assert lines[0] == "301 https://testserver/"
    assert lines[1].startswith("max-age=31536000")
    assert lines[2] == "sessionid True Lax True"
    assert lines[3].startswith("csrftoken True Lax")
