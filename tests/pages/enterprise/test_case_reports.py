"""What a firm reads of its case besides its moves: objections, and visits once decided."""

import pytest
from django.urls import reverse

from tests.factories import member, owner_of
from tests.unit.casework.cases import call, desk, office
from tests.unit.casework.holders import TOLD, objected
from tests.unit.casework.reviews import acting_expert, drawn, filled, pool, reach
from tests.unit.casework.test_inspecting import answer_all, arrive, finish
from tidu.accounts.enums import Role
from tidu.casework.deciding import Ground, refuse_case
from tidu.casework.inspecting import announce_inspections, hold_inspections
from tidu.casework.queries import clauses_of
from tidu.casework.reviewing import submit_review

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.EVIDENCE_FOLDER = tmp_path


def home(client, case):
    client.force_login(owner_of(case.enterprise))


def page_of(client, case):
    return client.get(reverse("case", args=[case.pk])).content.decode()


def refuse(case):
    grounds = [Ground(clauses_of(case)[0].finding.id, "虚构：与核查不符")]
    by = desk("province")
    refuse_case(case=case, by=by, seen=case.counter, grounds=grounds)


def test_an_objection_is_read_masked_and_answered_once(client):
    case, made = objected()
    home(client, case)
    address = reverse("objection_reply", args=[case.pk, made.pk])
    field = f"objection-{made.pk}-text"
    text = page_of(client, case)
    assert TOLD.text in text
    assert TOLD.name not in text
    assert TOLD.contact not in text
    assert made.number not in text
    assert "提出异议" in client.get(reverse("enterprise_home")).content.decode()
    empty = client.post(address, {field: ""})
    assert empty.status_code == 422

    assert client.post(address, {field: "虚构：审计报告可查"}).status_code == 302

    assert "虚构：审计报告可查" in page_of(client, case)
    assert client.post(address, {field: "又说"}).status_code == 403
    client.force_login(member(office("province"), Role.OFFICER))
    file = client.get(reverse("objection", args=[made.pk])).content.decode()
    assert "虚构：审计报告可查" in file


def test_another_firm_reads_and_answers_nothing(client):
    case, made = objected()
    other, _made = objected()
    home(client, other)

    address = reverse("objection_reply", args=[case.pk, made.pk])

    assert client.post(address, {}).status_code in {403, 404}
    own = reverse("objection_reply", args=[other.pk, made.pk])
    assert client.post(own, {}).status_code == 404


def test_a_visit_is_told_in_one_sentence_once_the_case_is_decided(client):
    case = arrive(call(here=True))
    draw = announce_inspections(
        opened=case.round,
        step=case.current_step,
        rule={"count": 1},
        by=desk("province"),
    )
    inspection = hold_inspections(draw=draw, by=desk("province"))[0]
    answer_all(inspection)
    finish(inspection)
    home(client, case)
    assert "实地核查，共" not in page_of(client, case)

    refuse(case)

    text = page_of(client, case)
    assert "总的结论：相符" in text
    assert inspection.inspectors[0] not in text


def test_a_firm_never_reads_what_experts_wrote(client):
    case = reach("province_review")
    pool(3)
    for review in drawn(case):
        submit_review(
            review=review,
            written=filled(review, 10, remark="虚构的总的意见"),
            by=acting_expert(review.expert),
        )
    refuse(case)
    home(client, case)

    text = page_of(client, case)

    assert "虚构的总的意见" not in text
    assert "虚构专家" not in text
