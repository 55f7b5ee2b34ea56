"""The queue and the case file: who may do what, what is told, two officers at once."""

import csv
import io

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from tests.factories import EnterpriseFactory, acting, member, officer, owner_of
from tests.unit.casework.cases import call, desk, judge_all, office, submitted
from tests.unit.casework.holders import wait_out_notice
from tidu.accounts.enums import Role
from tidu.audit.models import Access, Event
from tidu.casework.actions import appeal, start_case
from tidu.casework.deciding import Ground, pass_case, refuse_case
from tidu.casework.models import Case

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def offices(settings):
    settings.CERTIFIES = frozenset({"srdi_sme"})
    return {level: office(level) for level in ("county", "city", "province")}


@pytest.fixture
def opened(offices):
    return call(notice_days=5, appeal_days=15)


def at_desk(client, level="county", role=Role.OFFICER):
    """A client of an officer of a level."""
    user = member(office(level), role)
    client.force_login(user)
    return acting(user)


def act(client, name, case, *args, **data):
    """Post to one of a case's addresses, as the page that was seen would."""
    data.setdefault("seen", case.counter)
    return client.post(reverse(name, args=[case.pk, *args]), data)


def sheet_of(content):
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return book.get_sheet_by_index(0).to_python()


def state_of(case):
    case.refresh_from_db()
    return case.state


# -- the queue --------------------------------------------------------------------


def test_the_queue_has_what_is_unopened_on_top(client, opened):
    first, _by = submitted(opened)
    second, _by = submitted(opened)
    at_desk(client)
    client.get(reverse("case_file", args=[first.pk]))

    answer = client.get(reverse("queue"))

    assert [each.case for each, _ in answer.context["rows"]] == [second, first]
    assert answer.text.count("chip-new") == 1
    assert "核对数据和材料，通过或退回" in answer.text
    assert Access.objects.filter(page="case_file", firm_id=first.enterprise_id).exists()


def test_another_territory_and_another_level_see_nothing(client, opened):
    case, _by = submitted(opened)
    for territory in ("990102", "990200"):
        client.force_login(officer(territory))
        assert client.get(reverse("queue")).context["rows"] == []
        everything = client.get(reverse("queue"), {"whose": "all"})
        assert everything.context["rows"] == []
        assert client.get(reverse("case_file", args=[case.pk])).status_code == 403
    at_desk(client, "city")
    assert client.get(reverse("queue")).context["rows"] == []
    answer = client.get(reverse("queue"), {"whose": "all"})
    assert [each.case for each, _ in answer.context["rows"]] == [case]


def test_drafts_are_in_no_list(client, opened):
    enterprise = EnterpriseFactory(territory="990101")
    by = acting(owner_of(enterprise))
    case = start_case(opened=opened, enterprise=enterprise, by=by)
    at_desk(client)

    assert client.get(reverse("queue"), {"whose": "all"}).context["rows"] == []
    assert client.get(reverse("case_file", args=[case.pk])).status_code == 403


def test_filters_stand_in_the_address(client, opened, offices):
    case, _by = submitted(opened)
    other, _by = submitted(call("county"))
    at_desk(client)

    def found(**query):
        rows = client.get(reverse("queue"), query).context["rows"]
        return {each.case for each, _clock in rows}

    assert found() == {case, other}
    assert found(round=opened.pk) == {case}
    assert found(scheme="little_giant") == set()
    assert found(state="county_check", place="990101") == {case, other}
    assert found(state="city_check") == set()
    assert found(place="990102") == set()
    assert found(round="x", place="abc", page="nine") == {case, other}
    assert found(unopened="yes") == {case, other}


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_queue_is_downloaded(client, opened, form):
    case, _by = submitted(opened)
    at_desk(client)

    answer = client.get(reverse("queue_export", args=[form]))

    content = b"".join(answer.streaming_content)
    if form == "csv":
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    else:
        rows = sheet_of(content)
    assert rows[1][0] == case.number
    assert rows[1][1] == case.enterprise.name
    assert Event.objects.filter(action="registry.exported").exists()
    assert client.get(reverse("queue_export", args=["pdf"])).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_queue_takes_the_same_queries(
    count, client, opened, django_assert_num_queries
):
    for _ in range(count):
        submitted(opened)
    at_desk(client)
    client.get(reverse("queue"))

    with django_assert_num_queries(11):
        answer = client.get(reverse("queue"))

    assert len(answer.context["rows"]) == count


# -- the file ---------------------------------------------------------------------


def test_the_file_has_facts_findings_and_what_was_said(client, opened):
    case, _by = submitted(opened)
    at_desk(client)

    answer = client.get(reverse("case_file", args=[case.pk]))

    lines = {each.row.anchor: each for each in answer.context["lines"]}
    assert any(each.judge for each in lines.values())
    assert "虚构的说明" in answer.text
    assert "8,000万元" in answer.text
    assert all(each.facts for each in lines.values())
    assert "通过，交下一步" in answer.text


