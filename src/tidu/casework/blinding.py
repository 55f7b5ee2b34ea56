"""Hide who an enterprise is in a text that an expert reads."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from tidu.registry.names import split_name
from tidu.rules.divisions import default_divisions

HIDDEN = "［已隐去］"
_CODE = re.compile(
    r"(?<![0-9A-Z])[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}", re.IGNORECASE
)
_LONG_NUMBER = re.compile(
    r"(?<!\d)(?:\+?86[- ]?)?(?:1\d{10}|0\d{2,3}[- ]?\d{7,8})(?!\d)"
)
_ADDRESS = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?:https?://|www\.)[!-~]+", re.ASCII
)
_WIDE = {c + 0xFEE0: c for c in range(0x21, 0x7F) if chr(c).isalnum()}  # ＡＢ１２
_SHORTEST = 2
_FILLER = r"[\s·\-—_()（）“”\"'《》]*"


def identifiers_of(
    names: Iterable[str], others: Iterable[str] = (), territory: str = ""
) -> tuple[str, ...]:
    """What gives an enterprise away: names, trade names, codes, people, place.

    The longest first, so that a whole name goes before a part of it. A place is its
    county's and city's name; what is shorter than two characters is left out.
    """
    found: set[str] = set()
    for name in names:
        found |= {name, split_name(name).trade}
    found |= set(others)
    line = default_divisions().line(territory) if territory else ()
    found |= {place.name for place in line[1:]}
    known = {_plain(each) for each in found if each}
    return tuple(
        sorted({e for e in known if len(e) >= _SHORTEST}, key=lambda e: (-len(e), e))
    )


def blinded(text: str, identifiers: Iterable[str]) -> str:
    """The text without them, nor any credit code, telephone, mail or web address.

    Full and half width, capitals and signs or blanks between characters make no
    difference.
    """
    shown = text.translate(_WIDE)
    for each in identifiers:
        spaced = _FILLER.join(map(re.escape, each))
        shown = re.sub(spaced, HIDDEN, shown, flags=re.IGNORECASE)
    for pattern in (_CODE, _LONG_NUMBER, _ADDRESS):
        shown = pattern.sub(HIDDEN, shown)
    return shown


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text)
    return re.sub(_FILLER, "", folded)
