"""The ladder, its paths, what-if, assessments, and the page a day begins on."""

import datetime
import re

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from tests.factories import EnterpriseFactory, acting, owner_of
from tidu.eligibility.models import Assessment
from tidu.registry.actions import file_facts
from tidu.registry.enums import FilingSource
from tidu.registry.models import Filing, HeldTitle
from tidu.web.enterprise import paths

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
DEBT = "total_liabilities@2025"


@pytest.fixture(autouse=True)
def _nothing_kept():
    cache.clear()


def test_the_ladder_leads_from_each_gap_to_its_field(signed_in, firm):
    page = signed_in.get(reverse("ladder"))

    asks = page.context["asks"]
    assert page.context["following"].id == "srdi_sme"
    assert 0 < len(asks) <= 8
    text = page.content.decode()
    for ask in asks:
        address, _hash, field = ask.url.partition("#")
        assert f'href="{ask.url}"' in text
        assert f'id="{field}"' in signed_in.get(address).content.decode()


def test_an_officer_reads_the_same_ladder(client, by_officer, firm):
    first = by_officer.get(reverse("registry_enterprise", args=[firm.pk]))
    second = by_officer.get(reverse("firm_ladder", args=[firm.pk]))

    assert first.context["following"].id == second.context["following"].id
    assert reverse("firm_what_if", args=[firm.pk]) in first.content.decode()
    assert reverse("what_if") not in first.content.decode()


def test_deadlines_and_rounds_stand_on_the_ladder(signed_in, firm):
    until = timezone.localdate() + datetime.timedelta(days=30)
    HeldTitle.objects.create(
        enterprise=firm,
        scheme="srdi_sme",
        valid_from=until - datetime.timedelta(days=1000),
        valid_until=until,
        source="虚构名单",
    )

    text = signed_in.get(reverse("ladder")).content.decode()
    assert f"有效期至 {until}" in text
    assert "还有 30 天" in text
    home = signed_in.get(reverse("enterprise_home"))
    assert home.context["todos"][0].urgent
    assert "准备复核" in home.context["todos"][0].what


@pytest.mark.parametrize("years", [1, 3])
def test_the_ladder_takes_the_same_queries(client, years, django_assert_num_queries):
    figures = {f"revenue@{2025 - at}": "1000000.00" for at in range(years)}
    client.force_login(owner_of(EnterpriseFactory(facts=figures)))
    client.get(reverse("ladder"))
    with django_assert_num_queries(5):
        client.get(reverse("ladder"))


def test_paths_come_as_a_fragment_and_as_a_page(signed_in, firm):
    fragment = signed_in.get(reverse("ladder_paths"), headers=HTMX).content.decode()
    page = signed_in.get(reverse("ladder_paths")).content.decode()

    assert "<html" not in fragment
    assert "专精特新中小企业" in fragment
    assert "<html" in page
    assert fragment.strip() in page


def test_where_figures_are_missing_the_paths_ask_for_them_with_links(client):
    firm = EnterpriseFactory(facts={"revenue@2025": "60880000.00"})
    client.force_login(owner_of(firm))

    answer = client.get(reverse("ladder_paths"), headers=HTMX)

    assert not answer.context["told"].ways
    assert "现在排不出路径。先填这些" in answer.text
    assert "没有可行的路径" not in answer.text
    for name, url in answer.context["asked"]:
        assert f'<a href="{url}">{name}</a>' in answer.text
        page, _hash, field = url.partition("#")
        assert f'id="{field}"' in client.get(page).text


def test_a_plan_is_kept_until_facts_change(signed_in, firm, owner):
    url = reverse("ladder_paths")
    first = signed_in.get(url, headers=HTMX).context["told"]
    (key,) = [each for each in cache._cache if "paths:" in each]

    assert signed_in.get(url, headers=HTMX).context["told"] == first
    assert len([each for each in cache._cache if "paths:" in each]) == 1
    file_facts(
        enterprise=firm,
        entries={DEBT: {"value": "10000000.00"}},
        source=FilingSource.ENTERPRISE,
        by=acting(owner),
    )
    signed_in.get(url, headers=HTMX)
    assert len([each for each in cache._cache if "paths:" in each]) == 2
    assert key in cache._cache


def test_steps_say_until_when():
    change = paths.Change(
        key="class1_ip", before=None, after=1, clause="", lead_days=10, what=None
    )
    on = datetime.date(2026, 12, 1)
    assert "2026-12-11" in paths._when(change, on)
    for key, said in (("revenue@2026", "2026 年内"), ("revenue@2025", "已结账")):
        dated = paths.dataclasses.replace(change, key=key)
        assert said in paths._when(dated, on)
    won = paths.dataclasses.replace(change, won_in=2027)
    assert "2027 年的批次" in paths._when(won, on)


def play(client, url="what_if", *, htmx=True, **typed):
    return client.get(reverse(url), typed, headers=HTMX if htmx else {})


def test_what_if_shows_before_and_after_and_saves_nothing(signed_in, firm):
    answer = play(signed_in, **{DEBT: "3,000"})

    effect = next(e for e in answer.context["effects"] if "资产负债率" in e.label)
    assert (effect.before.id, effect.after.id) == ("unmet", "met")
    assert answer.context["assumed"] == [("2025年负债总额", "7,000万元", "3,000万元")]
    assert "<html" not in answer.content.decode()
    firm.refresh_from_db()
    assert firm.current.entries[DEBT]["value"] == "70000000.00"
    assert firm.filings.count() == 1


