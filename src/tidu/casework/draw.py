"""Which cases are inspected on site? A draw that anybody can repeat with paper tools.

First the list of cases is frozen and its digest published together with a commitment
to a secret; later, at an announced moment, comes a number nobody chose, and then the
secret. Seed, list and rule give the cases drawn: docs/explanation/draws.md has it step
by step. Who makes the list cannot know the seed, who knows the secret cannot try
others, and whoever looks on can repeat the whole.
"""

from __future__ import annotations

import dataclasses
import hashlib
import math
import secrets
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from tidu.planning.seeds import ticket
from tidu.rules.errors import TiduError
from tidu.rules.language import N_, say

_BREAK = "\n"


class DrawError(TiduError):
    """A draw cannot be held: the list, the number or the share is not usable."""


@dataclasses.dataclass(frozen=True, slots=True, order=True)
class Drawable:
    """A case in the draw: its public number and stratum (a territory's code)."""

    number: str
    stratum: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class DrawRule:
    """How many: ``count`` in all, or ``share`` of each stratum, rounded up.

    ``least``: at least so many of each stratum, or all where it has fewer.
    """

    count: int | None = None
    share: Fraction | None = None
    least: int = 0

    def __post_init__(self) -> None:
        if (self.count is None) == (self.share is None):
            raise DrawError(N_("件数和比例应恰写一个；请改正抽取办法"))
        if (self.count or 0) < 0 or self.least < 0 or not 0 <= (self.share or 0) <= 1:
            raise DrawError(N_("件数不能为负，比例应在0至1之间；请改正抽取办法"))


@dataclasses.dataclass(frozen=True, slots=True)
class Announcement:
    """What is published before the draw; changing any of it later is found."""

    list_digest: str
    commitment: str
    rule: DrawRule


@dataclasses.dataclass(frozen=True, slots=True)
class Draw:
    """The result: numbers in the order drawn, by stratum, with all that repeats it.

    ``public``: the number that nobody chose (a lottery's, a closing index), published
    after the announcement; may be empty where none was announced.
    """

    secret: str
    public: str
    announcement: Announcement
    drawn: Mapping[str, tuple[str, ...]]

    @property
    def numbers(self) -> tuple[str, ...]:
        """All numbers drawn, stratum by stratum."""
        return tuple(number for each in self.drawn.values() for number in each)


def new_secret() -> str:
    """A secret that nobody can guess; keep it until the draw."""
    return secrets.token_hex(32)


def commitment_to(secret: str) -> str:
    """SHA-256 of the secret in hexadecimal: published first, it binds who knows it."""
    return hashlib.sha256(secret.encode()).hexdigest()


def seed_of(secret: str, public: str) -> str:
    """SHA-256(secret ⏎ public): neither alone decides."""
    return hashlib.sha256(f"{secret}{_BREAK}{public}".encode()).hexdigest()


def digest_of_list(cases: Iterable[Drawable]) -> str:
    """SHA-256 of the lines “stratum,number” in the order of their characters."""
    lines = sorted(f"{each.stratum},{each.number}" for each in cases)
    return hashlib.sha256(_BREAK.join(lines).encode()).hexdigest()


def announce(cases: Sequence[Drawable], secret: str, rule: DrawRule) -> Announcement:
    """What to publish before the draw. Raises DrawError."""
    _check(cases, rule)
    return Announcement(digest_of_list(cases), commitment_to(secret), rule)


def hold(
    cases: Sequence[Drawable], announcement: Announcement, secret: str, public: str = ""
) -> Draw:
    """Draw as announced. Raises DrawError where list or secret are not those."""
    if digest_of_list(cases) != announcement.list_digest:
        raise DrawError(N_("名单与公布的摘要不符；请用公布时的名单"))
    if commitment_to(secret) != announcement.commitment:
        raise DrawError(N_("密语与公布的承诺不符；请用公布时的密语"))
    _check(cases, announcement.rule)
    seed = seed_of(secret, public)
    by_stratum: dict[str, list[str]] = {}
    for each in sorted(cases, key=lambda each: ticket(seed, each.number)):
        by_stratum.setdefault(each.stratum, []).append(each.number)
    sizes = {name: len(numbers) for name, numbers in by_stratum.items()}
    how_many = numbers_by_stratum(sizes, announcement.rule)
    drawn = {
        name: tuple(by_stratum[name][: how_many[name]]) for name in sorted(by_stratum)
    }
    return Draw(secret, public, announcement, drawn)


def check_draw(
    draw: Draw, cases: Sequence[Drawable], *, english: bool = False
) -> list[str]:
    """What is wrong with a published draw; nothing where it can be repeated."""
    try:
        again = hold(cases, draw.announcement, draw.secret, draw.public)
    except DrawError as error:
        return [error.sentence(english=english)]
    found = []
    for name in sorted({*again.drawn, *draw.drawn}):
        right, published = again.drawn.get(name, ()), draw.drawn.get(name, ())
        if right != published:
            msgid = N_("{stratum}应抽中{right}，公布的是{published}")
            parts = {"right": right or ("-",), "published": published or ("-",)}
            found.append(say(msgid, english, stratum=name or "-", **parts))
    return found


def numbers_by_stratum(sizes: Mapping[str, int], rule: DrawRule) -> dict[str, int]:
    """How many to draw from each stratum.

    A share is rounded up in each. A count is dealt in proportion, the remainders to the
    largest fractions, equal ones in the order of the strata's names; strata below
    ``least`` are filled first and the others share what is left.
    """
    least = {name: min(rule.least, size) for name, size in sizes.items()}
    if rule.share is not None:
        return {
            name: max(least[name], math.ceil(rule.share * size))
            for name, size in sizes.items()
        }
    assert rule.count is not None
    wanted = rule.count
    open_, found = dict(sizes), dict(least)
    while open_:
        left = wanted - sum(found[name] for name in sizes if name not in open_)
        total = sum(open_.values())
        below = [n for n, size in open_.items() if left * size < least[n] * total]
        if not below:
            found.update(_in_proportion(open_, left))
            break
        for name in below:
            del open_[name]
    return found


def _in_proportion(sizes: Mapping[str, int], wanted: int) -> dict[str, int]:
    total = sum(sizes.values())
    shares = {name: divmod(wanted * size, total) for name, size in sizes.items()}
    rest = wanted - sum(whole for whole, _ in shares.values())
    order = sorted(shares, key=lambda name: (-shares[name][1], name))
    return {name: whole + (name in order[:rest]) for name, (whole, _) in shares.items()}


def _check(cases: Sequence[Drawable], rule: DrawRule) -> None:
    if len({each.number for each in cases}) < len(cases):
        raise DrawError(N_("名单里有重复的编号；请每件只列一次"))
    if any(_BREAK in f"{each.number}{each.stratum}" for each in cases):
        raise DrawError(N_("编号里有换行；请改正编号"))
    if any("," in each.stratum for each in cases):
        raise DrawError(N_("分组名里有逗号；请改正分组名"))
    sizes = Counter(each.stratum for each in cases)
    needed = sum(min(rule.least, size) for size in sizes.values())
    if rule.count is not None and not needed <= rule.count <= len(cases):
        raise DrawError(
            N_("要抽{count}件，名单有{size}件，各组至少共{needed}件；请改正件数"),
            count=rule.count,
            size=len(cases),
            needed=needed,
        )
