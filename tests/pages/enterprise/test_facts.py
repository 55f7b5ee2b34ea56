"""Figures on the page: provenance, conflicts, corrections, people's writings."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import acting
from tidu.registry.actions import file_facts
from tidu.registry.enums import FilingSource
from tidu.registry.models import Filing

YEAR = timezone.localdate().year - 1  # the last closed year
REVENUE = f"revenue@{YEAR}"
EDIT = "facts_edit"


def as_shown(client, group="economy", url=None):
    """The form as it was opened: every field with what it holds."""
    page = client.get(url or reverse(EDIT, args=[group]))
    form = page.context["form"]
    data = {name: form.initial.get(name, "") for name in form.fields}
    return {**data, "seen": page.context["seen"]}


def save(client, group="economy", url=None, **changes):
    url = url or reverse(EDIT, args=[group])
    return client.post(url, {**as_shown(client, group, url), **changes})


def current(firm, key):
    firm.refresh_from_db()
    return firm.current.entries.get(key, {}).get("value")


def test_every_figure_says_what_who_and_where_from(signed_in, firm):
    text = signed_in.get(reverse("facts")).content.decode()

    for said in ("6,088万元", "12%", "企业填报", "虚构人员", "2015-03-01", "C3912"):
        assert said in text
    assert "不详" in text


def test_conflicting_sources_stand_side_by_side_with_the_reason(signed_in, firm, owner):
    Filing.objects.create(
        enterprise=firm,
        source=FilingSource.CORRECTION,
        entries={"revenue@2025": {"value": "59000000.00"}},
        filed_by="虚构经办",
        filed_at=timezone.now() - datetime.timedelta(days=3),
    )

    text = signed_in.get(reverse("facts")).content.decode()

    assert text.index("5,900万元") < text.index("6,088万元")
    assert "另有说法" in text
    assert "“主管部门更正”优先于“企业填报”" in text
    history = signed_in.get(reverse("facts_history", args=["revenue@2025"]))
    assert [each["shown"].value for each in history.context["rows"]] == [
        "6,088万元",
        "5,900万元",
    ]


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("5,088", "50880000.00"),
        ("5,088万元", "50880000.00"),
        ("1.2亿", "120000000.00"),
        ("１２３４．５", "12345000.00"),
        ("88000000元", "88000000.00"),
    ],
)
def test_amounts_are_read_as_people_write_them(signed_in, firm, typed, value):
    answer = save(signed_in, **{REVENUE: typed, "reason": "审计后更正"})

    assert answer.status_code == 302
    assert current(firm, REVENUE) == value


@pytest.mark.parametrize(
    ("group", "key", "typed", "value"),
    [
        ("specialisation", "market_share", "12.5%", "0.125"),
        ("specialisation", "market_share", "8", "0.08"),
        ("specialisation", "niche_since", "2018年6月1日", "2018-06-01"),
        ("innovation", "class1_ip_own", "3项", 3),
        ("innovation", "rnd_institution", "province", "province"),
        ("conduct", "abnormal_list", "false", False),
        ("digital", "dq01", ["site_coverage"], ["site_coverage"]),
        ("digital", "dq01", ["none"], []),
        ("identity", "industry", "c3921", "C3921"),
    ],
)
def test_every_kind_of_fact_is_read(signed_in, firm, group, key, typed, value):
    answer = save(signed_in, group, **{key: typed, "reason": "更正"})

    assert answer.status_code == 302, answer.context["form"].errors
    assert current(firm, key) == value


@pytest.mark.parametrize(
    ("group", "key", "typed", "why"),
    [
        ("economy", REVENUE, "五千万", "读不成金额"),
        ("economy", REVENUE, "-5", "不能为负"),
        ("economy", REVENUE, "5000万美元", "以人民币计"),
        ("specialisation", "market_share", "1200%", "超过1000%"),
        ("innovation", "class1_ip", "1.5", "不是整数"),
        ("specialisation", "niche_since", "去年", "日期"),
        ("identity", "industry", "机械", "行业代码"),
        ("innovation", "rnd_institution", "imperial", "imperial"),
    ],
)
def test_what_is_unclear_is_told_beside_its_field_and_kept(
    signed_in, firm, group, key, typed, why
):
    before = firm.filings.count()

    answer = save(signed_in, group, **{key: typed, "reason": "更正"})

    assert answer.status_code == 422
    assert why in "".join(answer.context["form"].errors[key])
    if group != "innovation" or key == "class1_ip":
        assert f'value="{typed}"' in answer.content.decode()
    assert firm.filings.count() == before


@pytest.mark.parametrize("typed", ["不详", "", "—", " "])
def test_an_unknown_takes_a_figure_back_and_is_no_zero(signed_in, firm, typed):
    save(signed_in, **{"revenue@2025": typed, "reason": "原数有误"})

    assert current(firm, "revenue@2025") is None
    filing = firm.filings.first()
    assert filing.entries["revenue@2025"]["value"] is None


def test_a_correction_adds_a_filing_with_its_reason(signed_in, firm, owner):
    save(signed_in, **{REVENUE: "6000", "reason": "审计报告已出"})

    (newest, oldest) = firm.filings.all()
    assert set(newest.entries) == {REVENUE}
    assert (newest.reason, newest.filed_by) == ("审计报告已出", owner.name)
    assert oldest.entries["revenue@2025"]["value"] == "60880000.00"


def test_changing_a_figure_needs_a_reason_and_a_new_one_does_not(signed_in, firm):
    answer = save(signed_in, **{"revenue@2025": "6000"})
    assert answer.status_code == 422
    assert "请写明原因" in answer.content.decode()

    assert save(signed_in, **{f"new_equity@{YEAR}": "500"}).status_code == 302


def test_what_was_not_touched_is_not_filed(signed_in, firm):
    answer = save(signed_in)

    assert answer.status_code == 422
    assert "没有改动" in answer.content.decode()
    assert firm.filings.count() == 1


def test_an_officers_figure_is_a_correction_and_wins(by_officer, firm, owner, client):
    url = reverse("firm_facts_edit", args=[firm.pk, "economy"])
    save(by_officer, url=url, **{"revenue@2025": "5500", "reason": "报表核对"})
    assert current(firm, "revenue@2025") == "55000000.00"

    client.force_login(owner)
    answer = client.post(
        reverse(EDIT, args=["economy"]),
        {**as_shown(client), "revenue@2025": "6200", "reason": "我们认为"},
        follow=True,
    )
    assert current(firm, "revenue@2025") == "55000000.00"
    assert "另有更强的来源" in answer.content.decode()


def test_two_people_at_once_are_told_of_each_other(signed_in, firm, owner):
    opened = as_shown(signed_in)
    file_facts(
        enterprise=firm,
        entries={"revenue@2025": {"value": "1000000.00"}},
        source=FilingSource.ENTERPRISE,
        by=acting(owner),
    )
    url = reverse(EDIT, args=["economy"])
    mine = {**opened, "revenue@2025": "6200", "reason": "更正"}

    answer = signed_in.post(url, mine)
    assert answer.status_code == 422
    assert "刚改过" in answer.content.decode()
    again = signed_in.post(url, {**mine, "seen": answer.context["seen"]})

    assert again.status_code == 302
    assert current(firm, "revenue@2025") == "62000000.00"


def test_saving_works_the_ladder_out_again(signed_in, firm):
    save(signed_in, **{"total_liabilities@2025": "3000", "reason": "更正"})

    standing = firm.standings.get(scheme="srdi_sme")
    assert "debt_ratio" not in standing.failing


def test_wrong_groups_and_keys_are_no_pages(signed_in):
    assert signed_in.get(reverse(EDIT, args=["nothing"])).status_code == 404
    for key in ("nothing", "revenue@soon", "nothing@2025"):
        url = reverse("facts_history", args=[key])
        assert signed_in.get(url).status_code == 404


@pytest.mark.parametrize("more", [1, 3])
def test_facts_take_the_same_queries(
    signed_in, firm, owner, more, django_assert_num_queries
):
    for at in range(more):
        file_facts(
            enterprise=firm,
            entries={f"revenue@{2022 + at}": {"value": "1.00"}},
            source=FilingSource.ENTERPRISE,
            by=acting(owner),
        )
    signed_in.get(reverse("facts"))
    with django_assert_num_queries(6):
        signed_in.get(reverse("facts"))
