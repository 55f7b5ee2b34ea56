"""Applying: only what is missing is asked; every move is told with its reason."""

import datetime
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from tests.factories import acting, officer, owner_of
from tests.unit.casework.cases import (
    SRDI,
    call,
    desk,
    fill,
    firm,
    office,
    submitted,
)
from tests.unit.casework.holders import held
from tidu.accounts.enums import Role
from tidu.casework.actions import start_case
from tidu.casework.deciding import Ground, refuse_case, return_case
from tidu.casework.documents import PAPERS
from tidu.casework.models import Case
from tidu.casework.queries import readiness_of
from tidu.casework.rounds import close_round
from tidu.casework.title_models import Bar, LostRight
from tidu.registry.evidence import add_evidence
from tidu.rules.rulesets import Kind

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def offices(settings):
    settings.CERTIFIES = frozenset({"srdi_sme"})
    return {level: office(level) for level in ("county", "city", "province")}


@pytest.fixture
def opened(offices):
    return call(notice_days=5, appeal_days=15)


def at_home(client, facts=None):
    """A client of a firm's owner, the firm, and who acts for it."""
    enterprise, by = firm(facts)
    client.force_login(by.user)
    return enterprise, by


def draft(opened, enterprise, by):
    return start_case(opened=opened, enterprise=enterprise, by=by)


def page_of(client, case):
    return client.get(reverse("case", args=[case.pk]))


# -- the list --------------------------------------------------------------------


def test_open_rounds_are_offered_and_a_draft_is_begun(client, opened):
    enterprise, _by = at_home(client)
    answer = client.get(reverse("cases"))
    assert [each.round for each in answer.context["offers"]] == [opened]

    answer = client.post(reverse("case_start", args=[opened.pk]), follow=True)

    case = Case.objects.get(enterprise=enterprise)
    assert answer.redirect_chain[-1][0] == reverse("case", args=[case.pk])
    assert "库里已有的数据不用再填" in answer.text
    listed = client.get(reverse("cases"))
    assert [each.case for each in listed.context["offers"]] == [case]
    assert "轮到谁" in listed.text
    file = client.get(reverse("cases"), {"download": "csv"})
    assert opened.title in b"".join(file.streaming_content).decode()


def test_a_second_case_in_a_round_is_told(client, opened):
    enterprise, by = at_home(client)
    draft(opened, enterprise, by)

    answer = client.post(reverse("case_start", args=[opened.pk]), follow=True)

    assert "已有申报" in answer.text
    assert Case.objects.count() == 1


@pytest.mark.parametrize("count", [1, 3])
def test_a_barred_firm_reads_until_when_and_why(
    count, client, offices, django_assert_num_queries
):
    enterprise, _by = at_home(client)
    for _ in range(count):
        call()
    until = timezone.localdate() + datetime.timedelta(days=90)
    Bar.objects.create(
        enterprise=enterprise,
        scheme="srdi_sme",
        begins_on=timezone.localdate(),
        until=until,
        reason="虚构的原因",
        clause="虚构的第九条",
        made_by="虚构",
    )

    with django_assert_num_queries(9):
        answer = client.get(reverse("cases"))

    said = f"企业在 {until:%Y-%m-%d} 以前不能申报"
    assert answer.text.count(said) == count
    assert "虚构的原因（虚构的第九条）" in answer.text
    assert "开始申报" not in answer.text
    assert "虚构的第九条" in client.get(reverse("holding")).text


def test_a_lost_right_is_told_in_rounds_of_reverification_only(client, offices):
    enterprise, _by = at_home(client)
    new, again = call(), call(kind=Kind.REVERIFICATION)
    LostRight.objects.create(
        title=held(enterprise=enterprise),
        since=timezone.localdate(),
        reason="虚构：没有更新",
        clause="虚构的第八条",
        made_by="虚构",
    )

    offers = client.get(reverse("cases")).context["offers"]

    assert {each.round: bool(each.why_not) for each in offers} == {
        new: False,
        again: True,
    }


def test_without_a_round_the_page_says_what_to_do(client):
    at_home(client)

    assert "眼下没有受理本企业申报的批次" in client.get(reverse("cases")).text


