"""The worked cases a pack ships with: read ``examples/*.yaml``, run them, compare.

Every expected answer is stated by hand from the law; :mod:`tidu.rules.check` says
which cases are missing.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from tidu.rules.assess import Standing, prepare, stand
from tidu.rules.errors import PackError
from tidu.rules.facts import (
    Fact,
    FactDictionary,
    Facts,
    FactType,
    FactValue,
    key_of,
)
from tidu.rules.language import N_, translate
from tidu.rules.outcomes import Outcome
from tidu.rules.packs import Pack
from tidu.rules.rulesets import Kind
from tidu.rules.scope import Interval
from tidu.rules.units import plain, read_quantity
from tidu.rules.yamlio import Block, load_block, nearest

UNKNOWN_TEXT = "unknown"
_KINDS = [each.value for each in Kind]
_OUTCOMES = [each.value for each in Outcome]
_UNITS = {
    FactType.RATIO: ({"%"}, "带百分号的数，如 3%"),
    FactType.COUNT: ({"", "人", "项", "个", "名", "级"}, "整数"),
    FactType.NUMBER: ({"", "年", "分"}, "数字，可带年或分"),
}


@dataclasses.dataclass(frozen=True, slots=True)
class Written:
    """A fact as an example writes it, with where it stands."""

    texts: tuple[str, ...]
    place: str


@dataclasses.dataclass(frozen=True, slots=True)
class Example:
    """One worked case: facts as of a day, and what the law says about them.

    ``written`` keeps the facts as texts, its base's included, so that an example built
    on this one can read them as of its own day. ``expected`` maps what is stated
    (a criterion, ``points i01``, ``outcome``, ``score`` …) to the answer as text.
    """

    name: str
    scheme: str
    on: datetime.date
    kind: Kind
    facts: Facts
    written: Mapping[str, Written]
    criteria: Mapping[str, str]
    expected: Mapping[str, str]
    place: str


@dataclasses.dataclass(frozen=True, slots=True)
class Failure:
    """An example that says one thing where the pack says another."""

    place: str
    name: str
    what: str
    expected: str
    got: str

    def sentence(self, *, english: bool = False) -> str:
        """Place, example, and both answers, in one line."""
        text = translate(
            N_("{place}: 示例“{name}”的 {what} 应为 {expected}，实际为 {got}"), english
        )
        return text.format(
            place=self.place,
            name=self.name,
            what=self.what,
            expected=self.expected,
            got=self.got,
        )


def load_examples(pack: Pack, folder: Path) -> list[Example]:
    """Read every example below a pack folder, in the order of files and lines.

    Raises PackError with file and line: an unknown fact, a value nobody can read, a
    base that does not exist, a criterion the rule set does not have.
    """
    found: list[Example] = []
    for path in sorted(folder.glob("examples/*.yaml")):
        block = load_block(path)
        by_name: dict[str, Example] = {}
        for inner in block.take_blocks("examples"):
            example = _read_example(inner, pack, by_name)
            if example.name in by_name:
                raise inner.error(
                    f"示例“{example.name}”重名",
                    remedy=f"先前的示例在 {by_name[example.name].place}",
                )
            by_name[example.name] = example
        block.finish()
        found += by_name.values()
    return found


def run_examples(pack: Pack, folder: Path) -> list[Failure]:
    """Run every example of a pack folder; what does not come out as stated."""
    return [
        failure
        for example in load_examples(pack, folder)
        for failure in compare(example, stand_of(pack, example))
    ]


def stand_of(pack: Pack, example: Example) -> Standing:
    """What the pack says about an example."""
    facts = prepare(example.facts, pack, example.on)
    return stand(pack, example.scheme, facts, on=example.on, kind=example.kind)


def compare(example: Example, standing: Standing) -> list[Failure]:
    """Every answer that differs from what the example states."""
    failures = []
    of_criteria, of_scheme = (
        _answers_of_criteria(standing),
        _answers_of_scheme(standing),
    )
    stated = [(what, text, of_criteria) for what, text in example.criteria.items()]
    stated += [(what, text, of_scheme) for what, text in example.expected.items()]
    for what, expected, answers in stated:
        got = answers.get(what, "")
        if got != expected:
            failures.append(
                Failure(example.place, example.name, what, expected, got or "—")
            )
    return failures


def _answers_of_criteria(standing: Standing) -> dict[str, str]:
    found = {
        each.id: each.outcome.value for each in (*standing.findings, *standing.advice)
    }
    for each in standing.findings:
        if each.points is not None:
            found[f"points {each.id}"] = _show(each.points)
    return found


def _answers_of_scheme(standing: Standing) -> dict[str, str]:
    found = {
        "outcome": standing.outcome.value,
        "rule_set": standing.rule_set.id if standing.rule_set else "",
        "value": standing.value_name or UNKNOWN_TEXT,
    }
    if standing.score is not None:
        ranged = isinstance(standing.score, Interval)
        found["score_range" if ranged else "score"] = _show(standing.score)
    return found


def _show(points: Decimal | Interval) -> str:
    if isinstance(points, Interval):
        return f"[{plain(points.low)}, {plain(points.high)}]"
    return plain(points)


# -- reading -----------------------------------------------------------------


def _read_example(block: Block, pack: Pack, earlier: Mapping[str, Example]) -> Example:
    name = block.take_text("name")
    base_name = block.take_text("base", "")
    base = earlier.get(base_name)
    if base_name and base is None:
        raise block.error(
            f"没有示例“{base_name}”",
            remedy=nearest(base_name, earlier.keys())
            or "base 要写同一文件中排在前面的示例名",
        )
    scheme = block.take_choice(
        "scheme", list(pack.schemes), base.scheme if base else None
    )
    on = block.take_parsed(
        "on",
        datetime.date.fromisoformat,
        "日期，如 2026-06-01",
        base.on.isoformat() if base else None,
    )
    kind = Kind(block.take_choice("kind", _KINDS, "new"))
    written = dict(base.written) if base else {}
    inner = block.take_block("facts")
    if inner is not None:
        written |= read_written(inner, pack.facts, written, on)
    example = Example(
        name=name,
        scheme=scheme,
        on=on,
        kind=kind,
        facts=read_written_facts(written, pack.facts, on),
        written=written,
        criteria=_read_criteria(block, pack, scheme, kind, on),
        expected=_read_expected(block),
        place=f"{block.path}:{block.node.start_mark.line + 1}",
    )
    block.finish()
    if not example.criteria and not example.expected:
        raise block.error(
            f"示例“{name}”没有写结论", remedy="请写 expect、outcome、score 或 value"
        )
    return example


def read_written(
    block: Block,
    facts: FactDictionary,
    before: Mapping[str, Written],
    on: datetime.date,
) -> dict[str, Written]:
    """The facts an example writes; a year written out hides the same year unwritten."""
    found: dict[str, Written] = {}
    for key in block.keys():
        place = block.place(key)
        fact_id, _, year = key.partition("@")
        if fact_id not in facts:
            raise PackError(
                f"不认识的事实 {fact_id}",
                place=place,
                remedy=nearest(fact_id, facts.keys()) or "请先在事实字典里定义它",
            )
        fact = facts[fact_id]
        if year and not (fact.yearly and year.isdigit()):
            raise PackError(
                f"{key} 的年度不对",
                place=place,
                remedy="分年度的事实写作 revenue@2025，其他事实不写年度",
            )
        found[key] = Written(block.take_texts(key), place)
    full = {_full_key(key, facts, on) for key in found}
    if len(full) < len(found):
        raise block.error("同一年度的事实写了两次", remedy="请删去其中一个")
    hidden = [key for key in before if _full_key(key, facts, on) in full]
    return {key: Written((), "") for key in hidden} | found


def read_written_facts(
    written: Mapping[str, Written], facts: FactDictionary, on: datetime.date
) -> Facts:
    """The facts an example writes, years filled in. Raises PackError with its line."""
    flat: dict[str, FactValue] = {}
    for key, each in written.items():
        if each.texts in {(), (UNKNOWN_TEXT,)}:
            continue
        fact = facts[key.partition("@")[0]]
        try:
            flat[_full_key(key, facts, on)] = read_value(fact, each.texts)
        except ValueError as error:
            raise PackError(
                f"{key} 读不懂：{'、'.join(each.texts)}",
                place=each.place,
                remedy=f"应写成{error}",
            ) from error
    return Facts.of(flat)


def _full_key(key: str, facts: FactDictionary, on: datetime.date) -> str:
    """``revenue`` as of a day in 2026 → ``revenue@2025``; others stay."""
    fact = facts[key.partition("@")[0]]
    if not fact.yearly or "@" in key:
        return key
    return key_of(key, on.year - (0 if fact.undated == "current" else 1))


def read_value(fact: Fact, texts: tuple[str, ...]) -> FactValue:
    """Read a fact as the law writes it. Raises ValueError saying what is expected."""
    if fact.type is FactType.CHOICES:
        return _chosen(fact, texts)
    if len(texts) != 1:
        raise ValueError("一个值")
    (text,) = texts
    match fact.type:
        case FactType.TEXT | FactType.CODE:
            return text
        case FactType.BOOLEAN:
            if text not in {"true", "false"}:
                raise ValueError("true 或 false")
            return text == "true"
        case FactType.DATE:
            try:
                return datetime.date.fromisoformat(text)
            except ValueError:
                raise ValueError("日期，如 2019-05-01") from None
        case FactType.CHOICE:
            (option,) = _chosen(fact, texts)
            return option
    return _number(fact, text)


def _chosen(fact: Fact, texts: tuple[str, ...]) -> frozenset[str]:
    known = [each.id for each in fact.choices]
    if not set(texts) <= set(known):
        raise ValueError(f"选项编号：{'、'.join(known)}")
    return frozenset(texts)


def _number(fact: Fact, text: str) -> Decimal | int:
    if fact.type is FactType.MONEY:
        unit = "美元" if fact.dollars else "元"
        allowed, expected = {unit}, f"带单位的金额，如 1500万{unit}"
    else:
        allowed, expected = _UNITS[fact.type]
    try:
        number, unit = read_quantity(text)
    except ValueError:
        raise ValueError(expected) from None
    whole = fact.type is not FactType.COUNT or number == int(number)
    if unit not in allowed or not whole:
        raise ValueError(expected)
    return int(number) if fact.type is FactType.COUNT else number


# -- what is expected --------------------------------------------------------


def _read_criteria(
    block: Block, pack: Pack, scheme: str, kind: Kind, on: datetime.date
) -> dict[str, str]:
    """``expect`` (outcomes) and ``points`` (of score items), each id checked."""
    found = pack.schemes[scheme].which(kind, on)
    rule_set = found[0] if found else None
    tops = (*rule_set.criteria, *rule_set.advice) if rule_set else ()
    items = [each.id for each in rule_set.items] if rule_set else []
    known = [each.id for top in tops for each in top.walk() if each.id] + items
    stated: dict[str, str] = {}
    for key, ids in (("expect", known), ("points", items)):
        inner = block.take_block(key)
        for name in inner.keys() if inner else ():
            assert inner is not None
            if name not in ids:
                label = rule_set.name if rule_set else scheme
                raise PackError(
                    f"标准 {label} 没有 {name}",
                    place=inner.place(name),
                    remedy=nearest(name, ids) or f"可用：{'、'.join(ids)}",
                )
            if key == "expect":
                stated[name] = inner.take_choice(name, _OUTCOMES)
            else:
                stated[f"points {name}"] = _take_points(inner, name)
    return stated


def _read_expected(block: Block) -> dict[str, str]:
    stated: dict[str, str] = {}
    if "outcome" in block:
        stated["outcome"] = block.take_choice("outcome", _OUTCOMES)
    for key in ("rule_set", "value"):
        if key in block:
            stated[key] = block.take_text(key)
    for key in ("score", "score_range"):
        if key in block:
            stated[key] = _take_points(block, key)
    return stated


def _take_points(block: Block, key: str) -> str:
    """A number, or the two ends of a range, in the form :func:`_show` writes."""
    place = block.place(key)
    texts = block.take_texts(key)
    try:
        numbers = [plain(Decimal(text)) for text in texts]
    except ArithmeticError:
        numbers = []
    if len(numbers) not in {1, 2}:
        raise PackError(
            f"{key} 读不懂：{'、'.join(texts)}",
            place=place,
            remedy="应写成一个数，或两个数的列表，如 [40, 55]",
        )
    return numbers[0] if len(numbers) == 1 else f"[{', '.join(numbers)}]"
