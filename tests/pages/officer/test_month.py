"""Collection, recognition lists and the monthly table as pages."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from tests.factories import EnterpriseFactory, officer
from tests.unit.registry.importing import code
from tidu.accounts.enums import Role
from tidu.audit.models import Event
from tidu.registry.collection_models import (
    CollectionRound,
    EnterpriseContact,
    Reminder,
)
from tidu.registry.models import HeldTitle, Segment
from tidu.registry.title_list_models import TitleList

pytestmark = pytest.mark.django_db

NAME = "示范恒智精密机械有限公司"


@pytest.fixture
def person():
    return officer("990101")


@pytest.fixture
def page(client, person):
    client.force_login(person)
    return client


@pytest.fixture
def other(client):
    """Somebody of another county, signed in."""

    def sign_in(territory="990102", role=Role.OFFICER):
        client.force_login(officer(territory, role))
        return client

    return sign_in


def round_given(**given):
    today = timezone.localdate()
    return {
        "title": "虚构摸底",
        "schemes": ["tech_sme"],
        "scope": "all",
        "filters": "",
        "on": today.isoformat(),
        "due": (today + datetime.timedelta(days=14)).isoformat(),
        "hand_in": "虚构邮箱",
        "contact_name": "虚构联系人",
        "contact_phone": "0000-000000",
        **given,
    }


def opened(page, firms: int = 1, **given) -> CollectionRound:
    EnterpriseFactory.create_batch(firms)
    answer = page.post(reverse("collection_new"), round_given(**given))
    assert answer.status_code == 302, answer.context["form"].errors
    return CollectionRound.objects.latest("id")


def csv(*lines: str, name: str = "名单.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, "\n".join([*lines, ""]).encode())


def post(page, url, data=None):
    """Post, and do the jobs it asks for."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        return page.post(url, data or {})


def content(answer) -> bytes:
    return b"".join(answer.streaming_content)


# -- collection ---------------------------------------------------------------------


def test_the_form_keeps_what_was_typed_and_says_what_is_wrong(page):
    EnterpriseFactory()
    yesterday = timezone.localdate() - datetime.timedelta(days=1)

    answer = page.post(
        reverse("collection_new"),
        round_given(due=yesterday.isoformat(), schemes=[], hand_in="虚构二楼"),
    )

    assert answer.status_code == 422
    text = answer.content.decode()
    assert "截止日期已经过了" in text
    assert "至少选一项" in text
    assert "虚构二楼" in text
    assert not CollectionRound.objects.exists()


def test_a_day_without_a_standard_is_refused(page):
    EnterpriseFactory()

    answer = page.post(reverse("collection_new"), round_given(on="1990-01-01"))

    assert answer.status_code == 422
    assert "这一天都没有标准" in answer.content.decode()


def test_a_round_may_ask_a_segment_or_the_filter_one_came_from(page, person):
    wanted = EnterpriseFactory(name=NAME)
    EnterpriseFactory()
    office = person.memberships.get().organisation
    segment = Segment.objects.create(
        organisation=office, name="虚构", query=f"q={NAME}", made_by=person
    )

    kept = opened(page, 0, scope=f"segment-{segment.pk}")
    shown = page.get(reverse("collection_new") + f"?q={NAME}&nonsense=1")
    filtered = opened(page, 0, scope="filtered", filters=f"q={NAME}")

    assert [each.enterprise for each in kept.firms.all()] == [wanted]
    assert [each.enterprise for each in filtered.firms.all()] == [wanted]
    assert "刚才在企业库筛选出的企业" in shown.content.decode()


def test_the_chase_list_names_the_silent(page):
    found = opened(page, 2)

    answer = page.get(reverse("collection", args=[found.pk]))

    assert answer.status_code == 200
    assert len(answer.context["rows"]) == 2
    assert "没返回" in answer.content.decode()
    empty = page.get(reverse("collection", args=[found.pk]) + "?state=complete")
    assert "这一类里没有企业" in empty.content.decode()


@pytest.mark.parametrize("firms", [1, 3])
def test_queries_of_the_chase_list_do_not_grow(page, firms, django_assert_num_queries):
    found = opened(page, firms)
    url = reverse("collection", args=[found.pk])
    page.get(url)

    with django_assert_num_queries(9):
        page.get(url)


@pytest.mark.parametrize("rounds", [1, 3])
def test_queries_of_the_rounds(page, rounds, django_assert_num_queries):
    for _each in range(rounds):
        opened(page)

    with django_assert_num_queries(6):
        page.get(reverse("collections"))