@pytest.mark.parametrize("count", [1, 3])
def test_the_file_takes_the_same_queries_for_any_number_of_moves(
    count, client, opened, django_assert_num_queries
):
    case, _by = submitted(opened)
    at_desk(client)
    url = reverse("case_file", args=[case.pk])
    client.get(url)
    for at in range(count):
        case.moves.create(
            sequence=10 + at, event="submit", source="draft", target="county_check",
            made_by="虚构", at=case.state_since,
        )  # fmt: skip

    with django_assert_num_queries(23):
        assert client.get(url).status_code == 200


def test_a_case_is_passed_on(client, opened):
    case, _by = submitted(opened)
    by = at_desk(client)

    answer = act(client, "case_pass", case, note="齐了（虚构）")

    assert answer.status_code == 302
    assert state_of(case) == "city_check"
    move = case.moves.last()
    assert (move.event, move.reason, move.made_by) == ("pass", "齐了（虚构）", by.name)


def test_of_two_officers_one_wins_and_the_other_is_told(client, opened):
    case, _by = submitted(opened)
    seen = case.counter
    first = desk("county")
    pass_case(case=case, by=first, seen=seen)
    at_desk(client)

    answer = act(client, "case_pass", case, seen=seen)

    assert answer.status_code == 409
    assert f"{first.name}刚刚办理了这份案卷" in answer.text
    assert state_of(case) == "city_check"


def test_whose_turn_it_is_not_is_refused(client, opened):
    case, _by = submitted(opened)
    at_desk(client, "city")

    assert act(client, "case_pass", case).status_code == 403
    assert "现在轮到" in client.get(reverse("case_file", args=[case.pk])).text
    assert state_of(case) == "county_check"


def test_observers_only_read(client, opened):
    case, _by = submitted(opened)
    at_desk(client, role=Role.OBSERVER)

    answer = client.get(reverse("case_file", args=[case.pk]))
    assert answer.status_code == 200
    assert answer.context["forward"] == ""
    names = ["pass", "return", "refuse", "answer", "result", "migrate"]
    for name in names:
        assert act(client, f"case_{name}", case).status_code == 403
    assert act(client, "case_judge", case, "market_position").status_code == 403
    assert client.post(reverse("case_batch")).status_code == 403
    case.refresh_from_db()
    assert (case.state, case.opened_at) == ("county_check", None)


def test_a_case_is_returned_with_fields_only(client, opened):
    case, _by = submitted(opened)
    at_desk(client)
    bare = act(client, "case_return", case, reason="不对（虚构）")
    assert bare.status_code == 422
    assert "请至少选一项" in bare.text
    assert "不对（虚构）" in bare.text

    given = {
        "reason": "不对（虚构）",
        "fields_named": ["rnd_expense@2025", "market_position"],
    }
    act(client, "case_return", case, **given)

    assert state_of(case) == "returned"
    assert case.moves.last().fields == ["rnd_expense@2025", "market_position"]
    shown = client.get(reverse("case_file", args=[case.pk])).context["moves"][0]
    assert shown.fields == (
        "2025年研发费用（审计报告口径）",
        "主导产品市场占有率靠前，有一定知名度和影响力",
    )


def test_a_refusal_needs_a_clause_with_its_reason(client, opened):
    case, _by = submitted(opened)
    at_desk(client)
    bare = act(client, "case_refuse", case, note="不行（虚构）")
    assert bare.status_code == 422
    assert "否则不能保存" in bare.text
    assert state_of(case) == "county_check"

    act(client, "case_refuse", case, **{"ground-market_position": "报告过期（虚构）"})

    assert state_of(case) == "refused"
    ground = case.moves.last().data["criteria"][0]
    assert ground["id"] == "market_position"
    assert ground["clause"]
    assert ground["reason"] == "报告过期（虚构）"


def test_a_clause_is_judged_with_a_reason(client, opened):
    case, _by = submitted(opened)
    at_desk(client)
    name = "market_position"
    bare = act(client, "case_judge", case, name, **{f"{name}-outcome": "met"})
    assert bare.status_code == 422

    given = {f"{name}-outcome": "met", f"{name}-reason": "看过报告（虚构）"}
    answer = act(client, "case_judge", case, name, known=0, **given)

    assert answer["Location"].endswith(f"#srdi_sme-{name}")
    judged = case.judgements.get()
    assert (judged.criterion, judged.outcome) == (name, "met")


