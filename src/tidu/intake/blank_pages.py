"""The two pages beside a form: how to fill it, and what each figure is for."""

from __future__ import annotations

from typing import Any

from tidu.intake.blank_cells import lines_of, unit_text, way_to_fill
from tidu.intake.blank_forms import Ask, Blank, year_text

INSTRUCTIONS, DICTIONARY = "填表说明", "指标字典"
_A3, _A4 = 8, 9
_ACCENT = "#0F6E6E"
_BASE = {"font_name": "Microsoft YaHei", "font_size": 10, "valign": "top"}
_COLUMNS = (
    ("序号", 6),
    ("分组", 16),
    ("数据名称", 34),
    ("编号", 26),
    ("年度", 9),
    ("单位", 8),
    ("必填", 7),
    ("怎样填", 34),
    ("在哪里找", 38),
    ("用于哪些认定和条件", 60),
)
_TEXTS = (
    (
        "这张表做什么",
        (
            "收齐以后可以算出每家企业在各项认定中符合哪些条件、还缺什么。"
            "只问所列认定用得到的数据。"
        ),
    ),
    (
        "不知道怎么办",
        (
            "不知道就留空，或写“不详”。不要写0：0是一个数，会当作真的是0；"
            "留空只表示还不知道，以后可以补。"
        ),
    ),
    (
        "单位",
        (
            "金额按表头写明的单位填（一般是万元），可以带小数；也可以在格子里写明，"
            "如 5,088万元、1.2亿元、50880000元。"
        ),
    ),
    ("百分数", "表头写着 % 的，填百分数的数字：12.5 就是 12.5%。"),
    ("日期", "写成 2025-06-01，或 2025年6月1日。"),
    ("是否和选项", "点格子右边的箭头选择。可以多选的，各项之间用顿号隔开。"),
    (
        "年度",
        (
            "财务和人数按会计年度填。表头或“年度”一列写着哪一年，就填那一年的数：利润表取"
            "全年数，资产负债表取年末数，不要用季报、半年报。"
        ),
    ),
    (
        "在哪里找",
        "点一下格子会显示数据在哪张报表、哪份证书里；“指标字典”页有全部说明。",
    ),
    (
        "统一社会信用代码",
        "照营业执照逐位填写，18位。格子已经设成文本，粘贴时请选“只粘贴值”。",
    ),
    ("提示“请核对”", "数字看着不对时会提示一次；确实如此就点“是”保留。"),
    (
        "请不要改动",
        "请不要改表头、项目名称和工作表的名字，也不要合并单元格；可以增加行。",
    ),
)


def write_instructions(book: Any, blank: Blank) -> None:
    """The sheet 填表说明: how to fill, and what a figure nobody knows is."""
    sheet = _sheet(book, INSTRUCTIONS)
    title = book.add_format({**_BASE, "bold": True, "font_size": 16})
    strong = book.add_format({**_BASE, "bold": True, "text_wrap": True})
    text = book.add_format({**_BASE, "text_wrap": True})
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, 84)
    sheet.write_string(0, 0, "填表说明", title)
    sheet.set_row(0, 28)
    lines = [
        ("按哪一天的标准", f"{blank.on:%Y-%m-%d}"),
        ("用于哪些认定", _schemes(blank)),
    ]
    for row, (head, body) in enumerate([*lines, *_TEXTS], start=2):
        sheet.write_string(row, 0, head, strong)
        sheet.write_string(row, 1, body, text)
        sheet.set_row(row, 16 * max(1, -(-len(body) // 40)) + 6)


def _schemes(blank: Blank) -> str:
    labels = (blank.pack.schemes[each].label.chinese for each in blank.schemes)
    return "、".join(labels)


def write_dictionary(book: Any, blank: Blank) -> None:
    """The sheet 指标字典: each figure with its id, where it stands, who asks for it."""
    sheet = _sheet(book, DICTIONARY)
    head = book.add_format(
        {**_BASE, "bold": True, "font_color": "white", "bg_color": _ACCENT,
         "text_wrap": True, "valign": "vcenter", "border": 1}
    )  # fmt: skip
    text = book.add_format({**_BASE, "text_wrap": True})
    for at, (label, width) in enumerate(_COLUMNS):
        sheet.write_string(0, at, label, head)
        sheet.set_column(at, at, width)
    sheet.set_row(0, 22)
    row = 0
    for section in blank.sections:
        for ask in section.asks:
            row += 1
            cells = _line(row, section.title, ask, blank)
            for at, cell in enumerate(cells):
                sheet.write(row, at, cell, text)
            widths = (width for _, width in _COLUMNS)
            lines = max(map(lines_of, map(str, cells), widths))
            sheet.set_row(row, 14 * lines + 4)
    sheet.freeze_panes(1, 3)
    sheet.autofilter(0, 0, max(row, 1), len(_COLUMNS) - 1)
    sheet.set_landscape()
    sheet.set_paper(_A3)
    sheet.repeat_rows(0)


def _line(number: int, title: str, ask: Ask, blank: Blank) -> list[Any]:
    fact = ask.fact
    return [
        number,
        title,
        ask.name,
        fact.id,
        year_text(ask),
        unit_text(fact),
        "必填" if ask.expected else "",
        way_to_fill(fact),
        fact.found_in,
        asked_by(ask, blank),
    ]


def asked_by(ask: Ask, blank: Blank) -> str:
    """Which criteria read a fact: 专精特新中小企业：研发费用、营业收入；…"""
    found: dict[str, dict[str, None]] = {}
    for name in ask.decides:
        scheme = name.partition("/")[0]
        found.setdefault(scheme, {})[blank.criteria[name]] = None
    return "；".join(
        f"{blank.pack.schemes[scheme].label.chinese}：{'、'.join(labels)}"
        for scheme, labels in found.items()
    )


def _sheet(book: Any, name: str) -> Any:
    sheet = book.add_worksheet(name)
    sheet.hide_gridlines(2)
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&L&A&C第 &P 页，共 &N 页")
    return sheet
