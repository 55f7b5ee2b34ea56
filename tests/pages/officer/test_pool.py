"""The pool, what runs out, who is silent, and the officer's first page."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import EnterpriseFactory, acting, officer
from tests.unit.registry.importing import checked, firm_line, table
from tidu.accounts.enums import Role
from tidu.eligibility.jobs import refresh_stale
from tidu.eligibility.models import CurrentStanding
from tidu.eligibility.pool import months_after
from tidu.eligibility.queries import stale_enterprises
from tidu.registry.actions import file_facts
from tidu.registry.enums import FilingSource
from tidu.registry.models import Enterprise, Filing, HeldTitle
from tidu.registry.titles import record_title

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def near_firm(failing=("years",), still_open=(), **given) -> Enterprise:
    """A firm with a standing on 专精特新, as a screening would have left it."""
    firm = EnterpriseFactory(**given)
    CurrentStanding.objects.create(
        enterprise=firm,
        scheme="srdi_sme",
        outcome="unmet" if failing else "unknown",
        failing=list(failing),
        failing_count=len(failing),
        open=list(still_open),
        missing=["revenue@2025"] if still_open else [],
        on=TODAY,
        pack_digest="0" * 64,
        made_at=timezone.now(),
    )
    return firm


def shown(answer) -> list[str]:
    return [row.standing.enterprise.name for row in answer.context["rows"]]


def test_the_pool_lists_first_who_misses_one_criterion_and_nothing_else(desk):
    one = near_firm(("market_years",))
    other = near_firm(("market_years",))
    two_away = near_firm(("market_years", "debt"))
    only_data = near_firm((), ("rnd", "debt"))
    both = near_firm(("market_years",), ("rnd",))
    near_firm(("debt",), territory="990102")

    answer = desk.get(reverse("pool"))

    pool = answer.context["pool"]
    assert [(s.id, s.count) for s in pool.failing] == [("market_years", 2)]
    assert {(s.id, s.count) for s in pool.open} == {("rnd", 1), ("debt", 1)}
    assert dict(pool.firms) == {"step": 2, "data": 1, "both": 1}
    assert pool.places == (("990101", 2, 1, 1),)
    assert set(shown(answer)) == {one.name, other.name}
    for each in (two_away, only_data, both):
        assert each.name not in answer.text


@pytest.mark.parametrize("group", ["data", "both"])
def test_firms_that_lack_figures_are_a_group_with_what_they_lack(group, desk):
    much = near_firm(("debt",) if group == "both" else (), ("rnd", "debt"))
    much.standings.update(missing=["revenue@2025", "abnormal_list", "rnd_expense@2025"])
    little = near_firm(("debt",) if group == "both" else (), ("rnd",))
    near_firm()

    answer = desk.get(f"{reverse('pool')}?group={group}")

    assert shown(answer) == [little.name, much.name]
    assert "2025年营业收入、列入经营异常名录（是或否）" in answer.text


def test_where_nobody_is_one_step_away_the_next_group_is_listed(desk):
    only_data = near_firm((), ("rnd",))

    answer = desk.get(reverse("pool"))

    assert answer.context["group"] == "data"
    assert shown(answer) == [only_data.name]
    exported = desk.get(reverse("pool_export", args=["csv"]) + answer.context["query"])
    assert only_data.name in b"".join(exported.streaming_content).decode("utf-8-sig")


def test_a_criterion_lists_the_firms_of_its_group(desk):
    one = near_firm(("market_years",))
    near_firm(("market_years",), ("rnd",))
    only_data = near_firm((), ("rnd", "debt"))

    assert shown(desk.get(f"{reverse('pool')}?step=market_years")) == [one.name]
    assert shown(desk.get(f"{reverse('pool')}?open=rnd")) == [only_data.name]


def test_holders_of_the_title_are_not_in_the_pool(desk, county):
    firm = near_firm()
    record_title(
        enterprise=firm,
        scheme="srdi_sme",
        valid_from=TODAY - datetime.timedelta(days=30),
        valid_until=None,
        source="虚构名单",
        by=acting(county),
    )

    assert shown(desk.get(reverse("pool"))) == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_pool_takes_the_same_queries_for_any_number(
    count, desk, django_assert_num_queries
):
    for _ in range(count):
        near_firm()

    with django_assert_num_queries(8):
        answer = desk.get(reverse("pool"))

    assert f"共 {count} 家" in answer.text


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("what", ["pool", "expiring", "silent"])
def test_each_list_can_be_downloaded(what, form, desk):
    near_firm()
    if what == "pool":
        url = reverse("pool_export", args=[form])
    else:
        url = reverse("list_export", args=[what, form])

    answer = desk.get(url)

    assert answer.status_code == 200
    assert b"".join(answer.streaming_content)


@pytest.mark.parametrize(
    "url", ["/officer/pool/nonsense/csv/", "/officer/pool/silent/pdf/"]
)
def test_a_download_that_is_none_is_not_there(url, desk):
    assert desk.get(url).status_code == 404


def test_titles_that_run_out_are_listed_in_time(desk, county):
    firm = EnterpriseFactory()
    for months, scheme in (
        (3, "srdi_sme"),
        (9, "little_giant"),
        (20, "high_tech_enterprise"),
    ):
        record_title(
            enterprise=firm,
            scheme=scheme,
            valid_from=datetime.date(2020, 1, 1),
            valid_until=months_after(TODAY, months),
            source="虚构名单",
            by=acting(county),
        )
    url = reverse("expiring")

    assert [t.scheme for t in desk.get(url).context["leaf"].items] == ["srdi_sme"]
    year = desk.get(f"{url}?months=12").context["leaf"].items
    assert [t.scheme for t in year] == ["srdi_sme", "little_giant"]
    HeldTitle.objects.filter(scheme="srdi_sme").update(
        revoked_on=TODAY, revoked_reason="虚构"
    )
    assert desk.get(url).context["leaf"].items == []


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2026-08-15", 6, "2027-02-15"),
        ("2026-12-31", 12, "2027-12-31"),
        ("2023-08-31", 6, "2024-02-29"),
    ],
)
def test_months_later_is_a_day_that_exists(day, months, expected):
    start, end = map(datetime.date.fromisoformat, (day, expected))

    assert months_after(start, months) == end


def test_firms_that_have_not_filed_this_year_are_listed(desk):
    EnterpriseFactory(facts={"employees@2025": 9})
    silent = EnterpriseFactory(facts={"employees@2024": 9})
    Filing.objects.filter(enterprise=silent).update(
        filed_at=timezone.now() - datetime.timedelta(days=400)
    )

    answer = desk.get(reverse("silent_firms"))

    assert [each.pk for each in answer.context["leaf"].items] == [silent.pk]


# -- the first page ----------------------------------------------------------------


def test_what_waits_longest_stands_on_top(desk, county):
    by = acting(county)
    batch = checked(table(firm_line(1)), by)
    type(batch).objects.filter(pk=batch.pk).update(
        uploaded_at=timezone.now() - datetime.timedelta(days=4)
    )
    firm = EnterpriseFactory(facts={"employees@2025": 9})
    file_facts(
        enterprise=firm,
        entries={"employees@2025": {"value": 10}},
        source=FilingSource.OFFICIAL,
        by=by,
    )

    answer = desk.get(reverse("officer_home"))

    first, *rest = answer.context["concerns"]
    assert (first.count, first.days) == (1, 4)
    assert "最早的等了 4 天" in answer.text
    assert "家企业的数据有冲突" in [each.what for each in rest]


@pytest.mark.parametrize("count", [1, 3])
def test_the_first_page_takes_the_same_queries_for_any_number(
    count, desk, django_assert_num_queries
):
    for _ in range(count):
        near_firm()

    with django_assert_num_queries(22):
        desk.get(reverse("officer_home"))


def test_another_territory_counts_nothing_of_it(client):
    near_firm()
    client.force_login(officer("990102"))

    answer = client.get(reverse("officer_home"))

    assert [row[2:] for row in answer.context["pool"]] == [(0, 0)] * 4


def test_the_first_page_counts_one_step_apart_from_what_lacks_figures(desk):
    near_firm()
    near_firm((), ("rnd",))
    near_firm(("debt",), ("rnd",))

    answer = desk.get(reverse("officer_home"))

    counted = {scheme: counts for scheme, _label, *counts in answer.context["pool"]}
    assert counted["srdi_sme"] == [1, 1]


def test_a_new_office_is_told_what_to_do_first(desk):
    answer = desk.get(reverse("officer_home"))

    for name in ("import_new", "collection_new", "people"):
        assert f'href="{reverse(name)}"' in answer.text
    assert f"http://testserver{reverse('sign_up')}" in answer.text
    near_firm()
    assert "从这里开始" not in desk.get(reverse("officer_home")).text


def test_an_observer_of_a_new_office_is_not_told_to_import(client):
    client.force_login(officer("990101", Role.OBSERVER))

    answer = client.get(reverse("officer_home"))

    assert "经办人员导入之后" in answer.text
    assert "从这里开始" in answer.text
    assert "三步" not in answer.text


# -- standings follow --------------------------------------------------------------


def test_stale_standings_are_worked_out_again(county):
    firm = EnterpriseFactory(facts={"employees@2025": 9})
    EnterpriseFactory(closed_at=timezone.now(), closed_reason="虚构")
    assert list(stale_enterprises()) == [firm]

    assert refresh_stale() == 1

    assert not stale_enterprises().exists()
    file_facts(
        enterprise=firm,
        entries={"employees@2025": {"value": 10}},
        source=FilingSource.CORRECTION,
        by=acting(county),
    )
    assert list(stale_enterprises()) == [firm]
