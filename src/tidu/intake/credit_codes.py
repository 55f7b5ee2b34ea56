"""Is this a unified social credit code? Alphabet and check digit of GB 32100-2015.

Ten lines of our own are less than the dependency that would bring them.
"""

from __future__ import annotations

import re
from typing import Any

from tidu.intake.problems import CellError
from tidu.intake.writing import normal, show
from tidu.rules.language import N_

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # no I, O, S, V, Z
LENGTH = 18
_WEIGHTS = tuple(pow(3, at, 31) for at in range(LENGTH - 1))
_VALUES = {char: at for at, char in enumerate(ALPHABET)}
_LEGACY = re.compile(r"\d{15}|\d{13}")
_DECORATION = re.compile(r"[\s'`\"]")


def check_digit(body: str) -> str:
    """The 18th character that belongs to the first 17."""
    total = sum(
        _VALUES[char] * weight for char, weight in zip(body, _WEIGHTS, strict=True)
    )
    return ALPHABET[-total % 31]


def is_legacy(text: str) -> bool:
    """Whether it is a registration number from before 2015 (15 or 13 digits)."""
    return _LEGACY.fullmatch(text) is not None


def read_code(cell: Any) -> str | None:
    """The code in capitals, None for a legacy number. CellError for a wrong one."""
    code = _DECORATION.sub("", normal(show(cell)).upper())
    if is_legacy(code):
        return None
    if re.fullmatch(r"\d(?:\.\d+)?E\+\d+", code):
        raise CellError(
            N_("统一社会信用代码变成了科学计数"), N_("请把这一列设为文本后重新填写")
        )
    if len(code) != LENGTH:
        raise CellError(
            N_("统一社会信用代码是{length}位"),
            N_("应为18位，请对照营业执照"),
            length=len(code),
        )
    if bad := next((char for char in code if char not in _VALUES), ""):
        raise CellError(
            N_("统一社会信用代码不用字符“{char}”"),
            N_("请对照营业执照；不用 I、O、S、V、Z"),
            char=bad,
        )
    if check_digit(code[:-1]) != code[-1]:
        raise CellError(
            N_("统一社会信用代码的校验位不对"), N_("请对照营业执照逐位核对")
        )
    return code
