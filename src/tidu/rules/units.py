"""Numbers as Chinese law and tables write them: 1500万元, 3%, 2年.

Money is kept in 元, ratios as a share of one, everything as exact decimals.
"""

from __future__ import annotations

import re
from decimal import Context, Decimal

MONEY_UNITS = {
    "元": Decimal(1),
    "万元": Decimal(10_000),
    "万": Decimal(10_000),
    "亿元": Decimal(100_000_000),
    "亿": Decimal(100_000_000),
}
DOLLAR_UNITS = {
    "美元": Decimal(1),
    "万美元": Decimal(10_000),
    "亿美元": Decimal(100_000_000),
}
PLAIN_UNITS = ("年", "项", "人", "分", "名", "个", "天", "级")
CENT = Decimal("0.01")
WIDE = Context(prec=200)  # so that an absurd figure is shown, not an error
_MOST_DIGITS = 6  # of a percentage, eight of a share

_QUANTITY = re.compile(r"(-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)\s*([^\d,]*)")


def read_quantity(text: str) -> tuple[Decimal, str]:
    """Read ``1500万元`` → (15000000, '元'), ``3%`` → (0.03, '%'), ``60`` → (60, '').

    The second part is the base unit: 元, 美元, %, one of 年 项 人 分 …, or empty.
    Raises ValueError where the text is not one number with a known unit.
    """
    match = _QUANTITY.fullmatch(text.strip())
    if not match:
        raise ValueError(text)
    number = Decimal(match[1].replace(",", ""))
    unit = match[2].strip()
    if unit in MONEY_UNITS:
        return number * MONEY_UNITS[unit], "元"
    if unit in DOLLAR_UNITS:
        return number * DOLLAR_UNITS[unit], "美元"
    if unit == "%":
        return number / 100, "%"
    if unit and unit not in PLAIN_UNITS:
        raise ValueError(text)
    return number, unit


def plain(number: Decimal) -> str:
    """Write a decimal without exponent and without trailing zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def show_money(amount: Decimal, unit: str = "元") -> str:
    """Write an amount as people read it, to the cent: 5,088万元, 1.2亿元, 35.5元."""
    size = abs(amount)
    for name, factor in (("亿", 100_000_000), ("万", 10_000)):
        scaled = amount / factor
        if size >= factor and scaled == _rounded(scaled, 4):
            return f"{_grouped(scaled)}{name}{unit}"
    return f"{_grouped(_rounded(amount, 2))}{unit}"


def show_ratio(share: Decimal, apart_from: Decimal | None = None) -> str:
    """Write a share as a percentage, rounded for reading only: 3.05%.

    Where rounding would hide that it differs from ``apart_from``, more digits show it.
    """
    digits = 2
    while (
        apart_from is not None
        and share != apart_from
        and _rounded(share * 100, digits) == _rounded(apart_from * 100, digits)
        and digits < _MOST_DIGITS
    ):
        digits += 1
    return f"{plain(_rounded(share * 100, digits))}%"


def _rounded(number: Decimal, digits: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-digits), context=WIDE)


def _grouped(number: Decimal) -> str:
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
