"""Who can run the rule language. A second engine is one more entry in ENGINES."""

import datetime
import itertools
import textwrap
from pathlib import Path
from typing import Protocol

from tests.spec.book import DICTIONARY, PACK, VALUES, read_facts
from tidu.rules import evaluate
from tidu.rules.assess import score_up
from tidu.rules.parse import CONDITIONS, Names, parse_condition, parse_value
from tidu.rules.rulesets import ScoreCard
from tidu.rules.schemes import load_rule_set
from tidu.rules.scope import NOT_USED, UNDEFINED, Interval, Scope
from tidu.rules.units import plain

RULE_SET = """\
label: 示例
english: example
source: {{document: spec, number: 示例, grade: ours}}
applies: [{{kinds: [new]}}]
score_card:
{card}
"""


class Engine(Protocol):
    """Runs an expression over one enterprise's facts and says what comes out."""

    name: str

    def run(
        self, expression: str, facts: dict[str, str], on: datetime.date, card: str
    ) -> str: ...


class PythonEngine:
    """The reference evaluator."""

    name = "python"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.cards = itertools.count()

    def run(
        self, expression: str, facts: dict[str, str], on: datetime.date, card: str
    ) -> str:
        found = self.card(card) if card else None
        items = found.items if found else ()
        groups = tuple(found.groups) if found else ()
        scores = ("", *groups, *(item.id for item in items)) if found else ()
        names = Names(DICTIONARY, VALUES, scores, PACK.tables)
        scope = Scope(read_facts(facts, on.year), on, on.year, items)
        if found:
            score_up(found, scope)
        tree = parse(expression, names)
        if isinstance(tree, CONDITIONS):
            return evaluate.condition(tree)(scope).value
        return show(evaluate.value(tree)(scope))

    def card(self, text: str) -> ScoreCard:
        path = self.folder / f"card{next(self.cards)}.yaml"
        body = RULE_SET.format(card=textwrap.indent(text, "  "))
        path.write_text(body, encoding="utf-8")
        found = load_rule_set(path, "spec", DICTIONARY, PACK.tables).score_card
        assert found is not None
        return found


def parse(expression: str, names: Names):
    """A value where it is one, else a condition."""
    try:
        return parse_value(expression, names)
    except ValueError:
        return parse_condition(expression, names)


def show(value: object) -> str:
    """A value as the tables of the reference write it."""
    if value is None:
        return "不详"
    if value is UNDEFINED:
        return "不划型"
    if value is NOT_USED:
        return "不用此项"
    if isinstance(value, Interval):
        low, high = (("…" if end is None else plain_number(end)) for end in value)
        return f"{low}～{high}"
    return plain_number(value)


def plain_number(value: object) -> str:
    return plain(value) if hasattr(value, "as_tuple") else str(value)


ENGINES = [PythonEngine]
