"""Questionnaires an enterprise fills in about itself: sections of facts, and a result.

``questionnaires/<id>.yaml`` names the facts asked for. The result is a graded scheme
(``scheme: digital_level``) or checks of its own, the most urgent first, whose notes say
what to do. The answers are facts with the source “self-assessment”.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from pathlib import Path

from tidu.rules.facts import FactDictionary
from tidu.rules.rulesets import Kind, RuleSet, SourceGrade, Window
from tidu.rules.schemes import GRADES, Reader, refuse_twice, take_named, take_note
from tidu.rules.tables import Table
from tidu.rules.vocabulary import Text
from tidu.rules.yamlio import Block, load_block

_ALWAYS = Window(frozenset(Kind), datetime.date.min, datetime.date.max)


@dataclasses.dataclass(frozen=True, slots=True)
class Section:
    """A part of a questionnaire: its heading, and the facts it asks for."""

    label: Text
    facts: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Questionnaire:
    """Sections of facts, and what comes out of them.

    ``scheme``: the graded scheme that is the result, or empty; ``rule_set``: its own
    checks where there is none, else without criteria.
    """

    id: str
    label: Text
    measure: str
    sections: tuple[Section, ...]
    rule_set: RuleSet
    scheme: str
    note: Text

    @property
    def facts(self) -> tuple[str, ...]:
        """Every fact asked for, in the order of the sections."""
        return tuple(fact for each in self.sections for fact in each.facts)


def load_questionnaires(
    folder: Path, facts: FactDictionary, tables: Mapping[str, Table]
) -> dict[str, Questionnaire]:
    """Read a pack's questionnaires by id. Raises PackError with file and line."""
    return {
        path.stem: _load(path, facts, tables)
        for path in sorted(folder.glob("questionnaires/*.yaml"))
    }


def _load(
    path: Path, facts: FactDictionary, tables: Mapping[str, Table]
) -> Questionnaire:
    block = load_block(path)
    label = take_named(block)
    found = Questionnaire(
        id=path.stem,
        label=label,
        measure=block.take_text("measure"),
        sections=tuple(_section(e, facts) for e in block.take_blocks("sections")),
        rule_set=_rule_set(block, path, label, facts, tables),
        scheme=block.take_text("scheme", ""),
        note=take_note(block),
    )
    if bool(found.scheme) == bool(found.rule_set.criteria):
        raise block.error(
            "结果只能来自一处",
            remedy="写 scheme（分级的认定），或写自己的 checks",
        )
    block.finish()
    return found


def _section(block: Block, facts: FactDictionary) -> Section:
    found = Section(take_named(block), block.take_texts("facts"))
    for each in found.facts:
        if each not in facts:
            raise block.error(f"不认识的事实 {each}", remedy="请先在事实字典里定义它")
    block.finish()
    return found


def _rule_set(
    block: Block,
    path: Path,
    label: Text,
    facts: FactDictionary,
    tables: Mapping[str, Table],
) -> RuleSet:
    source = block.take_block("source")
    if source is None:
        raise block.error("缺少 source", remedy="写明文件、文号、条款和可信等级")
    grade = SourceGrade(source.take_choice("grade", GRADES))
    reader = Reader(block, grade, facts, tables)
    found = RuleSet(
        scheme=path.stem,
        id="questionnaire",
        label=label,
        document=source.take_text("document"),
        number=source.take_text("number"),
        annex=source.take_text("clause"),
        grade=grade,
        windows=(_ALWAYS,),
        values=reader.values,
        criteria=reader.criteria("checks"),
        place=str(path),
    )
    source.finish()
    refuse_twice(block, found)
    return found
