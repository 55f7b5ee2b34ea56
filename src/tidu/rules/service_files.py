"""Services an enterprise can ask an authority for, as data: ``services/<id>.yaml``.

A service says who may ask, what is asked and handed in, which level answers and in how
many days where a text says so, what may come of it, and who confirms that it did.
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Iterator, Mapping
from pathlib import Path

from tidu.rules.dictionary import FACT_ID
from tidu.rules.errors import PackError
from tidu.rules.facts import Choice, Fact, FactDictionary, FactType, Period, key_of
from tidu.rules.measure_files import MOST, Place, read_who, take_pair
from tidu.rules.measures import Measure, Mechanism
from tidu.rules.procedures import Level
from tidu.rules.rulesets import RuleSet, SourceGrade
from tidu.rules.schemes import Reader, take_named, take_note
from tidu.rules.vocabulary import NO_TEXT, Text
from tidu.rules.yamlio import Block, load_block, nearest

_OWN_TYPES = ("text", "date", "boolean", "money", "count", "number", "ratio", "choice")
_UNITS = ("working_day", "calendar_day")
_GROUP = "service"
MEASURES = frozenset(f"m{number:02d}" for number in range(1, MOST + 1))


class Confirmer(enum.StrEnum):
    """Who says that the outcome is so; never the one who brought it about."""

    FIRM = "firm"
    OTHER_SIDE = "other_side"


@dataclasses.dataclass(frozen=True, slots=True)
class Asked:
    """One thing a request asks: a fact of the dictionary, or a field of its own.

    ``own``: it belongs to the request and not to the registry.
    """

    fact: Fact
    required: bool
    own: bool

    def key(self, year: int) -> str:
        """Its key in a request made in ``year``: the last closed year's figure."""
        return key_of(self.fact.id, year - 1 if self.fact.yearly else None)


@dataclasses.dataclass(frozen=True, slots=True)
class Named:
    """Something with an id and a label: a track or a document."""

    id: str
    label: Text
    required: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class ServiceOutcome:
    """What may come of a request. ``good``: the firm got what it asked for."""

    id: str
    label: Text
    good: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Within:
    """Days in which an answer is due, only where a text says so.

    ``unit``: value of ``working_days.DayUnit``.
    """

    days: int
    unit: str
    clause: str
    grade: SourceGrade


@dataclasses.dataclass(frozen=True)
class Service:
    """One kind of request, with everything its pages and its clock need.

    ``rule_set``: the criteria of who may ask; ``mechanism``: whose criteria it takes
    where it has none of its own. ``other_side``: who confirms, if not the firm.
    ``effects``: what the firm is asked before and after.
    """

    id: str
    label: Text
    gives: Text
    measure: str
    agency: Text
    level: Level
    rule_set: RuleSet
    mechanism: str
    tracks: tuple[Named, ...]
    asks: tuple[Asked, ...]
    documents: tuple[Named, ...]
    within: Within | None
    outcomes: tuple[ServiceOutcome, ...]
    confirmer: Confirmer
    other_side: Text
    effects: tuple[Asked, ...]
    territory: str = ""
    note: Text = NO_TEXT
    place: str = ""

    def track(self, track_id: str) -> Named | None:
        """One of its tracks; None for another id."""
        return next((each for each in self.tracks if each.id == track_id), None)

    def outcome(self, outcome_id: str) -> ServiceOutcome | None:
        """One of its outcomes; None for another id."""
        return next((each for each in self.outcomes if each.id == outcome_id), None)


def load_services(
    folder: Path, place: Place, measures: Mapping[str, Measure], prefix: str = ""
) -> dict[str, Service]:
    """Read the services of a pack, by id.

    ``prefix``: what every id must begin with (a province's). Raises PackError with
    file and line: no measure of that id, a fact that is unknown, nothing to come of it.
    """
    mechanisms = {m.id: m for each in measures.values() for m in each.mechanisms}
    found = {}
    for path in sorted(folder.glob("services/*.yaml")):
        block = load_block(path)
        if not FACT_ID.fullmatch(path.stem) or not path.stem.startswith(prefix):
            raise block.error(
                f"服务编号 {path.stem} 不合规则",
                remedy=f"只用小写字母、数字和下划线，并以 {prefix or '字母'} 开头",
            )
        found[path.stem] = _service(path, block, place, mechanisms)
    return found


def _service(
    path: Path,
    block: Block,
    place: Place,
    mechanisms: Mapping[str, Mechanism],
) -> Service:
    label = take_named(block)
    rule_set, reader = read_who(block, path.stem, path.stem, label, place)
    confirmer = Confirmer(block.take_choice("confirmed_by", [*Confirmer]))
    asks = tuple(_asked(each, place.facts) for each in block.take_blocks("asks"))
    found = Service(
        id=path.stem,
        label=label,
        gives=take_pair(block, "gives"),
        measure=block.take_text("measure"),
        agency=take_pair(block, "agency"),
        level=Level(block.take_choice("level", [*Level])),
        rule_set=rule_set,
        mechanism=block.take_text("mechanism", ""),
        tracks=tuple(_named(each) for each in block.take_blocks("tracks")),
        asks=asks,
        documents=tuple(_named(each) for each in block.take_blocks("documents")),
        within=_within(block, reader),
        outcomes=tuple(_outcome(each) for each in block.take_blocks("outcomes")),
        confirmer=confirmer,
        other_side=take_pair(block, "other_side")
        if confirmer is Confirmer.OTHER_SIDE
        else NO_TEXT,
        effects=tuple(
            _effect(each, place.facts, asks) for each in block.take_blocks("effects")
        ),
        territory=block.take_text("territory", place.territory),
        note=take_note(block),
        place=str(path),
    )
    block.finish()
    _check(block, found, place, mechanisms)
    if found.mechanism:
        whose = mechanisms[found.mechanism].rule_set
        return dataclasses.replace(found, rule_set=whose)
    return found


