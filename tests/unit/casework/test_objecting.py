"""Objections are taken from anybody, checked by one office, answered with reasons."""

import io
import json

import pytest

from tests.factories import EnterpriseFactory, acting, owner_of
from tests.unit.casework.cases import desk, judge_all
from tests.unit.casework.holders import (
    TOLD,
    at_notice,
    certified,
    entry_of,
    let_it_end,
    noticed_round,
    objected,
    publish,
)
from tidu.accounts.actors import PUBLIC
from tidu.accounts.enums import Role
from tidu.accounts.verdicts import Refused
from tidu.audit.chain import ERASED
from tidu.audit.models import Event
from tidu.casework.deciding import Ground, NoReason, pass_case
from tidu.casework.enums import ObjectionState
from tidu.casework.notice_models import Objection
from tidu.casework.objecting import (
    ObjectionImpossible,
    answer_objection,
    clock_of,
    erase_objector,
    file_complaint,
    file_objection,
    objections_of,
    objections_to,
    reply_to_objection,
    said_for,
    said_to_firm,
)
from tidu.casework.queries import clauses_of
from tidu.registry.file_kinds import EvidenceError
from tidu.registry.told import Told

pytestmark = pytest.mark.django_db


def first_ground(case):
    return [Ground(clauses_of(case)[0].finding.id, "虚构：数据与核查结果不符")]


def test_an_objection_stops_the_case():
    case, made = objected()

    assert case.state == "objection_check"
    assert case.moves.last().data == {"objection": made.pk}
    assert len(made.number) == 12
    assert clock_of(made).left is None
    with pytest.raises(Refused):
        pass_case(case=case, by=desk("county"), seen=case.counter)


def test_nobody_reads_who_objected_in_the_log():
    _case, made = objected()

    told = json.dumps(
        [[e.data, e.object_name, e.actor_name] for e in Event.objects.all()],
        ensure_ascii=False,
    )
    assert made.person_name not in told
    assert made.person_contact not in told
    assert made.number not in told


def test_a_dismissed_objection_leads_back_to_the_notice():
    case, made = objected()
    by = desk("province")

    answer_objection(objection=made, by=by, answer="经核查不属实", sustained=False)

    case.refresh_from_db()
    made.refresh_from_db()
    assert case.state == "province_notice"
    assert made.state == ObjectionState.DISMISSED
    assert made.answered_by == by.name
    assert clock_of(made).finished


def test_a_second_objection_keeps_the_case_until_it_is_answered():
    case, made = objected()
    second = file_objection(entry=entry_of(case), told=TOLD)
    by = desk("province")

    answer_objection(objection=made, by=by, answer="不属实", sustained=False)
    case.refresh_from_db()
    assert case.state == "objection_check"

    answer_objection(objection=second, by=by, answer="不属实", sustained=False)
    case.refresh_from_db()
    assert case.state == "province_notice"
    let_it_end(case.notices.get().notice)
    judge_all(case, by)
    pass_case(case=case, by=by, seen=case.counter)
    assert case.state == "decision"


def test_a_sustained_objection_refuses_by_a_clause():
    case, made = objected()
    by = desk("province")
    with pytest.raises(NoReason, match="指明不符合哪一条"):
        answer_objection(objection=made, by=by, answer="属实", sustained=True)
    made.refresh_from_db()
    assert made.state == ObjectionState.OPEN

    answer_objection(
        objection=made,
        by=by,
        answer="属实",
        sustained=True,
        grounds=first_ground(case),
    )

    case.refresh_from_db()
    assert case.state == "refused"
    assert case.moves.last().data["criteria"][0]["reason"]


def test_after_a_refusal_the_other_objections_are_still_answered():
    case, made = objected()
    second = file_objection(entry=entry_of(case), told=TOLD)
    by = desk("province")
    answer_objection(
        objection=made,
        by=by,
        answer="属实",
        sustained=True,
        grounds=first_ground(case),
    )

    answer_objection(objection=second, by=by, answer="也属实", sustained=True)

    case.refresh_from_db()
    assert case.state == "refused"


def test_an_answer_needs_a_reason_and_comes_once():
    _case, made = objected()
    by = desk("province")
    with pytest.raises(NoReason, match="核查的结论"):
        answer_objection(objection=made, by=by, answer=" ", sustained=False)
    answer_objection(objection=made, by=by, answer="不属实", sustained=False)

    with pytest.raises(ObjectionImpossible, match="已经答复过"):
        answer_objection(objection=made, by=by, answer="属实", sustained=True)


