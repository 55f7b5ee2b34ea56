"""Read the schemes of a pack: ``schemes/<id>/scheme.yaml`` and its dated editions."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from tidu.rules import nodes
from tidu.rules.errors import ExpressionError
from tidu.rules.facts import FactDictionary, FactType
from tidu.rules.parse import Names, parse_condition, parse_value
from tidu.rules.rulesets import (
    Criterion,
    Kind,
    NamedValue,
    RuleSet,
    Scheme,
    ScoreCard,
    ScoreItem,
    SourceGrade,
    Window,
)
from tidu.rules.tables import Table
from tidu.rules.units import read_quantity
from tidu.rules.vocabulary import NO_TEXT, Text
from tidu.rules.yamlio import Block, load_block

GRADES = [each.value for each in SourceGrade]
KINDS = [each.value for each in Kind]
_FAR = "9999-12-31"


def load_scheme(
    folder: Path, facts: FactDictionary, tables: Mapping[str, Table]
) -> Scheme:
    """Read one scheme folder; rule sets stand in the order of their dates."""
    block = load_block(folder / "scheme.yaml")
    editions = sorted(folder.glob("*.yaml"))
    scheme = Scheme(
        id=folder.name,
        label=take_named(block),
        authority=Text(
            block.take_text("authority"), block.take_text("authority_english")
        ),
        tier=block.take_parsed("tier", int, "整数", "0"),
        validity=block.take_text("validity", ""),
        title_fact=block.take_text("title_fact", ""),
        note=take_note(block),
        rule_sets=tuple(
            load_rule_set(path, folder.name, facts, tables)
            for path in editions
            if path.name != "scheme.yaml"
        ),
    )
    if scheme.title_fact and scheme.title_fact not in facts:
        raise block.error(
            f"title_fact 指向不存在的事实 {scheme.title_fact}",
            remedy="请写字典里已有的事实编号",
        )
    block.finish()
    return scheme


def load_rule_set(
    path: Path, scheme: str, facts: FactDictionary, tables: Mapping[str, Table]
) -> RuleSet:
    """Read one dated edition of a scheme's standard."""
    block = load_block(path)
    source = block.take_block("source")
    if source is None:
        raise block.error("缺少 source", remedy="写明文件、文号和可信等级")
    grade = SourceGrade(source.take_choice("grade", GRADES))
    reader = Reader(block, grade, facts, tables)
    label = take_named(block)
    windows = tuple(read_window(each) for each in block.take_blocks("applies"))
    card = reader.score_card()
    criteria = reader.criteria("criteria")
    rule_set = RuleSet(
        scheme=scheme,
        id=path.stem,
        label=label,
        document=source.take_text("document"),
        number=source.take_text("number"),
        annex=source.take_text("annex", ""),
        grade=grade,
        windows=windows,
        values=reader.values,
        criteria=criteria,
        advice=reader.criteria("advice"),
        score_card=card,
        value=reader.value(criteria),
        grades=block.take_texts("grades"),
        reported=block.take_text("reported", ""),
        open_to_provinces=block.take_texts("open_to_provinces"),
        notes=tuple(
            Text(each.take_text("text"), each.take_text("english"))
            for each in block.take_blocks("notes")
        ),
        place=str(path),
    )
    source.finish()
    block.finish()
    _check_grades(block, rule_set)
    refuse_twice(block, rule_set)
    return rule_set


def take_named(block: Block) -> Text:
    """Take ``label`` and ``english``."""
    return Text(block.take_text("label"), block.take_text("english"))


def take_note(block: Block) -> Text:
    """Take ``note`` and ``note_english``; both or none."""
    if "note" not in block:
        return NO_TEXT
    return Text(block.take_text("note"), block.take_text("note_english"))


def read_window(block: Block) -> Window:
    """Read one ``{kinds, from, until, note}``; until is the first day after."""
    day = datetime.date.fromisoformat
    window = Window(
        kinds=_take_kinds(block),
        start=block.take_parsed("from", day, "日期，如 2026-04-01", "0001-01-01"),
        end=block.take_parsed("until", day, "日期，如 2026-04-01", _FAR),
        note=take_note(block),
    )
    block.finish()
    return window


def _take_kinds(block: Block) -> frozenset[Kind]:
    kinds = block.take_texts("kinds")
    for each in kinds:
        if each not in KINDS:
            raise block.error(
                f"程序种类不能是 {each}", remedy=f"可以写：{'、'.join(KINDS)}"
            )
    return frozenset(Kind(each) for each in kinds)


def _check_grades(block: Block, rule_set: RuleSet) -> None:
    """A graded scheme names every grade its value may have."""
    match rule_set.value:
        case nodes.Grade(table):
            most = table.top
        case nodes.Lowest(items):
            levels = [n for item in items for n in nodes.children(item)]
            most = int(max(n.value for n in levels if isinstance(n, nodes.Step)))
        case _:
            return
    if most > len(rule_set.grades):
        raise block.error(
            f"等级最高为 {most}，grades 没有写全", remedy="从一级起逐级写"
        )


