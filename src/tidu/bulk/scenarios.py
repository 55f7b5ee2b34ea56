"""What if a threshold were another: changes of named values, and scenarios of them."""

from __future__ import annotations

import dataclasses
import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from tidu.rules import nodes
from tidu.rules.errors import TiduError
from tidu.rules.language import N_, Phrase
from tidu.rules.library import Library
from tidu.rules.nodes import Node, Number
from tidu.rules.rulesets import Criterion, Kind, RuleSet
from tidu.rules.units import plain, read_quantity, show_money

DEFAULT_NAME = "scenario"  # of the scenario that single changes form
DEFAULT_LABEL = N_("方案")  # what it is called where people read
BASELINE = "baseline"  # the standard as it is
NONE = Phrase(N_("无"))
_CHANGE = re.compile(r"\s*(\w+)\.(\w+)\s*=\s*(.*?)\s*")
_NEXT_CHANGE = re.compile(r"[,，](?=\s*[a-z_]\w*\.)")  # not the comma of 1,500万元


class ScenarioError(TiduError):
    """A change, a scenario or a sweep cannot be understood or applied."""

    exit_code = 2


@dataclasses.dataclass(frozen=True)
class Change:
    """One named value of a scheme's standard, and what it shall be."""

    scheme: str
    value: str
    number: Number

    @property
    def text(self) -> str:
        """``srdi_sme.min_rnd_ratio=4%``, as it is asked for."""
        return f"{self.scheme}.{self.value}={self.number.text}"


@dataclasses.dataclass(frozen=True)
class Scenario:
    """Several changes that hold together."""

    name: str
    changes: tuple[Change, ...]

    @property
    def schemes(self) -> tuple[str, ...]:
        """The schemes it changes, each once."""
        return tuple(dict.fromkeys(each.scheme for each in self.changes))

    def numbers(self, scheme: str) -> dict[str, Number]:
        """The new numbers of one scheme by their names."""
        return {c.value: c.number for c in self.changes if c.scheme == scheme}


def read_scenarios(
    library: Library,
    changes: Sequence[str],
    named: Sequence[str],
    *,
    on: datetime.date,
    kind: Kind,
) -> tuple[Scenario, ...]:
    """``--change`` texts as one scenario, then each ``NAME:change,change``.

    They apply to the rule sets in force on the day. Raises ScenarioError.
    """
    texts = [(DEFAULT_NAME, list(changes))] if changes else []
    for text in named:
        name, colon, rest = text.replace("：", ":").partition(":")
        if not colon or not name.strip() or not rest.strip():
            raise ScenarioError(
                N_(
                    "--scenario {text} 读不懂；请写成 名称:认定.数值=数量，"
                    "如 从严:srdi_sme.min_rnd_ratio=4%"
                ),
                text=text,
            )
        texts.append((name.strip(), _NEXT_CHANGE.split(rest)))
    if not texts:
        raise ScenarioError(
            N_(
                "没有写要改什么；请用 --change、--scenario 或 --sweep，"
                "如 --change srdi_sme.min_rnd_ratio=4%"
            )
        )
    found: dict[str, Scenario] = {}
    taken = {BASELINE, DEFAULT_LABEL} if changes else {BASELINE}
    for name, parts in texts:
        if name.casefold() in {*taken, *(each.casefold() for each in found)}:
            raise ScenarioError(
                N_("方案 {name} 的名称已被占用；请换一个名称，不分大小写"), name=name
            )
        found[name] = Scenario(
            name, _without_repeats(name, library, parts, on=on, kind=kind)
        )
    return tuple(found.values())


def _without_repeats(
    name: str,
    library: Library,
    parts: Sequence[str],
    *,
    on: datetime.date,
    kind: Kind,
) -> tuple[Change, ...]:
    read = [read_change(library, part, on=on, kind=kind) for part in parts]
    for at, each in enumerate(read):
        if any((each.scheme, each.value) == (c.scheme, c.value) for c in read[:at]):
            raise ScenarioError(
                N_(
                    "方案 {name} 里 {scheme}.{value} 改了两次；"
                    "请只写一次，或分成两个方案"
                ),
                name=name,
                scheme=each.scheme,
                value=each.value,
            )
    return tuple(read)


def read_change(
    library: Library, text: str, *, on: datetime.date, kind: Kind
) -> Change:
    """``srdi_sme.min_rnd_ratio=4%`` against the rule set of the day."""
    scheme, value, quantity = split_change(text, "--change", "4%")
    rule_set = rule_set_of(library, scheme, text, on=on, kind=kind)
    known = value_of(rule_set, value, text, kind)
    number = read_number(known, quantity, text)
    _check_whole(rule_set, number, text, kind)
    return Change(scheme, value, number)


def split_change(text: str, option: str, example: str) -> tuple[str, str, str]:
    """Scheme, value and what follows the equals sign."""
    match = _CHANGE.fullmatch(text)
    if not match:
        raise ScenarioError(
            N_(
                "{option} {text} 读不懂；请写成 认定.数值=数量，"
                "如 srdi_sme.min_rnd_ratio={example}"
            ),
            option=option,
            text=text,
            example=example,
        )
    return match[1], match[2], match[3]


def rule_set_of(
    library: Library, scheme: str, text: str, *, on: datetime.date, kind: Kind
) -> RuleSet:
    """The scheme's rule set on the day; ScenarioError where there is none."""
    schemes = library.national.schemes
    if scheme not in schemes:
        raise ScenarioError(
            N_("{text}：没有认定项目 {scheme}；可用：{known}"),
            text=text,
            scheme=scheme,
            known=tuple(schemes),
        )
    found = schemes[scheme].which(kind, on)
    if found is None:
        raise ScenarioError(
            N_("{text}：{scheme} 在 {on} 还没有标准；请用 --on 换一个日期"),
            text=text,
            scheme=scheme,
            on=on,
        )
    return found[0]


