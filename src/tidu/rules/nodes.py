"""The expression tree: what a condition of a rule set is made of.

Frozen and hashable, so that a tree can be compared, printed, evaluated
(:mod:`tidu.rules.evaluate`), turned into a plan or, for a whole population, into SQL.
Years are counted back from the assessment date: offset 1 is y1, the last full year
(上年度), 0 the year of the assessment itself.
"""

from __future__ import annotations

import dataclasses
import functools
from decimal import Decimal
from typing import TypeVar, dataclass_transform

from tidu.rules.facts import FactType
from tidu.rules.tables import Table


class Node:
    """Any part of an expression."""

    __slots__ = ("_hash",)


REMEMBERED = 8192  # trees of all packs are about a thousand nodes
N = TypeVar("N", bound=Node)


@dataclass_transform(frozen_default=True)
def node(made: type[N]) -> type[N]:
    """A frozen dataclass whose hash, over the whole tree, is worked out once."""
    cls = dataclasses.dataclass(frozen=True, slots=True)(made)
    over_fields = cls.__hash__

    def cached(self: N) -> int:
        try:
            return self._hash  # type: ignore[attr-defined, no-any-return]
        except AttributeError:
            found = over_fields(self)
            object.__setattr__(self, "_hash", found)
            return found

    cls.__hash__ = cached  # type: ignore[method-assign, assignment]
    return cls


@node
class Number(Node):
    """A constant as the law writes it; ``name`` where the rule set names it."""

    value: Decimal
    unit: str = ""
    text: str = ""
    name: str = ""


@node
class FactRef(Node):
    """A fact; ``offset`` is the number of years back for a yearly one, else None."""

    id: str
    type: FactType
    offset: int | None = None


@node
class Ratio(Node):
    """``part / whole``, compared by multiplying; a base ≤ 0 makes it undefined."""

    part: Node
    whole: Node


@node
class SumYears(Node):
    """The sum (or mean) of a yearly fact over ``count`` years from its own year back.

    ``lower_bound``: events that add up, so the known years bound the sum from below;
    otherwise one missing year makes the sum unknown.
    """

    count: int
    fact: FactRef
    mean: bool = False
    lower_bound: bool = False


@node
class Growth(Node):
    """Yearly growth over ``count`` years: compound, or the mean of the yearly rates."""

    count: int
    fact: FactRef
    mean: bool = False


@node
class Age(Node):
    """Time from a date fact to the assessment date, in ``years`` or ``days``.

    Years are compared by anniversaries: exactly ten years are not more than ten.
    """

    fact: FactRef
    unit: str = "years"


@node
class FirstGiven(Node):
    """The first of several facts that is known: the better calibre first."""

    options: tuple[FactRef, ...]


@node
class PartOf(Node):
    """A fact that cannot exceed another: where it is missing, the whole bounds it.

    For booleans: the part implies the whole, so a false whole makes the part false.
    """

    part: FactRef
    whole: FactRef


@node
class Score(Node):
    """Points of the whole score card, of one group, or of one item."""

    id: str = ""


@node
class Grade(Node):
    """The grade 1…n a table gives: all indicators of the row, or one of them.

    Where the industry is open, rows nobody grades are passed over; ``strict`` makes
    the grade unknown instead.
    """

    table: Table
    indicator: str = ""
    strict: bool = False


@node
class Compare(Node):
    """``left op right`` with op one of ``>= > <= < == !=``."""

    op: str
    left: Node
    right: Node


@node
class Flag(Node):
    """A boolean fact as a condition."""

    fact: FactRef | PartOf


@node
class Is(Node):
    """A choice fact is one of the options."""

    fact: FactRef
    options: tuple[str, ...]


@node
class Has(Node):
    """A multiple-choice fact contains the option."""

    fact: FactRef
    option: str


@node
class All(Node):
    """Every item holds."""

    items: tuple[Node, ...]


@node
class Any(Node):
    """One item suffices."""

    items: tuple[Node, ...]


@node
class Not(Node):
    """The item does not hold."""

    item: Node


@node
class Choose(Node):
    """``then if when else otherwise``: a band chosen once, then its own condition.

    While ``when`` is open, both branches must agree for an outcome.
    """

    when: Node
    then: Node
    otherwise: Node


@node
class AtLeast(Node):
    """「任意两项以上」: true once ``count`` items hold, open while it still could."""

    count: int
    items: tuple[Node, ...]


@node
class EachYear(Node):
    """The item holds in each of ``count`` years, from y1 back."""

    count: int
    item: Node


@node
class Ever(Node):
    """The item holds in a year on file; never refuted, for no file is complete."""

    item: Node


@node
class WhereGiven(Node):
    """The item counts only where its fact is given; absent, it does not apply."""

    item: Flag


@node
class Reviewed(Node):
    """The condition, and once it holds, a reviewer's yes or no; until then manual."""

    fact: FactRef
    item: Node | None = None


@node
class Manual(Node):
    """A clause only people can judge; it never passes by itself."""


@node
class Step(Node):
    """One line of :class:`Bands` or :class:`Sum`: what is worth how much."""

    when: Node
    value: Decimal


@node
class Bands(Node):
    """The value of the first step that holds, else ``otherwise``."""

    steps: tuple[Step, ...]
    otherwise: Decimal = Decimal(0)


@node
class Sum(Node):
    """The values of all steps that hold, added up to at most ``cap``."""

    steps: tuple[Step, ...]
    cap: Decimal


@node
class Lowest(Node):
    """The lowest of several values: the level all of them reach."""

    items: tuple[Node, ...]


@node
class Given(Node):
    """Points as a number fact gives them, held between 0 and ``most``."""

    fact: FactRef
    most: Decimal


@node
class Total(Node):
    """Several values added up to at most ``cap``: a province's own small score."""

    items: tuple[Node, ...]
    cap: Decimal


@functools.lru_cache(maxsize=REMEMBERED)
def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below, in the order they are written."""
    found: list[Node] = []
    for field in dataclasses.fields(node):  # type: ignore[arg-type]
        value = getattr(node, field.name)
        if isinstance(value, Node):
            found.append(value)
        elif isinstance(value, tuple):
            found.extend(each for each in value if isinstance(each, Node))
    return tuple(found)


def walk(node: Node) -> list[Node]:
    """The node and everything below it."""
    found = [node]
    for child in children(node):
        found.extend(walk(child))
    return found


@functools.lru_cache(maxsize=REMEMBERED)
def shift(node: Node, years: int) -> Node:
    """The same expression ``years`` earlier: every yearly fact moves back."""
    if isinstance(node, FactRef):
        if node.offset is None:
            return node
        return dataclasses.replace(node, offset=node.offset + years)
    changes: dict[str, object] = {}
    for field in dataclasses.fields(node):  # type: ignore[arg-type]
        value = getattr(node, field.name)
        if isinstance(value, Node):
            changes[field.name] = shift(value, years)
        elif isinstance(value, tuple) and any(isinstance(v, Node) for v in value):
            changes[field.name] = tuple(shift(each, years) for each in value)
    return dataclasses.replace(node, **changes) if changes else node  # type: ignore[type-var]


@functools.lru_cache(maxsize=REMEMBERED)
def expand(node: Node) -> Node:
    """Write :class:`EachYear` out as the years it stands for; other nodes stay."""
    if isinstance(node, EachYear):
        return All(tuple(shift(node.item, years) for years in range(node.count)))
    return node