def test_reminders_are_recorded_for_those_ticked(page):
    found = opened(page, 2)
    firm = found.firms.first()
    url = reverse("collection_remind", args=[found.pk])
    today = timezone.localdate().isoformat()

    answer = page.post(url, {"on": today, "note": "答应周五交", "firm": [firm.pk]})
    page.post(url, {"on": today, "note": ""})
    page.post(url, {"on": "2999-01-01", "firm": [firm.pk]})

    assert answer["Location"] == f"{reverse('collection', args=[found.pk])}?"
    assert list(Reminder.objects.values_list("firm", "note")) == [
        (firm.pk, "答应周五交")
    ]
    shown = page.get(reverse("collection", args=[found.pk])).content.decode()
    assert "答应周五交" in shown
    assert "这一天还没有到" in shown


def test_contacts_by_hand_and_by_file(page):
    found = opened(page, 1)
    firm = found.firms.get()
    url = reverse("collection_firm", args=[found.pk, firm.pk])

    wrong = page.post(url, {"name": "虚构甲", "phone": "不告诉你"})
    assert wrong.status_code == 422
    assert "电话写数字" in wrong.content.decode()
    page.post(url, {"name": "虚构甲", "phone": "0990-123456"})
    assert EnterpriseContact.objects.get().phone == "0990-123456"

    upload = reverse("collection_contacts", args=[found.pk])
    name = firm.enterprise.name
    file = csv(
        "企业名称,联系人,电话", f"{name},虚构乙,1234567", "示范别家有限公司,丙,1"
    )
    answer = page.post(upload, {"file": file})
    assert "已登记 1 家" in answer.content.decode()
    assert "示范别家有限公司" in answer.content.decode()
    assert EnterpriseContact.objects.get().name == "虚构乙"
    assert page.post(upload, {"file": csv("甲,乙", "1,2")}).status_code == 422


def test_observers_look_but_see_telephones_masked(page, client, person):
    found = opened(page, 1)
    firm = found.firms.get().enterprise
    EnterpriseContact.objects.create(
        enterprise=firm, name="虚构甲", phone="13800001234", noted_by="虚构"
    )
    member = person.memberships.get()
    member.role = Role.OBSERVER
    member.save()

    text = client.get(reverse("collection", args=[found.pk])).content.decode()

    assert "138****1234" in text
    assert "13800001234" not in text
    url = reverse("collection_close", args=[found.pk])
    assert client.post(url).status_code == 403


def test_files_come_back_are_checked_and_committed_together(page):
    EnterpriseFactory(uscc=code(1))
    found = opened(page, 0)
    url = reverse("collection_returns", args=[found.pk])
    head = "统一社会信用代码,企业名称,2025年从业人员"
    files = [
        csv(head, f"{code(1)},,50", name="甲.csv"),
        csv("PK\x03\x04坏", name="坏.xlsx"),
    ]

    answer = post(page, url, {"returned": files, "source": "enterprise"})
    assert answer.status_code == 422
    assert "坏.xlsx" in answer.content.decode()
    shown = page.get(url)
    assert shown.context["clean"] == 1

    post(page, reverse("collection_commit", args=[found.pk]))
    chase = page.get(reverse("collection", args=[found.pk]))
    assert "返回不全" in chase.content.decode()
    assert page.get(url).context["clean"] == 0


def test_no_file_is_no_return(page):
    found = opened(page)

    answer = page.post(
        reverse("collection_returns", args=[found.pk]), {"source": "enterprise"}
    )

    assert answer.status_code == 422
    assert "请选择文件" in answer.content.decode()


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_papers_are_handed_out_and_recorded(page, form):
    found = opened(page, 2)
    firm = found.firms.first()

    for name, args in (
        ("collection_form", []),
        ("collection_forms", []),
        ("collection_firm_form", [firm.pk]),
        ("collection_list", [form]),
    ):
        answer = page.get(reverse(name, args=[found.pk, *args]))
        assert answer.status_code == 200, name
        assert content(answer), name

    exported = Event.objects.filter(action="registry.exported")
    assert exported.count() == 4
    assert (
        page.get(reverse("collection_list", args=[found.pk, "doc"])).status_code == 404
    )
    assert (
        page.get(reverse("collection_forms", args=[found.pk]) + "?part=9").status_code
        == 404
    )


