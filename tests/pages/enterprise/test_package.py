"""The service package: what is sure, what is open, how it was worked out, on paper."""

import io

import pytest
import python_calamine
from django.urls import reverse

from tests.factories import EnterpriseFactory, owner_of
from tidu.web.enterprise.firm import Firm
from tidu.web.enterprise.package import package_context
from tidu.web.enterprise.package_paper import paper_data

pytestmark = pytest.mark.django_db
SMALL = {
    "taxable_income@2025": "2000000.00",
    "employees@2025": 50,
    "total_assets@2025": "10000000.00",
    "restricted_industry": False,
    "high_tech": True,
}


def test_the_better_of_two_rates_is_chosen_and_the_other_named(client):
    client.force_login(owner_of(EnterpriseFactory(facts=SMALL)))

    page = client.get(reverse("package"))

    cards = {
        card.id: card
        for area in page.context["areas"]
        for card in [*area.cards, *area.open]
    }
    assert cards["small_profit_cit"].amount == "每年40万元"
    assert cards["high_tech_cit"].amount == "每年20万元"
    assert "这项20万元，那项40万元" in cards["high_tech_cit"].given_up
    assert "由税务机关办理" in cards["small_profit_cit"].start
    assert "40万元" in page.text


def test_the_working_is_shown_line_by_line(client):
    client.force_login(owner_of(EnterpriseFactory(facts=SMALL)))

    text = client.get(reverse("package")).text

    assert "2025年应纳税所得额200万元" in text
    assert "计税所得200万元 × （25% － 5%） ＝ 40万元" in text


def test_what_is_missing_leads_to_its_field(client):
    client.force_login(owner_of(EnterpriseFactory(facts={})))

    page = client.get(reverse("package"))

    cards = {
        card.id: card
        for area in page.context["areas"]
        for card in [*area.cards, *area.open]
    }
    missing = cards["small_profit_cit"].missing
    assert [each.key for each in missing][:2] == [
        "restricted_industry",
        "taxable_income@2025",
    ]
    for each in missing:
        url = reverse("facts_edit", args=[each.group])
        assert f'href="{url}#id_{each.key}"' in page.text
        assert f'id="id_{each.key}"' in client.get(url).text


def test_a_slot_nobody_filled_depends_on_the_place(client):
    client.force_login(owner_of(EnterpriseFactory(facts={}, territory="110101")))

    page = client.get(reverse("package"))

    cards = {
        card.id: card
        for area in page.context["areas"]
        for card in [*area.cards, *area.open]
    }
    assert cards["local_funds"].depends
    assert cards["local_funds"].amount == ""
    assert "没有载入当地政策" in page.text


def test_the_next_title_says_what_it_adds(client):
    client.force_login(
        owner_of(
            EnterpriseFactory(
                facts={
                    **SMALL,
                    "holds_innovative_sme": True,
                    "holds_srdi": False,
                    "holds_little_giant": False,
                }
            )
        )
    )

    found = client.get(reverse("package")).context["next"]

    assert found["label"] == "专精特新中小企业"
    assert "税费优惠“一户一策”" in [line.label for line in found["lines"]]


def test_another_territory_sees_nothing(client, by_officer):
    firm = EnterpriseFactory(territory="110101")

    assert by_officer.get(reverse("firm_package", args=[firm.pk])).status_code == 403


def test_an_officer_sees_the_same_package(client, by_officer, firm):
    assert by_officer.get(reverse("firm_package", args=[firm.pk])).status_code == 200


@pytest.mark.parametrize("years", [1, 3])
def test_the_package_takes_the_same_queries(client, years, django_assert_num_queries):
    figures = {f"revenue@{2025 - at}": "1000000.00" for at in range(years)}
    client.force_login(owner_of(EnterpriseFactory(facts=figures)))
    client.get(reverse("package"))
    with django_assert_num_queries(4):
        client.get(reverse("package"))


def test_the_paper_says_what_the_page_says(client):
    firm = EnterpriseFactory(facts=SMALL)
    client.force_login(owner_of(firm))

    answer = client.get(reverse("package_paper"))

    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-2.0")
    data = paper_data(Firm(firm), package_context(Firm(firm)))
    amounts = {c["label"]: c["amount"] for a in data["areas"] for c in a["cards"]}
    assert data["firm"] == firm.name
    assert amounts["小型微利企业减征企业所得税"] == "每年40万元"
    assert "没有选“高新技术企业减按15%缴纳企业所得税”" in data["given-up"][0]


def test_the_workbook_lists_every_card(client):
    client.force_login(owner_of(EnterpriseFactory(facts=SMALL)))

    page = client.get(reverse("package"))
    answer = client.get(reverse("package_file"))

    book = python_calamine.load_workbook(io.BytesIO(answer.content))
    rows = book.get_sheet_by_index(0).to_python()
    assert len(rows) - 1 == sum(
        len([*a.cards, *a.open, *a.more]) for a in page.context["areas"]
    )


def test_a_service_that_is_met_starts_from_the_card(client):
    srdi = {"holds_srdi": True, "holds_little_giant": False}
    client.force_login(owner_of(EnterpriseFactory(facts=srdi)))
    ask = reverse("service_ask", args=["ip_prior_examination"])

    assert f'href="{ask}"' in client.get(reverse("package")).text
    assert client.get(ask).status_code == 200


def test_a_service_that_is_not_met_does_not(client):
    plain = {"holds_srdi": False, "holds_little_giant": False}
    client.force_login(owner_of(EnterpriseFactory(facts=plain)))
    ask = reverse("service_ask", args=["ip_prior_examination"])

    assert f'href="{ask}"' not in client.get(reverse("package")).text
