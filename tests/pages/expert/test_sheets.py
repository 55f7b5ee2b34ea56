"""An expert's pages: own sheets only, blind, saved, submitted once, stepped back from."""

import pytest

from tests.factories import owner_of
from tests.unit.casework.cases import call, desk
from tests.unit.casework.reviews import drawn, expert, plan_for, pool, reach
from tidu.casework.models import CaseDocument
from tidu.casework.review_models import Review
from tidu.casework.review_planning import announce_draw, hold_draw
from tidu.casework.sheets import sheet_of
from tidu.registry.models import Blob, Evidence

pytestmark = pytest.mark.django_db
CODE = "91330000MA27U0NW1K"
NAME = "示范省华智精密机械有限公司"


@pytest.fixture
def case():
    """A case whose texts all name the firm."""
    case = reach("province_review")
    firm = case.enterprise
    firm.name, firm.uscc = NAME, CODE
    firm.save()
    case.narrative = f"{NAME}（代码{CODE}）成立八年，“华 智”牌主轴由虚构代办报送。"
    case.agent_name, case.contact_name = "虚构代办", "虚构会计"
    case.contact_phone = "13800000000"
    case.save()
    case.statements.update(text="华智公司的产品在细分市场领先，电话13800000000。")
    blob = Blob.objects.create(sha256="a" * 64, size=1, media_type="application/pdf")
    evidence = Evidence.objects.create(
        enterprise=firm,
        blob=blob,
        title=f"{NAME}审计报告",
        uploaded_by=owner_of(firm),
    )
    CaseDocument.objects.create(case=case, evidence=evidence)
    return case


@pytest.fixture
def review(case):
    pool(4)
    return drawn(case)[0]


@pytest.fixture
def desk_of(client):
    def sign_in(review):
        client.force_login(review.expert.user)
        return client

    return sign_in


def posted(review, points="20", **given):
    """A whole sheet as the browser sends it."""
    items = [each["id"] for each in review.draw.plan.items]
    found = {f"points-{each}": points for each in items}
    found |= {f"comment-{each}": "虚构的意见" for each in items}
    for each in sheet_of(review).judged:
        found[f"verdict-{each.finding.id}"] = "met"
    return {**found, "confirm": "on", "submit": "1", **given}


def test_the_sheet_contains_neither_name_nor_code(review, desk_of):
    text = desk_of(review).get(f"/expert/{review.pk}/").content.decode()

    assert "审计报告" in text
    assert "［已隐去］" in text
    for secret in (NAME, "华智", "华 智", CODE, "虚构代办", "虚构会计", "13800000000"):
        assert secret not in text, secret
    assert review.case.number not in text
    assert str(review.case.enterprise.territory) not in text


def test_two_experts_of_a_case_see_different_numbers_and_no_other_score(
    case, desk_of, review
):
    other = Review.objects.exclude(pk=review.pk).get()
    desk_of(other).post(f"/expert/{other.pk}/", posted(other, "23"))

    text = desk_of(review).get(f"/expert/{review.pk}/").content.decode()

    assert "92" not in text
    assert other.expert.name not in text
    assert str(review) != str(other)


def test_a_list_tells_what_is_open_and_until_when(review, desk_of):
    text = desk_of(review).get("/expert/").content.decode()

    assert "还有 1 份要评" in text
    assert str(review) in text
    assert f"{review.draw.plan.due_on:%Y-%m-%d}" in text


def test_an_empty_list_says_what_comes(client):
    one = expert()
    client.force_login(one.user)

    assert "现在没有要您评的" in client.get("/expert/").content.decode()


def test_a_draft_is_kept(review, desk_of):
    client = desk_of(review)
    answer = client.post(
        f"/expert/{review.pk}/", {"points-sheet_market": "20.5", "save": "1"}
    )

    assert answer.status_code == 302
    assert 'value="20.5"' in client.get(f"/expert/{review.pk}/").content.decode()


def test_a_sheet_is_submitted_once(review, desk_of):
    client = desk_of(review)
    assert client.post(f"/expert/{review.pk}/", posted(review)).status_code == 302

    review.refresh_from_db()
    assert review.total == 80
    answer = client.post(f"/expert/{review.pk}/", posted(review, "1"))
    assert answer.status_code == 403
    review.refresh_from_db()
    assert review.total == 80
    assert "提交以后不能再改" in client.get(f"/expert/{review.pk}/").content.decode()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"confirm": ""}, "请先勾选确认"),
        ({"points-sheet_market": ""}, "还没有打分"),
        ({"points-sheet_market": "26"}, "25"),
        ({"points-sheet_market": "abc"}, "请"),
        ({"points-sheet_market": "3", "comment-sheet_market": ""}, "低于 60%"),
    ],
)
def test_a_sheet_that_is_not_whole_is_kept_and_told(review, desk_of, given, says):
    answer = desk_of(review).post(f"/expert/{review.pk}/", posted(review, **given))

    assert answer.status_code == 422
    text = answer.content.decode()
    assert says in text
    assert "虚构的意见" in text
    review.refresh_from_db()
    assert review.submitted_at is None


def test_stepping_back_brings_another_expert(review, desk_of):
    client = desk_of(review)
    empty = client.post(f"/expert/{review.pk}/conflict/", {"reason": ""})
    assert empty.status_code == 422

    client.post(f"/expert/{review.pk}/conflict/", {"reason": "曾任虚构顾问"})

    assert client.get(f"/expert/{review.pk}/").status_code == 404
    assert Review.objects.filter(released_at=None).count() == 2


def test_others_sheets_and_other_roles_are_refused(case, review, client):
    outsider = next(each for each in pool(1) if not each.reviews.exists())
    client.force_login(outsider.user)
    assert client.get(f"/expert/{review.pk}/").status_code == 404
    assert client.post(f"/expert/{review.pk}/", posted(review)).status_code == 404
    for user in (
        desk("province").user,
        case.enterprise.organisation.memberships.first().user,
    ):
        client.force_login(user)
        assert client.get(f"/expert/{review.pk}/").status_code == 403
    client.logout()
    assert client.get(f"/expert/{review.pk}/").status_code == 302


def test_an_expert_sees_no_authority_page(review, desk_of):
    client = desk_of(review)
    for address in ("/officer/", "/officer/registry/", "/officer/reviews/"):
        assert client.get(address).status_code == 403
    firm = review.case.enterprise_id
    assert client.get(f"/officer/registry/{firm}/").status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_asks_as_often_for_three_as_for_one(
    count, client, django_assert_max_num_queries
):
    opened = call(here=True)
    people = pool(2)
    cases = [reach("province_review", opened) for _n in range(count)]
    plan = plan_for(cases[0])
    draw = announce_draw(plan=plan, by=desk("province"))
    hold_draw(draw=draw, by=desk("province"))
    client.force_login(people[0].user)
    client.get("/expert/")

    with django_assert_max_num_queries(9) as found:
        client.get("/expert/")

    assert len(found) == 9
