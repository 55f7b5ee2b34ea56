"""An officer leads a file into the registry; others see nothing of it."""

import csv
import io
import re

import pytest
import python_calamine as calamine
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.factories import EnterpriseFactory, acting, member, officer
from tests.unit.registry.importing import (
    HEAD,
    ON,
    checked,
    code,
    committed,
    firm_line,
    table,
    upload,
)
from tidu.accounts.enums import Role
from tidu.audit.models import Event
from tidu.eligibility.models import CurrentStanding
from tidu.registry.enums import ImportState, SameFirm
from tidu.registry.import_models import ImportBatch
from tidu.registry.models import Enterprise

pytestmark = pytest.mark.django_db
PAGES = ("import", "import_columns", "import_progress")
POSTS = (
    "import_decide",
    "import_commit",
    "import_undo",
    "import_resume",
    "import_discard",
)


def posted(content: bytes, name: str = "firms.csv", **changes) -> dict:
    return {
        "file": SimpleUploadedFile(name, content),
        "source": "import",
        "on": ON.isoformat(),
        "territory": "990101",
        **changes,
    }


def chosen(columns: list[str]) -> dict:
    found = {f"fact-{at}": fact for at, fact in enumerate(columns)}
    return {**found, "unit-3": "万元", "year-3": "2025", "year-4": "2025"}


def test_a_file_goes_all_the_way_and_back(
    desk, county, django_capture_on_commit_callbacks
):
    answer = desk.post(reverse("import_new"), posted(table(firm_line(1))))
    batch = ImportBatch.objects.get()
    assert answer.url == reverse("import_columns", args=[batch.pk])
    assert "营业收入" in desk.get(answer.url).text

    with django_capture_on_commit_callbacks(execute=True):
        columns = ["uscc", "name", "territory", "revenue", "employees"]
        answer = desk.post(answer.url, chosen(columns))
    assert answer.url == reverse("import", args=[batch.pk])
    assert "确认导入 1 行" in desk.get(answer.url).text

    with django_capture_on_commit_callbacks(execute=True):
        desk.post(reverse("import_commit", args=[batch.pk]))
    page = desk.get(answer.url).text
    assert "导入完成" in page
    assert "都已按新数据算好" in page
    firm = Enterprise.objects.get(uscc=code(1))
    assert CurrentStanding.objects.filter(enterprise=firm).exists()

    with django_capture_on_commit_callbacks(execute=True):
        desk.post(reverse("import_undo", args=[batch.pk]))
    assert "已整份撤回" in desk.get(answer.url).text
    events = Event.objects.filter(action__startswith="registry.import_")
    actions = events.order_by("number").values_list("action", "actor_name")
    assert list(actions) == [
        ("registry.import_uploaded", county.name),
        ("registry.import_committed", county.name),
        ("registry.import_undone", county.name),
    ]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (posted(b""), "空"),
        (posted(b"PK\x03\x04 no book", "firms.xlsx"), "firms.xlsx "),
        (posted(b"<html></html>", "firms.csv"), "网页或 XML"),
        (posted(table(), territory="990102"), "不在本单位的区划内"),
        (posted(table(), territory="99"), "6 位数字"),
        (posted(table(), source="enterprise"), "数据来源"),
        (posted(table(), on="昨天"), "填表日期"),
    ],
)
def test_what_cannot_be_taken_is_said_beside_its_field(desk, given, said):
    answer = desk.post(reverse("import_new"), given)

    assert answer.status_code == 422
    assert said in answer.text
    assert "error-summary" in answer.text
    assert str(given["territory"]) in answer.text  # what was typed is kept
    assert not ImportBatch.objects.exists()


def test_a_file_beyond_the_limit_is_refused(desk, settings):
    settings.UPLOAD_LIMIT = 10

    answer = desk.post(reverse("import_new"), posted(table(firm_line(1))))

    assert "请分成几个文件" in answer.text