def _named(block: Block) -> Named:
    found = Named(block.take_text("id"), take_named(block), block.take_flag("required"))
    block.finish()
    return found


def _outcome(block: Block) -> ServiceOutcome:
    found = ServiceOutcome(
        block.take_text("id"), take_named(block), block.take_flag("good")
    )
    block.finish()
    return found


def _asked(block: Block, facts: FactDictionary) -> Asked:
    """A fact by its id, or a field of the service's own."""
    required = block.take_flag("required")
    if "fact" in block:
        fact_id = block.take_text("fact")
        if fact_id not in facts:
            raise block.error(
                f"没有事实 {fact_id}", remedy=nearest(fact_id, facts) or "请先写进字典"
            )
        block.finish()
        return Asked(facts[fact_id], required, own=False)
    field_id = block.take_text("id")
    if field_id in facts:
        raise block.error(f"{field_id} 是已有的事实", remedy="请写 fact，或换一个编号")
    fact = Fact(
        id=field_id,
        group=_GROUP,
        place=f"{block.path}:{block.node.start_mark.line + 1}",
        label=block.take_text("label"),
        english=block.take_text("english"),
        type=FactType(block.take_choice("type", _OWN_TYPES)),
        period=Period.NOW,
        form_unit=block.take_text("unit", ""),
        choices=tuple(
            Choice(name, inner.take_text("label"), inner.take_text("english"))
            for name, inner in block.take_mapping("choices")
        ),
        note=block.take_text("note", ""),
    )
    if bool(fact.choices) != (fact.type is FactType.CHOICE):
        raise block.error(
            f"{fact.id} 的类型与选项不一致",
            remedy="类型为 choice 时要写 choices，其他类型不写",
        )
    block.finish()
    return Asked(fact, required, own=True)


def _effect(block: Block, facts: FactDictionary, asks: tuple[Asked, ...]) -> Asked:
    """What may change: a field that was asked already, a fact, or one of its own."""
    if "asked" not in block:
        return _asked(block, facts)
    name = block.take_text("asked")
    known = {each.fact.id: each for each in asks}
    if name not in known:
        raise block.error(
            f"asks 里没有 {name}", remedy=nearest(name, known) or "请先写进 asks"
        )
    block.finish()
    return known[name]


def _within(block: Block, reader: Reader) -> Within | None:
    inner = block.take_block("within")
    if inner is None:
        return None
    found = Within(
        inner.take_parsed("days", int, "天数"),
        inner.take_choice("unit", _UNITS),
        inner.take_text("clause"),
        reader.take_grade(inner),
    )
    inner.finish()
    return found


def _check(
    block: Block,
    found: Service,
    place: Place,
    mechanisms: Mapping[str, Mechanism],
) -> None:
    if found.measure not in MEASURES:
        raise block.error(f"没有措施 {found.measure}", remedy="写 m01 到 m26")
    if found.mechanism and found.mechanism not in mechanisms:
        raise block.error(
            f"没有措施事项 {found.mechanism}",
            remedy=nearest(found.mechanism, mechanisms) or "请写已有的事项编号",
        )
    if found.mechanism and found.rule_set.criteria:
        raise block.error(
            "who 和 mechanism 只能写一个", remedy="用事项的条件，就删去 who"
        )
    if not any(each.good for each in found.outcomes):
        raise block.error(
            f"{found.id} 没有一种办成的结果",
            remedy="在 outcomes 里写 good: true 的一项",
        )
    if not found.territory.startswith(place.territory):
        raise block.error(
            f"territory {found.territory} 不在本包区划 {place.territory} 之内",
            remedy="地方只能为自己的区划发布",
        )
    for what, ids in _ids(found):
        if len(set(ids)) != len(ids):
            raise block.error(f"{what} 的 id 有重复", remedy="每一项用自己的 id")


def _ids(found: Service) -> Iterator[tuple[str, list[str]]]:
    yield "tracks", [each.id for each in found.tracks]
    yield "documents", [each.id for each in found.documents]
    yield "outcomes", [each.id for each in found.outcomes]
    yield "asks", [each.fact.id for each in found.asks]
    yield "effects", [each.fact.id for each in found.effects]


def refuse_same(base: Mapping[str, Service], local: Mapping[str, Service]) -> None:
    """A province adds services, it replaces none. Raises PackError."""
    for name in local.keys() & base.keys():
        raise PackError(
            f"服务 {name} 与上级包的重复",
            place=local[name].place,
            remedy="地方服务用本包的 prefix 开头",
        )
