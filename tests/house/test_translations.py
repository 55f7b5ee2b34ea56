"""Every text for people has its English, with the same places to fill."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from tests.house.tree import ROOT

SOURCE = ROOT / "src/tidu"
MESSAGES = SOURCE / "locale/en/LC_MESSAGES"
PLAIN = {"_", "gettext", "gettext_lazy", "N_"}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
PLACE = re.compile(r"\{[a-z_]+(?:![rs])?(?::[^}]*)?\}|%\([a-z_]+\)s")
TRANSLATE = re.compile(r"""\{% translate (["'])(.+?)\1""")
BLOCK = re.compile(
    r"\{% blocktranslate([^%]*)%\}(.*?)\{% endblocktranslate %\}", re.DOTALL
)
INSIDE = re.compile(r"\{\{ ?([a-z_.]+) ?\}\}")
OFFICIAL = re.compile(r'\{% language "zh-hans" %\}.*?\{% endlanguage %\}', re.DOTALL)
"""A letter on paper is Chinese whoever prints it."""


def catalogues() -> list[Path]:
    return [MESSAGES / "tidu.po", *sorted((MESSAGES / "django").glob("*.po"))]


def messages(path: Path):
    with path.open("rb") as file:
        yield from (each for each in read_po(file, locale="en") if each.id)


def singular(message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


@pytest.fixture(scope="module")
def known() -> set[str]:
    return {
        singular(each)
        for path in catalogues()
        for each in messages(path)
        if each.string and all(each.string)
    }


def in_python() -> set[tuple[str, str]]:
    found = set()
    for path in sorted(SOURCE.rglob("*.py")):
        if path.parent.name == "migrations":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                name, arguments = node.func.id, node.args
                if name in PLAIN | {"ngettext"} and arguments:
                    text = arguments[0]
                    if isinstance(text, ast.Constant) and isinstance(text.value, str):
                        found.add((path.relative_to(ROOT).as_posix(), text.value))
    return found


def in_templates() -> set[tuple[str, str]]:
    found = set()
    for path in sorted(SOURCE.rglob("*.html")):
        text = OFFICIAL.sub("", path.read_text(encoding="utf-8"))
        name = path.relative_to(ROOT).as_posix()
        found |= {(name, _doubled(match[2])) for match in TRANSLATE.finditer(text)}
        for match in BLOCK.finditer(text):
            said = match[2].split("{% plural %}")[0]
            said = INSIDE.sub(r"%(\1)s", _doubled(said))
            if "trimmed" in match[1]:
                said = " ".join(line.strip() for line in said.strip().splitlines())
            found.add((name, said))
    return found


def _doubled(text: str) -> str:
    """As Django looks it up: it takes each per cent sign for the start of a place."""
    return text.replace("%", "%%")


def test_each_text_in_the_code_has_its_english(known):
    texts = in_python()

    assert len(texts) > 500
    assert sorted((p, t) for p, t in texts if t not in known) == []


def test_each_text_on_a_page_has_its_english(known):
    texts = in_templates()

    assert len(texts) > 500
    assert sorted((p, t) for p, t in texts if t not in known) == []


@pytest.mark.parametrize("path", catalogues(), ids=lambda path: path.stem)
def test_each_translation_fills_the_same_places(path):
    wrong = [
        singular(each)
        for each in messages(path)
        if isinstance(each.string, str)
        and sorted(PLACE.findall(each.string)) != sorted(PLACE.findall(each.id))
    ]

    assert wrong == []
