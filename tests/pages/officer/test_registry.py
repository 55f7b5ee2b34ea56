"""An officer explores the registry: filters, segments, downloads, one firm's pages."""

import csv
import datetime
import io

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import EnterpriseFactory, acting, member, officer, owner_of
from tests.unit.registry.importing import code
from tidu.accounts.enums import Role
from tidu.audit.models import Event
from tidu.eligibility.actions import refresh_standings
from tidu.registry.actions import change_identity, file_facts
from tidu.registry.duplicate_models import Merger
from tidu.registry.enums import FilingSource, IdentityKind
from tidu.registry.models import Enterprise, Segment
from tidu.registry.titles import record_title

pytestmark = pytest.mark.django_db
TABS = (
    "registry_enterprise",
    "firm_identity",
    "firm_titles",
    "firm_ties",
    "firm_filings",
    "firm_events",
)
LAST = timezone.localdate().year - 1


def shown(answer) -> list[str]:
    return [row.firm.name for row in answer.context["rows"]]


def lines_of(answer) -> list[list[str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


@pytest.mark.parametrize("count", [1, 3])
def test_the_registry_takes_the_same_queries_for_any_number(
    count, desk, django_assert_num_queries
):
    for _ in range(count):
        EnterpriseFactory(facts={f"revenue@{LAST}": "60000000.00"})
    refresh_standings(
        Enterprise.objects.select_related("current"), on=timezone.localdate()
    )

    with django_assert_num_queries(7):
        answer = desk.get(reverse("registry"))

    assert f"共 {count} 家" in answer.text


def test_only_the_own_territory_is_listed(client):
    for place in ("990101", "990102", "990201"):
        EnterpriseFactory(name=f"示范虚构{place}有限公司", territory=place)

    for scope, expected in (("990101", 1), ("990100", 2), ("990000", 3), ("980000", 0)):
        client.force_login(officer(scope))
        answer = client.get(reverse("registry"))
        assert len(shown(answer)) == expected, scope


def test_each_filter_leaves_what_it_says(desk, county):
    by = acting(county)
    plain = EnterpriseFactory(name="示范虚构平常有限公司", industry="C3912")
    rich = EnterpriseFactory(
        name="示范虚构丰富有限公司",
        industry="I6513",
        uscc=code(1),
        facts={
            "industry": "I6513",
            f"revenue@{LAST}": "60000000.00",
            f"employees@{LAST}": 50,
        },
    )
    owner_of(rich)
    file_facts(
        enterprise=rich,
        entries={f"revenue@{LAST}": {"value": "70000000.00"}},
        source=FilingSource.OFFICIAL,
        by=by,
    )
    record_title(
        enterprise=rich,
        scheme="srdi_sme",
        valid_from=datetime.date(LAST, 1, 1),
        valid_until=None,
        source="虚构名单",
        by=by,
    )
    refresh_standings(
        Enterprise.objects.select_related("current"), on=timezone.localdate()
    )
    url = reverse("registry")
    outcome = rich.standings.get(scheme="srdi_sme").outcome
    for query in (
        "q=丰富",
        "industry=I",
        "industry=I65",
        "title=srdi_sme",
        "account=yes",
        "conflict=yes",
        "place=990101&industry=I6513",
        f"standing=srdi_sme:{outcome}&account=yes",
        f"size={rich.standings.get(scheme='sme_size').value}",
    ):
        assert shown(desk.get(f"{url}?{query}")) == [rich.name], query
    for query in (f"missing=revenue@{LAST}", "account=no", "industry=C"):
        assert shown(desk.get(f"{url}?{query}")) == [plain.name], query
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    assert shown(desk.get(f"{url}?since={tomorrow}")) == []
    assert len(shown(desk.get(f"{url}?since={timezone.localdate()}"))) == 2


@pytest.mark.parametrize(
    "query",
    ["place=x", "standing=a:b", "size=''%20OR%201=1", "since=2026-13-01", "page=z"],
)
def test_a_filter_that_means_nothing_is_left_out(query, desk):
    EnterpriseFactory()

    answer = desk.get(f"{reverse('registry')}?{query}")

    assert answer.status_code == 200
    assert len(shown(answer)) == 1


def test_chips_take_filters_out_one_by_one(desk):
    answer = desk.get(f"{reverse('registry')}?industry=C&account=no&sort=name")

    chips = answer.context["chips"]
    assert [each.label for each in chips] == ["C 制造业", "没有账户"]
    assert chips[0].without == "?account=no&sort=name"
    assert "请去掉一两个条件" in answer.text


def test_pages_are_fifty_long(desk):
    firms = [EnterpriseFactory() for _ in range(51)]

    second = desk.get(f"{reverse('registry')}?page=2")

    assert shown(second) == [firms[-1].name]
    assert "第 2 页，共 2 页" in second.text


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_download_is_recorded_and_has_the_filtered_firms(form, desk, county):
    EnterpriseFactory(name="+1示范虚构有限公司", industry="C3912")
    EnterpriseFactory(industry="I6513")

    answer = desk.get(f"{reverse('registry_export', args=[form])}?industry=C")

    if form == "csv":
        lines = lines_of(answer)
        assert [line[0] for line in lines[1:]] == ["'+1示范虚构有限公司"]
    else:
        assert b"".join(answer.streaming_content).startswith(b"PK")
    event = Event.objects.latest("number")
    assert event.actor_name == county.name
    assert event.data == {
        "what": "registry",
        "filters": "industry=C",
        "count": 1,
        "form": form,
    }


def test_a_segment_is_kept_for_the_office_and_dropped(desk, client, county):
    desk.post(reverse("segment_keep"), {"name": "制造业", "query": "?industry=C"})

    segment = Segment.objects.get()
    assert segment.query == "industry=C"
    assert "制造业" in desk.get(reverse("registry")).text
    client.force_login(officer("990101"))
    assert client.post(reverse("segment_drop", args=[segment.pk])).status_code == 403
    client.force_login(county)
    client.post(reverse("segment_drop", args=[segment.pk]))
    assert not Segment.objects.exists()


# -- one firm ----------------------------------------------------------------------


@pytest.mark.parametrize("name", TABS)
def test_each_page_of_a_firm_is_for_its_territory_only(name, client):
    firm = EnterpriseFactory(facts={f"revenue@{LAST}": "60000000.00"})

    for scope, status in (("990101", 200), ("990100", 200), ("990102", 403)):
        client.force_login(officer(scope))
        assert client.get(reverse(name, args=[firm.pk])).status_code == status


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("firm_filings", 8), ("firm_events", 8)])
def test_histories_take_the_same_queries_for_any_number(
    name, queries, count, desk, county, django_assert_num_queries
):
    firm = EnterpriseFactory()
    for number in range(count):
        file_facts(
            enterprise=firm,
            entries={f"employees@{LAST}": {"value": number}},
            source=FilingSource.CORRECTION,
            by=acting(county),
        )

    with django_assert_num_queries(queries):
        desk.get(reverse(name, args=[firm.pk]))


