"""The self-check by file: read, refused, limited; and nothing of it stays."""

import io
import tempfile
import zipfile
from pathlib import Path

import pytest
import python_calamine
import xlsxwriter
from django.apps import apps
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tidu.web.public import checking
from tidu.web.throttle import TRIES

FILE = reverse("check_file")
ASKED = {"on": "2026-06-01", "kind": "new", "territory": ""}
HEADER = (
    "企业名称,统一社会信用代码,国民经济行业代码,2025年营业收入(万元),2025年从业人员"
)


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    """A folder for temporary files of this test alone; forget earlier tries."""
    cache.clear()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def csv(*lines: str, name: str = "企业.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, "\n".join((HEADER, *lines)).encode())


def line(at: int, revenue: str = "6000") -> str:
    return f"示范虚构{at}有限公司,,C3421,{revenue},120"


def post(client, file, **further):
    return client.post(FILE, ASKED | {"file": file} | further)


def test_the_page_says_limits_and_that_nothing_is_kept(client, db):
    text = client.get(FILE).content.decode()

    assert "5 MB 以内，最多 500 家" in text
    assert "不保存任何内容" in text


@pytest.mark.parametrize("count", [1, 3])
def test_a_file_needs_no_query(count, client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = post(client, csv(*map(line, range(count))))

    assert answer.context["file_result"].count == count


def test_one_enterprise_gets_the_whole_answer(client, db):
    result = post(client, csv(line(1))).context["file_result"]

    assert result.one.name == "示范虚构1有限公司"
    assert result.one.size == "小型"


def test_several_enterprises_get_a_line_each(client, db):
    answer = post(client, csv(line(1), line(2, "100000"), line(3, "不详")))

    result = answer.context["file_result"]
    # Without revenue a small firm by its people may still be a micro one.
    assert [(r.row, r.size) for r in result.rows] == [(2, "小型"), (3, "小型"), (4, "")]
    assert result.one is None
    assert "示范虚构2有限公司" in answer.content.decode()


def test_a_bad_cell_is_named_and_its_row_left_out(client, db):
    answer = post(client, csv(line(1), line(2, "很多"), line(3)))

    result = answer.context["file_result"]
    assert (result.count, result.unread) == (2, 1)
    (problems,) = result.problems
    assert problems.sheet == ""
    problem, *_warnings = problems.lines
    assert problem.head == "错误"
    assert problem.place == "第3行 “2025年营业收入(万元)”列"
    assert problem.said.startswith("“很多”读不成金额；")


def test_past_two_hundred_the_rest_is_counted(client, db):
    result = post(client, csv(*map(line, range(203)))).context["file_result"]

    assert (result.count, len(result.rows), result.left_out) == (203, 200, 3)


def test_more_than_a_self_check_takes_is_refused(client, db):
    answer = post(client, csv(*map(line, range(checking.MOST_FIRMS + 1))))

    assert answer.status_code == 422
    assert "501 家企业，自测一次最多 500 家" in answer.content.decode()


def bomb() -> bytes:
    """An archive that says it is a workbook and would unpack to 200 MB."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (200 * 1024 * 1024))
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("空.csv", b"", "这是空文件"),
        ("图.xlsx", b"\x89PNG\r\n\x1a\n" + b"0" * 100, "不是 Excel 文件"),
        ("网页.xlsx", b"<html></html>", "不是 Excel 文件"),
        ("说明.csv", "今天,天气\n晴,好\n".encode(), "没有认得的列名"),
        ("大.csv", b"0" * (checking.LIMITS.bytes + 1), "超过 5 MB"),
        ("炸弹.xlsx", bomb(), "炸弹.xlsx"),
    ],
    ids=["empty", "picture", "page", "no columns", "too large", "bomb"],
)
def test_what_is_no_table_is_refused_with_the_reason(
    name, content, said, client, db, own_folder
):
    answer = post(client, SimpleUploadedFile(name, content))

    assert answer.status_code == 422
    text = answer.content.decode()
    assert said in text
    assert "--columns" not in text  # a remedy of the command line
    assert str(own_folder) not in text
    assert list(own_folder.iterdir()) == []


def test_no_file_is_refused(client, db):
    answer = client.post(FILE, ASKED)

    assert answer.status_code == 422
    assert "请选择一个文件" in answer.content.decode()


@pytest.mark.parametrize("name", ["../../etc/企业.csv", "长" * 200 + ".csv"])
def test_a_name_is_only_a_name(name, client, db, own_folder):
    answer = post(client, csv(line(1), name=name))

    assert answer.status_code == 200
    assert answer.context["file_result"].count == 1
    assert list(own_folder.iterdir()) == []


def test_the_report_of_a_file_carries_no_formula(client, db):
    file = csv("=HYPERLINK(1),,C3421,6000,120")

    answer = post(client, file, report="xlsx")

    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        sheets = [n for n in archive.namelist() if n.startswith("xl/worksheets/")]
        assert sheets
        assert not any(b"<f>" in archive.read(name) for name in sheets)
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    assert book.get_sheet_by_name("总览").to_python()[3][0] == "=HYPERLINK(1)"


def test_a_workbook_is_read(client, db):
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet("表")
    for at, text in enumerate(HEADER.split(",")):
        sheet.write(0, at, text)
    for at, cell in enumerate(["示范虚构有限公司", "", "C3421", 6000, 120]):
        sheet.write(1, at, cell)
    book.close()

    answer = post(client, SimpleUploadedFile("企业.xlsx", out.getvalue()))

    assert answer.context["file_result"].one.size == "小型"


def test_nothing_is_stored_and_no_file_left(client, db, own_folder):
    before = {m: m._default_manager.count() for m in apps.get_models()}
    large = csv(*map(line, range(300)), "x" * (3 * 1024 * 1024))  # past memory: a file

    for further in ({}, {"report": "xlsx"}):
        post(client, csv(line(1), line(2)), **further)
    post(client, large)

    assert {m: m._default_manager.count() for m in apps.get_models()} == before
    assert list(Path(own_folder).iterdir()) == []
    assert "sessionid" not in client.cookies


def test_too_many_tries_are_put_off_with_words(client, db):
    for _ in range(TRIES):
        assert client.post(FILE, ASKED).status_code == 422

    answer = post(client, csv(line(1)))
    fragment = client.post(FILE, ASKED, headers={"HX-Request": "true"})

    assert answer.status_code == 429
    assert "过几分钟再试" in answer.content.decode()
    assert fragment.status_code == 429
    assert "<html" not in fragment.content.decode()
    other = client.post(FILE, ASKED, REMOTE_ADDR="10.0.0.9")
    assert other.status_code == 422  # another address has its own count
