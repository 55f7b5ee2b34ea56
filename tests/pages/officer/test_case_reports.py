"""Experts' opinions and inspection reports beside the criteria of a case file."""

import hashlib
import io

import pytest
from django.urls import reverse

from tests.unit.casework.cases import call, desk
from tests.unit.casework.reviews import acting_expert, drawn, filled, pool, reach
from tests.unit.casework.test_inspecting import JPEG, answer_all, arrive, finish
from tidu.casework.inspecting import (
    add_photo,
    announce_inspections,
    answer_item,
    hold_inspections,
)
from tidu.casework.queries import clauses_of
from tidu.casework.reviewing import submit_review
from tidu.casework.sheets import manual_clauses

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.EVIDENCE_FOLDER = tmp_path


@pytest.fixture
def case():
    return reach("province_review")


@pytest.fixture
def reviews(case):
    pool(3)
    return drawn(case)


def submit(review, *, points=20, verdict="met"):
    keys = [each.finding.id for each in manual_clauses(clauses_of(review.case))]
    comments = dict.fromkeys(keys, f"虚构的理由{review.pk}")
    comments |= {e["id"]: "虚构的意见" for e in review.draw.plan.items}
    submit_review(
        review=review,
        written=filled(
            review,
            points,
            verdicts=dict.fromkeys(keys, verdict),
            comments=comments,
            remark=f"虚构的总评{review.pk}",
        ),
        by=acting_expert(review.expert),
    )


def file_of(client, case, level="province"):
    client.force_login(desk(level).user)
    return client.get(reverse("case_file", args=[case.pk])).content.decode()


def test_no_opinion_is_read_before_the_scores_are_complete(client, case, reviews):
    submit(reviews[0])

    text = file_of(client, case)

    assert "还有 1 份没交" in text
    assert f"虚构的理由{reviews[0].pk}" not in text
    assert f"虚构的总评{reviews[0].pk}" not in text


def test_opinions_stand_beside_the_criterion_and_in_the_decision(client, case, reviews):
    submit(reviews[0])
    submit(reviews[1], verdict="unmet")

    text = file_of(client, case)

    for review in reviews:
        assert text.count(f"虚构的理由{review.pk}") >= 2  # criterion, and decision
        assert f"虚构的总评{review.pk}" in text
        assert review.expert.name in text
    assert "写结论前先看" in text


def test_other_offices_read_numbers_for_names(client, case, reviews):
    for review in reviews:
        submit(review)

    text = file_of(client, case, "city")

    assert f"虚构的理由{reviews[0].pk}" in text
    assert "专家 1" in text
    for review in reviews:
        assert review.expert.name not in text


def test_low_points_come_with_their_comment(client, case, reviews):
    for review in reviews:
        submit(review, points=10)

    assert "虚构的意见" in file_of(client, case)


@pytest.fixture
def visit():
    case = arrive(call(here=True))
    draw = announce_inspections(
        opened=case.round,
        step=case.current_step,
        rule={"count": 1},
        by=desk("province"),
    )
    return hold_inspections(draw=draw, by=desk("province"))[0]


def test_a_report_shows_officers_findings_and_digests(client, visit):
    by = desk("province")
    item = visit.items[0]["id"]
    add_photo(
        inspection=visit,
        item=item,
        file=io.BytesIO(JPEG),
        file_name="现场.jpg",
        size=len(JPEG),
        by=by,
    )
    assert "核查还没有完成" in file_of(client, visit.case)
    answer_all(visit)
    answer_item(inspection=visit, item=item, found="no", note="虚构：设备不在", by=by)
    finish(visit)

    text = file_of(client, visit.case)

    assert hashlib.sha256(JPEG).hexdigest() in text
    assert "虚构：设备不在" in text
    assert "1 项与申报不符" in text
    for name in visit.inspectors:
        assert name in text


def test_the_file_asks_the_same_of_two_sheets_and_of_three(
    client, case, reviews, django_assert_max_num_queries
):
    client.force_login(desk("province").user)
    for review, points in zip(reviews, (10, 22), strict=True):
        submit(review, points=points)
    client.get(reverse("case_file", args=[case.pk]))

    with django_assert_max_num_queries(30):
        client.get(reverse("case_file", args=[case.pk]))
