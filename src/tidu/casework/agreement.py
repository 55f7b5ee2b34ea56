"""Do two experts see the same? Third reviews, strict and mild experts, agreement.

What is decided (who disagrees, which points count) is decided on the points as given,
in decimals. What is only shown (severity, agreement) is exact too (sums of decimals,
fractions at the end) and rounded last; below a least number of reviews it is unknown,
and says so.
"""

from __future__ import annotations

import dataclasses
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from tidu.rules.errors import TiduError
from tidu.rules.language import N_, say

ENOUGH_REVIEWS = 5
"""Reviews of an expert below which severity is unknown."""

ENOUGH_CASES = 20
"""Cases below which agreement is unknown."""

SHRINKAGE = 8
"""As many reviews weigh as much as the belief that an expert is neither."""

_STEP = Decimal("0.01")
_PAIR = 2


class ScoreError(TiduError):
    """Scores that cannot be: an expert twice on a case, too many experts."""


class Score(NamedTuple):
    """Points given blind by one expert to one case; a round has tens of thousands."""

    case: str
    expert: str
    points: Decimal


@dataclasses.dataclass(frozen=True, slots=True)
class DisagreementRule:
    """When two scores need a third: more than ``gap`` points apart, or on both sides
    of ``pass_line`` (reaching it passes). None switches a condition off.
    """

    gap: Decimal
    pass_line: Decimal | None = None

    def too_far(self, low: Decimal, high: Decimal) -> bool:
        """Whether the two are more than ``gap`` apart."""
        return high - low > self.gap

    def astride(self, low: Decimal, high: Decimal) -> bool:
        """Whether one passes and the other does not."""
        return self.pass_line is not None and low < self.pass_line <= high

    def asks_third(self, low: Decimal, high: Decimal) -> bool:
        """Whether two scores need a third."""
        return self.too_far(low, high) or self.astride(low, high)


@dataclasses.dataclass(frozen=True, slots=True)
class Settled:
    """What the scores of a case come to. ``points`` is None until nothing is open.

    ``used``: the experts whose points count; ``third``: a third expert is needed.
    """

    points: Decimal | None
    used: tuple[str, ...]
    msgid: str
    values: Mapping[str, object]
    third: bool = False

    def sentence(self, *, english: bool = False) -> str:
        """Why."""
        return say(self.msgid, english, **self.values)


def settle(scores: Sequence[Score], rule: DisagreementRule) -> Settled:
    """The points of one case: the mean of two that agree; with a third, the mean of
    the two nearest to each other, or the middle one where both are as near.

    Raises ScoreError for an expert twice, two cases, or more than three scores.
    """
    if len({each.case for each in scores}) > 1:
        raise ScoreError(N_("分数属于不同的案卷；请逐件计算"))
    if len({each.expert for each in scores}) < len(scores):
        raise ScoreError(N_("同一位专家打了两次分；请只留一次"))
    if len(scores) > _PAIR + 1:
        raise ScoreError(N_("一件案卷至多三位专家打分；请核对"))
    if len(scores) < _PAIR:
        msgid = N_("只有{count}份评分，还不能得出结果")
        return Settled(None, (), msgid, {"count": len(scores)})
    if len(scores) == _PAIR:
        return _settle_two(scores, rule)
    low, middle, high = sorted(scores, key=lambda each: (each.points, each.expert))
    below, above = middle.points - low.points, high.points - middle.points
    if below == above:
        msgid = N_("第三位专家居中，取其{points}分")
        values = {"points": middle.points}
        return Settled(middle.points, (middle.expert,), msgid, values)
    near = (low, middle) if below < above else (middle, high)
    points = _mean(near)
    msgid = N_("三位专家中取最接近的两个分数{first}和{second}的平均{points}分")
    return Settled(points, _experts(near), msgid, _told(near, points))


