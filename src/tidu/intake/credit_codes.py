"""Is this a unified social credit code? Alphabet and check digit of GB 32100-2015.

Ten lines of our own are less than the dependency that would bring them.
"""

from __future__ import annotations

import re

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # no I, O, S, V, Z
LENGTH = 18
_WEIGHTS = tuple(pow(3, at, 31) for at in range(LENGTH - 1))
_LEGACY = re.compile(r"\d{15}|\d{13}")


def check_digit(body: str) -> str:
    """The 18th character that belongs to the first 17."""
    total = sum(
        ALPHABET.index(char) * weight
        for char, weight in zip(body, _WEIGHTS, strict=True)
    )
    return ALPHABET[-total % 31]


def is_legacy(text: str) -> bool:
    """Whether it is a registration number from before 2015 (15 or 13 digits)."""
    return _LEGACY.fullmatch(text) is not None
