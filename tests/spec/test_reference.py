"""The reference is complete and up to date; TIDU_WRITE_DOCS=1 writes it again."""

import os
import re
from pathlib import Path

from tests.spec.book import DICTIONARY, PACK, VALUES, Case, TruthTable
from tests.spec.contents import CHAPTERS
from tests.spec.engines import PythonEngine, parse
from tests.spec.reference import write
from tests.spec.test_chapters import LEAVES, fill
from tidu.rules import nodes
from tidu.rules.functions import FUNCTIONS
from tidu.rules.parse import Names

REFERENCE = Path(__file__).parents[2] / "docs/reference/rule-language.md"
# Parents of all, what packs.definitions holds of a province, and what stands for
# digital level's lowest part: built by the loader, not written by an author.
NOT_WRITTEN = {"Node", "Lowest", "Total"}


def cases() -> list[Case]:
    return [p for chapter in CHAPTERS for p in chapter.parts if isinstance(p, Case)]


def truth_tables() -> list[TruthTable]:
    return [
        part
        for chapter in CHAPTERS
        for part in chapter.parts
        if isinstance(part, TruthTable)
    ]


def test_reference_is_up_to_date():
    wanted = write(CHAPTERS)
    if os.environ.get("TIDU_WRITE_DOCS"):
        REFERENCE.parent.mkdir(parents=True, exist_ok=True)
        REFERENCE.write_text(wanted, encoding="utf-8")

    found = REFERENCE.read_text(encoding="utf-8") if REFERENCE.exists() else ""

    assert found == wanted, "run: make docs"


def test_chapters_are_numbered_in_order():
    assert [each.number for each in CHAPTERS] == list(range(1, len(CHAPTERS) + 1))


def test_every_function_stands_in_a_chapter():
    expressions = [each.expression for each in (*cases(), *truth_tables())]
    used = {name for text in expressions for name in re.findall(r"([a-z_]+)\(", text)}

    assert set(FUNCTIONS) - used == set()


def test_every_kind_of_node_stands_in_a_chapter(tmp_path):
    engine = PythonEngine(tmp_path)
    used: set[str] = set()
    for case in cases():
        card = engine.card(case.score_card) if case.score_card else None
        items = card.items if card else ()
        scores = ("", *(card.groups if card else ()), *(item.id for item in items))
        names = Names(DICTIONARY, VALUES, scores, PACK.tables)
        trees = [parse(case.expression, names), *(item.points for item in items)]
        used |= {type(node).__name__ for tree in trees for node in nodes.walk(tree)}
    names = Names(DICTIONARY, VALUES)
    for table in truth_tables():
        tree = parse(fill(table.expression, list(LEAVES)[:3]), names)
        used |= {type(node).__name__ for node in nodes.walk(tree)}
    every = {
        name
        for name, found in vars(nodes).items()
        if isinstance(found, type) and issubclass(found, nodes.Node)
    }

    assert every - used == NOT_WRITTEN