def refuse_twice(block: Block, rule_set: RuleSet) -> None:
    """Refuse an id that two criteria or score items of a rule set share."""
    seen: set[str] = set()
    tops = (*rule_set.criteria, *rule_set.advice)
    ids = [each.id for top in tops for each in top.walk() if each.id]
    for each in (*ids, *(item.id for item in rule_set.items)):
        if each in seen:
            raise block.error(f"条件编号 {each} 重复", remedy="同一标准内编号不能重复")
        seen.add(each)


class Reader:
    """Reads the parts of one rule set that share its names and its grade."""

    def __init__(
        self,
        block: Block,
        grade: SourceGrade,
        facts: FactDictionary,
        tables: Mapping[str, Table],
    ) -> None:
        self.block = block
        self.grade = grade
        self.values = {
            name: self._named_value(name, inner)
            for name, inner in block.take_mapping("values")
        }
        numbers = {name: each.number for name, each in self.values.items()}
        clash = set(numbers) & set(facts)
        if clash:
            raise block.error(f"数值名 {min(clash)} 与事实同名", remedy="请换一个名字")
        self.names = Names(facts, numbers, (), tables)

    def _named_value(self, name: str, block: Block) -> NamedValue:
        number = block.take_parsed(
            "value",
            lambda text: nodes.Number(*read_quantity(text), text, name),
            "带单位的数，如 1500万元、3%、2年",
        )
        found = NamedValue(
            number,
            block.take_text("clause"),
            self.take_grade(block),
        )
        block.finish()
        return found

    def take_grade(self, block: Block) -> SourceGrade:
        """The entry's own grade, else the document's."""
        return SourceGrade(block.take_choice("grade", GRADES, self.grade.value))

    def condition(self, block: Block, key: str) -> nodes.Node:
        """Take an expression that is a condition."""
        return block.take_parsed(
            key, lambda text: parse_condition(text, self.names), "条件表达式"
        )

    # -- criteria ------------------------------------------------------------

    def criteria(self, key: str) -> tuple[Criterion, ...]:
        """Take a list of criteria."""
        return tuple(self.criterion(each, "") for each in self.block.take_blocks(key))

    def criterion(self, block: Block, part_of: str) -> Criterion:
        """Read a criterion with its parts; a group without id only binds them."""
        named = "id" in block or not ("all" in block or "any" in block)
        own = block.take_text("id") if named else ""
        label = take_named(block) if named else NO_TEXT
        clause = block.take_text("clause", None if named else "")
        any_of = "any" in block
        parts = tuple(
            self.criterion(each, own or part_of)
            for each in (block.take_blocks("any") or block.take_blocks("all"))
        )
        require: nodes.Node | None = None
        again: nodes.Node | None = None
        level: nodes.Node | None = None
        if parts:
            trees = tuple(part.require for part in parts if part.require)
            require = nodes.Any(trees) if any_of else nodes.All(trees)
        elif "level" in block or "level_of" in block:
            level = self._level(block)
        else:
            require = self.condition(block, "require")
            if "on_reverification" in block:
                again = self.condition(block, "on_reverification")
        found = Criterion(
            id=own,
            label=label,
            clause=clause,
            grade=self.take_grade(block),
            require=require,
            again=again,
            level=level,
            parts=parts,
            any_of=any_of,
            kinds=_take_kinds(block) or frozenset(Kind),
            part_of=part_of,
            note=take_note(block),
        )
        block.finish()
        return found

    def _level(self, block: Block) -> nodes.Node:
        if "level_of" in block:
            return block.take_parsed(
                "level_of", lambda text: parse_value(text, self.names), "数值表达式"
            )
        inner = block.take_block("level")
        assert inner is not None
        return self.points(inner)

    def value(self, criteria: tuple[Criterion, ...]) -> nodes.Node | None:
        """The node a graded scheme takes its value from."""
        text = self.block.take_text("value", "")
        if text == "lowest":
            levels = tuple(each.level for each in criteria if each.level)
            if not levels or not all(
                isinstance(each, nodes.Bands | nodes.Sum) for each in levels
            ):
                raise self.block.error(
                    "value 写 lowest 时，各条件都要有 level",
                    remedy="写 level: {bands: …}、{steps: …} 或 {sum: …}",
                )
            return nodes.Lowest(levels)
        if not text:
            return None
        try:
            found = parse_value(text, self.names)
        except ExpressionError as error:
            raise self.block.error(
                f"value 读不懂：{error.what}", None, error.remedy
            ) from error
        if not isinstance(found, nodes.Grade):
            raise self.block.error(
                f"value 不能是 {text}", None, "写 lowest 或 grade(表)"
            )
        return found

    # -- score card ----------------------------------------------------------

    def score_card(self) -> ScoreCard | None:
        """Take the score card; afterwards expressions may use ``score(…)``."""
        block = self.block.take_block("score_card")
        if block is None:
            return None
        groups = {
            name: take_group(inner) for name, inner in block.take_mapping("groups")
        }
        items = tuple(self._item(each, groups) for each in block.take_blocks("items"))
        block.finish()
        for item in items:
            if item.id in groups:
                raise block.error(
                    f"评分项 {item.id} 与评分组同名", remedy="请换一个编号"
                )
        scores = ("", *groups, *(item.id for item in items))
        self.names = dataclasses.replace(self.names, scores=scores)
        return ScoreCard(items, groups)

    def _item(self, block: Block, groups: Mapping[str, Text]) -> ScoreItem:
        group = block.take_text("group", "")
        if group and group not in groups:
            raise block.error(
                f"没有评分组 {group}", remedy=f"可用：{'、'.join(groups)}"
            )
        most = block.take_number("max")
        item = ScoreItem(
            id=block.take_text("id"),
            label=take_named(block),
            clause=block.take_text("clause"),
            grade=self.take_grade(block),
            max=most,
            group=group,
            note=take_note(block),
            points=self.points(block, most),
        )
        block.finish()
        return item

    def points(self, block: Block, most: Decimal | None = None) -> nodes.Node:
        """Read how an item counts; no line may be worth more than the maximum."""
        found = self._points(block, most)
        if isinstance(found, nodes.Bands | nodes.Sum) and not found.steps:
            raise block.error("没有一条计分线", remedy="至少写一条")
        if isinstance(found, nodes.Bands) and most is not None:
            highest = max(found.otherwise, *(step.value for step in found.steps))
            if highest > most:
                raise block.error(
                    f"最多可得 {highest} 分，超过满分 {most} 分", remedy="请核对分值"
                )
        return found

    def _points(self, block: Block, most: Decimal | None) -> nodes.Node:
        """Read ``bands``, ``best_of``, ``steps``, ``sum`` or ``given`` of an item."""
        if "given" in block and most is not None:
            return self._given(block, most)
        if "sum" in block:
            steps = tuple(self._step(each) for each in block.take_blocks("sum"))
            return nodes.Sum(steps, most if most is not None else Decimal(100))
        otherwise = block.take_number("otherwise", "0")
        if "steps" in block:
            steps = tuple(self._step(each) for each in block.take_blocks("steps"))
            return nodes.Bands(steps, otherwise)
        if "best_of" in block:
            rows = [self._bands(each) for each in block.take_blocks("best_of")]
        else:
            inner = block.take_block("bands")
            if inner is None:
                raise block.error(
                    "缺少计分办法", remedy="写 bands、best_of、steps、sum 或 given"
                )
            rows = [self._bands(inner)]
        by_points: dict[Decimal, list[nodes.Node]] = {}
        for when, points in (pair for row in rows for pair in row):
            by_points.setdefault(points, []).append(when)
        return nodes.Bands(
            tuple(
                nodes.Step(
                    found[0] if len(found) == 1 else nodes.Any(tuple(found)), points
                )
                for points, found in sorted(by_points.items(), reverse=True)
            ),
            otherwise,
        )

    def _step(self, block: Block) -> nodes.Step:
        step = nodes.Step(
            self.condition(block, "when"),
            block.take_number("points"),
        )
        block.finish()
        return step

    def _bands(self, block: Block) -> list[tuple[nodes.Node, Decimal]]:
        """``{of: x, at_least: {80%: 5}}`` → [(x >= '80%', 5)]; ``more_than``: >."""
        of = block.take_text("of")
        found: list[tuple[nodes.Node, Decimal]] = []
        for key, op in (
            ("at_least", ">="),
            ("more_than", ">"),
            ("at_most", "<="),
            ("less_than", "<"),
        ):
            inner = block.take_block(key)
            for bound in inner.keys() if inner else ():
                assert inner is not None
                text = f"{of} {op} '{bound}'"
                points = inner.take_number(bound)
                try:
                    found.append((parse_condition(text, self.names), points))
                except ExpressionError as error:
                    raise inner.error(
                        f"{text}：{error.what}", None, error.remedy
                    ) from error
        block.finish()
        return found

    def _given(self, block: Block, most: Decimal) -> nodes.Node:
        """Points taken from a number fact as it is given; absent: from 0 to max."""
        text = block.take_text("given")
        fact = self.names.facts.get(text)
        if fact is None or fact.yearly or fact.type is not FactType.NUMBER:
            raise block.error(
                f"given 指向 {text}，它不是不分年度的数值事实",
                remedy="请写类型为 number、不分年度的事实",
            )
        return nodes.Given(nodes.FactRef(fact.id, fact.type), most)


def take_group(block: Block) -> Text:
    """Read one group of a score card."""
    label = take_named(block)
    block.finish()
    return label