def test_a_new_name_is_recorded_and_the_old_one_found(desk):
    firm = EnterpriseFactory(name="示范虚构旧名有限公司")
    given = {"kind": "name", "value": "示范虚构新名有限公司", "source": "虚构通知书"}

    answer = desk.post(reverse("firm_identity", args=[firm.pk]), given)

    assert answer.status_code == 302
    assert "示范虚构旧名有限公司" in desk.get(answer.url).text
    assert shown(desk.get(f"{reverse('registry')}?q=旧名")) == ["示范虚构新名有限公司"]
    events = desk.get(reverse("firm_events", args=[firm.pk])).text
    assert "示范虚构旧名有限公司 → 示范虚构新名有限公司" in events


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        ("uscc", "123", "18位"),
        ("uscc", code(5), "另一家企业"),
        ("territory", "99", "6 位数字"),
        ("territory", "990102", "请上级主管部门变更"),
        ("nonsense", "x", "改什么"),
    ],
)
def test_a_change_that_cannot_be_says_why_and_keeps_what_was_typed(
    kind, value, said, desk
):
    EnterpriseFactory(uscc=code(5))
    firm = EnterpriseFactory()
    given = {"kind": kind, "value": value, "source": "虚构通知书"}

    answer = desk.post(reverse("firm_identity", args=[firm.pk]), given)

    assert answer.status_code == 200
    assert said in answer.text
    assert "虚构通知书" in answer.text
    assert not firm.former.exists()


def test_a_city_moves_a_firm_between_its_counties(client):
    client.force_login(officer("990100"))
    firm = EnterpriseFactory(territory="990101")
    given = {"kind": "territory", "value": "990102", "source": "虚构"}

    client.post(reverse("firm_identity", args=[firm.pk]), given)

    firm.refresh_from_db()
    assert firm.territory == "990102"
    assert firm.former.get().kind == IdentityKind.TERRITORY


def test_a_title_is_recorded_once(desk):
    firm = EnterpriseFactory()
    url = reverse("firm_titles", args=[firm.pk])
    given = {"scheme": "srdi_sme", "valid_from": "2024-01-01", "source": "虚构名单"}

    desk.post(url, given)
    again = desk.post(url, given)
    wrong = desk.post(url, {**given, "valid_until": "2023-01-01"})

    assert firm.titles.count() == 1
    assert "已经有了" in again.text
    assert "不能早于" in wrong.text