def _settle_two(scores: Sequence[Score], rule: DisagreementRule) -> Settled:
    pair = sorted(scores, key=lambda each: (each.points, each.expert))
    low, high = (each.points for each in pair)
    if rule.too_far(low, high):
        msgid = N_("两位专家相差{apart}分，超过{gap}分，请第三位专家评审")
        values = {"apart": high - low, "gap": rule.gap}
        return Settled(None, (), msgid, values, third=True)
    if rule.astride(low, high):
        msgid = N_("{first}分和{second}分在合格线{line}分的两侧，请第三位专家评审")
        values = {"first": low, "second": high, "line": rule.pass_line or low}
        return Settled(None, (), msgid, values, third=True)
    points = _mean(pair)
    msgid = N_("两位专家{first}分和{second}分，平均{points}分")
    return Settled(points, _experts(pair), msgid, _told(pair, points))


@dataclasses.dataclass(frozen=True, slots=True)
class Severity:
    """How far an expert's points lie from the mean of their cases, negative: stricter.

    ``deviation`` is the plain mean; ``shrunk`` is drawn towards 0 as if ``SHRINKAGE``
    more reviews had no deviation; both None below ``ENOUGH_REVIEWS``.
    """

    expert: str
    reviews: int
    deviation: Decimal | None
    shrunk: Decimal | None

    def sentence(self, *, english: bool = False) -> str:
        """For the report on experts; no ground for a decision on a firm."""
        if self.deviation is None or self.shrunk is None:
            msgid = N_("{expert}只评了{reviews}件，不足{enough}件，宽严未知")
            values = {"reviews": self.reviews, "enough": ENOUGH_REVIEWS}
            return say(msgid, english, expert=self.expert, **values)
        msgid = N_("{expert}评了{reviews}件，与同案平均分持平")
        if self.shrunk < 0:
            msgid = N_(
                "{expert}评了{reviews}件，平均低{apart}分（折算后{shrunk}分），偏严"
            )
        elif self.shrunk > 0:
            msgid = N_(
                "{expert}评了{reviews}件，平均高{apart}分（折算后{shrunk}分），偏宽"
            )
        return say(
            msgid,
            english,
            expert=self.expert,
            reviews=self.reviews,
            apart=abs(self.deviation),
            shrunk=abs(self.shrunk),
        )

    def calibrated(self, points: Decimal) -> Decimal | None:
        """Points less what is owed to the expert's habit; shown beside, never used."""
        return None if self.shrunk is None else points - self.shrunk