def test_notices_say_what_is_asked_by_when_and_to_whom(page):
    found = opened(page, 2)

    text = page.get(reverse("collection_notices", args=[found.pk])).content.decode()
    one = page.get(
        reverse("collection_notices", args=[found.pk])
        + f"?firm={found.firms.first().pk}"
    ).content.decode()

    assert text.count('<article class="letter"') == 2
    assert one.count('<article class="letter"') == 1
    for part in ("从业人员", "虚构邮箱", "虚构联系人", "0000-000000"):
        assert part in one


def test_a_closed_round_takes_nothing_more(page):
    found = opened(page)

    page.post(reverse("collection_close", args=[found.pk]))

    found.refresh_from_db()
    assert found.closed_at
    answer = page.post(
        reverse("collection_returns", args=[found.pk]),
        {"returned": csv("企业名称", NAME), "source": "enterprise"},
    )
    assert answer.status_code == 403
    text = page.get(reverse("collection", args=[found.pk])).content.decode()
    assert "已结束" in text


def test_another_county_sees_nothing_of_a_round(page, other):
    found = opened(page)
    firm = found.firms.get().pk
    client = other()

    assert client.get(reverse("collections")).context["cards"] == []
    for name, args in (
        ("collection", []),
        ("collection_returns", []),
        ("collection_contacts", []),
        ("collection_form", []),
        ("collection_forms", []),
        ("collection_notices", []),
        ("collection_list", ["xlsx"]),
        ("collection_firm", [firm]),
        ("collection_firm_form", [firm]),
    ):
        answer = client.get(reverse(name, args=[found.pk, *args]))
        assert answer.status_code == 403, name
    for name in ("remind", "close", "commit"):
        url = reverse(f"collection_{name}", args=[found.pk])
        assert client.post(url).status_code == 403, name


# -- recognition lists -----------------------------------------------------------------


def listed(page, *names: str) -> TitleList:
    given = {
        "file": csv("企业名称", *names),
        "scheme": "srdi_sme",
        "source": "虚构公告",
        "batch_name": "第一批",
        "valid_from": "2026-01-01",
        "valid_until": "2028-12-31",
    }
    answer = post(page, reverse("title_list_new"), given)
    assert answer.status_code == 302, answer.context["form"].errors
    return TitleList.objects.latest("id")


def test_a_list_from_upload_to_undo(page):
    firm = EnterpriseFactory(name=NAME)
    found = listed(page, NAME, "示范没有这家有限公司")
    url = reverse("title_list", args=[found.pk])

    assert "名称相同" in page.get(url + "?found=certain").content.decode()
    post(page, reverse("title_list_certain", args=[found.pk]))
    stranger = found.names.get(found="none")
    post(
        page,
        reverse("title_list_decide", args=[found.pk]),
        {f"row-{stranger.pk}": "", "rest": "new", "back": "found=none"},
    )
    post(page, reverse("title_list_commit", args=[found.pk]))
    assert HeldTitle.objects.count() == 2
    assert HeldTitle.objects.filter(enterprise=firm).exists()
    assert "整份撤回" in page.get(url).content.decode()
    post(page, reverse("title_list_undo", args=[found.pk]))
    assert not HeldTitle.objects.exists()
    assert page.get(url).status_code == 200


def test_a_person_may_name_the_firm_by_its_code(page):
    firm = EnterpriseFactory(name="示范另有其名有限公司", uscc=code(7))
    EnterpriseFactory(uscc=code(8), territory="990102")
    found = listed(page, NAME, "示范没有这家有限公司")
    one, two = found.names.all()

    answer = page.post(
        reverse("title_list_decide", args=[found.pk]),
        {f"code-{one.pk}": code(7).lower(), f"code-{two.pk}": code(8)},
        follow=True,
    )

    one.refresh_from_db()
    two.refresh_from_db()
    assert one.enterprise == firm
    assert two.enterprise is None
    text = answer.content.decode()
    assert code(8) in text
    assert "是 示范另有其名有限公司" in text


def test_candidates_stand_side_by_side_with_reasons(page, person):
    office = person.memberships.get().organisation
    office.territory = "990100"
    office.save()
    EnterpriseFactory(name=NAME, territory="990101")
    EnterpriseFactory(name=NAME, territory="990102")

    found = listed(page, NAME)

    text = page.get(reverse("title_list", args=[found.pk])).content.decode()
    assert text.count('class="candidate"') == 2
    assert text.count("名称相同") == 2


