"""Questionnaires: what is answered becomes figures, and what to mend comes first."""

import pytest
from django.urls import reverse

from tests.factories import EnterpriseFactory, owner_of
from tidu.registry.enums import FilingSource
from tidu.registry.models import Enterprise
from tidu.registry.queries import current_facts
from tidu.rules.library import default_library

pytestmark = pytest.mark.django_db


def answers(name: str, **others: str) -> dict[str, str]:
    """Yes to every question, except those named."""
    facts = default_library().national.questionnaires[name].facts
    return dict.fromkeys(facts, "true") | others


def test_answers_become_figures_with_their_source(client, owner, firm):
    client.force_login(owner)
    url = reverse("questionnaire", args=["compliance"])

    answer = client.post(url, answers("compliance"))

    assert answer.status_code == 302
    filing = firm.filings.get(source=FilingSource.SELF_ASSESSMENT)
    assert filing.entries["compliance_tax_on_time"]["value"] is True
    firm = Enterprise.objects.get(pk=firm.pk)
    assert current_facts(firm).values["compliance_tax_on_time"] is True
    assert "没有发现问题" in client.get(url).text


def test_what_fails_comes_first_with_what_to_do(client, owner, firm):
    client.force_login(owner)
    url = reverse("questionnaire", args=["compliance"])
    wrong = {"compliance_tax_on_time": "false", "compliance_export_check": ""}
    client.post(url, answers("compliance", **wrong))

    page = client.get(url)

    first, second = page.context["priorities"]
    assert first.label == "近一年按期申报纳税，没有欠税"
    assert "先缴清再申请" in first.note
    assert second.outcome.id == "unknown"
    assert page.context["result"].says == "1 项要改"


def test_the_digital_level_says_what_holds_it_back(client):
    client.force_login(owner_of(EnterpriseFactory(facts={})))
    url = reverse("questionnaire", args=["digital_level"])
    scenes = {f"ds{n:02}": "3" for n in range(1, 17)}

    client.post(url, scenes)

    page = client.get(url)
    assert page.context["result"].says == "还缺答案，等级没有定"
    assert page.context["priorities"][0].label == "达到相应等级的场景数可达等级"


def test_a_wrong_answer_is_refused_beside_its_question(client, owner, firm):
    client.force_login(owner)
    url = reverse("questionnaire", args=["digital_level"])

    answer = client.post(url, {"dq02": "很多"})

    assert answer.status_code == 422
    assert answer.context["form"].errors["dq02"]
    assert 'value="很多"' in answer.text
    assert not firm.filings.filter(source=FilingSource.SELF_ASSESSMENT).exists()


def test_a_stronger_source_keeps_its_figure(client, owner):
    firm = EnterpriseFactory(facts={"dq02": "0.5"})
    client.force_login(owner_of(firm))
    url = reverse("questionnaire", args=["digital_level"])

    answer = client.post(url, {"dq02": "90", "reason": "新装了设备"}, follow=True)

    assert str(current_facts(firm).values["dq02"]) == "0.5"
    assert "另有更强的来源" in answer.text


def test_nobody_fills_in_for_another(client, firm):
    client.force_login(owner_of(EnterpriseFactory()))
    url = reverse("firm_questionnaire", args=[firm.pk, "compliance"])

    assert client.post(url, answers("compliance")).status_code == 403


def test_there_is_no_other_questionnaire(client, owner, firm):
    client.force_login(owner)

    assert client.get(reverse("questionnaire", args=["horoscope"])).status_code == 404


@pytest.mark.parametrize("years", [1, 3])
def test_the_list_takes_the_same_queries(client, years, django_assert_num_queries):
    figures = {f"revenue@{2025 - at}": "1000000.00" for at in range(years)}
    client.force_login(owner_of(EnterpriseFactory(facts=figures)))
    client.get(reverse("questionnaires"))
    with django_assert_num_queries(4):
        client.get(reverse("questionnaires"))
