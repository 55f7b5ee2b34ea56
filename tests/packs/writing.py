"""Small packs in a folder: a test's texts as files, one of them changed."""

from collections.abc import Mapping
from pathlib import Path


def write_texts(folder: Path, texts: Mapping[str, str | None]) -> Path:
    """Each text as the file of its name; None leaves it out."""
    for name, text in texts.items():
        if text is not None:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return folder


def changed(text: str, old: str, new: str, name: str = "") -> str:
    """The text with one piece replaced, which must be there; at the end without one."""
    assert old in text, (name, old)
    return text.replace(old, new) if old else text + new


def named(files: Mapping[str, str | None]) -> dict[str, str | None]:
    """``facts__own`` is facts/own.yaml; a name with a dot is one already."""
    return {
        key if "." in key else f"{key.replace('__', '/')}.yaml": text
        for key, text in files.items()
    }
