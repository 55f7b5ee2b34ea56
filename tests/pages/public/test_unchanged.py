"""A policy page that has not changed is not sent again; one that has, is."""

import gzip
import re

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.contrib.messages.storage.cookie import CookieStorage
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from tests.factories import EnterpriseFactory, officer, owner_of
from tidu.rules.documents import default_documents
from tidu.rules.library import default_library

PAGES = [
    reverse("policies"),
    reverse("policy_scheme", args=["srdi_sme"]),
    reverse("policy_document", args=[next(iter(default_documents()))]),
]


@pytest.fixture
def reader(db):
    """A browser that has been here: it has the cookie that forms need."""
    client = Client()
    client.get(reverse("policies"))
    return client


def etag(client, url: str = reverse("policies"), **more) -> str:
    return client.get(url, **more)["ETag"]


def again(client, tag: str, url: str = reverse("policies")):
    return client.get(url, headers={"If-None-Match": tag})


@pytest.mark.parametrize("url", PAGES)
def test_who_has_the_page_gets_it_no_second_time(reader, url):
    first = reader.get(url)
    assert first.status_code == 200
    assert first["Cache-Control"] == "private, no-cache"
    assert {"Cookie", "Accept-Language"} <= set(first["Vary"].split(", "))

    second = again(reader, first["ETag"], url)

    assert second.status_code == 304
    assert second.content == b""
    assert second["ETag"] == first["ETag"]
    assert second["Cache-Control"] == "private, no-cache"
    assert again(reader, '"another"', url).status_code == 200


def test_a_page_kept_by_the_browser_still_posts_its_forms(db):
    client = Client(enforce_csrf_checks=True)
    client.get(reverse("policies"))
    page = client.get(reverse("policies"))
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', page.content.decode())[1]
    assert again(client, page["ETag"]).status_code == 304

    answer = client.post(
        reverse("set_language"), {"csrfmiddlewaretoken": token, "language": "en"}
    )

    assert answer.status_code == 302


def test_each_page_and_each_reader_has_their_own(reader):
    urls = [reverse("policies"), reverse("policy_scheme", args=["srdi_sme"])]
    tags = {etag(reader, url) for url in urls}
    tags.add(etag(reader, headers={"Accept-Language": "en"}))
    for user in (officer(), officer("990102"), owner_of(EnterpriseFactory())):
        reader.force_login(user)
        tags.add(etag(reader))

    assert len(tags) == 6


def test_signing_out_shows_at_once(reader):
    reader.force_login(officer())
    mine = etag(reader)
    token = reader.cookies["csrftoken"].value
    reader.logout()
    reader.cookies["csrftoken"] = token

    assert again(reader, mine).status_code == 200


def test_a_new_day_and_a_changed_pack_make_it_anew(reader, monkeypatch):
    today, before = timezone.localdate(), etag(reader)
    with monkeypatch.context() as later:
        later.setattr(
            timezone, "localdate", lambda: today.replace(year=today.year + 1, day=1)
        )
        tomorrow = etag(reader)
    national = default_library().national
    object.__setattr__(national, "digest", (kept := national.digest)[::-1])
    try:
        changed = etag(reader)
    finally:
        object.__setattr__(national, "digest", kept)

    assert len({before, tomorrow, changed}) == 3
    assert etag(reader) == before


def test_a_message_is_shown_and_never_kept(reader):
    tag = etag(reader)
    storage = CookieStorage(RequestFactory().get("/"))
    said = storage._encode([Message(constants.SUCCESS, "虚构的话已保存")])
    reader.cookies["messages"] = said

    answer = again(reader, tag)

    assert answer.status_code == 200
    assert "虚构的话已保存" in answer.content.decode()
    assert "ETag" not in answer


def test_pages_are_compressed_and_say_so(reader):
    plain = reader.get(reverse("policies"))
    packed = reader.get(reverse("policies"), headers={"Accept-Encoding": "gzip"})

    assert "Content-Encoding" not in plain
    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]
    assert len(packed.content) < len(plain.content) / 2
    assert "srdi_sme" in gzip.decompress(packed.content).decode()
    assert packed["ETag"] == f"W/{plain['ETag']}"
    assert again(reader, packed["ETag"]).status_code == 304


def test_lengths_of_compressed_pages_say_nothing(reader):
    """BREACH: the same page has another length each time, by random padding."""
    url = reverse("account_login") + "?next=/secret"
    lengths = {
        len(reader.get(url, headers={"Accept-Encoding": "gzip"}).content)
        for _ in range(30)
    }

    assert len(lengths) > 5


def test_a_list_is_compressed_as_it_streams_and_a_workbook_is_left_alone(client, db):
    client.force_login(officer())
    EnterpriseFactory.create_batch(3)
    csv, xlsx = (
        client.get(
            reverse("registry_export", args=[form]), headers={"Accept-Encoding": "gzip"}
        )
        for form in ("csv", "xlsx")
    )

    assert csv["Content-Encoding"] == "gzip"
    text = gzip.decompress(b"".join(csv.streaming_content)).decode("utf-8-sig")
    assert text.count("虚构") >= 3
    assert "Content-Encoding" not in xlsx
    assert int(xlsx["Content-Length"]) == len(b"".join(xlsx.streaming_content))
