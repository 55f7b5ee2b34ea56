"""The first page, for each of its readers; the style guide."""

import pytest
from django.urls import reverse

from tests.factories import EnterpriseFactory, officer, owner_of
from tidu.rules.library import default_library


def test_the_public_sees_where_to_start_and_only_real_figures(
    client, db, django_assert_num_queries
):
    with django_assert_num_queries(0):
        answer = client.get(reverse("home"))

    text = answer.content.decode()
    for name in ("self_check", "policies", "account_login"):
        assert reverse(name) in text
    pack = default_library().national
    assert answer.context["schemes"] == len(pack.schemes)
    assert answer.context["editions"] == len(pack.rule_sets())
    assert str(pack.review.checked) in text


def test_an_enterprise_is_led_to_its_ladder(client, db):
    client.force_login(owner_of(EnterpriseFactory()))

    text = client.get(reverse("home")).content.decode()

    assert f'href="{reverse("ladder")}"' in text
    assert "我在主管部门" not in text


def test_an_officer_is_led_to_the_registry(client, db):
    client.force_login(officer())

    text = client.get(reverse("home")).content.decode()

    assert f'class="btn" href="{reverse("registry")}"' in text


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_style_guide_has_every_outcome_and_state(language, client, db):
    client.cookies["django_language"] = language

    answer = client.get(reverse("styleguide"))

    text = answer.content.decode()
    outcomes = {"met", "unmet", "unknown", "manual", "not_applicable"}
    assert {row.outcome.id for row in answer.context["rows"]} == outcomes
    for state in ("running", "soon", "due", "stopped", "done"):
        assert f"clock-{state}" in text
    assert 'type="application/json"' in text
    assert answer.context["plan"].paths


def test_the_language_is_switched_and_kept(client, db):
    client.post(reverse("set_language"), {"language": "en", "next": "/"})

    assert "Start the self-check" in client.get("/").content.decode()