def test_what_if_lists_what_turns_and_counts_the_rest(signed_in):
    answer = play(signed_in, **{DEBT: "3,000"})

    context = answer.context
    assert all(each.changed for each in context["effects"])
    assert all(each.before == each.after for each in context["unchanged"])
    assert context["same_rungs"]
    kept = len(context["same_rungs"])
    all_stay = "" if context["changed_rungs"] else "都"
    assert f"{kept} 个称号的结论{all_stay}不变" in answer.text
    if context["unchanged"]:
        assert f"另有 {len(context['unchanged'])} 条只是数变了" in answer.text


def test_a_figure_that_moves_without_an_outcome_is_folded_away(signed_in):
    answer = play(signed_in, **{DEBT: "6,900"})

    folded = [e for e in answer.context["unchanged"] if "资产负债率" in e.label]
    assert folded
    assert folded[0].was != folded[0].now
    assert not [e for e in answer.context["effects"] if "资产负债率" in e.label]


def test_the_link_holds_the_values_and_opens_the_same(signed_in):
    answer = play(signed_in, **{DEBT: "3,000"})
    link = answer["HX-Replace-Url"]

    page = signed_in.get(link)

    assert "<html" in page.content.decode()
    assert page.context["effects"] == answer.context["effects"]
    assert 'value="3,000"' in page.content.decode()


def test_without_changes_nothing_changes(signed_in):
    page = play(signed_in, htmx=False)
    same = {each.key: each.typed for each in page.context["dials"]}

    answer = play(signed_in, **same)

    assert page.context["effects"] == answer.context["effects"] == []
    assert answer.context["assumed"] == []


def test_a_dial_that_cannot_be_read_is_told_and_left_out(signed_in):
    answer = play(signed_in, **{DEBT: "三千万"})

    assert answer.context["wrong"]
    assert "读不成金额" in answer.content.decode()
    assert answer.context["effects"] == []


@pytest.mark.parametrize("typed", ["9" * 200, "-1", "1e99", "\x00", "'\"<script>"])
def test_odd_values_do_no_harm(signed_in, typed):
    answer = play(signed_in, htmx=False, **{DEBT: typed, "nothing": "1"})

    assert answer.status_code == 200
    assert "<script>'" not in answer.content.decode()


def test_at_most_eight_dials_and_each_says_the_present_figure(signed_in):
    dials = play(signed_in, htmx=False).context["dials"]

    assert 0 < len(dials) <= 8
    shown = {each.key: each.present for each in dials}
    assert shown[DEBT] == "7,000万元"


def test_an_assessment_is_kept_and_replayed_to_the_letter(signed_in, firm):
    answer = signed_in.post(reverse("assessments"), follow=True)

    (kept,) = answer.context["kept"]
    assert kept.replay.equal
    assert "逐字相同" in answer.content.decode()
    one = signed_in.get(reverse("assessment", args=[kept.assessment.pk]))
    text = one.content.decode()
    assert kept.assessment.pack_digest[:16] in text
    assert "6,088万元" in text


def test_a_changed_pack_is_said_on_both_pages(signed_in, firm):
    signed_in.post(reverse("assessments"))
    Assessment.objects.update(pack_digest="f" * 64)
    kept = firm.assessments.get()

    for url in (reverse("assessments"), reverse("assessment", args=[kept.pk])):
        assert "标准包后来有改动" in signed_in.get(url).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_assessments_takes_the_same_queries(
    signed_in, count, django_assert_num_queries
):
    for _ in range(count):
        signed_in.post(reverse("assessments"))
    signed_in.get(reverse("assessments"))
    with django_assert_num_queries(6):
        signed_in.get(reverse("assessments"))


def test_lists_of_findings_and_assessments_can_be_downloaded(signed_in):
    signed_in.post(reverse("assessments"))

    assert signed_in.get(reverse("ladder_file")).content.startswith(b"PK")
    text = signed_in.get(reverse("assessments") + "?download=csv").getvalue().decode()
    assert "逐字相同" in text


def test_a_new_firm_is_told_to_begin_with_its_figures(client):
    client.force_login(owner_of(EnterpriseFactory()))

    todos = client.get(reverse("enterprise_home")).context["todos"]

    assert todos[0].url == reverse("facts")
    assert "先把数据填上" in todos[0].what


def test_home_tells_of_conflicts_and_of_what_others_filed(signed_in, firm, owner):
    Filing.objects.create(
        enterprise=firm,
        source=FilingSource.OFFICIAL,
        entries={"revenue@2025": {"value": "1.00"}},
        filed_by="虚构经办",
        organisation_name="示范主管部门",
        filed_at=timezone.now(),
    )
    file_facts(
        enterprise=firm,
        entries={"class1_ip": {"value": 4}},
        source=FilingSource.ENTERPRISE,
        by=acting(owner),
    )

    page = signed_in.get(reverse("enterprise_home"))

    assert "1 个来源不一致" in page.context["todos"][0].what
    assert re.search("示范主管部门.*2025年营业收入", page.context["notices"][0].text)


@pytest.mark.parametrize(
    ("language", "shown"),
    [("zh-hans", "来源：网页填报"), ("en", "Source: typed on the site")],
)
def test_where_a_figure_was_found_is_said_in_the_readers_words(language, shown, client):
    firm = EnterpriseFactory()
    owner = owner_of(firm)
    file_facts(
        enterprise=firm,
        entries={"revenue@2025": {"value": "60880000.00", "place": "网页填报"}},
        source=FilingSource.ENTERPRISE,
        by=acting(owner),
    )
    client.force_login(owner)

    page = client.get(reverse("ladder"), headers={"Accept-Language": language}).text

    assert shown in page
    assert ("网页填报" in page) is (language == "zh-hans")
