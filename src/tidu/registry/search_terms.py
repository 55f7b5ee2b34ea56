"""Which words stand for a firm in a full-text index, and which for what somebody typed?

Neither SQLite's unicode61 nor PostgreSQL's simple configuration splits Chinese, so the
words are made here, of letters, digits and Chinese characters only, and blanks between
them; both databases then agree on what a word is.
"""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Iterable, Iterator

from pypinyin import Style, lazy_pinyin

from tidu.registry.names import shorten_division, tidy

LONGEST_INITIALS = 8  # letters of a suffix that are indexed
_MOST_INITIALS = 32  # letters of one name's initials that are read
_DIGIT_MARK = "n"
_CODE_LENGTH, _ORGANISATION_AT = 18, 8  # GB 32100-2015: the organisation's own part

_CHINESE = "\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af"
_RUN = re.compile(f"(?P<chinese>[{_CHINESE}]+)|[a-z0-9]+")
_ACCENT = re.compile(r"[\u0300-\u036f]")
_BRACKET = re.compile(r"[()]")
_NOT_OURS = re.compile(f"[^a-z0-9{_CHINESE}]+")

# In every name: worthless to look for, and the longest lists of an index.
_FORM = re.compile(r"(?<=.)(?:集团)?(?:股份)?(?:有限)?(?:责任)?公司$|(?<=.)集团$")
_FORM_BEGUN = re.compile(r"(?<=.)(?:集团)?(?:股份)?有限(?:责任?)?公?$|(?<=.)股份$")
_FORM_INITIALS = re.compile(r"(?<=.)(?:jt)?(?:gf)?yx(?:zr)?gs$")


@dataclasses.dataclass(frozen=True, slots=True)
class Term:
    """A word that must be there, or with ``prefix`` a word that begins with it."""

    text: str
    prefix: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class SearchQuery:
    """Terms that must all be there. Without any, nothing was asked that can be found.

    Terms consist of letters, digits and Chinese characters: whatever was typed, the
    queries hold no operator and no quote of its own.
    """

    terms: tuple[Term, ...]

    def __bool__(self) -> bool:
        return bool(self.terms)

    def for_sqlite(self) -> str:
        """The right side of MATCH for an FTS5 table with the unicode61 tokenizer."""
        return " ".join(f'"{t.text}"{"*" if t.prefix else ""}' for t in self.terms)

    def for_postgres(self) -> str:
        """The text for ``to_tsquery('simple', …)``."""
        return " & ".join(f"'{t.text}'{':*' if t.prefix else ''}" for t in self.terms)


def search_terms(names: Iterable[str], code: str = "") -> str:
    """The words a firm is found by: its names, current and former, and its code.

    Chinese by character and by two neighbours, other words whole, the pinyin initials
    from each character on (沪华智 also as ``hz…``), the code and its organisation part.
    Organisation forms (有限公司 …) are left out.
    """
    found: dict[str, None] = {}
    for name in names:
        text = _FORM.sub("", _BRACKET.sub("", _plain(tidy(name))))
        for spelling in dict.fromkeys((text, shorten_division(text))):
            for run in _RUN.finditer(spelling):
                found.update(dict.fromkeys(_words(run)))
            initials = _initials(spelling)
            for at in range(len(initials)):
                found[_marked(initials[at : at + LONGEST_INITIALS])] = None
    whole = _NOT_OURS.sub("", _plain(tidy(code)))
    if whole:
        found[_marked(whole)] = None
    if len(whole) == _CODE_LENGTH:
        found[_marked(whole[_ORGANISATION_AT:])] = None
    return " ".join(found)


def read_query(typed: str) -> SearchQuery:
    """What somebody typed as terms: names, parts of names, initials, codes, mixed.

    华智kj asks for 华智 and initials (or a word) beginning with kj.
    """
    found: dict[Term, None] = {}
    text = unicodedata.normalize("NFKC", typed).lower()
    for chunk in re.split(r"[\W_]+", _plain(text)):
        asked = _FORM_BEGUN.sub("", _FORM.sub("", chunk))
        for run in _RUN.finditer(shorten_division(asked)):
            if run["chinese"]:
                found.update(dict.fromkeys(map(Term, _asked(run["chinese"]))))
            else:
                found.update(dict.fromkeys(_beginnings(run.group())))
    return SearchQuery(tuple(found))


def _plain(text: str) -> str:
    """Letters without their accents: é is e in both databases."""
    if text.isascii():
        return text
    return _ACCENT.sub("", unicodedata.normalize("NFKD", text))


def _words(run: re.Match[str]) -> Iterator[str]:
    text = run.group()
    if not run["chinese"]:
        yield _marked(text)
        return
    yield from text
    yield from _neighbours(text)


def _marked(word: str) -> str:
    """A word that begins with a digit behind a letter.

    PostgreSQL takes the 1E5 at the start of 1E5X for a number and splits the word.
    """
    return f"{_DIGIT_MARK}{word}" if word[0].isdigit() else word


def _asked(chinese: str) -> Iterator[str]:
    return _neighbours(chinese) if len(chinese) > 1 else iter(chinese)


def _neighbours(text: str) -> Iterator[str]:
    return (text[at : at + 2] for at in range(len(text) - 1))


def _initials(text: str) -> str:
    """The first letter of each syllable; letters and digits stay as they are."""
    letters = "".join(
        "".join(lazy_pinyin(run.group(), style=Style.FIRST_LETTER, errors="ignore"))
        if run["chinese"]
        else run.group()
        for run in _RUN.finditer(text)
    )
    return _NOT_OURS.sub("", letters.lower())[:_MOST_INITIALS]


def _beginnings(word: str) -> Iterator[Term]:
    """Letters and digits as terms; initials longer than indexed in indexed pieces."""
    word = _FORM_INITIALS.sub("", word)
    if len(word) <= LONGEST_INITIALS or not word.isalpha():
        yield Term(_marked(word), prefix=True)
        return
    for at in range(0, len(word) - LONGEST_INITIALS, LONGEST_INITIALS):
        yield Term(word[at : at + LONGEST_INITIALS])
    yield Term(word[-LONGEST_INITIALS:])
