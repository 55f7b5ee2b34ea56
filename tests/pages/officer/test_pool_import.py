"""The pool from a sheet: template, check, commit, passwords, and the way back."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from tests.factories import officer
from tests.unit.casework.cases import desk
from tests.unit.casework.reviews import expert
from tidu.accounts.enums import Role
from tidu.audit.models import Event
from tidu.casework.pool_sheets import COLUMNS
from tidu.casework.review_models import Expert

pytestmark = pytest.mark.django_db

PAGE = "/officer/reviews/experts/import/"
HEADS = [heads[0] for heads in COLUMNS.values()]
ROW = ["xuni1", "虚构甲", "虚构大学", "", "34", 12, "是"]


@pytest.fixture
def province(client):
    client.force_login(desk("province").user)
    return client


def sheet(*rows):
    target = io.BytesIO()
    with Workbook(target) as book:
        made = book.add_worksheet("专家")
        for at, row in enumerate((HEADS, *rows)):
            made.write_row(at, 0, row)
    return SimpleUploadedFile("专家.xlsx", target.getvalue())


def kept_in(answer):
    return re.search(r'name="kept" value="([^"]+)"', answer.content.decode())[1]


def test_a_sheet_is_checked_then_written_with_its_passwords(province):
    answer = province.post(PAGE, {"file": sheet(ROW)})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "还没有写库" in text
    assert not Expert.objects.exists()

    answer = province.post(f"{PAGE}commit/", {"kept": kept_in(answer)})

    text = answer.content.decode()
    assert Expert.objects.get().name == "虚构甲"
    password = re.search(r"\w{4}-\w{4}-\w{4}-\w{4}", text)[0]
    file = province.post(f"{PAGE}passwords/", {"kept": kept_in(answer)})
    rows = CalamineWorkbook.from_filelike(io.BytesIO(file.content)).get_sheet_by_index(
        0
    )
    assert rows.to_python()[1] == ["xuni1", "虚构甲", password]
    assert Event.objects.filter(action="registry.exported").exists()


def test_a_wrong_cell_is_shown_and_nothing_can_be_written(province):
    answer = province.post(PAGE, {"file": sheet(ROW, ["", *ROW[1:]])})
    text = answer.content.decode()

    assert answer.status_code == 422
    assert "A3" in text
    assert 'name="kept"' not in text
    assert province.post(f"{PAGE}commit/", {"kept": "forged"}).status_code == 302
    assert not Expert.objects.exists()


@pytest.mark.parametrize(
    "file",
    [None, SimpleUploadedFile("x.xlsx", b"PK"), SimpleUploadedFile("x.csv", b"a,b")],
)
def test_no_file_or_a_strange_one_is_told(province, file):
    answer = province.post(PAGE, {"file": file} if file else {})

    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()


def test_the_template_and_the_pool_s_file_have_the_same_heads(province):
    one = expert("虚构旧人", fields=["34", "39"])
    template = province.get(f"{PAGE}template/").content
    heads = CalamineWorkbook.from_filelike(io.BytesIO(template)).get_sheet_by_index(0)
    assert heads.to_python()[0] == HEADS

    file = province.get("/officer/reviews/experts/", {"download": "xlsx"}).getvalue()

    answer = province.post(PAGE, {"file": SimpleUploadedFile("back.xlsx", file)})
    assert answer.status_code == 200
    assert "没有要写的" in answer.content.decode()
    assert one.user.username in answer.content.decode()


def test_passwords_come_only_from_the_page_that_showed_them(province):
    assert province.post(f"{PAGE}passwords/", {"kept": "forged"}).status_code == 404


def test_observers_and_other_offices_are_kept_apart(client):
    client.force_login(desk("province", Role.OBSERVER).user)
    assert client.get(PAGE).status_code == 403
    expert("虚构旧人")
    client.force_login(officer("980000"))

    assert client.get(PAGE).status_code == 200
    answer = client.get("/officer/reviews/experts/", {"download": "csv"})
    assert "虚构旧人" not in answer.getvalue().decode()


def test_the_check_asks_the_same_of_one_row_and_of_three(
    province, django_assert_max_num_queries
):
    for rows in ([ROW], [[f"xuni{at}", *ROW[1:]] for at in range(3)]):
        with django_assert_max_num_queries(12):
            province.post(PAGE, {"file": sheet(*rows)})
