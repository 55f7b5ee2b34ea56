"""Recognition lists as pages, from upload to undo."""

import pytest
from django.urls import reverse

from tests.factories import EnterpriseFactory
from tests.pages.officer.month_work import NAME, content, csv, post
from tests.unit.registry.importing import code
from tidu.accounts.enums import Role
from tidu.registry.models import HeldTitle
from tidu.registry.title_list_models import TitleList

pytestmark = pytest.mark.django_db


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
