"""Rounds: opened with their terms, closed; results of the platform above."""

import csv
import datetime
import io

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from tests.factories import acting, member, officer
from tests.unit.casework.cases import call, desk, firm, judge_all, office, submitted
from tidu.accounts.enums import Role
from tidu.casework.actions import start_case
from tidu.casework.deciding import pass_case
from tidu.casework.documents import PAPERS
from tidu.casework.models import Round

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
TERMS = {
    "title": "示范批次（虚构）",
    "opens_on": TODAY.isoformat(),
    "closes_on": (TODAY + datetime.timedelta(days=30)).isoformat(),
    "on": "2026-06-01",
    "notice_days": "5",
    "notice_kind": "working",
    "appeal_days": "15",
    "limit-county_check": "10",
    **dict.fromkeys((f"paper-{group}" for group in PAPERS), "optional"),
}


@pytest.fixture(autouse=True)
def offices(settings):
    settings.CERTIFIES = frozenset({"srdi_sme"})
    return {level: office(level) for level in ("county", "city", "province")}


def at_desk(client, level="province", role=Role.OFFICER):
    user = member(office(level), role)
    client.force_login(user)
    return acting(user)


def new_url(scheme="srdi_sme", kind="new"):
    return f"{reverse('round_new')}?scheme={scheme}&kind={kind}"


def test_a_round_is_opened_with_its_terms(client):
    at_desk(client)
    assert "哪个称号" in client.get(reverse("round_new")).text
    assert "县级初审" in client.get(new_url()).text

    answer = client.post(new_url(), TERMS, follow=True)

    opened = Round.objects.get()
    assert opened.limits == {"county_check": {"days": 10, "kind": "working"}}
    assert (opened.notice_days, opened.appeal_days, opened.capacity) == (5, 15, None)
    assert "由本级认定" in answer.text
    assert opened.title in client.get(reverse("rounds")).text
    file = client.get(reverse("rounds"), {"download": "csv"})
    assert opened.title in b"".join(file.streaming_content).decode()


def test_a_round_says_which_documents_must_be_there(client):
    at_desk(client)
    form = client.get(new_url()).context["form"]
    assert form["paper-economy"].value() == "required"
    assert "没有给出清单" in form["paper-economy"].help_text
    given = {"paper-economy": "required"}
    checks = {"limit-objection_check": "15", "limit-appeal_check": "20"}

    answer = client.post(new_url(), {**TERMS, **given, **checks}, follow=True)

    opened = Round.objects.get()
    assert opened.papers == {**dict.fromkeys(PAPERS, "optional"), "economy": "required"}
    assert opened.limits["objection_check"] == {"days": 15, "kind": "working"}
    assert opened.limits["appeal_check"]["days"] == 20
    assert "必交" in answer.text
    assert "选交" in answer.text


def test_the_notice_of_the_scheme_says_which_documents_are_listed(client):
    at_desk(client)

    form = client.get(new_url("little_giant")).context["form"]

    values = {name: form[name].value() for name in form.fields if "paper-" in name}
    assert values["paper-specialisation"] == "required"
    assert values["paper-innovation"] == "optional"
    assert "列了这一项" in form["paper-innovation"].help_text


def test_days_of_notice_have_no_default(client):
    at_desk(client)
    form = client.get(new_url()).context["form"]
    assert form["notice_days"].value() is None

    answer = client.post(new_url(), {**TERMS, "notice_days": ""})

    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"notice_days"}
    assert TERMS["title"] in answer.text


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"closes_on": "2020-01-01"}, "closes_on"),
        ({"on": "2010-01-01"}, "on"),
        ({"capacity": "0"}, "capacity"),
        ({"title": ""}, "title"),
    ],
)
def test_wrong_terms_are_told_beside_their_field(client, wrong, field):
    at_desk(client)

    answer = client.post(new_url(), {**TERMS, **wrong})

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not Round.objects.exists()


def test_a_county_has_no_notice_and_recommends(client):
    at_desk(client, "county")
    page = client.get(new_url())
    assert "notice_days" not in page.context["form"].fields
    assert "认定结果从上级来" in page.text


def test_observers_open_and_change_nothing(client):
    opened = call()
    at_desk(client, role=Role.OBSERVER)
    assert client.get(new_url()).status_code == 403
    assert client.get(reverse("round", args=[opened.pk])).status_code == 200
    for name in ("round_close", "round_last_day", "round_results"):
        assert client.post(reverse(name, args=[opened.pk])).status_code == 403


def test_lower_offices_see_a_round_and_do_not_run_it(client):
    opened = call()
    at_desk(client, "county")
    assert not client.get(reverse("round", args=[opened.pk])).context["runs"]
    assert client.post(reverse("round_close", args=[opened.pk])).status_code == 403
    own = call("county")
    client.force_login(officer("990102"))
    assert client.get(reverse("round", args=[own.pk])).status_code == 403


def test_the_page_counts_each_state(client):
    opened = call(capacity=3)
    submitted(opened)
    enterprise, by = firm()
    start_case(opened=opened, enterprise=enterprise, by=by)
    at_desk(client)

    answer = client.get(reverse("round", args=[opened.pk]))

    counts = {stop.state.id: stop.count for stop, *_ in answer.context["stops"]}
    assert (counts["county_check"], counts["draft"], counts["certified"]) == (1, 1, 0)
    assert set(counts) == set(opened.lifecycle.states)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries(count, client, django_assert_num_queries):
    for _ in range(count):
        call()
    at_desk(client)

    with django_assert_num_queries(5):
        client.get(reverse("rounds"))