def test_a_closed_round_is_refused(client, opened):
    at_home(client)
    close_round(opened=opened, by=acting(opened.opened_by))

    answer = client.post(reverse("case_start", args=[opened.pk]))

    assert answer.status_code == 403
    assert "没有办成，什么都没有改动" in answer.text
    assert "截止" in answer.text
    assert not Case.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries(
    count, client, offices, django_assert_num_queries
):
    enterprise, by = at_home(client)
    for _ in range(count):
        draft(call(), enterprise, by)

    with django_assert_num_queries(6):
        answer = client.get(reverse("cases"))

    assert len(answer.context["cases"]) == count


# -- the draft --------------------------------------------------------------------


def test_nothing_is_asked_of_a_firm_whose_facts_are_known(client, opened):
    enterprise, by = at_home(client)

    answer = page_of(client, draft(opened, enterprise, by))

    assert answer.context["asked"].keys == []
    assert "数据齐了，不用再填" in answer.text
    assert len(answer.context["papers"]) <= 4


def test_only_the_missing_figure_is_asked_and_filed(client, opened):
    known = {k: v for k, v in SRDI.items() if k != "rnd_expense@2024"}
    enterprise, by = at_home(client, known)
    case = draft(opened, enterprise, by)
    assert page_of(client, case).context["asked"].keys == ["rnd_expense@2024"]

    url = reverse("case_facts", args=[case.pk])
    answer = client.post(url, {"rnd_expense@2024": "660"}, follow=True)

    assert answer.context["asked"].keys == []
    assert readiness_of(Case.objects.get()).facts == ()


def test_a_figure_nobody_can_read_is_told_beside_its_field(client, opened):
    known = {k: v for k, v in SRDI.items() if k != "rnd_expense@2024"}
    enterprise, by = at_home(client, known)
    case = draft(opened, enterprise, by)

    url = reverse("case_facts", args=[case.pk])
    answer = client.post(url, {"rnd_expense@2024": "很多"})

    assert answer.status_code == 422
    assert "很多" in answer.text
    assert "rnd_expense@2024" in answer.context["asked"].errors


def test_the_dearest_figure_is_asked_first(client, opened):
    known = {k: v for k, v in SRDI.items() if k.partition("@")[0] != "niche_years"}
    known = {k: v for k, v in known.items() if not k.startswith("rnd_expense")}
    enterprise, by = at_home(client, known)

    asked = page_of(client, draft(opened, enterprise, by)).context["asked"].keys

    assert asked[0] == "niche_years"
    assert set(asked[1:]) == {"rnd_expense@2025", "rnd_expense@2024"}


def test_a_clause_is_stated(client, opened):
    enterprise, by = at_home(client)
    case = draft(opened, enterprise, by)
    url = reverse("case_clauses", args=[case.pk])

    client.post(url, {"market_position": "虚构：行业协会排名第二"})

    assert case.statements.get().text == "虚构：行业协会排名第二"
    assert "虚构：行业协会排名第二" in page_of(client, case).text


def test_evidence_of_before_is_taken_without_uploading(client, opened):
    enterprise, by = at_home(client)
    case = draft(opened, enterprise, by)
    evidence = add_evidence(
        enterprise=enterprise,
        file=io.BytesIO(PDF),
        file_name="审计.pdf",
        size=len(PDF),
        keys=["revenue@2025"],
        by=by,
    )
    paper = next(p for p in page_of(client, case).context["papers"] if p.fitting)
    assert paper.fitting == (evidence,)

    url = reverse("case_documents", args=[case.pk])
    client.post(url, {"paper": paper.group, "evidence": evidence.pk})

    assert {d.criterion for d in case.documents.all()} == {
        each.id for each in paper.criteria
    }
    client.post(reverse("case_document_remove", args=[case.pk, evidence.pk]))
    assert not case.documents.exists()


def test_a_file_is_uploaded_into_the_case(client, opened):
    enterprise, by = at_home(client)
    case = draft(opened, enterprise, by)
    url = reverse("case_documents", args=[case.pk])
    file = SimpleUploadedFile("证书.pdf", PDF, "application/pdf")

    client.post(url, {"paper": "innovation", "file": file})

    evidence = enterprise.evidence.get()
    assert "class1_ip_in_use" in evidence.keys
    assert {d.evidence for d in case.documents.all()} == {evidence}


