"""What an enterprise can change, how fast, and at what effort: Tidu's own estimates."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path

from tidu.rules.facts import NUMERIC, Fact, FactDictionary, FactType, FactValue
from tidu.rules.packs import Pack
from tidu.rules.schemes import take_named
from tidu.rules.units import read_quantity
from tidu.rules.vocabulary import Text
from tidu.rules.yamlio import Block, load_block

WAYS = ("up", "down", "choice", "title")
YES = "yes"  # the one option of a flag
NONE = "none"
Range = tuple[Decimal, Decimal]
NOTHING: Range = (Decimal(0), Decimal(0))
_PLAIN = re.compile(r"[0-9]+(\.[0-9]+)?")


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
    flag only "yes"; ``scheme``: the title's own scheme; ``along``: the fact that must
    take a step for each step of this one; ``lead_days`` for the first step and
    ``step_days`` for each further one.
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
    along: str = ""
    step_days: int = 0

    @property
    def numeric(self) -> bool:
        """Whether it moves a number, step by step."""
        return self.way in {"up", "down"}

    @property
    def signed_step(self) -> Decimal:
        """One step with its direction."""
        return -self.step if self.way == "down" else self.step

    def most_steps(self, last: Decimal) -> int:
        """How many steps one change may take, from the last known figure."""
        if self.fact.yearly:
            room = max(abs(last) * self.most_per_year, self.or_most)
        else:
            room = self.most
        if self.way == "down":
            room = min(room, max(last, Decimal(0)))
        return int(room // self.step)

    def steps_within(self, days: int) -> int | None:
        """How many steps can take effect within some days; None: no limit."""
        if days < self.lead_days:
            return 0
        if not self.step_days:
            return None
        return 1 + (days - self.lead_days) // self.step_days

    def days_for(self, steps: int) -> int:
        """Days until ``steps`` steps have taken effect."""
        return self.lead_days + self.step_days * max(steps - 1, 0)

    def options_above(self, present: FactValue | None) -> dict[str, int]:
        """The options better than the present one → how many levels up they are."""
        now = NONE if present is None or present is False else present
        if now is True:
            now = YES
        if now in self.options:
            start = self.options.index(str(now)) + 1
        elif now == NONE:
            start = 0
        else:
            return {}  # beyond what the lever offers
        return {option: n for n, option in enumerate(self.options[start:], start=1)}

    def effort(self, steps: int) -> Effort:
        """The effort of one change of so many steps or levels."""
        return self.fixed + self.per_step.times(steps)


@dataclasses.dataclass(frozen=True, slots=True)
class Levers:
    """All levers of a pack by fact id, and what a person-day counts in 元.

    ``fixed``: facts no plan touches, with the reason.
    """

    by_fact: Mapping[str, Lever]
    day_rate: Decimal
    fixed: Mapping[str, Text] = dataclasses.field(default_factory=dict)

    def numeric(self, fact_id: str) -> Lever | None:
        """The lever that moves a number, if the fact has one."""
        lever = self.by_fact.get(fact_id)
        return lever if lever is not None and lever.numeric else None


def load_levers(pack: Pack) -> Levers:
    """Read ``levers.yaml`` of a national pack. Raises PackError with file and line."""
    return read_levers(pack.folder / "levers.yaml", pack.facts, pack.schemes)


def read_levers(
    path: Path, facts: FactDictionary, schemes: Mapping[str, object] | None = None
) -> Levers:
    """Read a lever file; titles must lead to one of ``schemes`` where those are given.

    Raises PackError with file, line and remedy.
    """
    block = load_block(path)
    if block.take_text("grade") != "ours":
        raise block.error("grade 应为 ours", remedy="这些是 Tidu 自己的估计")
    rate = block.take_parsed("day_rate", _money, "金额，如 1500元")
    found: dict[str, Lever] = {}
    for fact_id, inner in block.take_mapping("levers"):
        lever = _lever(_fact(fact_id, facts, inner), inner)
        if schemes is not None and lever.scheme and lever.scheme not in schemes:
            raise inner.error(f"不认识的认定项目 {lever.scheme}")
        found[fact_id] = lever
    for lever in found.values():
        if lever.along and lever.along not in found:
            raise block.error(f"{lever.fact.id} 的 with 应指向另一个有办法的事实")
    fixed: dict[str, Text] = {}
    for group in block.take_blocks("fixed"):
        why = take_named(group)
        for fact_id in group.take_texts("facts"):
            if _fact(fact_id, facts, group).id in found:
                raise group.error(f"{fact_id} 既写了改动办法，又写在 fixed 里")
            fixed[fact_id] = why
        group.finish()
    block.finish()
    if rate <= 0:
        raise block.error("day_rate 应大于零")
    return Levers(found, rate, fixed)


def _fact(fact_id: str, facts: FactDictionary, block: Block) -> Fact:
    if fact_id not in facts:
        raise block.error(f"不认识的事实 {fact_id}", remedy="请写事实编号")
    return facts[fact_id]


def _lever(fact: Fact, block: Block) -> Lever:
    way = block.take_choice("way", WAYS)
    per_step = block.take_block("per_step")
    lever = Lever(
        fact=fact,
        way=way,
        lead_days=block.take_parsed("lead_days", int, "天数"),
        step_days=block.take_parsed("step_days", int, "天数", "0"),
        fixed=_effort(block),
        what=take_named(block),
        step=block.take_parsed("step", _quantity, "带单位的数", "1"),
        most_per_year=block.take_parsed("most_per_year", _quantity, "百分数", "0%"),
        or_most=block.take_parsed("or_most", _quantity, "带单位的数", "0"),
        most=block.take_parsed("most", _quantity, "带单位的数", "0"),
        per_step=_effort(per_step) if per_step else Effort(),
        options=block.take_texts("options"),
        scheme=block.take_text("scheme", ""),
        along=block.take_text("with", ""),
    )
    if per_step:
        per_step.finish()
    block.finish()
    _check(lever, block)
    return lever


def _check(lever: Lever, block: Block) -> None:
    """Refuse a lever that does not fit its fact or could never move it."""
    fact = lever.fact
    if lever.numeric is not (fact.type in NUMERIC):
        raise block.error(f"{fact.id} 的类型与 way 不符")
    if lever.numeric:
        if lever.step <= 0:
            raise block.error(f"{fact.id} 的 step 应大于零")
        if fact.type is FactType.COUNT and lever.step % 1:
            raise block.error(f"{fact.id} 是个数，step 应为整数")
        room = lever.most_per_year + lever.or_most if fact.yearly else lever.most
        if room <= 0:
            names = "most_per_year 或 or_most" if fact.yearly else "most"
            raise block.error(f"{fact.id} 缺少幅度上限", remedy=f"请写 {names}")
    if lever.way == "choice":
        known = {each.id for each in fact.choices} or {YES}
        if not lever.options or not set(lever.options) <= known:
            raise block.error(f"{fact.id} 的 options 应取自 {'、'.join(sorted(known))}")
    if lever.way == "title" and (not lever.scheme or fact.type is not FactType.BOOLEAN):
        raise block.error(f"{fact.id} 缺少 scheme，或不是是否类事实")


def _effort(block: Block) -> Effort:
    days = _range(block, "person_days", _number)
    return Effort(days, _range(block, "money", _money))


def _range(block: Block, key: str, read: Callable[[str], Decimal]) -> Range:
    texts = block.take_texts(key)
    if not texts:
        return NOTHING
    try:
        low, high = (read(text) for text in texts)
    except ValueError as error:
        raise block.error(f"{key} 应为两个数，如 [10, 20]") from error
    if low > high:
        raise block.error(f"{key} 的下限大于上限")
    return low, high


def _number(text: str) -> Decimal:
    if not _PLAIN.fullmatch(text):
        raise ValueError(text)
    return Decimal(text)


def _quantity(text: str) -> Decimal:
    return read_quantity(text)[0]


def _money(text: str) -> Decimal:
    number, unit = read_quantity(text)
    if unit != "元":
        raise ValueError(text)
    return number


def _add(left: Range, right: Range) -> Range:
    return left[0] + right[0], left[1] + right[1]