def test_columns_without_an_identity_are_refused_and_kept(desk, county):
    batch = upload(table(firm_line(1)), acting(county))
    url = reverse("import_columns", args=[batch.pk])

    answer = desk.post(url, chosen(["", "", "territory", "revenue", "nonsense"]))

    assert "至少要有一列" in answer.text
    assert "选的项目不认识" in answer.text
    batch.refresh_from_db()
    assert batch.state == ImportState.UPLOADED


def test_errors_stand_on_the_page_with_their_places(desk, county):
    batch = checked(table(firm_line(1), firm_line(2, revenue="六千")), acting(county))

    page = desk.get(reverse("import", args=[batch.pk])).text

    assert "第3行" in page
    assert "2025年营业收入(万元)" in page


def test_decisions_are_kept(desk, county):
    EnterpriseFactory(name="示范虚构甲有限公司", uscc=None)
    batch = checked(table(",示范虚构甲有限公司,990101,1,1"), acting(county))
    line = batch.decisions.get().line
    assert "请您认定" in desk.get(reverse("import", args=[batch.pk])).text

    url = reverse("import_decide", args=[batch.pk])
    desk.post(url, {f"row-{line}": "same", "row-x": "same", "row-7": "mine"})

    assert batch.decisions.get().choice == SameFirm.SAME


def test_progress_reloads_the_page_once_it_is_done(desk, county):
    batch = checked(table(firm_line(1)), acting(county))
    url = reverse("import_progress", args=[batch.pk])
    assert desk.get(url)["HX-Refresh"] == "true"
    ImportBatch.objects.filter(pk=batch.pk).update(
        state=ImportState.COMMITTING, rows=4, done=1
    )

    answer = desk.get(url)

    assert "HX-Refresh" not in answer
    assert "1 / 4 行" in answer.text


def test_a_stopped_import_says_how_far_it_came(desk, county):
    batch = checked(table(firm_line(1)), acting(county))
    batch.summary["job"] = "committing"
    batch.state, batch.done, batch.rows = ImportState.FAILED, 3, 9
    batch.message = "磁盘已满"
    batch.save()

    page = desk.get(reverse("import", args=[batch.pk])).text

    assert "磁盘已满" in page
    assert "已处理 3 / 9 行" in page
    assert reverse("import_resume", args=[batch.pk]) in page


def test_results_hold_nothing_a_sheet_would_run(desk, county):
    line = f"{code(1)},=HYPERLINK(1)示范虚构,990101,1,1"
    batch = committed(table(line), acting(county))

    answer = desk.get(reverse("import_result", args=[batch.pk, "csv"]))

    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[1][0] == "'=HYPERLINK(1)示范虚构"
    event = Event.objects.latest("number")
    assert (event.action, event.data["count"]) == ("registry.exported", 1)


def test_all_problems_can_be_downloaded(desk, client, county):
    content = table(f"{code(1)},=示范虚构有限公司,990101,六千,1")
    batch = checked(content, acting(county))
    url = reverse("import_report", args=[batch.pk, "csv"])

    workbook = desk.get(reverse("import_report", args=[batch.pk, "xlsx"]))
    text = b"".join(desk.get(url).streaming_content).decode("utf-8-sig")

    assert b"".join(workbook.streaming_content).startswith(b"PK")
    header, problem = csv.reader(io.StringIO(text))
    assert header[:3] == ["级别", "工作表", "行"]
    assert (problem[0], problem[3], problem[5]) == (
        "错误",
        "2025年营业收入(万元)",
        "六千",
    )
    client.force_login(officer("990102"))
    assert client.get(url).status_code == 403


