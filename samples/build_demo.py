"""Write samples/demo.xlsx: the 40 fictional enterprises of demo_firms.yaml.

Written as officers write: a title, years above merged cells, amounts in several units,
blanks and 不详. Division codes 99xxxx exist nowhere, so no firm can be taken for a real
one. Run `python samples/build_demo.py`; the file is committed.
"""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import xlsxwriter
import yaml

OUT = Path(__file__).with_name("demo.xlsx")
YEARS = (2025, 2024, 2023)
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_EQUITY = "新增股权融资（合格机构投资者实缴额）"
_SHARES = {"主营占比", "研发占比", "科技占比", "负债率"}  # of revenue, people, assets

Answers = dict[str, Any]


def _read(name: str) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(
        Path(__file__).with_name(name).read_text(encoding="utf-8")
    )
    return read


FIRMS = _read("demo_firms.yaml")
COLUMNS = _read("demo_columns.yaml")


def credit_code(division: str, serial: int) -> str:
    """A well-formed code of a division that does not exist."""
    body = f"91{division}MA{serial:07d}"
    weights = [pow(3, at, 31) for at in range(17)]
    total = sum(ALPHABET.index(c) * w for c, w in zip(body, weights, strict=True))
    return body + ALPHABET[-total % 31]


def amount(value: object) -> float | None:
    """A figure in 万元, also from 5.2亿; None for a blank."""
    if isinstance(value, int | float):
        return float(value)
    text = str(value).removesuffix("元").removesuffix("亿")
    return float(text) * 10_000 if text else None


def cells(firm: Answers, serial: int) -> Answers:
    """All columns of one enterprise, by name and year."""
    special = _special(firm)
    row = {
        "企业名称": f"示范省{firm['name']}有限公司（虚构）",
        "统一社会信用代码": credit_code(firm["division"], serial),
        "行政区划代码": firm["division"],
        "国民经济行业代码": firm["industry"],
        "成立日期": firm["founded"],
        **_money(firm["revenue"], special),
        **_people(firm["employees"], special),
    }
    row |= {f"{_EQUITY}@{year}": 0 for year in YEARS}
    row |= FIRMS["common"] | dict.fromkeys(COLUMNS["conduct"], "否")
    for key, value in special.items():
        if key not in _SHARES:
            row["从业人员@2025" if key == "从业人员" else key] = value
    if firm["name"] == "待补资料":  # whose table came back nearly empty
        asked = [
            *FIRMS["common"],
            *COLUMNS["conduct"],
            "研发人员@2025",
            "科技人员@2025",
        ]
        row |= dict.fromkeys(asked, "")
        row |= {f"{_EQUITY}@{year}": "-" for year in YEARS}
    if firm["industry"].startswith("66"):
        row |= {"研发费用（审计报告口径）@2025": 0, "研发人员@2025": 0}
    return row


def _special(firm: Answers) -> Answers:
    """What a firm answers otherwise: with others like it, then its own."""
    found: Answers = {}
    for group in firm.get("like", ()):
        found |= FIRMS["like"][group]
    return found | firm.get("own", {})


def _money(revenue: list[object], special: Answers) -> Answers:
    """Figures in proportion to the revenue; none where it is not known."""
    row: Answers = {}
    main, rnd = special.get("主营占比", 0.92), special.get("研发占比", 0.04)
    for year, value in zip(YEARS, revenue, strict=True):
        figure = amount(value)
        row[f"营业收入@{year}"] = value
        if figure is not None:
            row[f"主营业务收入@{year}"] = round(figure * main, 2)
            row[f"研发费用（审计报告口径）@{year}"] = round(figure * rnd, 2)
            row[f"研发费用（高企专审口径）@{year}"] = round(figure * rnd * 0.95, 2)
            row[f"境内研发费用（高企专审口径）@{year}"] = round(figure * rnd * 0.95, 2)
    last = amount(revenue[0])
    if last is not None:
        debt = special.get("负债率", 0.42)
        assets = round(last * 1.3 + 300, 2)
        row |= {
            "高新技术产品（服务）收入@2025": round(last * main * 0.8, 2),
            "净利润@2025": round(last * 0.085, 2),
            "资产总额@2025": assets,
            "负债总额@2025": round(assets * debt, 2),
            "成本费用总额@2025": round(last * 0.9, 2),
        }
    return row


def _people(employees: int, special: Answers) -> Answers:
    tech = special.get("科技占比", 0.22)
    return {
        "从业人员@2025": employees,
        "研发人员@2025": round(employees * tech * 0.8),
        "科技人员@2025": round(employees * tech),
    }


def write() -> None:
    """Write the workbook."""
    book = xlsxwriter.Workbook(str(OUT), {"strings_to_formulas": False})
    book.set_properties({"created": datetime.datetime(2026, 6, 1)})  # noqa: DTZ001
    sheet = book.add_worksheet("企业摸底表")
    base = {"font_name": "Microsoft YaHei", "font_size": 10, "border": 1}
    body = book.add_format(base)
    head = book.add_format(
        {
            **base,
            "bold": True,
            "bg_color": "#DCEBEB",
            "text_wrap": True,
            "align": "center",
        }
    )
    title = book.add_format(
        {"font_name": "Microsoft YaHei", "font_size": 14, "bold": True}
    )
    sheet.write(
        0, 0, "示范省2026年优质中小企业摸底表（企业和数据均为虚构，仅供演示）", title
    )
    columns: list[tuple[str, str]] = []
    for name in (
        "企业名称",
        "统一社会信用代码",
        "行政区划代码",
        "国民经济行业代码",
        "成立日期",
    ):
        columns.append((name, name))
    for year in YEARS:
        for name, count in COLUMNS["yearly"].items():
            if YEARS.index(year) < count:
                key = name.removesuffix("(万元)")
                columns.append((name, f"{key}@{year}"))
    columns += [(name, name) for name in (*COLUMNS["now"], *COLUMNS["conduct"])]
    _write_head(sheet, columns, head)
    for serial, firm in enumerate(FIRMS["firms"], start=1):
        row = cells(firm, serial)
        for at, (_, key) in enumerate(columns):
            sheet.write(serial + 2, at, row.get(key, ""), body)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 22)
    sheet.set_column(2, len(columns), 12)
    sheet.set_row(2, 48)
    sheet.freeze_panes(3, 1)
    book.close()


def _write_head(sheet: object, columns: list[tuple[str, str]], head: object) -> None:
    """Two header rows: years over merged cells, names below; others merged down."""
    groups: dict[str, list[int]] = {}
    for at, (name, key) in enumerate(columns):
        year = key.partition("@")[2]
        if year:
            groups.setdefault(year, []).append(at)
            sheet.write(2, at, name, head)  # type: ignore[attr-defined]
        else:
            sheet.merge_range(1, at, 2, at, name, head)  # type: ignore[attr-defined]
    for year, places in groups.items():
        sheet.merge_range(1, places[0], 1, places[-1], f"{year}年", head)  # type: ignore[attr-defined]


if __name__ == "__main__":
    write()
