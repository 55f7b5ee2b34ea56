"""The 26 measures for everybody."""

import pytest
from django.urls import reverse

from tidu.rules.library import default_library
from tidu.rules.walks import walks

pytestmark = pytest.mark.django_db


def test_every_measure_stands_on_the_coverage_page(client):
    page = client.get(reverse("policy_coverage"))

    measures = default_library().national.measures
    assert [each.number for each in page.context["measures"]] == [
        each.number for each in measures.values()
    ]
    for each in measures.values():
        assert f'href="{reverse("policy_measure", args=[each.number])}"' in page.text
        assert each.label.chinese in page.text


def test_a_measure_says_what_depends_on_the_place(client):
    page = client.get(reverse("policy_measure", args=[6]))

    lines = {each.label: each for each in page.context["measure"].mechanisms}
    assert lines["地方资金奖补"].slot
    assert "没有载入当地政策时，答“看地方规定”" in page.text


def test_there_is_no_twenty_seventh_measure(client):
    assert client.get("/policy/measures/27/").status_code == 404


def test_nothing_works_without_a_test_that_walks_it(client):

    page = client.get(reverse("policy_coverage"))

    walked = {each.measure for each in walks()}
    assert page.context["working"] == len(walked)
