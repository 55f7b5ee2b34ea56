"""Site inspections of an office: draw, checklist on the phone, photos, report."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.factories import officer, owner_of
from tests.unit.casework.cases import call, desk
from tests.unit.casework.reviews import expert
from tests.unit.casework.test_inspecting import JPEG, STEP, arrive
from tidu.accounts.enums import Role
from tidu.casework.inspecting import announce_inspections, hold_inspections
from tidu.casework.inspection_models import Inspection, InspectionDraw

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.EVIDENCE_FOLDER = tmp_path


@pytest.fixture
def case():
    return arrive(call(here=True))


@pytest.fixture
def page(case):
    return f"/officer/reviews/inspections/{case.round_id}/{STEP}/"


@pytest.fixture
def province(client):
    client.force_login(desk("province").user)
    return client


@pytest.fixture
def visit(case):
    draw = announce_inspections(
        opened=case.round,
        step=case.current_step,
        rule={"count": 1},
        by=desk("province"),
    )
    return hold_inspections(draw=draw, by=desk("province"))[0]


def test_a_draw_from_its_announcement_to_its_record(province, page, case):
    assert page in province.get("/officer/reviews/inspections/").content.decode()
    bad = province.post(f"{page}announce/", {"by": "share", "number": "101"})
    assert bad.status_code == 422
    many = province.post(f"{page}announce/", {"by": "count", "number": "9"})
    assert many.status_code == 422
    assert "请改正件数" in many.content.decode()
    province.post(f"{page}announce/", {"by": "share", "number": "10"})
    draw = InspectionDraw.objects.get()
    text = province.get(page).content.decode()
    assert draw.commitment in text
    assert draw.secret not in text

    province.post(f"{page}hold/", {"public": "07 12 33"})

    text = province.get(page).content.decode()
    assert case.enterprise.name in text
    assert draw.secret in text
    assert "07 12 33" in text
    kept = json.loads(
        province.get(f"/officer/reviews/inspections/draws/{draw.pk}/").content
    )
    assert kept["drawn"] == [case.number]


def test_a_case_is_named_for_a_reason(province, case):
    address = f"/officer/reviews/inspections/name/{case.pk}/"
    assert province.post(address, {"reason": ""}).status_code == 422

    assert province.post(address, {"reason": "虚构疑点"}).status_code == 302

    assert Inspection.objects.get().named_for == "虚构疑点"


def item_of(visit):
    return visit.items[0]["id"]


def test_each_item_is_kept_by_itself(province, visit):
    address = f"/officer/reviews/visits/{visit.pk}/"
    item = item_of(visit)
    assert visit.items[0]["label"] in province.get(address).content.decode()

    answer = province.post(
        f"{address}items/{item}/",
        {"found": "no", "note": "设备不在"},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 200
    assert "已保存" in answer.content.decode()
    assert "设备不在" in province.get(address).content.decode()
    plain = province.post(f"{address}items/{item}/", {"found": "yes", "note": ""})
    assert plain["Location"].endswith(f"#item-{item}")
    assert visit.answers.get().found == "yes"


@pytest.mark.parametrize("item", ["nonsense"])
def test_a_wrong_item_is_told(province, visit, item):
    answer = province.post(
        f"/officer/reviews/visits/{visit.pk}/items/{item}/",
        {"found": "yes"},
        headers={"HX-Request": "true"},
    )

    assert answer.status_code == 422
    assert "没有这一项" in answer.content.decode()


def upload(client, visit, content, name="现场.jpg"):
    return client.post(
        f"/officer/reviews/visits/{visit.pk}/photos/{item_of(visit)}/",
        {"photo": SimpleUploadedFile(name, content)},
        headers={"HX-Request": "true"},
    )


def test_a_photo_is_shown_and_removed(province, visit):
    answer = upload(province, visit, JPEG)

    assert answer.status_code == 200
    photo = visit.photos.get()
    assert photo.blob.sha256[:12] in answer.content.decode()
    assert "含相机信息" in answer.content.decode()
    shown = province.get(f"/officer/reviews/photos/{photo.pk}/")
    assert shown.content == JPEG
    assert shown["Content-Type"] == "image/jpeg"
    assert shown["X-Content-Type-Options"] == "nosniff"
    province.post(f"/officer/reviews/photos/{photo.pk}/remove/")
    assert province.get(f"/officer/reviews/photos/{photo.pk}/").status_code == 404


def test_what_is_no_photo_is_told(province, visit):
    answer = upload(province, visit, b"%PDF-1.7 x", "a.pdf")

    assert answer.status_code == 422
    assert "JPG" in answer.content.decode()


def finish(client, visit, **given):
    data = {
        "first": "虚构甲",
        "second": "虚构乙",
        "visited_on": "2026-01-05",
        "conclusion": "yes",
        "summary": "",
        **given,
    }
    return client.post(f"/officer/reviews/visits/{visit.pk}/finish/", data)


def test_a_report_is_made_once_all_is_answered(province, visit):
    early = finish(province, visit)
    assert early.status_code == 422
    assert "没有核查" in early.content.decode()
    assert "虚构乙" in early.content.decode()
    for each in visit.items:
        address = f"/officer/reviews/visits/{visit.pk}/items/{each['id']}/"
        province.post(address, {"found": "yes"})

    assert finish(province, visit).status_code == 302

    text = province.get(f"/officer/reviews/visits/{visit.pk}/").content.decode()
    assert "核查报告" in text
    assert "完成核查报告" not in text
    address = f"/officer/reviews/visits/{visit.pk}/items/{item_of(visit)}/"
    assert province.post(address, {"found": "no"}).status_code == 403


def test_others_see_nothing(client, visit, case, page):
    address = f"/officer/reviews/visits/{visit.pk}/"
    for user in (officer("980000"), owner_of(case.enterprise), expert().user):
        client.force_login(user)
        assert client.get(address).status_code == 403
        assert client.get(page).status_code in {403, 404}
    client.force_login(desk("county").user)
    assert client.get(address).status_code == 200
    item = f"{address}items/{item_of(visit)}/"
    assert client.post(item, {"found": "yes"}).status_code == 403
    client.force_login(desk("province", Role.OBSERVER).user)
    assert client.post(item, {"found": "yes"}).status_code == 403


def test_a_checklist_asks_as_often_with_three_answers(
    province, visit, django_assert_num_queries
):
    address = f"/officer/reviews/visits/{visit.pk}/"
    for each in visit.items[:1]:
        province.post(f"{address}items/{each['id']}/", {"found": "yes"})
    with django_assert_num_queries(9):
        province.get(address)
    for each in visit.items[:3]:
        province.post(f"{address}items/{each['id']}/", {"found": "yes"})
        upload(province, visit, JPEG + each["id"].encode())
    with django_assert_num_queries(9):
        province.get(address)