def test_a_figure_is_not_judged_to_be_met(client, opened):
    case, _by = submitted(opened)
    at_desk(client)
    given = {"revenue-outcome": "met", "revenue-reason": "虚构", "known": 0}

    assert act(client, "case_judge", case, "revenue", **given).status_code == 422
    assert not case.judgements.exists()


def test_an_appeal_is_answered(client, opened):
    case, by = submitted(opened)
    ground = Ground("market_position", "报告过期（虚构）")
    refuse_case(case=case, by=desk("county"), seen=case.counter, grounds=[ground])
    appeal(case=case, by=by, seen=case.counter, reason="附新报告（虚构）")
    at_desk(client, "province")
    page = client.get(reverse("case_file", args=[case.pk]))
    assert "附新报告（虚构）" in page.text
    assert act(client, "case_answer", case).status_code == 422

    act(client, "case_answer", case, decision="reverse", reason="新报告有效（虚构）")

    assert state_of(case) == "county_check"


def test_a_case_is_certified_at_its_last_step(client, opened):
    case, _by = submitted(opened)
    for level in ("county", "city", "province"):
        pass_case(case=case, by=desk(level), seen=case.counter)
    at_desk(client, "province")
    while case.state != "province_notice":
        pass_case(case=case, by=desk("province"), seen=case.counter)
    wait_out_notice(case, "province")
    act(client, "case_pass", case)
    assert state_of(case) == "decision"
    case.refresh_from_db()
    page = client.get(reverse("case_file", args=[case.pk]))
    assert "现在还不能认定" in page.text
    assert act(client, "case_pass", case).status_code == 422

    judge_all(case, desk("province"))
    act(client, "case_pass", case)

    assert state_of(case) == "certified"


def test_a_case_is_moved_to_another_round(client, opened):
    case, _by = submitted(opened)
    other = call()
    at_desk(client, "province")
    page = client.get(reverse("case_file", args=[case.pk]))
    assert page.context["migrate_form"]
    bare = act(client, "case_migrate", case, to=other.pk)
    assert bare.status_code == 422

    act(client, "case_migrate", case, to=other.pk, reason="报错了批次（虚构）")

    case.refresh_from_db()
    assert case.round == other
    assert Event.objects.filter(action="casework.case_migrated").exists()


# -- many at once -------------------------------------------------------------------


def test_many_are_passed_after_a_preview(client, opened):
    cases = [submitted(opened)[0] for _ in range(2)]
    at_desk(client)
    ticked = [f"{each.pk}:{each.counter}" for each in cases]

    preview = client.post(reverse("case_batch"), {"case": ticked})
    assert preview.context["ready"] == 2
    assert "通过 → 市级初审" in preview.text
    assert {each.state for each in Case.objects.all()} == {"county_check"}
    pass_case(case=cases[0], by=desk("county"), seen=cases[0].counter)
    done = client.post(reverse("case_batch"), {"case": ticked, "step": "do"})

    assert done.context["done"] == 1
    assert [case for case, _why in done.context["left"]] == [cases[0]]
    assert "刚刚办理了这份案卷" in done.text
    assert {each.state for each in Case.objects.all()} == {"city_check"}


def test_what_is_not_ones_own_is_not_passed_with_the_others(client, opened):
    case, _by = submitted(opened)
    client.force_login(officer("990102"))
    ticked = {"case": [f"{case.pk}:{case.counter}"], "step": "do"}

    answer = client.post(reverse("case_batch"), ticked)

    assert answer.context["done"] == 0
    assert case.enterprise.name not in answer.text
    assert state_of(case) == "county_check"


def test_nothing_ticked_goes_back_to_the_queue(client, opened):
    at_desk(client)

    answer = client.post(reverse("case_batch"), {"case": ["x:y", ""]}, follow=True)

    assert "请先在待办里勾选案卷" in answer.text


def test_the_first_page_says_what_waits(client, opened):
    submitted(opened)
    at_desk(client)

    text = client.get(reverse("officer_home")).text

    assert "1 份案卷轮到本单位办理" in text
    assert "其中 1 份还没有人打开" in text


def test_the_sheet_for_the_platform_marks_what_is_unknown(client, opened):
    case, _by = submitted(opened)
    at_desk(client)

    answer = client.get(reverse("case_sheet", args=[case.pk]))

    rows = sheet_of(answer.content)
    modules = list(dict.fromkeys(row[0] for row in rows[1:] if row[0]))
    assert modules[:4] == ["基本信息", "上市", "经济效益", "融资"]
    assert len(modules) == 12
    by_name = {(row[1], row[2]): row for row in rows}
    assert by_name["营业收入", "2025"][3] == "8,000万元"
    assert by_name["主导产品表", ""][5] == "本系统没有这一项：请在平台上填写"
    assert by_name["是否上市", ""][5] == "不详：请在平台上填写"
