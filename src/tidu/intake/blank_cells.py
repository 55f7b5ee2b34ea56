"""One blank cell of a form: its header, its help, what may be chosen, how it is filled.

The contrary of :mod:`tidu.intake.cells`: what is written here is read there unchanged.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from tidu.intake.amounts import ALL_UNITS
from tidu.intake.headers import UNITS
from tidu.rules.facts import Fact, FactType, FactValue
from tidu.rules.units import plain

YES, NO, NONE, UNKNOWN = "是", "否", "无", "不详"
KEEP_EMPTY = "不知道就留空，或写“不详”，不要写0。"
BETWEEN = "、"
_WIDE = 2
_LONGEST_TITLE = 32  # what Excel shows of a message
_LONGEST_MESSAGE = 255
_LONGEST_LIST = 255
_SPREADSHEET_DIGITS = 15
_HELP_FOR = {
    "uscc": "18位，逐位照抄。",
    "name": "写营业执照上的全称。",
    "territory": "如 110108。",
    "industry": "如 C3912 或 3912。",
}
_EXAMPLES = {
    "uscc": "18位代码，照营业执照",
    "name": "某某科技有限公司",
    "territory": "110108",
    "industry": "C3912",
}
WIDTHS = {
    FactType.TEXT: 30,
    FactType.CODE: 11,
    FactType.DATE: 12,
    FactType.BOOLEAN: 10,
    FactType.MONEY: 13,
    FactType.COUNT: 11,
    FactType.NUMBER: 11,
    FactType.RATIO: 12,
    FactType.CHOICE: 18,
    FactType.CHOICES: 26,
}
NUMBER_FORMATS = {
    FactType.TEXT: "@",
    FactType.CODE: "@",
    FactType.DATE: "yyyy-mm-dd",
    FactType.MONEY: "#,##0.00",
    FactType.COUNT: "#,##0",
}


def header_text(fact: Fact) -> str:
    """The name over a column, its unit on a line of its own: 营业收入 / （万元）."""
    unit = unit_text(fact)
    return f"{fact.label}\n（{unit}）" if unit else fact.label


def unit_text(fact: Fact) -> str:
    """The unit a form asks for: 万元, 人, % or nothing."""
    return fact.form_unit if fact.form_unit in UNITS else ""


def lines_of(text: str, width: int) -> int:
    """How many lines a text takes in a column, about."""
    room = max(1, width - 1)
    return sum(max(1, -(-_room(line) // room)) for line in text.split("\n"))


def _room(text: str) -> int:
    """A Chinese character is as wide as two digits."""
    return sum(1 if char.isascii() else _WIDE for char in text)


def way_to_fill(fact: Fact) -> str:
    """How the cell is filled, in a few words."""
    unit = unit_text(fact)
    match fact.type:
        case FactType.MONEY:
            return f"填数字，以{unit}计"
        case FactType.RATIO:
            return "填百分数的数字，12.5 就是 12.5%"
        case FactType.COUNT | FactType.NUMBER:
            kind = "填整数" if fact.type is FactType.COUNT else "填数字"
            if fact.least is not None and fact.most is not None:
                return f"{kind}，{plain(fact.least)}到{plain(fact.most)}"
            return kind
        case FactType.DATE:
            return "填日期，如 2025-06-01"
        case FactType.BOOLEAN:
            return f"选“{YES}”或“{NO}”"
        case FactType.CHOICE:
            return f"选一项：{_options(fact)}"
        case FactType.CHOICES:
            return f"可多选，用顿号隔开：{_options(fact)}"
    return "照证照填写"


def example(fact: Fact) -> str:
    """A filled-in example; where there is a list, the list says it."""
    if fact.id in _EXAMPLES:
        return f"如 {_EXAMPLES[fact.id]}"
    shown = {FactType.MONEY: "5088.12", FactType.COUNT: "3", FactType.NUMBER: "3.5"}
    if fact.type in shown:
        return f"如 {shown[fact.type]}（{way_to_fill(fact)}）"
    return way_to_fill(fact)


def _options(fact: Fact) -> str:
    return BETWEEN.join(each.label for each in fact.choices)


# -- what a click on the cell says, and what the cell takes ---------------------


def validation(fact: Fact, name: str, year: int | None, cell: str) -> dict[str, Any]:
    """The cell's message, list and check, as XlsxWriter takes them.

    ``name`` is the fact's full name, ``cell`` the first cell it is for. A figure that
    looks wrong is asked about, never refused: what people know must be writable.
    """
    rule: dict[str, Any] = {
        "input_title": _cut(name, _LONGEST_TITLE),
        "input_message": _message(fact, year),
        "error_type": "warning",
        "error_title": "请核对",
        "error_message": _cut(
            f"这一格应{way_to_fill(fact)}。{KEEP_EMPTY}确实要这样填，请点“是”。",
            _LONGEST_MESSAGE,
        ),
    }
    if choices := drop_down(fact):
        return {**rule, "validate": "list", "source": choices}
    formula = _check(fact)
    if not formula:
        return {**rule, "validate": "any"}
    unknown = f'{cell}="{UNKNOWN}"'
    return {
        **rule,
        "validate": "custom",
        "value": f"=OR({unknown},{formula.format(cell=cell)})",
    }


def drop_down(fact: Fact) -> list[str]:
    """What can be chosen; empty where there is no list or it would not fit."""
    if fact.type is FactType.BOOLEAN:
        return [YES, NO, UNKNOWN]
    if fact.type is not FactType.CHOICE:
        return []
    labels = [*(each.label for each in fact.choices), UNKNOWN]
    fits = len(",".join(labels)) <= _LONGEST_LIST
    return labels if fits and not any("," in label for label in labels) else []


def _message(fact: Fact, year: int | None) -> str:
    lines = [
        "，".join(filter(None, [f"{year}年" if year else "", way_to_fill(fact)]))
        + "。",
        _HELP_FOR.get(fact.id, ""),
        f"在哪里找：{fact.found_in}。" if fact.found_in else "",
        KEEP_EMPTY,
    ]
    return _cut("\n".join(filter(None, lines)), _LONGEST_MESSAGE)


def _check(fact: Fact) -> str:
    """A formula that is true for what the fact can be; empty for texts."""
    if fact.id == "uscc":
        return "LEN({cell})=18"
    match fact.type:
        case FactType.DATE:
            return "AND(ISNUMBER({cell}),{cell}>=29221)"  # 1980-01-01
        case FactType.MONEY if fact.negative:
            return "ISNUMBER({cell})"
        case FactType.MONEY:
            return "AND(ISNUMBER({cell}),{cell}>=0)"
        case FactType.RATIO:
            return "AND(ISNUMBER({cell}),{cell}>=0,{cell}<=1000)"
        case FactType.COUNT | FactType.NUMBER:
            parts = ["ISNUMBER({cell})", f"{{cell}}>={fact.least or 0}"]
            if fact.most is not None:
                parts.append(f"{{cell}}<={fact.most}")
            if fact.type is FactType.COUNT:
                parts.append("{cell}=INT({cell})")
            return f"AND({','.join(parts)})"
    return ""


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


# -- a known value ----------------------------------------------------------------


def filled(fact: Fact, value: FactValue) -> str | float | datetime.date:
    """A value as it stands in the cell under :func:`header_text`.

    A number that a spreadsheet would round is written as text.
    """
    match fact.type:
        case FactType.MONEY:
            assert isinstance(value, Decimal)
            return _number(value / ALL_UNITS[fact.form_unit])
        case FactType.RATIO:
            assert isinstance(value, Decimal)
            scale = 100 if unit_text(fact) else 1
            return _number(value * scale) if scale > 1 else f"{plain(value * 100)}%"
        case FactType.COUNT | FactType.NUMBER:
            assert isinstance(value, int | Decimal)
            return _number(Decimal(value))
        case FactType.BOOLEAN:
            return YES if value else NO
        case FactType.CHOICE:
            return fact.choice_label(str(value))
        case FactType.CHOICES:
            assert isinstance(value, frozenset)
            chosen = [each.label for each in fact.choices if each.id in value]
            return BETWEEN.join(chosen) or NONE
        case FactType.DATE:
            assert isinstance(value, datetime.date)
            return value
    return str(value)


def _number(number: Decimal) -> str | float:
    exact = Decimal(f"{float(number):.{_SPREADSHEET_DIGITS}g}") == number
    return float(number) if exact else plain(number)


def writer_for(sheet: Any) -> Callable[..., None]:
    """A function of row, column, cell and format that writes the cell as its kind."""

    def write(row: int, column: int, cell: Any, form: Any) -> None:
        if isinstance(cell, datetime.date):
            sheet.write_datetime(row, column, cell, form)
        elif isinstance(cell, float | int):
            sheet.write_number(row, column, cell, form)
        elif cell:
            sheet.write_string(row, column, cell, form)
        else:
            sheet.write_blank(row, column, None, form)

    return write