def test_a_firm_is_closed_for_a_reason_and_comes_back(desk):
    firm = EnterpriseFactory()
    desk.post(reverse("firm_close", args=[firm.pk]), {"reason": ""})
    firm.refresh_from_db()
    assert firm.closed_at is None

    desk.post(reverse("firm_close", args=[firm.pk]), {"reason": "已注销"})
    assert shown(desk.get(reverse("registry"))) == []
    assert shown(desk.get(f"{reverse('registry')}?closed=yes")) == [firm.name]
    desk.post(reverse("firm_reopen", args=[firm.pk]), {"reason": "登记有误"})

    assert shown(desk.get(reverse("registry"))) == [firm.name]


def test_observers_change_nothing(client, county):
    firm = EnterpriseFactory()
    client.force_login(member(county.memberships.get().organisation, Role.OBSERVER))
    given = {"kind": "name", "value": "示范虚构新名有限公司", "source": "虚构"}

    answer = client.post(reverse("firm_identity", args=[firm.pk]), given)
    closed = client.post(reverse("firm_close", args=[firm.pk]), {"reason": "虚构"})

    assert "只读人员" in answer.text
    assert closed.status_code == 403
    firm.refresh_from_db()
    assert (firm.closed_at, firm.former.count()) == (None, 0)


# -- duplicates --------------------------------------------------------------------


def test_pairs_are_shown_merged_and_taken_apart(desk, county):
    kept = EnterpriseFactory(name="示范虚构甲（集团）有限公司", uscc=code(1))
    twin = EnterpriseFactory(
        name="示范虚构甲(集团)有限公司", facts={f"employees@{LAST}": 9}
    )
    page = desk.get(reverse("duplicates")).text
    assert reverse("merge", args=[kept.pk, twin.pk]) in page

    desk.post(reverse("merge", args=[kept.pk, twin.pk]), {"source": "核对执照"})

    assert shown(desk.get(reverse("registry"))) == [kept.name]
    assert f"employees@{LAST}" in Enterprise.objects.get(pk=kept.pk).current.entries
    merger = Merger.objects.get()
    desk.post(reverse("merger_undo", args=[merger.pk]))
    assert len(shown(desk.get(reverse("registry")))) == 2
    assert Enterprise.objects.get(pk=kept.pk).current.entries == {}


def test_a_pair_that_is_two_firms_is_noted_and_not_shown_again(desk):
    one = EnterpriseFactory(name="示范虚构甲有限公司")
    other = EnterpriseFactory(name="示范虚构甲有限公司")
    address = reverse("merge", args=[one.pk, other.pk])

    refused = desk.post(address, {"apart": "1", "source": ""})
    assert "请填写" in refused.text or "必填" in refused.text
    answer = desk.post(address, {"apart": "1", "source": "核对执照"}, follow=True)

    assert "不是同一家" in answer.text
    assert "没有发现" in answer.text
    assert not Merger.objects.exists()


def test_firms_of_another_territory_are_neither_shown_nor_merged(desk):
    here = EnterpriseFactory(name="示范虚构甲有限公司")
    there = EnterpriseFactory(name="示范虚构甲有限公司", territory="990102")

    assert "没有发现" in desk.get(reverse("duplicates")).text
    answer = desk.post(reverse("merge", args=[here.pk, there.pk]), {"source": "虚构"})
    assert answer.status_code == 403


def test_the_one_with_an_account_is_kept(desk):
    one, other = EnterpriseFactory(), EnterpriseFactory()
    owner_of(other)

    answer = desk.post(reverse("merge", args=[one.pk, other.pk]), {"source": "虚构"})

    assert "请对调后再合并" in answer.text
    assert not Merger.objects.exists()


def test_a_former_name_moved_by_hand_is_recorded_by_the_system(county):
    firm = EnterpriseFactory(uscc=None)

    change_identity(
        enterprise=firm,
        kind=IdentityKind.USCC,
        value=code(3),
        source="虚构",
        by=acting(county),
    )

    assert not firm.former.exists()  # there was none before


# -- words ---------------------------------------------------------------------------


def test_short_headings_are_explained(desk):
    EnterpriseFactory()

    page = desk.get(reverse("registry")).text

    for short, full in (
        ("科技", "科技型中小企业"),
        ("创新", "创新型中小企业"),
        ("专精", "专精特新中小企业"),
        ("巨人", "专精特新“小巨人”企业"),
    ):
        assert f'<abbr title="{full}">{short}</abbr>' in page
        assert f"{short}＝{full}" in page
        assert f'data-label="{full}"' in page


@pytest.mark.parametrize(("language", "shown"), [("zh-hans", "系统"), ("en", "System")])
def test_who_filed_is_the_system_in_the_readers_words(language, shown, desk):
    firm = EnterpriseFactory(facts={"revenue@2025": "1000000.00"})
    firm.filings.update(filed_by="系统")

    for name in ("firm_filings", "firm_facts"):
        url = reverse(name, args=[firm.pk])
        page = desk.get(url, headers={"Accept-Language": language}).text
        assert shown in page
        assert ("系统" in page) is (language == "zh-hans")
