"""A page that several scripts write: each puts its own section between its marks."""

from __future__ import annotations

from pathlib import Path

TITLE = "# Benchmarks: casework\n"


def write_section(page: Path, name: str, text: str) -> None:
    """Put a section where the last one of that name stood, else at the end."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    old = page.read_text(encoding="utf-8") if page.exists() else TITLE
    block = f"{begin}\n{text}\n{end}\n"
    if begin in old:
        before, rest = old.split(begin, 1)
        new = before + block + rest.split(f"{end}\n", 1)[1]
    else:
        new = f"{old.rstrip()}\n\n{block}"
    page.write_text(new, encoding="utf-8")
