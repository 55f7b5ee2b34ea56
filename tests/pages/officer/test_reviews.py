"""Reviews of an office: plan, announce, draw, results; and the pool of experts."""

import json

import pytest

from tests.factories import officer
from tests.unit.casework.cases import desk, office
from tests.unit.casework.reviews import (
    CODE,
    acting_expert,
    drawn,
    expert,
    filled,
    plan_for,
    pool,
    reach,
)
from tidu.accounts.enums import Role
from tidu.casework.draw import commitment_to, seed_of
from tidu.casework.experts import TieGiven, add_tie
from tidu.casework.review_models import Expert, Review, ReviewPlan, TieChoice
from tidu.casework.reviewing import declare_conflict, submit_review

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return reach("province_review")


@pytest.fixture
def page(case):
    return f"/officer/reviews/{case.round_id}/province_review/"


@pytest.fixture
def province(client):
    client.force_login(desk("province").user)
    return client


def plan_data(**given):
    rows = {f"label_{at}": f"虚构项{at}" for at in range(2)}
    rows |= {f"points_{at}": "50" for at in range(2)}
    return {
        **rows,
        "due_on": "2099-01-31",
        "comment_below": "60",
        "gap": "10",
        "confirm": "on",
        **given,
    }


def test_the_list_names_the_step_and_its_cases(province, page):
    text = province.get("/officer/reviews/").content.decode()

    assert page in text
    assert "省级评审" in text


def test_an_office_without_such_cases_sees_an_empty_list(client):
    client.force_login(officer("990103"))

    assert "现在没有要评审的案卷" in client.get("/officer/reviews/").content.decode()


def test_own_items_are_marked_and_have_to_be_confirmed(province, page):
    text = province.get(f"{page}plan/").content.decode()
    assert "市场地位" in text
    assert "没有文件依据" in text

    answer = province.post(f"{page}plan/", plan_data(confirm=""))
    assert answer.status_code == 422
    assert not ReviewPlan.objects.exists()

    assert province.post(f"{page}plan/", plan_data()).status_code == 302
    assert [e["points"] for e in ReviewPlan.objects.get().items] == [50, 50]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"points_1": "40"}, "100 分"),
        ({"due_on": "2020-01-01"}, "不能早于今天"),
        ({"points_0": "", "points_1": "50"}, "至少 1 分"),
    ],
)
def test_a_bad_plan_is_told_and_kept(province, page, given, says):
    answer = province.post(f"{page}plan/", plan_data(**given))

    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert "虚构项0" in answer.content.decode()


def test_a_shortage_is_told_before_anything_is_drawn(province, page, case):
    plan_for(case)
    expert()

    text = province.get(page).content.decode()

    assert "请增加专家" in text
    assert "固定名单" not in text


def test_a_draw_is_announced_held_and_published(province, page, case):
    pool(4)
    plan_for(case)
    assert "共2份评审" in province.get(page).content.decode()
    province.post(f"{page}announce/")
    draw = ReviewPlan.objects.get().draws.get()
    text = province.get(page).content.decode()
    assert draw.commitment in text
    assert draw.secret not in text

    province.post(f"{page}hold/", {"public": "07 12 33"})

    draw.refresh_from_db()
    text = province.get(page).content.decode()
    assert draw.seed in text
    assert "07 12 33" in text
    checked = province.get(page, {"check": draw.pk}).content.decode()
    assert "重做一致" in checked
    assert Review.objects.count() == 2
    kept = json.loads(province.get(f"/officer/reviews/draws/{draw.pk}/").content)
    assert commitment_to(kept["secret"]) == kept["commitment"]
    assert seed_of(kept["secret"], "07 12 33") == kept["seed"]
    assert len(kept["seats"]) == 2


def test_hints_are_listed_for_a_person(province, page, case):
    pool(3)
    expert("虚构同名", organisation_name=case.enterprise.name)
    plan_for(case)

    text = province.get(page).content.decode()

    assert "请人核对" in text
    assert "虚构同名" in text


def test_who_stands_aside_is_named_with_the_reason(province, page, case):
    one = expert("虚构发明人")
    for of in (one, case.enterprise):
        given = TieGiven(TieChoice.IP, "ZL1", "虚构登记簿")
        add_tie(of=of, given=given, by=desk("province"), confirmed=True)
    pool(2)
    plan_for(case)
    text = province.get(page).content.decode()
    assert "虚构发明人" in text
    assert "专家与企业同列一项知识产权（ZL1、虚构登记簿）" in text

    review = drawn(case)[0]
    declare_conflict(review=review, reason="虚构顾问", by=acting_expert(review.expert))

    text = province.get(page).content.decode()
    assert "还缺专家" in text
    assert "虚构发明人" in text
    name = case.enterprise.name
    assert f"专家自行申报回避（{name}、虚构顾问、企业库）" in text


def test_a_case_without_expert_is_drawn_for_again(province, page, case):
    pool(2)
    review = drawn(case)[0]
    declare_conflict(review=review, reason="虚构", by=acting_expert(review.expert))
    assert "还缺专家" in province.get(page).content.decode()
    expert("虚构新专家")

    province.post(f"{page}again/")

    assert "还缺专家" not in province.get(page).content.decode()
    assert Review.objects.filter(released_at=None).count() == 2