def severities(scores: Iterable[Score]) -> list[Severity]:
    """One for each expert, in the order of their names; cases with one score say
    nothing and are not counted.
    """
    totals: dict[str, Decimal] = defaultdict(Decimal)
    of_case: dict[str, dict[int, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    counts: Counter[str] = Counter()
    for given in _by_case(scores).values():
        points = sum((each.points for each in given), Decimal(0))
        for each in given:
            counts[each.expert] += len(given) >= _PAIR
            if len(given) >= _PAIR:
                totals[each.expert] += each.points
                of_case[each.expert][len(given)] += points
    found = []
    for expert in sorted(counts):
        total = Fraction(totals[expert]) - sum(
            (Fraction(points) / size for size, points in of_case[expert].items()),
            Fraction(0),
        )
        found.append(_severity(expert, counts[expert], total))
    return found


def _severity(expert: str, count: int, total: Fraction) -> Severity:
    if count < ENOUGH_REVIEWS:
        return Severity(expert, count, None, None)
    return Severity(
        expert, count, _rounded(total / count), _rounded(total / (count + SHRINKAGE))
    )


@dataclasses.dataclass(frozen=True, slots=True)
class Partners:
    """How far an expert's points lie from the other's on the same cases.

    ``cases``: those in which the expert's score was one of the first two; ``thirds``:
    in how many of them a third was needed; ``gap``: the mean difference, None below
    ``ENOUGH_REVIEWS``.
    """

    cases: int
    thirds: int
    gap: Decimal | None


def partners(scores: Iterable[Score], rule: DisagreementRule) -> dict[str, Partners]:
    """By expert, over the first two scores of each case."""
    apart: dict[str, Decimal] = defaultdict(Decimal)
    cases: Counter[str] = Counter()
    thirds: Counter[str] = Counter()
    for given in _by_case(scores).values():
        pair = given[:_PAIR]
        if len(pair) < _PAIR:
            continue
        low, high = sorted(each.points for each in pair)
        third = rule.asks_third(low, high)
        for each in pair:
            cases[each.expert] += 1
            thirds[each.expert] += third
            apart[each.expert] += high - low
    return {
        expert: Partners(
            count,
            thirds[expert],
            _rounded(Fraction(apart[expert]) / count)
            if count >= ENOUGH_REVIEWS
            else None,
        )
        for expert, count in cases.items()
    }


@dataclasses.dataclass(frozen=True, slots=True)
class Agreement:
    """ICC(1) of the first two scores: the share of variance that lies in the cases.

    One-way, because each case has its own pair of experts. None below ``ENOUGH_CASES``
    or where all points are equal. ``gap``: mean difference of two scores.
    """

    cases: int
    icc: Decimal | None
    gap: Decimal | None

    def sentence(self, *, english: bool = False) -> str:
        """What an officer reads beside it."""
        if self.gap is None:
            msgid = N_("有两份评分的案卷只有{cases}件，不足{enough}件，一致性未知")
            return say(msgid, english, cases=self.cases, enough=ENOUGH_CASES)
        if self.icc is None:
            msgid = N_("{cases}件案卷的分数全部相同，一致性无从谈起")
            return say(msgid, english, cases=self.cases)
        msgid = N_("{cases}件案卷，两位专家平均相差{gap}分，一致性（ICC）{icc}")
        return say(msgid, english, cases=self.cases, gap=self.gap, icc=self.icc)


def agreement(scores: Iterable[Score]) -> Agreement:
    """Over the cases with two scores or more, the first two given in each."""
    pairs = [
        (given[0].points, given[1].points)
        for given in _by_case(scores).values()
        if len(given) >= _PAIR
    ]
    count = len(pairs)
    if count < ENOUGH_CASES:
        return Agreement(count, None, None)
    zero = Decimal(0)
    gap = _rounded(Fraction(sum((abs(a - b) for a, b in pairs), zero)) / count)
    total = Fraction(sum((a + b for a, b in pairs), zero))
    squares = Fraction(sum(((a + b) ** 2 for a, b in pairs), zero))
    between = squares / 2 - total**2 / (_PAIR * count)  # 2 Σ ((a + b) / 2 - mean)²
    within = Fraction(sum(((a - b) ** 2 for a, b in pairs), zero)) / 2
    mean_between, mean_within = between / (count - 1), within / count
    if not mean_between + mean_within:
        return Agreement(count, None, gap)
    icc = (mean_between - mean_within) / (mean_between + mean_within)
    return Agreement(count, _rounded(icc), gap)


def _by_case(scores: Iterable[Score]) -> dict[str, list[Score]]:
    found: dict[str, list[Score]] = defaultdict(list)
    for each in scores:
        found[each.case].append(each)
    return found


def _mean(pair: Sequence[Score]) -> Decimal:
    return sum((each.points for each in pair), Decimal(0)) / _PAIR


def _experts(scores: Iterable[Score]) -> tuple[str, ...]:
    return tuple(each.expert for each in scores)


def _told(pair: Sequence[Score], points: Decimal) -> dict[str, object]:
    return {"first": pair[0].points, "second": pair[1].points, "points": points}


def _rounded(value: Fraction) -> Decimal:
    """To two decimals, halves to even; Fraction rounds exactly."""
    return (Decimal(round(value * 100)) * _STEP).quantize(_STEP)
