"""Site inspections: drawn by lot, filled in item by item, with photos."""

import datetime
import hashlib
import io

import pytest
from django.utils import timezone

from tests.unit.casework.cases import call, desk
from tests.unit.casework.reviews import reach
from tidu.accounts.enums import Role
from tidu.accounts.verdicts import Refused
from tidu.audit.models import Event
from tidu.casework.deciding import pass_case
from tidu.casework.draw import (
    Announcement,
    Draw,
    Drawable,
    DrawError,
    DrawRule,
    check_draw,
)
from tidu.casework.inspecting import (
    InspectionError,
    add_photo,
    announce_inspections,
    answer_item,
    cases_to_draw,
    finish_inspection,
    hold_inspections,
    name_for_inspection,
    remove_photo,
)
from tidu.casework.inspection_models import Found, Inspection
from tidu.casework.review_planning import do_elsewhere
from tidu.registry.file_kinds import EvidenceError

pytestmark = pytest.mark.django_db
STEP = "province_inspection"
JPEG = b"\xff\xd8\xff\xe1\x00\x10Exif\x00\x00" + bytes(64)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.EVIDENCE_FOLDER = tmp_path


def arrive(opened):
    """A case in the inspection; its review was done elsewhere."""
    case = reach("province_review", opened)
    by = desk("province")
    do_elsewhere(opened=opened, step=case.current_step, reason="虚构会评", by=by)
    pass_case(case=case, by=by, seen=case.counter)
    return case


@pytest.fixture
def case():
    return arrive(call(here=True))


def announce(case, **rule):
    return announce_inspections(
        opened=case.round,
        step=case.current_step,
        rule=rule or {"count": 1},
        by=desk("province"),
    )


@pytest.fixture
def inspection(case):
    draw = announce(case)
    return hold_inspections(draw=draw, by=desk("province"), public="9")[0]


def answer_all(inspection):
    for item in inspection.items:
        answer_item(
            inspection=inspection,
            item=item["id"],
            found="yes",
            note="",
            by=desk("province"),
        )


def finish(inspection, **given):
    values = {
        "inspectors": ["虚构甲", "虚构乙"],
        "visited_on": timezone.localdate(),
        "conclusion": Found.YES,
        "summary": "",
        "by": desk("province"),
        **given,
    }
    finish_inspection(inspection=inspection, **values)


def photo(inspection, content=JPEG, name="现场.jpg"):
    return add_photo(
        inspection=inspection,
        item=inspection.items[0]["id"],
        file=io.BytesIO(content),
        file_name=name,
        size=len(content),
        by=desk("province"),
    )


def test_a_draw_can_be_repeated_and_the_rest_may_pass():
    opened = call(here=True)
    cases = [arrive(opened) for _n in range(3)]
    by = desk("province")
    with pytest.raises(Refused, match="还没有参加"):
        pass_case(case=cases[0], by=by, seen=cases[0].counter)
    draw = announce(cases[0], count=1)
    assert not Inspection.objects.exists()

    made = hold_inspections(draw=draw, by=by, public="9")

    assert [each.case.number for each in made] == draw.drawn
    drawables = [Drawable(number, stratum) for number, stratum in draw.cases]
    said = Announcement(draw.list_digest, draw.commitment, DrawRule(count=1))
    again = Draw(draw.secret, "9", said, {"990101": tuple(draw.drawn)})
    assert check_draw(again, drawables) == []
    for case in cases:
        if case.number in draw.drawn:
            with pytest.raises(Refused, match="还没有完成"):
                pass_case(case=case, by=by, seen=case.counter)
        else:
            pass_case(case=case, by=by, seen=case.counter)
            assert case.state == "province_notice"
    with pytest.raises(InspectionError, match="已经结束"):
        hold_inspections(draw=draw, by=by)


def test_a_share_is_rounded_up(case):
    draw = announce(case, share=10)

    assert len(hold_inspections(draw=draw, by=desk("province"))) == 1