def test_results_and_report_say_unknown_below_their_numbers(province, page, case):
    pool(3)
    for review in drawn(case):
        by = acting_expert(review.expert)
        submit_review(review=review, written=filled(review, 20), by=by)

    assert "1 件有结果" in province.get(page).content.decode()
    text = province.get(f"{page}report/").content.decode()
    assert "宽严未知" in text
    assert "一致性未知" in text
    for what in ("report", "results"):
        for form in ("xlsx", "csv"):
            answer = province.get(f"{page}{what}/", {"download": form})
            assert answer.status_code == 200
            assert "attachment" in answer["Content-Disposition"]
            assert answer.getvalue()
    assert province.get(f"{page}results/").status_code == 404
    said = province.get(f"{page}report/", {"download": "csv"}).getvalue().decode()
    assert "虚构研究院" in said
    assert "一致性未知" in said


def test_a_step_may_be_done_elsewhere_with_a_reason(province, page, case):
    address = f"/officer/reviews/elsewhere/{case.round_id}/province_review/"
    assert province.post(address, {"reason": ""}).status_code == 422

    assert province.post(address, {"reason": "虚构会评"}).status_code == 302

    assert "虚构会评" in province.get(page).content.decode()


@pytest.mark.parametrize("what", ["", "plan/", "report/"])
def test_other_territories_see_nothing(client, case, page, what):
    plan_for(case)
    for user in (officer("980000"), officer("990101"), desk("city").user):
        client.force_login(user)
        assert client.get(f"{page}{what}").status_code in {403, 404}


def test_observers_change_nothing(client, case, page):
    pool(3)
    plan_for(case)
    client.force_login(desk("province", Role.OBSERVER).user)

    assert client.get(page).status_code == 200
    assert "固定名单" not in client.get(page).content.decode()
    assert client.post(f"{page}announce/").status_code == 403
    assert client.get(f"{page}plan/").status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_asks_as_often_for_three_cases(
    province, django_assert_num_queries, case, page, count
):
    pool(4)
    for _n in range(count - 1):
        reach("province_review", case.round)
    drawn(case)
    province.get(page)
    with django_assert_num_queries(15):
        province.get(page)


# -- the pool --------------------------------------------------------------------


def about(**given):
    return {
        "username": "newexpert",
        "name": "虚构新专家",
        "organisation_name": "虚构大学",
        "organisation_code": "",
        "fields_known": ["34", "35"],
        "limit": "12",
        "active": "on",
        **given,
    }


def test_an_expert_is_entered_and_the_password_told_once(province):
    office("province")
    text = province.post("/officer/reviews/experts/new/", about()).content.decode()

    made = Expert.objects.get()
    assert made.fields == ["34", "35"]
    assert "newexpert" in text
    assert "一次性口令" in text
    assert "虚构新专家" in province.get("/officer/reviews/experts/").content.decode()
    again = province.post("/officer/reviews/experts/new/", about())
    assert again.status_code == 422
    assert "已有人用" in again.content.decode()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"limit": "0"}, "1"),
        ({"organisation_code": "123"}, "18"),
        ({"name": ""}, "姓名"),
    ],
)
def test_a_bad_expert_is_told(province, given, says):
    answer = province.post("/officer/reviews/experts/new/", about(**given))

    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Expert.objects.exists()


def test_a_pool_can_be_searched_and_downloaded(province):
    expert("虚构甲", fields=["65"])
    expert("虚构乙", fields=["34"])

    text = province.get("/officer/reviews/experts/", {"field": "65"}).content.decode()

    assert "虚构甲" in text
    assert "虚构乙" not in text
    answer = province.get(
        "/officer/reviews/experts/", {"q": "虚构乙", "download": "csv"}
    )
    assert "虚构甲" not in b"".join(answer.streaming_content).decode()


def test_a_tie_is_entered_confirmed_and_dropped(province):
    one = expert()
    address = f"/officer/reviews/experts/{one.pk}/"
    bad = province.post(f"{address}ties/", {"kind": "ip", "party": "", "source": ""})
    assert bad.status_code == 422

    province.post(
        f"{address}ties/", {"kind": "shareholding", "party": CODE, "source": "虚构"}
    )
    tie = one.ties.get()
    assert not tie.confirmed_by
    province.post(f"/officer/reviews/ties/{tie.pk}/confirm/")
    tie.refresh_from_db()
    assert tie.confirmed_by
    assert province.post(f"/officer/reviews/ties/{tie.pk}/other/").status_code == 404
    province.post(f"/officer/reviews/ties/{tie.pk}/drop/")
    assert not one.ties.exists()


def test_an_expert_is_changed(province):
    one = expert()

    province.post(f"/officer/reviews/experts/{one.pk}/", about(organisation_code=CODE))

    one.refresh_from_db()
    assert (one.limit, one.organisation_code) == (12, CODE)
    assert one.confirmed_by


def test_another_offices_expert_is_not_there(client):
    one = expert()
    given = TieGiven(TieChoice.IP, "ZL1", "虚构")
    tie = add_tie(of=one, given=given, by=desk("province"), confirmed=False)
    client.force_login(officer("980000"))

    assert client.get(f"/officer/reviews/experts/{one.pk}/").status_code == 404
    assert client.post(f"/officer/reviews/ties/{tie.pk}/confirm/").status_code == 404
    assert one.name not in client.get("/officer/reviews/experts/").content.decode()