@pytest.mark.parametrize(
    ("given", "said"),
    [({}, "请选择一份已有的材料"), ({"file": b"\x00\x01"}, "error-summary")],
)
def test_no_file_or_a_strange_one_is_told(client, opened, given, said):
    enterprise, by = at_home(client)
    case = draft(opened, enterprise, by)
    if "file" in given:
        given = {"file": SimpleUploadedFile("a.exe", given["file"])}
    url = reverse("case_documents", args=[case.pk])

    answer = client.post(url, {"paper": "economy", **given})

    assert answer.status_code == 422
    assert said in answer.text
    assert not case.documents.exists()


def test_a_contact_is_needed(client, opened):
    enterprise, by = at_home(client)
    case = draft(opened, enterprise, by)

    url = reverse("case_contact", args=[case.pk])
    answer = client.post(url, {"contact_name": "虚构会计"})

    assert answer.status_code == 422
    assert answer.context["contact"].errors.keys() == {"contact_phone"}


def test_what_a_signal_reads_is_asked_once_and_never_needed(client, opened):
    enterprise, by = at_home(client)
    case = draft(opened, enterprise, by)
    url = reverse("case_contact", args=[case.pk])
    given = {"contact_name": "虚构会计", "contact_phone": "000-0000"}

    client.post(url, {**given, "auditor_name": "虚构事务所"})
    client.post(reverse("case_rights", args=[case.pk]), {"rights": "ZL1\t受让"})

    case.refresh_from_db()
    assert (case.auditor_name, case.contact_address) == ("虚构事务所", "")
    assert [each.number for each in case.rights.all()] == ["ZL1"]
    assert "ZL1\t受让" in page_of(client, case).text
    assert not readiness_of(case).contact


def test_a_right_that_cannot_be_read_is_told_and_kept(client, opened):
    enterprise, by = at_home(client)
    case = draft(opened, enterprise, by)

    typed = "ZL1\t受让\t去年\nZL2\t捡来的"
    answer = client.post(reverse("case_rights", args=[case.pk]), {"rights": typed})

    assert answer.status_code == 422
    assert "第 1 行：读不懂日期“去年”" in answer.text
    assert "第 2 行：取得方式写" in answer.text
    assert "捡来的" in answer.context["rights"]["rights"].value()
    assert not case.rights.exists()


# -- submitting --------------------------------------------------------------------


def test_a_ready_draft_is_submitted_after_a_confirmation(client, opened):
    enterprise, by = at_home(client)
    case = draft(opened, enterprise, by)
    fill(case, by)
    url = reverse("case_submit", args=[case.pk])
    assert "确认提交" in client.get(url).text

    answer = client.post(url, {"seen": case.counter}, follow=True)

    case.refresh_from_db()
    assert case.state == "county_check"
    assert case.number in answer.text
    assert "等主管部门办理，您不用做什么" in answer.text
    assert "用当时的标准包" in answer.text


def test_a_draft_that_is_not_ready_is_not_submitted(client, opened):
    enterprise, by = at_home(client)
    case = draft(opened, enterprise, by)

    answer = client.post(reverse("case_submit", args=[case.pk]), follow=True)

    assert "需要文字说明" in answer.text
    case.refresh_from_db()
    assert case.state == "draft"


def test_documents_that_are_missing_are_named_and_stop_the_submission(client, offices):
    opened = call(papers={"economy": "required", "innovation": "optional"})
    enterprise, by = at_home(client)
    case = draft(opened, enterprise, by)
    fill(case, by)
    case.documents.all().delete()
    audit = str(PAPERS["economy"])

    page = page_of(client, case)
    assert "必交，还没有" in page.text
    assert "还缺必交的材料：" in page.text
    assert "选交，没有也能提交" in page.text
    assert "已知的文件没有给出材料清单" in page.text
    assert [each.label for each in page.context["missing_papers"]] == [audit]
    assert reverse("case_submit", args=[case.pk]) not in page.text
    url = reverse("case_submit", args=[case.pk])
    answer = client.post(url, {"seen": case.counter}, follow=True)

    assert f"还缺必交的材料：{audit}" in answer.text
    case.refresh_from_db()
    assert case.state == "draft"
    file = SimpleUploadedFile("审计.pdf", PDF, "application/pdf")
    papers = reverse("case_documents", args=[case.pk])
    client.post(papers, {"paper": "economy", "file": file})
    client.post(url, {"seen": case.counter})
    case.refresh_from_db()
    assert case.state == "county_check"


