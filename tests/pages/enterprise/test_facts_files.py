"""Figures as an Excel file: out, back in, a dry run with errors, then confirmed."""

import io

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from tests.factories import EnterpriseFactory
from tidu.registry.enums import FilingSource

YEAR = timezone.localdate().year - 1


def book(*rows) -> bytes:
    target = io.BytesIO()
    workbook = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = workbook.add_worksheet("填报表")
    for at, row in enumerate(rows):
        sheet.write_row(at, 0, row)
    workbook.close()
    return target.getvalue()


def upload(client, content, name="填报表.xlsx", url="facts_upload"):
    return client.post(reverse(url), {"file": SimpleUploadedFile(name, content)})


def confirm(client, **more):
    return client.post(reverse("facts_upload"), {"confirm": "yes", **more}, follow=True)


def downloaded(client) -> bytes:
    answer = client.get(reverse("facts_file"))
    assert "attachment" in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    return answer.content


def test_what_was_downloaded_changes_nothing_when_uploaded(signed_in, firm):
    answer = upload(signed_in, downloaded(signed_in))

    trial = answer.context["trial"]
    assert trial.errors == []
    assert trial.differences == []
    assert trial.same == len(firm.current.entries)
    assert firm.filings.count() == 1


def test_the_file_says_where_every_figure_is_from(signed_in):
    sheets = CalamineWorkbook.from_filelike(io.BytesIO(downloaded(signed_in)))

    rows = sheets.get_sheet_by_name("来历说明").to_python()
    assert rows[0][:4] == ["数据", "值", "来源", "填报人"]
    assert ["2025年营业收入", "6,088万元", "企业填报"] in [row[:3] for row in rows]


def test_a_file_is_shown_first_and_saved_when_confirmed(signed_in, firm):
    content = book(
        ["项目", "单位", f"{YEAR}年"],
        ["统一社会信用代码", "", firm.uscc],
        ["营业收入", "万元", "6500"],
        ["资产总额", "万元", 9000],
        ["新增股权融资（合格机构投资者实缴额）", "万元", "1.2亿"],
    )

    answer = upload(signed_in, content)
    trial = answer.context["trial"]
    assert answer.status_code == 200
    assert len(trial.differences) == 3
    assert firm.filings.count() == 1

    without = confirm(signed_in)
    assert without.status_code == 422
    assert "请写明原因" in without.content.decode()
    confirm(signed_in, reason="审计报告已出")

    filing = firm.filings.first()
    assert filing.source == FilingSource.ENTERPRISE
    assert filing.entries[f"new_equity@{YEAR}"]["value"] == "120000000.00"
    assert "填报表" in filing.entries[f"new_equity@{YEAR}"]["place"]
    again = confirm(signed_in, reason="审计报告已出")
    assert again.status_code == 422
    assert firm.filings.count() == 2


def test_errors_name_the_cell_and_nothing_can_be_confirmed(signed_in, firm):
    content = book(
        ["项目", "单位", f"{YEAR}年"],
        ["营业收入", "万元", "六千"],
        ["资产总额", "万元", 9000],
        ["从业人员", "人", "1.5"],
    )

    answer = upload(signed_in, content)

    assert answer.status_code == 422
    (sheet,) = answer.context["unread"]
    assert len(sheet.lines) == answer.context["trial"].wrong == 2
    assert "（C2）" in sheet.lines[0].place
    assert "六千" in sheet.lines[0].said
    assert "（C4）" in sheet.lines[1].place
    assert confirm(signed_in).status_code == 422
    assert firm.filings.count() == 1


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (b"", "空.xlsx", "空文件"),
        (b"not a workbook", "假.xlsx", "不是 Excel"),
        (b"\xd0\xcf\x11\xe0" + b"0" * 600, "旧.xls", "xls"),
        (book(["甲", "乙"], ["丙", "丁"]), "别的.xlsx", "没有认得的列名"),
    ],
)
def test_files_that_cannot_be_read_say_why(signed_in, content, name, why):
    answer = upload(signed_in, content, name)

    assert answer.status_code == 422
    text = answer.content.decode()
    assert why in text
    assert name in text
    assert "tidu-" not in text  # the folder it was read in


def test_no_file_and_another_firms_file_are_told(signed_in, firm):
    assert "请先选一个文件" in signed_in.post(reverse("facts_upload")).content.decode()
    other = book(
        ["项目", "内容"],
        ["企业名称", "示范别家有限公司"],
        ["统一社会信用代码", "91990000000000350B"],
        [f"{YEAR}年营业收入(万元)", 100],
        [f"{YEAR}年资产总额(万元)", 100],
    )
    answer = upload(signed_in, other)
    assert answer.status_code == 422
    several = book(
        ["企业名称", f"{YEAR}年营业收入(万元)"], ["甲", 1], ["乙", 2], ["丙", 3]
    )
    assert "3 家企业" in upload(signed_in, several).content.decode()


def test_what_was_held_for_one_firm_is_not_saved_for_another(client, firm, owner):
    client.force_login(owner)
    upload(
        client,
        book(
            ["项目", "单位", f"{YEAR}年"],
            ["成本费用总额", "万元", 1],
            ["净利润", "万元", 2],
            ["科技人员", "人", 3],
        ),
    )
    session = client.session
    held = session["facts_upload"]
    assert held["enterprise"] == firm.pk
    session["facts_upload"] = {**held, "enterprise": EnterpriseFactory().pk}
    session.save()

    assert confirm(client).status_code == 422
    assert firm.filings.count() == 1
