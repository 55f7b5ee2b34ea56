"""Files that cannot be read: one sentence with what is wrong and what to do."""

from __future__ import annotations

import datetime
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from tidu.intake import Limits, UnreadableFile, read_file
from tidu.rules.library import default_library

FACTS = default_library().facts
ON = datetime.date(2026, 6, 1)


def refuse(path: Path, **how: object) -> str:
    with pytest.raises(UnreadableFile) as error:
        read_file(path, FACTS, on=ON, **how)
    return str(error.value).replace(str(path), "FILE")


def workbook(path: Path) -> Path:
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["企业名称", "营业收入@2025"])
    for row in range(1, 200):
        sheet.write_row(row, 0, [f"示范企业{row}", row])
    book.close()
    return path


def test_missing_file(tmp_path):
    assert refuse(tmp_path / "none.csv") == "找不到文件 FILE；请检查文件名"


def test_empty_file(tmp_path):
    path = tmp_path / "empty.csv"
    path.touch()
    assert refuse(path) == "FILE 是空文件；请检查是否选对了文件"


def test_folder_in_place_of_a_file(tmp_path):
    assert refuse(tmp_path).startswith("打不开 FILE")


def test_truncated_workbook(tmp_path):
    path = workbook(tmp_path / "firms.xlsx")
    path.write_bytes(path.read_bytes()[:3000])
    assert refuse(path) == "FILE 不完整或已损坏；请重新下载，或在 Excel 里打开后另存"


def test_workbook_with_a_damaged_sheet(tmp_path):
    path = workbook(tmp_path / "firms.xlsx")
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["xl/worksheets/sheet1.xml"] = b"<worksheet><sheetData><row>"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    assert "请在 Excel 里打开后另存为 xlsx" in refuse(path)


def test_password_protected_workbook(tmp_path):
    path = tmp_path / "firms.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000))
    assert refuse(path) == (
        "FILE 加了密码，或是旧的 xls 格式；请去掉密码，另存为 xlsx 或 csv"
    )


def test_zip_bomb_is_not_unpacked(tmp_path):
    path = workbook(tmp_path / "firms.xlsx")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zeros.bin", bytes(64 * 1024 * 1024))
    assert refuse(path) == "FILE 解压后过大，像是压缩炸弹；请用 Excel 重新另存一份"


def test_zip_that_is_no_workbook(tmp_path):
    path = tmp_path / "firms.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("hello.txt", "hello")
    assert refuse(path) == "FILE 不是 Excel 的 xlsx 文件；请在 Excel 里另存为 xlsx"


def test_text_named_xlsx(tmp_path):
    path = tmp_path / "firms.xlsx"
    path.write_text("企业名称,营业收入@2025\n", encoding="utf-8")
    assert refuse(path) == "FILE 不是 Excel 文件，或已损坏；请重新导出"


def test_file_of_200_mb_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "firms.csv"
    with path.open("wb") as file:
        file.write("企业名称\n".encode())
        file.truncate(200 * 1024 * 1024)
    assert refuse(path) == "FILE 有 200 MB，超过 100 MB；请按县区或年份分成几个文件"


def test_binary_file(tmp_path):
    path = tmp_path / "firms.csv"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    assert refuse(path) == "FILE 不是表格文件；请用 CSV、XLSX 或 JSON"


def test_encoding_nobody_knows(tmp_path):
    path = tmp_path / "firms.csv"
    path.write_bytes(b"name\n\xff\xff\xff\xff\n")
    assert refuse(path) == "FILE 的文字编码读不懂；请另存为 UTF-8 的 CSV"


def test_quotes_that_never_match(tmp_path):
    path = tmp_path / "firms.csv"
    path.write_text("企业名称,营业收入@2025\n" + '"甲,3\n' * 1_500, encoding="utf-8")
    assert refuse(path) == ("FILE 里引号不成对的行太多；请用 Excel 打开后另存为 CSV")


def test_one_endless_line(tmp_path):
    path = tmp_path / "firms.csv"
    path.write_text("name\n" + "a" * 5_000_000, encoding="utf-8")
    assert refuse(path) == ("FILE 第 2 行过长，不像表格；请用 Excel 打开后另存为 CSV")