def test_the_last_day_is_moved_and_the_round_closed(client):
    opened = call()
    enterprise, by = firm()
    draft = start_case(opened=opened, enterprise=enterprise, by=by)
    at_desk(client)
    url = reverse("round_last_day", args=[opened.pk])
    assert client.post(url, {"closes_on": "2020-01-01"}).status_code == 422
    client.post(url, {"closes_on": TODAY.isoformat()})
    opened.refresh_from_db()
    assert opened.closes_on == TODAY

    answer = client.post(reverse("round_close", args=[opened.pk]), follow=True)

    assert "1 份没有提交的草稿已注明逾期" in answer.text
    draft.refresh_from_db()
    assert draft.state == "lapsed"


# -- results from above ----------------------------------------------------------------


@pytest.fixture
def recommended(settings):
    """Two cases of a county that wait for their result."""
    settings.CERTIFIES = frozenset()
    opened = call("county")
    cases = []
    for _ in range(2):
        case, _by = submitted(opened)
        judge_all(case, desk("county"))
        pass_case(case=case, by=desk("county"), seen=case.counter)
        cases.append(case)
    return opened, cases


def as_csv(rows):
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    content = text.getvalue().encode("utf-8-sig")
    return SimpleUploadedFile("结果.csv", content, "text/csv")


def as_xlsx(rows):
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    sheet = book.add_worksheet()
    for at, row in enumerate(rows):
        sheet.write_row(at, 0, row)
    book.close()
    return SimpleUploadedFile("结果.xlsx", target.getvalue())


@pytest.mark.parametrize("as_file", [as_csv, as_xlsx])
def test_results_are_shown_first_and_recorded_then(client, recommended, as_file):
    opened, (one, two) = recommended
    at_desk(client, "county")
    file = as_file(
        [
            ["2026年结果（虚构）"],
            ["企业名称", "得分", "结果", "批次"],
            [one.enterprise.name, "73.5", "通过", "第一批"],
            [two.enterprise.name, "48", "不通过", "第一批"],
            ["示范没有申报过的公司", "60", "通过", "第一批"],
        ]
    )
    given = {"file": file, "source": "虚构公告1号"}
    preview = client.post(reverse("round_results", args=[opened.pk]), given)
    assert preview.context["ready"] == 2
    assert "这一批次没有这家企业的案卷" in preview.text
    assert [each.own.id for each in preview.context["rows"][:2]] == ["manual"] * 2
    assert preview.context["differing"] == 1
    assert "本级已推荐，上级没有通过" in preview.text
    one.refresh_from_db()
    assert one.state == "recommended"

    url = reverse("round_results_commit", args=[opened.pk])
    kept = {"kept": preview.context["kept"]}
    answer = client.post(url, kept, follow=True)

    for case, state in ((one, "certified"), (two, "upheld")):
        case.refresh_from_db()
        assert case.state == state
    assert one.moves.last().data == {
        "source": "虚构公告1号",
        "score": "73.5",
        "batch": "第一批",
    }
    assert "已登记 2 家的结果，1 行没有登记" in answer.text
    assert "73.5" in answer.text
    assert answer.text.count("本级已推荐，上级没有通过") == 1
    outcomes = reverse("round_outcomes", args=[opened.pk])
    for form in ("csv", "xlsx"):
        file = client.get(outcomes, {"download": form})
        content = b"".join(file.streaming_content)
        assert content
        assert form == "xlsx" or "本级已推荐，上级没有通过" in content.decode()
    again = client.post(url, kept, follow=True)
    assert "已登记 0 家的结果，3 行没有登记" in again.text


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([["名字", "好坏"], ["甲", "乙"]], "没有找到表头"),
        ([], "空文件"),
    ],
)
def test_a_file_that_says_nothing_is_told(client, recommended, rows, said):
    opened, _cases = recommended
    at_desk(client, "county")
    file = as_csv(rows) if rows else SimpleUploadedFile("a.csv", b" ")
    given = {"file": file, "source": "虚构"}

    answer = client.post(reverse("round_results", args=[opened.pk]), given)

    assert answer.status_code == 422
    assert answer.context["results_form"].errors["file"]
    assert said in answer.text or rows == []


def test_doubtful_rows_are_not_recorded(client, recommended):
    opened, (one, two) = recommended
    at_desk(client, "county")
    file = as_csv(
        [
            ["企业名称", "结果"],
            [one.enterprise.name, "待定"],
            [two.enterprise.name, "通过"],
            [two.enterprise.name, "不通过"],
        ]
    )
    given = {"file": file, "source": "虚构"}

    preview = client.post(reverse("round_results", args=[opened.pk]), given)

    problems = [each.matched.problem for each in preview.context["rows"]]
    assert "看不懂结果" in problems[0]
    assert problems[1] == ""
    assert "不止一行" in problems[2]


def test_results_that_were_tampered_with_are_not_recorded(client, recommended):
    opened, (one, _two) = recommended
    at_desk(client, "county")

    url = reverse("round_results_commit", args=[opened.pk])
    answer = client.post(url, {"kept": "forged"}, follow=True)

    assert "请重新上传" in answer.text
    one.refresh_from_db()
    assert one.state == "recommended"


def test_one_result_is_recorded_by_hand(client, recommended):
    _opened, (one, _two) = recommended
    at_desk(client, "county")
    url = reverse("case_result", args=[one.pk])
    assert client.post(url, {"seen": one.counter}).status_code == 422

    given = {"seen": one.counter, "decision": "certified", "source": "虚构公告2号"}
    client.post(url, given)

    one.refresh_from_db()
    assert one.state == "certified"
