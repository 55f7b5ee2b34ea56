"""What differs between two conditions on the same matter, and which way it goes."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from decimal import Decimal

from tidu.rules import nodes
from tidu.rules.describing import Describer
from tidu.rules.language import N_
from tidu.rules.printing import print_expression

STRICTER = "stricter"
LOOSER = "looser"
OTHER = "other"
NEUTRAL = ""

_TURNED = {">=": "<", ">": "<=", "<=": ">", "<": ">=", "==": "!=", "!=": "=="}
_SENSE = {">=": 1, ">": 1, "<=": -1, "<": -1}
_STRICT = {">", "<"}


@dataclasses.dataclass(frozen=True, slots=True)
class Point:
    """One thing that differs: in words, and in which direction."""

    say: Callable[[Describer], str]
    direction: str = NEUTRAL


@dataclasses.dataclass(frozen=True, slots=True)
class Atom:
    """One comparison of a condition.

    ``years``: in how many years it is asked; ``alternative``: another one may do.
    """

    node: nodes.Node
    years: int = 1
    alternative: bool = False

    @property
    def key(self) -> str:
        """What is compared, and which way, without the bound or the options."""
        match self.node:
            case nodes.Compare(op, left):
                return f"{print_expression(left)} {_SENSE.get(op, op)}"
            case nodes.Is(fact):
                return f"{print_expression(fact)} is"
            case nodes.Bands():
                return repr(self.node)  # no expression: levels are written as bands
        return print_expression(self.node)


def atoms(
    node: nodes.Node, years: int = 1, *, alternative: bool = False
) -> Iterator[Atom]:
    """The comparisons of a condition; a condition nested deeper stays one piece."""
    match node:
        case nodes.All(items) if not alternative:
            for each in items:
                yield from atoms(each, years)
        case nodes.Any(items):
            for each in items:
                yield from atoms(each, years, alternative=True)
        case nodes.EachYear(count, item):
            yield from atoms(item, count, alternative=alternative)
        case nodes.Reviewed(fact, nodes.Node() as item):
            yield from atoms(item, years, alternative=alternative)
            yield Atom(nodes.Reviewed(fact), years)
        case nodes.Not(nodes.Compare(op, left, right)):
            yield Atom(nodes.Compare(_TURNED[op], left, right), years, alternative)
        case _:
            yield Atom(node, years, alternative)


def compare(old: list[nodes.Node], new: nodes.Node) -> list[Point]:
    """What differs between the conditions of one edition and their successor."""
    olds = {atom.key: atom for node in old for atom in atoms(node)}
    news = {atom.key: atom for atom in atoms(new)}
    gone = [atom for key, atom in olds.items() if key not in news]
    come = [atom for key, atom in news.items() if key not in olds]
    in_one_piece = any(
        isinstance(atom.node, nodes.Choose | nodes.All) for atom in gone + come
    )
    if in_one_piece or len(gone) == len(olds) or len(come) == len(news):
        return [*_rewritten(old[0], new)] if gone or come else []
    common = [(olds[key], atom) for key, atom in news.items() if key in olds]
    points = [p for before, after in common for p in _bound(before, after, news)]
    points += _years(common)
    points += [_gone(atom) for atom in gone]
    return points + [_come(atom) for atom in come]


def _rewritten(old: nodes.Node, new: nodes.Node) -> Iterator[Point]:
    yield Point(
        lambda d: d.text(N_("以前：{condition}"), condition=d.condition(old)), OTHER
    )
    yield Point(
        lambda d: d.text(N_("现在：{condition}"), condition=d.condition(new)), OTHER
    )


def _bound(old: Atom, new: Atom, news: dict[str, Atom]) -> Iterator[Point]:
    """A bound, or the options of a choice, that are no longer the same."""
    before, after = old.node, new.node
    match before, after:
        case nodes.Compare(), nodes.Compare():
            if _same_bound(before, after):
                return
            if len(news) == 1:
                yield Point(
                    lambda d: d.text(
                        N_("{old} → {new}"),
                        old=d.bound_of(before),
                        new=d.bound_of(after),
                    ),
                    _direction(before, after),
                )
                return
            yield Point(
                lambda d: d.text(
                    N_("{name}：{old} → {new}"),
                    name=d.figure(after.left),
                    old=d.bound_of(before),
                    new=d.bound_of(after),
                ),
                _direction(before, after),
            )
        case nodes.Is(_, fewer), nodes.Is(_, more) if set(fewer) != set(more):
            wider, narrower = set(fewer) < set(more), set(more) < set(fewer)
            yield Point(
                lambda d: d.text(
                    N_("{old} → {new}"), old=d.condition(before), new=d.condition(after)
                ),
                LOOSER if wider else STRICTER if narrower else OTHER,
            )


def _number(node: nodes.Compare) -> Decimal | None:
    return node.right.value if isinstance(node.right, nodes.Number) else None


def _same_bound(old: nodes.Compare, new: nodes.Compare) -> bool:
    if isinstance(old.right, nodes.Number) and isinstance(new.right, nodes.Number):
        return (old.op, old.right.value) == (new.op, new.right.value)
    return (old.op, old.right) == (new.op, new.right)


def _direction(old: nodes.Compare, new: nodes.Compare) -> str:
    """Stricter where the bound moved inwards, or stands still and is now excluded."""
    sense = _SENSE.get(new.op)
    before, after = _number(old), _number(new)
    if sense and (old.right == new.right or before == after is not None):
        return STRICTER if new.op in _STRICT else LOOSER
    if before is None or after is None or sense is None:
        return OTHER
    return STRICTER if (after - before) * sense > 0 else LOOSER


def _years(common: list[tuple[Atom, Atom]]) -> list[Point]:
    """Comparisons now asked of more years, or of fewer, those alike together."""
    moves: dict[tuple[int, int], list[nodes.Node]] = {}
    for old, new in common:
        if old.years != new.years:
            moves.setdefault((old.years, new.years), []).append(new.node)
    return [_moved(before, after, found) for (before, after), found in moves.items()]


def _moved(before: int, after: int, found: list[nodes.Node]) -> Point:
    asked = nodes.All(tuple(found))

    def say(d: Describer) -> str:
        return d.text(
            N_("{old} → {new}：{condition}"),
            old=_span(d, before),
            new=_span(d, after),
            condition=d.each_year(asked),
        )

    return Point(say, STRICTER if after > before else LOOSER)


def _span(d: Describer, years: int) -> str:
    if years == 1:
        return d.text(N_("只看上年度"))
    return d.text(N_("近{count}年每年都看"), count=years)


def _gone(atom: Atom) -> Point:
    if atom.alternative:
        text, direction = N_("不再可以用这一项代替：{condition}"), STRICTER
    else:
        text, direction = N_("不再要求：{condition}"), LOOSER
    return Point(lambda d: d.text(text, condition=_said(d, atom)), direction)


def _come(atom: Atom) -> Point:
    if atom.alternative:
        text, direction = N_("新增可以代替的情形：{condition}"), LOOSER
    else:
        text, direction = N_("另须：{condition}"), STRICTER
    return Point(lambda d: d.text(text, condition=_said(d, atom)), direction)


def _said(d: Describer, atom: Atom) -> str:
    if atom.years > 1:
        return d.condition(nodes.EachYear(atom.years, atom.node))
    return d.condition(atom.node)
