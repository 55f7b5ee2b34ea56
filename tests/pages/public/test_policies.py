"""The policy library: every edition in words, what changed, every clause's place."""

import re

import pytest
from django.urls import reverse

from tidu.rules.documents import default_documents
from tidu.rules.library import default_library

SCHEMES = default_library().national.schemes
EDITIONS = [
    (scheme.id, rule_set.id)
    for scheme in SCHEMES.values()
    for rule_set in scheme.rule_sets
]


@pytest.fixture(params=["zh-hans", "en"])
def reader(request, client, db):
    client.cookies["django_language"] = request.param
    return client


def test_the_library_lists_every_scheme_and_document(client, db):
    text = client.get(reverse("policies")).content.decode()

    for scheme in SCHEMES.values():
        assert reverse("policy_scheme", args=[scheme.id]) in text
    for each in default_documents().values():
        assert each.title in text
    assert "核对过" in text


def test_pages_need_no_query(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get(reverse("policies"))
        client.get(reverse("policy_scheme", args=["srdi_sme"]))


@pytest.mark.parametrize(("scheme", "edition"), EDITIONS)
def test_every_edition_says_every_condition(scheme, edition, reader):
    answer = reader.get(reverse("policy_edition", args=[scheme, edition]))

    assert answer.status_code == 200
    text = answer.content.decode()
    rule_set = next(r for r in SCHEMES[scheme].rule_sets if r.id == edition)
    shown = answer.context["edition"]
    for criterion in (c for top in rule_set.criteria for c in top.walk() if c.id):
        assert f'id="{criterion.id}"' in text
    assert len(shown.items) == len(rule_set.items)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_scheme_shows_the_edition_in_force(scheme, client, db):
    answer = client.get(reverse("policy_scheme", args=[scheme]))

    assert answer.status_code == 200
    assert answer.context["line"].in_force


@pytest.mark.parametrize(("scheme", "edition"), EDITIONS)
def test_every_clause_leads_to_its_place(scheme, edition, client, db):
    url = reverse("policy_edition", args=[scheme, edition])
    text = client.get(url).content.decode()

    links = re.findall(r'href="(/policies/documents/[^"#]+)#([^"]+)"', text)
    assert links
    for page, anchor in dict.fromkeys(links):
        assert f'id="{anchor}"' in client.get(page).content.decode()


def test_the_difference_of_two_editions_is_told(reader):
    url = reverse("policy_changes", args=["srdi_sme", "2022-08-01", "2026-04-01"])

    answer = reader.get(url)

    found = {each.kind for each in answer.context["changes"]}
    assert {"added", "removed", "stricter", "same"} <= found
    assert "63号" in answer.content.decode()


def test_a_threshold_is_written_as_the_law_writes_it(client, db):
    text = client.get(reverse("policy_scheme", args=["srdi_sme"])).content.decode()

    assert "上年度营业收入不低于1500万元" in text
    assert "据转述，未核对原文" in text


def test_what_a_province_adds_is_marked(client, db):
    url = reverse("policy_edition", args=["srdi_sme", "2022-08-01"])
    text = client.get(url).content.decode()

    assert "示范省政策包（虚构，仅作示例）" in text
    assert "“属于省级重点产业链（示范）”为“是”：5分" in text


def test_the_size_table_has_every_industry(client, db):
    answer = client.get(reverse("policy_scheme", args=["sme_size"]))

    shown = answer.context["edition"]
    rows = default_library().national.tables["sme_size"].rows
    assert [line.label for line in shown.lines if line.first] == [r.label for r in rows]
    assert shown.grades == ["小型", "中型", "大型"]
    assert "2,000万元" in answer.content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/policies/nothing/",
        "/policies/srdi_sme/1999-01-01/",
        "/policies/srdi_sme/2022-08-01/to/1999-01-01/",
        "/policies/documents/nothing/",
    ],
)
def test_what_is_not_there_is_said(path, client, db):
    assert client.get(path).status_code == 404
