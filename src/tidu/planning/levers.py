"""What an enterprise can change, how fast, and at what effort: Tidu's own estimates."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from tidu.rules.facts import NUMERIC, Fact, FactDictionary, FactType
from tidu.rules.packs import Pack
from tidu.rules.schemes import take_named
from tidu.rules.units import read_quantity
from tidu.rules.vocabulary import Text
from tidu.rules.yamlio import Block, load_block

WAYS = ("up", "down", "choice", "title")
Range = tuple[Decimal, Decimal]
NOTHING: Range = (Decimal(0), Decimal(0))


@dataclasses.dataclass(frozen=True, slots=True)
class Effort:
    """Person-days and money (元), each from low to high; an estimate."""

    person_days: Range = NOTHING
    money: Range = NOTHING

    def __add__(self, other: Effort) -> Effort:
        return Effort(
            _add(self.person_days, other.person_days), _add(self.money, other.money)
        )

    def times(self, count: int) -> Effort:
        """The effort of ``count`` steps."""
        return Effort(
            (self.person_days[0] * count, self.person_days[1] * count),
            (self.money[0] * count, self.money[1] * count),
        )

    def scalar(self, day_rate: Decimal) -> Decimal:
        """One number to order by: mean person-days, money turned into days."""
        low, high = self.person_days
        least, most = self.money
        return (low + high) / 2 + (least + most) / 2 / day_rate


@dataclasses.dataclass(frozen=True, slots=True)
class Lever:
    """One fact that can be changed.

    ``step``: the lattice, in base units; ``most_per_year``: share of the last figure a
    year may add, ``or_most`` the amount allowed in any case (yearly facts); ``most``:
    the whole change allowed (other facts); ``options``: choices in rising order, for a
    boolean only "yes"; ``scheme``: the title's own scheme.
    """

    fact: Fact
    way: str
    lead_days: int
    fixed: Effort
    what: Text
    step: Decimal = Decimal(1)
    most_per_year: Decimal = Decimal(0)
    or_most: Decimal = Decimal(0)
    most: Decimal = Decimal(0)
    per_step: Effort = Effort()
    options: tuple[str, ...] = ()
    scheme: str = ""

    def most_steps(self, last: Decimal) -> int:
        """How many steps one change may take, from the last known figure."""
        if self.fact.yearly:
            room = max(abs(last) * self.most_per_year, self.or_most)
        else:
            room = self.most
        if self.way == "down":
            room = min(room, max(last, Decimal(0)))
        return int(room // self.step)


@dataclasses.dataclass(frozen=True, slots=True)
class Levers:
    """All levers of a pack by fact id, and what a person-day counts in 元."""

    by_fact: Mapping[str, Lever]
    day_rate: Decimal


def load_levers(pack: Pack) -> Levers:
    """Read ``levers.yaml`` of a national pack. Raises PackError with file and line."""
    return read_levers(pack.folder / "levers.yaml", pack.facts)


def read_levers(path: Path, facts: FactDictionary) -> Levers:
    """Read a lever file."""
    block = load_block(path)
    if block.take_text("grade") != "ours":
        raise block.error("grade 应为 ours", remedy="这些是 Tidu 自己的估计")
    rate = block.take_parsed("day_rate", _money, "金额，如 1500元")
    found: dict[str, Lever] = {}
    for fact_id, inner in block.take_mapping("levers"):
        if fact_id not in facts:
            raise inner.error(f"不认识的事实 {fact_id}", remedy="请写事实编号")
        found[fact_id] = _lever(facts[fact_id], inner)
    block.finish()
    return Levers(found, rate)


def _lever(fact: Fact, block: Block) -> Lever:
    way = block.take_choice("way", WAYS)
    per_step = block.take_block("per_step")
    lever = Lever(
        fact=fact,
        way=way,
        lead_days=block.take_parsed("lead_days", int, "天数"),
        fixed=_effort(block),
        what=take_named(block),
        step=block.take_parsed("step", _quantity, "带单位的数", "1"),
        most_per_year=block.take_parsed("most_per_year", _quantity, "百分数", "0%"),
        or_most=block.take_parsed("or_most", _quantity, "带单位的数", "0"),
        most=block.take_parsed("most", _quantity, "带单位的数", "0"),
        per_step=_effort(per_step) if per_step else Effort(),
        options=block.take_texts("options"),
        scheme=block.take_text("scheme", ""),
    )
    if per_step:
        per_step.finish()
    block.finish()
    _check(lever, block)
    return lever


def _check(lever: Lever, block: Block) -> None:
    fact = lever.fact
    numeric = lever.way in {"up", "down"}
    if numeric is not (fact.type in NUMERIC):
        raise block.error(f"{fact.id} 的类型与 way 不符")
    if lever.way == "choice":
        known = {each.id for each in fact.choices} or {"yes"}
        if not lever.options or not set(lever.options) <= known:
            raise block.error(f"{fact.id} 的 options 应取自 {'、'.join(sorted(known))}")
    if lever.way == "title" and (not lever.scheme or fact.type is not FactType.BOOLEAN):
        raise block.error(f"{fact.id} 缺少 scheme，或不是是否类事实")


def _effort(block: Block) -> Effort:
    return Effort(_range(block, "person_days", Decimal), _range(block, "money", _money))


def _range(block: Block, key: str, read: object) -> Range:
    texts = block.take_texts(key)
    if not texts:
        return NOTHING
    try:
        low, high = (read(text) for text in texts)  # type: ignore[operator]
    except (ValueError, ArithmeticError) as error:
        raise block.error(f"{key} 应为两个数，如 [10, 20]") from error
    if low > high:
        raise block.error(f"{key} 的下限大于上限")
    return low, high


def _quantity(text: str) -> Decimal:
    return read_quantity(text)[0]


def _money(text: str) -> Decimal:
    number, unit = read_quantity(text)
    if unit != "元":
        raise ValueError(text)
    return number


def _add(left: Range, right: Range) -> Range:
    return left[0] + right[0], left[1] + right[1]
