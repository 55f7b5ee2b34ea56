"""Load a folder of policy: facts, tables, schemes; lay a province's folder over it."""

from __future__ import annotations

import dataclasses
import datetime
import functools
import hashlib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from tidu.rules import nodes
from tidu.rules.dictionary import load_facts
from tidu.rules.errors import PackError
from tidu.rules.facts import Fact, FactDictionary, FactType
from tidu.rules.measure_files import Place, load_measures
from tidu.rules.measures import Measure, Mechanism
from tidu.rules.parse import Names, parse_value
from tidu.rules.procedures import Procedure, load_procedure
from tidu.rules.questionnaires import Questionnaire, load_questionnaires
from tidu.rules.rulesets import RuleSet, Scheme
from tidu.rules.schemes import load_scheme, take_named
from tidu.rules.service_files import Service, load_services
from tidu.rules.tables import Indicator, Table, TableRow
from tidu.rules.units import read_quantity
from tidu.rules.vocabulary import Text, Words
from tidu.rules.yamlio import Block, load_block


@dataclasses.dataclass(frozen=True, slots=True)
class Review:
    """When somebody last compared the pack with its sources, and how often to."""

    checked: datetime.date
    every_days: int
    by: str

    @property
    def due(self) -> datetime.date:
        """The day the next comparison is due."""
        return self.checked + datetime.timedelta(days=self.every_days)


@dataclasses.dataclass(frozen=True, slots=True)
class Round:
    """One yearly round of a rule set in a province: dates and papers asked for."""

    rule_set: str
    year: int
    label: Text
    opens: datetime.date
    closes: datetime.date
    materials: tuple[Text, ...]
    clause: str


@dataclasses.dataclass(frozen=True)
class Pack:
    """A loaded pack, with its province's overlay if one was laid over it.

    ``definitions`` maps a fact id to the node that computes it where it is not given,
    in an order in which they can be computed. ``digest`` is over every file's content.
    """

    id: str
    title: Text
    folder: Path
    review: Review
    facts: FactDictionary
    words: Words
    tables: Mapping[str, Table]
    schemes: Mapping[str, Scheme]
    digest: str
    territory: str = ""
    definitions: Mapping[str, nodes.Node] = dataclasses.field(default_factory=dict)
    rounds: tuple[Round, ...] = ()
    procedures: Mapping[str, Procedure] = dataclasses.field(default_factory=dict)
    measures: Mapping[str, Measure] = dataclasses.field(default_factory=dict)
    questionnaires: Mapping[str, Questionnaire] = dataclasses.field(
        default_factory=dict
    )
    services: Mapping[str, Service] = dataclasses.field(default_factory=dict)

    @functools.cached_property
    def mechanisms(self) -> Mapping[str, Mechanism]:
        """Every mechanism of every measure, by id."""
        found = (m for each in self.measures.values() for m in each.mechanisms)
        return {each.id: each for each in found}

    @functools.cached_property
    def dated_facts(self) -> tuple[Fact, ...]:
        """The facts that follow from a date."""
        return tuple(f for f in self.facts.values() if f.expires or f.since)

    def rule_sets(self) -> list[RuleSet]:
        """Every rule set of every scheme."""
        return [r for scheme in self.schemes.values() for r in scheme.rule_sets]

    def round_for(self, rule_set: str, year: int) -> Round | None:
        """The round of a rule set (``srdi_sme/2026-04-01``) in a year."""
        for each in self.rounds:
            if each.rule_set == rule_set and each.year == year:
                return each
        return None


def load_pack(folder: Path) -> Pack:
    """Read a national pack. Raises PackError with file, line and remedy."""
    block = load_block(folder / "pack.yaml")
    if "extends" in block:
        raise block.error(
            "这是叠加在全国政策包上的地方包", remedy="请与它的上级包一起载入"
        )
    facts = load_facts(folder)
    tables = {
        path.stem: load_table(path, facts)
        for path in sorted(folder.glob("tables/*.yaml"))
    }
    schemes = [
        load_scheme(path.parent, facts, tables)
        for path in sorted(folder.glob("schemes/*/scheme.yaml"))
    ]
    place = Place(facts, tables)
    measures = load_measures(folder, place)
    pack = Pack(
        id=block.take_text("id"),
        title=take_named(block),
        folder=folder,
        review=take_review(block),
        facts=facts,
        words=Words(facts, load_quantities(folder / "quantities.yaml")),
        tables=tables,
        schemes={each.id: each for each in sorted(schemes, key=lambda s: s.tier)},
        digest=digest_of(folder),
        definitions=ordered(defined_facts(facts), str(folder)),
        procedures={
            path.stem: load_procedure(path)
            for path in sorted(folder.glob("procedures/*.yaml"))
        },
        measures=measures,
        questionnaires=load_questionnaires(folder, facts, tables),
        services=load_services(folder, place, measures),
    )
    block.take_texts("issuers")
    block.take_text("language", "zh-Hans")
    block.finish()
    return pack