def test_web_page_named_xls(tmp_path):
    path = tmp_path / "firms.xls"
    path.write_text("<html><table><tr><td>企业名称</td></tr></table>", encoding="utf-8")
    assert refuse(path) == (
        "FILE 是网页或 XML，不是表格；请在 Excel 里打开后另存为 xlsx"
    )


@pytest.mark.parametrize(
    ("stream", "said"),
    [
        ("EncryptedPackage", "FILE 加了密码；请在 Excel 里去掉密码，另存后再试"),
        ("Workbook", "FILE 是旧的 xls 格式；请在 Excel 里另存为 xlsx 或 csv"),
    ],
)
def test_protected_and_old_workbooks_are_told_apart(tmp_path, stream, said):
    path = tmp_path / "firms.xlsx"
    name = stream.encode("utf-16-le")
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + name)
    assert refuse(path) == said


def test_broken_json_names_line_and_column(tmp_path):
    path = tmp_path / "firms.json"
    path.write_text('[\n {"name": "甲",}\n]', encoding="utf-8")
    said = refuse(path)
    assert said.startswith("FILE 第 2 行第 1")
    assert said.endswith("列：不是合法的 JSON；请检查逗号、引号和括号")


def test_json_that_is_no_list_of_objects(tmp_path):
    path = tmp_path / "firms.json"
    path.write_text("[1, 2]", encoding="utf-8")
    assert refuse(path) == "FILE 应是列表，一个企业一个对象；请调整后再试"


def test_json_nested_without_end(tmp_path):
    path = tmp_path / "firms.json"
    path.write_text("[" * 100_000, encoding="utf-8")
    assert refuse(path) == "FILE 嵌套太深；请写成一个企业一个对象的列表"


def test_no_known_column(tmp_path):
    path = tmp_path / "firms.csv"
    path.write_text("甲,乙\n1,2\n", encoding="utf-8")
    assert "没有认得的列名" in refuse(path)


def test_too_many_rows_are_refused_before_they_are_read(tmp_path):
    path = tmp_path / "firms.csv"
    path.write_text("name\n" + "甲\n" * 20, encoding="utf-8")
    assert refuse(path, limits=Limits(rows=10)) == (
        "FILE 有 21 行，超过 10 行；请按县区或年份分成几个文件"
    )


def test_limits_can_be_raised(tmp_path):
    path = tmp_path / "firms.csv"
    path.write_text("name\n甲\n", encoding="utf-8")
    assert refuse(path, limits=Limits(bytes=4)) == (
        "FILE 有 0 MB，超过 0 MB；请按县区或年份分成几个文件"
    )
    assert len(read_file(path, FACTS, on=ON, limits=Limits(bytes=100)).rows) == 1


def test_cells_too_far_apart_to_be_held_in_memory(tmp_path):
    path = tmp_path / "firms.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("表")
    sheet.write_row(0, 0, ["企业名称", "营业收入@2025"])
    sheet.write(1_048_575, 16_383, "x")
    book.close()
    assert refuse(path) == (
        "FILE 工作表“表”的内容一直到 XFD1048576，范围太大；"
        "请删去远处多余的内容，或分成几个文件"
    )


def test_archive_that_lies_about_its_size(tmp_path):
    path = workbook(tmp_path / "firms.xlsx")
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    assert data.count(size.to_bytes(4, "little")) >= 1
    lie = data.replace(size.to_bytes(4, "little"), (100).to_bytes(4, "little"))
    path.write_bytes(lie)
    assert refuse(path).startswith("FILE 不完整或已损坏")


def test_the_sentence_is_told_in_english_where_asked(tmp_path):
    path = tmp_path / "none.csv"
    with pytest.raises(UnreadableFile) as error:
        read_file(path, FACTS, on=ON, english=True)
    assert str(error.value) == error.value.sentence(english=True)
    assert error.value.sentence() == f"找不到文件 {path}；请检查文件名"