def test_other_offices_neither_answer_nor_read_who_it_was():
    _case, made = objected()
    for by in (desk("county"), desk("ministry"), desk("province", Role.OBSERVER)):
        with pytest.raises(Refused):
            answer_objection(objection=made, by=by, answer="不属实", sustained=False)

    above, own = desk("ministry"), desk("province")
    assert said_for(above, made).name == "虚****"
    assert said_for(above, made).contact == "138****1234"
    assert said_for(own, made).name == made.person_name
    assert said_for(PUBLIC, made).masked
    assert made in objections_of(above)
    assert not objections_of(desk("county")).exists()


def test_objections_end_with_the_notice():
    opened = noticed_round()
    case = at_notice(opened)
    let_it_end(publish(opened))

    with pytest.raises(ObjectionImpossible, match="认定以后仍可以实名举报"):
        file_objection(entry=entry_of(case), told=TOLD)


def test_evidence_is_looked_at():
    opened = noticed_round()
    case = at_notice(opened)
    publish(opened)
    fine, bad = io.BytesIO(b"%PDF-1.7 fictional"), io.BytesIO(b"<html>")

    with pytest.raises(EvidenceError):
        file_objection(
            entry=entry_of(case), told=Told("甲", "1", "虚构", bad, "x.pdf", 6)
        )
    made = file_objection(
        entry=entry_of(case), told=Told("甲", "1", "虚构", fine, "a/证据.pdf", 18)
    )

    assert made.file_title == "证据.pdf"
    assert made.blob.size == 18
    assert Objection.objects.count() == 1


def test_who_objected_can_be_forgotten_once_it_is_answered():
    _case, made = objected()
    by = desk("province")
    with pytest.raises(ObjectionImpossible, match="答复以后"):
        erase_objector(objection=made, by=by)
    answer_objection(objection=made, by=by, answer="不属实", sustained=False)
    made.refresh_from_db()

    erase_objector(objection=made, by=by)

    made.refresh_from_db()
    assert (made.person_name, made.person_contact) == ("", "")
    assert ERASED not in made.text


def test_a_complaint_goes_to_the_office_of_the_title(settings):
    settings.CERTIFIES = frozenset({"srdi_sme"})
    title = certified()

    made = file_complaint(title=title, told=TOLD)

    assert made.office.territory == "990000"
    answer_objection(
        objection=made, by=desk("province"), answer="属实，另行处理", sustained=True
    )
    title.refresh_from_db()
    assert title.revoked_on is None  # a revocation is a decision of its own


# -- what the firm says --------------------------------------------------------------


def of_firm(case):
    return acting(owner_of(case.enterprise))


def test_the_firm_reads_the_text_without_who_said_it():
    text = f"虚构：{TOLD.name}（{TOLD.contact}）看过账，13900001234 也知道"
    opened = noticed_round()
    case = at_notice(opened)
    publish(opened)
    made = file_objection(
        entry=entry_of(case), told=Told(TOLD.name, TOLD.contact, text)
    )

    said = said_to_firm(made)

    assert "看过账" in said
    for hidden in (TOLD.name, TOLD.contact, "13900001234"):
        assert hidden not in said
    assert list(objections_to(case)) == [made]


def test_the_firm_replies_once_and_it_is_kept_with_the_objection():
    case, made = objected()
    by = of_firm(case)
    with pytest.raises(NoReason):
        reply_to_objection(objection=made, text=" ", by=by)

    reply_to_objection(objection=made, text="虚构：审计报告已附", by=by)

    made.refresh_from_db()
    assert (made.reply, made.replied_by) == ("虚构：审计报告已附", by.name)
    assert Event.objects.filter(action="casework.objection_replied").count() == 1
    with pytest.raises(Refused, match="说明过一次"):
        reply_to_objection(objection=made, text="又说", by=by)


def test_others_and_late_ones_do_not_reply():
    case, made = objected()
    for by in (desk("province"), acting(owner_of(EnterpriseFactory()))):
        with pytest.raises(Refused):
            reply_to_objection(objection=made, text="虚构", by=by)
    answer_objection(
        objection=made, by=desk("province"), answer="不属实", sustained=False
    )

    with pytest.raises(Refused, match="已有结论"):
        reply_to_objection(objection=made, text="虚构", by=of_firm(case))


def test_a_complaint_is_not_told_to_its_firm(settings):
    settings.CERTIFIES = frozenset({"srdi_sme"})
    title = certified()
    made = file_complaint(title=title, told=TOLD)

    with pytest.raises(Refused, match="举报由主管部门核查"):
        reply_to_objection(
            objection=made, text="虚构", by=acting(owner_of(title.enterprise))
        )