def workbook(sheets: dict[str, list[list]]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    for title, rows in sheets.items():
        sheet = book.add_worksheet(title)
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    book.close()
    return out.getvalue()


def two_bad_sheets() -> bytes:
    bad = [firm_line(n, revenue="六千").split(",") for n in (1, 2, 3)]
    head = HEAD.split(",")
    return workbook({"城东": [head, *bad[:2]], "城西": [head, bad[2]]})


def test_the_page_says_file_and_sheet_once_and_then_the_cells(desk, county):
    batch = checked(two_bad_sheets(), acting(county), name="摸底.xlsx")

    answer = desk.get(reverse("import", args=[batch.pk]))

    east, west = answer.context["problems"]
    assert (east.sheet, west.sheet) == ("城东", "城西")
    assert [each.place for each in east.lines] == [
        "第2行 “2025年营业收入(万元)”列（D2）",
        "第3行 “2025年营业收入(万元)”列（D3）",
    ]
    assert east.lines[0].said == "“六千”读不成金额；可写 5088、5,088万元 或 1.2亿。"
    assert answer.text.count("城东") == answer.text.count("城西") == 1


CHINESE = re.compile("[一-鿿]")


def test_an_english_reader_gets_page_and_report_in_english(
    desk, county, django_capture_on_commit_callbacks
):
    desk.cookies["django_language"] = "en"
    batch = upload(two_bad_sheets(), acting(county), name="firms.xlsx")
    columns = ["uscc", "name", "territory", "revenue", "employees"]
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(reverse("import_columns", args=[batch.pk]), chosen(columns))

    page = desk.get(reverse("import", args=[batch.pk]))
    report = desk.get(reverse("import_report", args=[batch.pk, "xlsx"]))
    content = b"".join(report.streaming_content)

    (east, _west) = page.context["problems"]
    first = east.lines[0]
    assert first.head == "error"
    assert first.place == 'row 2 column "2025年营业收入(万元)" (D2)'
    assert first.said.startswith('"六千" is not an amount')
    with calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
        assert not any(map(CHINESE.search, book.sheet_names))
        overview, problems, *_more = map(book.get_sheet_by_name, book.sheet_names)
        overview, problems = overview.to_python(), problems.to_python()
    assert not CHINESE.search(str(overview))
    header, row = problems[:2]
    assert not CHINESE.search(str(header))
    assert row[:3] == ["error", "城东", 2]
    assert row[4:6] == ["D2", "六千"]
    assert not CHINESE.search(f"{row[6]}{row[7]}".replace("万元", "").replace("亿", ""))


@pytest.mark.parametrize("name", PAGES)
def test_another_office_sees_nothing_of_an_import(name, client, county):
    batch = checked(table(firm_line(1)), acting(county))

    for stranger in (officer("990102"), officer("990100"), officer("990101")):
        client.force_login(stranger)
        assert client.get(reverse(name, args=[batch.pk])).status_code == 403
        assert "firms.csv" not in client.get(reverse("imports")).text


@pytest.mark.parametrize("name", POSTS)
def test_observers_read_and_change_nothing(name, client, county):
    batch = checked(table(firm_line(1)), acting(county))
    office = county.memberships.get().organisation
    client.force_login(member(office, Role.OBSERVER))

    assert client.get(reverse("import", args=[batch.pk])).status_code == 200
    assert client.post(reverse(name, args=[batch.pk])).status_code == 403
    batch.refresh_from_db()
    assert batch.state == ImportState.CHECKED


@pytest.mark.parametrize("name", POSTS)
def test_nothing_changes_by_opening_an_address(name, desk, county):
    batch = checked(table(firm_line(1)), acting(county))

    assert desk.get(reverse(name, args=[batch.pk])).status_code == 405


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_for_any_number(
    count, desk, county, django_assert_num_queries
):
    for number in range(count):
        upload(table(firm_line(number)), acting(county))

    with django_assert_num_queries(5):
        answer = desk.get(reverse("imports"))

    assert f"共 {count} 次导入" in answer.text


@pytest.mark.parametrize("count", [1, 3])
def test_a_checked_import_takes_the_same_queries_for_any_number(
    count, desk, county, django_assert_num_queries
):
    lines = []
    for number in range(count):
        EnterpriseFactory(name=f"示范虚构甲{number}有限公司", uscc=None)
        lines.append(f",示范虚构甲{number}有限公司,990101,1,1")
    batch = checked(table(*lines), acting(county))

    with django_assert_num_queries(6):
        answer = desk.get(reverse("import", args=[batch.pk]))

    assert f"共 {count} 行" in answer.text