@pytest.mark.parametrize("names", [1, 3])
def test_queries_of_a_list_do_not_grow(page, names, django_assert_num_queries):
    firms = EnterpriseFactory.create_batch(names)
    found = listed(page, *(each.name for each in firms))

    with django_assert_num_queries(8):
        page.get(reverse("title_list", args=[found.pk]))


@pytest.mark.parametrize("lists", [1, 3])
def test_queries_of_the_lists(page, lists, django_assert_num_queries):
    for _each in range(lists):
        listed(page, NAME)

    with django_assert_num_queries(5):
        page.get(reverse("title_lists"))


def test_bad_lists_are_refused_in_place(page):
    answer = page.post(
        reverse("title_list_new"),
        {
            "file": csv("甲,乙", "1,2"),
            "scheme": "srdi_sme",
            "source": "虚构公告",
            "valid_from": "2026-01-01",
            "valid_until": "2025-01-01",
        },
    )
    assert answer.status_code == 422
    assert "截止日期早于开始日期" in answer.content.decode()
    answer = page.post(
        reverse("title_list_new"),
        {
            "file": csv("甲,乙", "1,2"),
            "scheme": "srdi_sme",
            "source": "虚构公告",
            "valid_from": "2026-01-01",
        },
    )
    assert answer.status_code == 422
    assert "企业名称" in answer.content.decode()
    assert not TitleList.objects.exists()


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_a_list_is_handed_out_with_what_became_of_it(page, form):
    found = listed(page, NAME)

    answer = page.get(reverse("title_list_result", args=[found.pk, form]))

    assert content(answer)
    bad = page.get(reverse("title_list_result", args=[found.pk, "doc"]))
    assert bad.status_code == 404


def test_formulas_in_names_stay_text(page):
    found = listed(page, "=HYPERLINK(1)有限公司")

    text = content(page.get(reverse("title_list_result", args=[found.pk, "csv"])))

    assert "'=HYPERLINK" in text.decode()


def test_another_county_and_observers_keep_out_of_a_list(page, other):
    found = listed(page, NAME)
    client = other()

    assert client.get(reverse("title_lists")).context["leaf"].count == 0
    for name in ("title_list", "title_list_progress"):
        assert client.get(reverse(name, args=[found.pk])).status_code == 403
    result = reverse("title_list_result", args=[found.pk, "csv"])
    assert client.get(result).status_code == 403
    for name in ("certain", "decide", "commit", "undo", "discard"):
        url = reverse(f"title_list_{name}", args=[found.pk])
        assert client.post(url).status_code == 403, name
    observer = other("990101", Role.OBSERVER)
    assert observer.get(reverse("title_list_new")).status_code == 403


# -- the monthly table --------------------------------------------------------------------


def test_the_monthly_table_on_the_page_and_as_files(page):
    HeldTitle.objects.create(
        enterprise=EnterpriseFactory(name=NAME),
        scheme="srdi_sme",
        valid_from="2026-01-01",
        valid_until="2028-12-31",
        source="虚构",
    )

    answer = page.get(reverse("monthly") + "?month=2026-01")

    tier = next(e for e in answer.context["table"].tiers if e.scheme == "srdi_sme")
    assert (tier.before, tier.entered, tier.after) == (0, 1, 1)
    assert "2026年1月优质中小企业梯度培育情况表" in answer.content.decode()
    book = content(page.get(reverse("monthly_file", args=["xlsx"]) + "?month=2026-01"))
    assert book.startswith(b"PK")
    lines = content(page.get(reverse("monthly_file", args=["csv"]) + "?month=2026-01"))
    assert NAME in lines.decode()
    assert page.get(reverse("monthly_file", args=["doc"])).status_code == 404


@pytest.mark.parametrize("typed", ["", "2999-01", "2026-13", "<b>"])
def test_a_month_that_cannot_be_is_the_last_full_one(page, typed):
    answer = page.get(reverse("monthly"), {"month": typed})

    assert answer.context["table"].month.last < timezone.localdate()


@pytest.mark.parametrize("firms", [1, 3])
def test_queries_of_the_monthly_table(page, firms, django_assert_num_queries):
    for each in EnterpriseFactory.create_batch(firms):
        HeldTitle.objects.create(
            enterprise=each, scheme="srdi_sme", valid_from="2026-01-01", source="虚构"
        )

    with django_assert_num_queries(7):
        page.get(reverse("monthly") + "?month=2026-01")


def test_the_monthly_table_of_another_county_is_its_own(page, other):
    EnterpriseFactory(name=NAME)

    assert other().get(reverse("monthly")).context["table"].total.firms == 0