def test_a_draw_that_cannot_be_is_refused(case):
    with pytest.raises(DrawError, match="件数"):
        announce(case, count=2)
    hold_inspections(draw=announce(case), by=desk("province"))
    assert cases_to_draw(case.round, case.current_step, case.office) == []
    with pytest.raises(InspectionError, match="没有等待"):
        announce(case)


def test_another_office_or_an_observer_draws_nothing(case):
    draw = announce(case)

    with pytest.raises(Refused, match="另一个主管部门"):
        hold_inspections(draw=draw, by=desk("city"))
    with pytest.raises(Refused, match="只读"):
        hold_inspections(draw=draw, by=desk("province", Role.OBSERVER))


def test_a_case_can_be_named_for_a_reason(case):
    with pytest.raises(InspectionError, match="请写明"):
        name_for_inspection(case=case, by=desk("province"), reason="")

    made = name_for_inspection(case=case, by=desk("province"), reason="虚构疑点")

    assert made.draw is None
    assert made.named_for == "虚构疑点"
    with pytest.raises(InspectionError, match="已经在"):
        name_for_inspection(case=case, by=desk("province"), reason="虚构疑点")


def test_items_come_from_the_standard_and_are_answered_one_by_one(inspection):
    first = inspection.items[0]
    assert first["label"]
    assert first["declared"]

    answer_item(
        inspection=inspection,
        item=first["id"],
        found="",
        note="在看",
        by=desk("province"),
    )
    answer_item(
        inspection=inspection,
        item=first["id"],
        found="no",
        note="在看",
        by=desk("province"),
    )

    kept = inspection.answers.get()
    assert (kept.found, kept.note) == ("no", "在看")
    with pytest.raises(InspectionError, match="没有这一项"):
        answer_item(
            inspection=inspection, item="x", found="yes", note="", by=desk("province")
        )
    with pytest.raises(InspectionError, match="请选"):
        answer_item(
            inspection=inspection,
            item=first["id"],
            found="perhaps",
            note="",
            by=desk("province"),
        )
    with pytest.raises(Refused):
        answer_item(
            inspection=inspection,
            item=first["id"],
            found="yes",
            note="",
            by=desk("city"),
        )


def test_a_photo_is_kept_byte_for_byte(inspection, tmp_path):
    kept = photo(inspection)

    digest = hashlib.sha256(JPEG).hexdigest()
    assert kept.blob.sha256 == digest
    assert (tmp_path / digest[:2] / digest[2:4] / digest).read_bytes() == JPEG
    assert kept.taken
    assert photo(inspection) == kept  # sent again
    png = b"\x89PNG\r\n\x1a\n" + bytes(32)
    assert not photo(inspection, png, "a.png").taken
    remove_photo(photo=kept, by=desk("province"))
    assert inspection.photos.filter(removed_at=None).count() == 1
    assert Event.objects.filter(action="casework.inspection_photo_removed").exists()


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 x", b"hello"])
def test_what_is_no_photo_is_refused(inspection, content):
    with pytest.raises(EvidenceError):
        photo(inspection, content)


def test_a_report_needs_two_people_every_item_and_a_day(inspection):
    with pytest.raises(InspectionError, match="没有核查"):
        finish(inspection)
    answer_all(inspection)
    with pytest.raises(InspectionError, match="两位"):
        finish(inspection, inspectors=["虚构甲", " 虚构甲 "])
    later = timezone.localdate() + datetime.timedelta(days=1)
    with pytest.raises(InspectionError, match="晚于"):
        finish(inspection, visited_on=later)
    with pytest.raises(InspectionError, match="写明情况"):
        finish(inspection, conclusion=Found.NO)

    finish(inspection)

    with pytest.raises(Refused, match="已经完成"):
        answer_all(inspection)
    case = inspection.case
    pass_case(case=case, by=desk("province"), seen=case.counter)
    assert case.state == "province_notice"


def test_an_item_found_otherwise_needs_a_note(inspection):
    answer_all(inspection)
    item = inspection.items[0]["id"]
    answer_item(
        inspection=inspection, item=item, found="no", note="", by=desk("province")
    )

    with pytest.raises(InspectionError, match="没有核查"):
        finish(inspection)