def test_who_submits_second_is_told(client, opened):
    enterprise, by = at_home(client)
    case = draft(opened, enterprise, by)
    fill(case, by)

    answer = client.post(reverse("case_submit", args=[case.pk]), {"seen": 9})

    assert answer.status_code == 409
    assert "没有保存" in answer.text


# -- afterwards ---------------------------------------------------------------------


def test_a_return_shows_the_exact_fields_with_links(client, opened):
    case, by = submitted(opened)
    client.force_login(by.user)
    return_case(
        case=case,
        by=desk("county"),
        seen=case.counter,
        reason="与审计报告不一致（虚构）",
        fields=["rnd_expense@2025", "market_position"],
    )

    answer = page_of(client, case)

    assert "与审计报告不一致（虚构）" in answer.text
    url = f"{reverse('facts_edit', args=['economy'])}#id_rnd_expense@2025"
    assert [each.url for each in answer.context["corrections"]] == [url, "#clauses"]
    submit = reverse("case_submit", args=[case.pk])
    client.post(submit, {"seen": case.counter, "reply": "已更正（虚构）"})
    case.refresh_from_db()
    assert case.state == "county_check"
    assert "已更正（虚构）" in page_of(client, case).text


def test_a_certified_case_leads_to_its_certificate(client, opened):
    case, by = submitted(opened)
    client.force_login(by.user)
    assert "看称号和证书" not in page_of(client, case).text

    Case.objects.filter(pk=case.pk).update(state="certified", office=None)

    assert "看称号和证书" in page_of(client, case).text


def test_a_refusal_names_clauses_and_the_last_day_and_is_appealed(client, opened):
    case, by = submitted(opened)
    client.force_login(by.user)
    refuse_case(
        case=case,
        by=desk("county"),
        seen=case.counter,
        grounds=[Ground("market_position", "报告已过期（虚构）")],
    )

    answer = page_of(client, case)
    assert "报告已过期（虚构）" in answer.text
    assert answer.context["appeal_until"]
    url = reverse("case_appeal", args=[case.pk])
    assert client.post(url, {"seen": case.counter}).status_code == 422
    client.post(url, {"seen": case.counter, "reason": "附新的报告（虚构）"})

    case.refresh_from_db()
    assert case.state == "appeal_check"


def test_an_application_is_withdrawn(client, opened):
    case, by = submitted(opened)
    client.force_login(by.user)
    url = reverse("case_withdraw", args=[case.pk])
    assert "确认撤回" in client.get(url).text

    client.post(url, {"seen": case.counter, "reason": "虚构"})

    case.refresh_from_db()
    assert case.state == "withdrawn"


def test_a_submitted_case_is_not_edited_by_its_addresses(client, opened):
    case, by = submitted(opened)
    client.force_login(by.user)
    for name in (
        *("case_facts", "case_clauses", "case_contact", "case_documents"),
        "case_rights",
    ):
        assert client.post(reverse(name, args=[case.pk])).status_code == 403


def test_other_firms_and_officers_do_not_see_it(client, opened):
    case, _by = submitted(opened)
    other, _other_by = firm()
    client.force_login(owner_of(other, Role.FILER))
    assert page_of(client, case).status_code == 404
    client.force_login(officer("990101"))
    assert page_of(client, case).status_code == 403


def test_the_home_page_says_what_waits(client, opened):
    enterprise, by = at_home(client)
    draft(opened, enterprise, by)

    assert "1 份申报还是草稿" in client.get(reverse("enterprise_home")).text


def test_the_counter_is_what_the_page_saw(client, opened):
    case, by = submitted(opened)
    client.force_login(by.user)

    answer = client.post(reverse("case_withdraw", args=[case.pk]), {"seen": 0})

    assert answer.status_code == 409
    case.refresh_from_db()
    assert case.state == "county_check"
