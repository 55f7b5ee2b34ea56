"""Terms an enterprise is found by (placeholder until the measured one is merged)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable


@dataclasses.dataclass(frozen=True)
class Query:
    terms: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.terms)

    def for_fts5(self) -> str:
        return " AND ".join(f'"{t}"' for t in self.terms)

    def for_tsquery(self) -> str:
        return " & ".join(f"'{t}'" for t in self.terms)


def _grams(text: str) -> list[str]:
    text = "".join(c for c in text.lower() if c.isalnum())
    return [*text, *(a + b for a, b in zip(text, text[1:], strict=False))]


def index_terms(names: Iterable[str], codes: Iterable[str]) -> str:
    terms = [g for n in names for g in _grams(n)]
    return " ".join(dict.fromkeys([*terms, *(c.lower() for c in codes if c)]))


def query_terms(typed: str) -> Query:
    grams = _grams(typed)
    pairs = [g for g in grams if len(g) > 1] or grams
    return Query(tuple(pairs))