def value_of(rule_set: RuleSet, value: str, text: str, kind: Kind) -> Number:
    """The named value as the rule set has it, if a criterion or item reads it."""
    used = {each.name for each in numbers_in(trees_of(rule_set, kind))}
    if value not in rule_set.values:
        known = tuple(
            f"{name}={each.number.text}"
            for name, each in rule_set.values.items()
            if name in used
        )
        raise ScenarioError(
            N_("{text}：{rule_set} 没有数值 {value}；可用：{known}"),
            text=text,
            rule_set=rule_set.name,
            value=value,
            known=known or NONE,
        )
    if value not in used:
        raise ScenarioError(
            N_(
                "{text}：{rule_set} 的 {value} 只用于参考，改了也不影响结论；"
                "可用：{known}"
            ),
            text=text,
            rule_set=rule_set.name,
            value=value,
            known=tuple(sorted(used & set(rule_set.values))) or NONE,
        )
    return rule_set.values[value].number


def read_number(known: Number, quantity: str, text: str) -> Number:
    """A quantity in the unit of the value that it replaces."""
    try:
        value, unit = read_quantity(quantity)
    except ValueError as error:
        raise ScenarioError(
            N_("{text}：{quantity} 不是带单位的数；请写法同现行的 {current}"),
            text=text,
            quantity=quantity or Phrase(N_("空白")),
            current=known.text,
        ) from error
    if unit != known.unit:
        raise ScenarioError(
            N_("{text}：单位应是 {wanted}，写的是 {unit}；请写法同现行的 {current}"),
            text=text,
            wanted=known.unit or NONE,
            unit=unit or NONE,
            current=known.text,
        )
    return Number(value, unit, quantity, known.name)


def _check_whole(rule_set: RuleSet, number: Number, text: str, kind: Kind) -> None:
    """Ages are counted in whole years or days."""
    if number.value == number.value.to_integral_value():
        return
    for node in comparisons_in(trees_of(rule_set, kind), number.name):
        if isinstance(node.left, nodes.Age):
            raise ScenarioError(
                N_("{text}：年数、天数只能是整数；请改成整数"), text=text
            )


def comparisons_in(trees: Sequence[Node], name: str) -> Iterator[nodes.Compare]:
    """The comparisons that have the named value on their right side."""
    for node in (each for tree in trees for each in nodes.walk(tree)):
        match node:
            case nodes.Compare(right=Number(name=found)) if found == name:
                yield node


def numbers_in(trees: Sequence[Node]) -> list[Number]:
    """Every named number, as often as it is written."""
    return [
        node
        for tree in trees
        for node in nodes.walk(tree)
        if isinstance(node, Number) and node.name
    ]


def trees_of(rule_set: RuleSet, kind: Kind) -> list[Node]:
    """What decides an outcome for a kind of procedure: conditions, levels, points."""
    criteria = [each for top in rule_set.criteria for each in _asked(top, kind)]
    return [
        *(each.tree(kind) for each in criteria),
        *(each.points for each in rule_set.items),
    ]


def _asked(criterion: Criterion, kind: Kind) -> Iterator[Criterion]:
    if kind not in criterion.kinds:
        return
    if not criterion.parts:
        yield criterion
    for each in criterion.parts:
        yield from _asked(each, kind)


# -- changed rule sets ---------------------------------------------------------------


def changed(rule_set: RuleSet, numbers: Mapping[str, Number]) -> RuleSet:
    """The rule set with other numbers wherever it reads those names."""
    if not numbers:
        return rule_set
    card = rule_set.score_card
    if card:
        items = tuple(
            dataclasses.replace(each, points=rewrite(each.points, numbers))
            for each in card.items
        )
        card = dataclasses.replace(card, items=items)
    return dataclasses.replace(
        rule_set,
        values={
            name: dataclasses.replace(each, number=numbers.get(name, each.number))
            for name, each in rule_set.values.items()
        },
        criteria=tuple(_criterion(each, numbers) for each in rule_set.criteria),
        advice=tuple(_criterion(each, numbers) for each in rule_set.advice),
        score_card=card,
        value=rewrite(rule_set.value, numbers) if rule_set.value else None,
    )


def _criterion(criterion: Criterion, numbers: Mapping[str, Number]) -> Criterion:
    trees = {
        field: rewrite(tree, numbers)
        for field in ("require", "again", "level")
        if (tree := getattr(criterion, field)) is not None
    }
    parts = tuple(_criterion(each, numbers) for each in criterion.parts)
    return dataclasses.replace(criterion, parts=parts, **trees)  # type: ignore[arg-type]


def rewrite(node: Node, numbers: Mapping[str, Number]) -> Node:
    """The same tree with other named numbers."""
    if isinstance(node, Number):
        return numbers.get(node.name, node)
    changes: dict[str, object] = {}
    for field in dataclasses.fields(node):  # type: ignore[arg-type]
        value = getattr(node, field.name)
        if isinstance(value, Node):
            changes[field.name] = rewrite(value, numbers)
        elif isinstance(value, tuple) and any(isinstance(v, Node) for v in value):
            changes[field.name] = tuple(rewrite(each, numbers) for each in value)
    return dataclasses.replace(node, **changes) if changes else node  # type: ignore[type-var]


def quantity_text(value: Decimal, unit: str) -> str:
    """A threshold as its rule set writes it: 4%, 1500万元, 3年; exact."""
    if unit == "%":
        return f"{plain(value * 100)}%"
    if unit == "元" and value * 100 == (value * 100).to_integral_value():
        return show_money(value)
    return f"{plain(value)}{unit}"