def digest_of(folder: Path) -> str:
    """SHA-256 over the names and contents of a pack's files."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix in {".yaml", ".csv", ".md"}:
            total.update(path.relative_to(folder).as_posix().encode() + b"\0")
            total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def take_review(block: Block) -> Review:
    """Take the ``review`` entry of a pack."""
    inner = block.take_block("review")
    if inner is None:
        raise block.error("缺少 review", remedy="写明 checked、every_days、by")
    review = Review(
        inner.take_parsed("checked", datetime.date.fromisoformat, "日期"),
        inner.take_parsed("every_days", int, "天数"),
        inner.take_text("by"),
    )
    inner.finish()
    return review


def load_quantities(path: Path) -> dict[str, Text]:
    """Read the names of composed quantities: printed expression → text."""
    if not path.exists():
        return {}
    block = load_block(path)
    found: dict[str, Text] = {}
    for inner in block.take_blocks("quantities"):
        found[inner.take_text("expression")] = take_named(inner)
        inner.finish()
    block.finish()
    return found


def load_table(path: Path, facts: FactDictionary) -> Table:
    """Read a grading table (``tables/sme_size.yaml``)."""
    block = load_block(path)
    spans = block.take_block("letters")
    letters = _read_letters(spans) if spans else ()
    grades = block.take_texts("grades")
    by = block.take_text("by")
    if by not in facts or facts[by].type is not FactType.CODE or facts[by].yearly:
        raise block.error(
            f"by 指向 {by}，它不是不分年度的代码类事实",
            remedy="请写类型为 code 的事实，如行业代码",
        )
    labels = tuple(each.split("|") for each in block.take_texts("grade_labels"))
    if [len(each) for each in labels] != [2 for _ in grades]:
        raise block.error(
            "grade_labels 与 grades 不一致", remedy="每级写一个“中文|English”"
        )
    table = Table(
        id=path.stem,
        by=by,
        grades=grades,
        labels=tuple(Text(*each) for each in labels),
        rows=tuple(_row(each, facts, grades) for each in block.take_blocks("rows")),
        letters=letters,
    )
    block.take_text("source", "")
    block.finish()
    return table


def _read_letters(spans: Block) -> tuple[tuple[str, int, int], ...]:
    return tuple(
        (letter, *spans.take_parsed(letter, _read_span, "大类范围，如 13-43"))
        for letter in spans.keys()
    )


def _read_span(text: str) -> tuple[int, int]:
    first, dash, last = text.partition("-")
    return int(first), int(last) if dash else int(first)


def _row(block: Block, facts: FactDictionary, grades: tuple[str, ...]) -> TableRow:
    indicators = []
    inner = block.take_block("bounds")
    for fact_id in inner.keys() if inner else ():
        assert inner is not None
        if fact_id not in facts or not facts[fact_id].yearly:
            raise inner.error(
                f"{fact_id} 不是分年度的事实", remedy="下限只能按分年度的事实划分"
            )
        place = inner.place(fact_id)
        try:
            bounds = [read_quantity(text) for text in inner.take_texts(fact_id)]
        except ValueError as error:
            raise PackError(
                f"{fact_id} 的下限读不懂：{error}",
                place=place,
                remedy="写成带单位的数，如 300人、2000万元",
            ) from error
        if any(
            (b[1] == "元") != (facts[fact_id].type is FactType.MONEY) for b in bounds
        ):
            raise PackError(
                f"{fact_id} 的下限单位不对", place=place, remedy="写成与事实相同的单位"
            )
        if len(bounds) != len(grades) - 1:
            raise inner.error(
                f"{fact_id} 应有 {len(grades) - 1} 个下限",
                remedy="除最低一级外，每级写一个下限",
            )
        indicators.append(
            Indicator(fact_id, tuple(Decimal(b[0]) for b in bounds), bounds[0][1])
        )
    row = TableRow(
        id=block.take_text("id"),
        label=block.take_text("label"),
        english=block.take_text("english"),
        codes=block.take_texts("codes"),
        indicators=tuple(indicators),
        note=block.take_text("note", ""),
        note_english=block.take_text("note_english", ""),
    )
    block.finish()
    return row


def defined_facts(
    facts: FactDictionary, base: FactDictionary | None = None
) -> dict[str, nodes.Node]:
    """The facts that are computed where they are not given; those of a base are not."""
    found: dict[str, nodes.Node] = {}
    for fact in facts.values():
        if not fact.define or (base and fact.id in base):
            continue
        if fact.yearly:
            raise PackError(
                f"{fact.id} 分年度，不能写 define",
                place=fact.place,
                remedy="只有不分年度的事实可以由别的事实算出",
            )
        block = load_block(Path(fact.place.rpartition(":")[0])).take_block(fact.id)
        assert block is not None
        found[fact.id] = block.take_parsed(
            "define", lambda text: parse_value(text, Names(facts)), "数值表达式"
        )
    return found


def ordered(definitions: Mapping[str, nodes.Node], place: str) -> dict[str, nodes.Node]:
    """Definitions in an order in which each needs only earlier ones.

    Raises PackError naming the cycle where facts are defined by each other.
    """
    done: dict[str, nodes.Node] = {}
    path: list[str] = []

    def visit(fact_id: str) -> None:
        if fact_id in done or fact_id not in definitions:
            return
        if fact_id in path:
            cycle = " → ".join([*path[path.index(fact_id) :], fact_id])
            raise PackError(
                f"定义循环：{cycle}", place=place, remedy="请让其中一个改为填报事实"
            )
        path.append(fact_id)
        for node in nodes.walk(definitions[fact_id]):
            if isinstance(node, nodes.FactRef):
                visit(node.id)
        done[path.pop()] = definitions[fact_id]

    for each in definitions:
        visit(each)
    return done
