"""Words that officers' pages share: schemes, facts, places, as the reader speaks."""

from __future__ import annotations

import functools
import re

from django.utils.translation import gettext as _

from tidu.registry.enums import FilingSource
from tidu.rules.divisions import default_divisions
from tidu.rules.language import N_, translate
from tidu.rules.library import default_library
from tidu.rules.naming import ask_key, name_key
from tidu.rules.vocabulary import Words
from tidu.rules.wording import size_word
from tidu.web.context import speaks_english

TYPED = "网页填报"  # written beside figures that were typed on a page
_FICTIONAL = re.compile("虚构数据，第([0-9]+)家")  # of the demonstration
SYSTEM = "系统"  # written into filings and events where no person acted


def scheme_word(scheme: str) -> str:
    """The name of a scheme."""
    found = default_library().national.schemes.get(scheme)
    return found.label.say(english=speaks_english()) if found else scheme


def key_word(key: str) -> str:
    """The name of a figure with its year."""
    return name_key(key, _words(), english=speaks_english())


def asked_word(key: str) -> str:
    """The name of a figure that is wanted."""
    return ask_key(key, _words(), english=speaks_english())


def _words() -> Words:
    library = default_library()
    return Words(library.facts, library.national.words.quantities)


def person_word(name: str) -> str:
    """Who did something: a person's name as it is; the system in the reader's words."""
    return _("系统") if name == SYSTEM else name


def found_word(place: str, *, english: bool) -> str:
    """Where a figure was found; a place in a file is the same in every language."""
    if place == TYPED:
        return translate(N_("网页填报"), english)
    if fictional := _FICTIONAL.fullmatch(place):
        text = translate(N_("虚构数据，第{number}家"), english)
        return text.format(number=fictional[1])
    return place


def place_word(code: str) -> str:
    """The name of a division, else its code."""
    return default_divisions().name(code) or code


def enterprise_size_word(value: str) -> str:
    """The name of a size class."""
    return size_word(value or None, english=speaks_english())


def source_word(source: str) -> str:
    """The name of where figures come from."""
    return str(FilingSource(source).label)


@functools.cache
def industries() -> dict[str, str]:
    """Sections and divisions of GB/T 4754-2017 by code."""
    path = default_library().national.folder / "lists/gbt4754_2017.csv"
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        code, name, level, _parent = line.split(",")
        if level in {"1", "2"}:
            found[code] = name
    return found
