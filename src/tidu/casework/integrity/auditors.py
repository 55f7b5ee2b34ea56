"""Which auditor has improbably many clients just above a bar?

Each auditor is tested against all the others together by Fisher's exact test, one side.
Signals go only to the cases that stand just above; a good auditor's other clients, and
small auditors, about whom nothing can be said, get none.
"""

from __future__ import annotations

import dataclasses
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from tidu.casework.integrity.applications import (
    Application,
    Auditor,
    Figure,
    FigureSource,
)
from tidu.casework.integrity.kinds import (
    Named,
    Place,
    Said,
    Signal,
    SignalKind,
    Tie,
    others,
    ramp,
)
from tidu.casework.integrity.limits import Limits
from tidu.rules.language import N_
from tidu.rules.units import plain

_SEEN = N_(
    "审计机构“{auditor}”的{clients}家客户中有{close}家的{facts}刚好超过门槛（{margin}以内），"
    "其他机构为{rest}家中的{rest_close}家"
)
_MAY_BE = N_("该机构专做临近门槛的企业；辅导机构按门槛筛选了申报对象；企业集中冲刺达标")
_CHECK = N_("抽查其中几家的审计底稿、银行流水和开票数据；与税务数据比较")
_FULL = 8.0  # orders of magnitude


@dataclasses.dataclass(frozen=True, slots=True)
class Bar:
    """A least value that the rule set asks of a yearly fact, in the fact's unit."""

    fact_id: str
    value: Decimal


@dataclasses.dataclass(slots=True)
class _Clients:
    known: int = 0
    close: dict[str, list[Figure]] = dataclasses.field(default_factory=dict)


def auditor_concentrations(
    applications: Iterable[Application], bars: Sequence[Bar], limits: Limits
) -> Iterator[Signal]:
    """One signal for each case just above a bar whose auditor has too many of them."""
    clients: dict[Auditor, _Clients] = defaultdict(_Clients)
    for one in applications:
        if one.auditor and (judged := _judged(one, bars, limits)) is not None:
            clients[one.auditor].known += 1
            if judged:
                clients[one.auditor].close[one.case] = judged
    known = sum(each.known for each in clients.values())
    close = sum(len(each.close) for each in clients.values())
    tested = {
        auditor: each
        for auditor, each in clients.items()
        if each.known >= limits.auditor_clients
    }
    for auditor, each in tested.items():
        chance = fisher(each.known, len(each.close), known, close) * len(tested)
        if chance <= limits.auditor_chance:
            rest = known - each.known, close - len(each.close)
            yield from _signals(auditor, each, rest, chance, limits)


def fisher(drawn: int, hits: int, all_: int, all_hits: int) -> float:
    """The chance of ``hits`` or more among ``drawn`` of ``all_`` with ``all_hits``."""
    misses = all_ - all_hits
    least, most = max(hits, drawn - misses), min(drawn, all_hits)
    ways = _log_ways(all_, drawn)
    return math.fsum(
        math.exp(_log_ways(all_hits, each) + _log_ways(misses, drawn - each) - ways)
        for each in range(least, most + 1)
    )


def _log_ways(of: int, drawn: int) -> float:
    """The logarithm of the binomial coefficient, whose integer may be enormous."""
    return math.lgamma(of + 1) - math.lgamma(drawn + 1) - math.lgamma(of - drawn + 1)


def _judged(
    application: Application, bars: Sequence[Bar], limits: Limits
) -> list[Figure] | None:
    """The figures just above a bar in the latest year; None where none is known."""
    known = False
    close = []
    for bar in bars:
        figures = [
            each
            for each in application.figures
            if each.fact.id == bar.fact_id and each.source is FigureSource.APPLICATION
        ]
        if figures:
            known = True
            latest = max(figures, key=lambda each: each.year)
            if bar.value <= latest.value < bar.value * (1 + limits.bar_margin):
                close.append(latest)
    return close if known else None


def _signals(
    auditor: Auditor,
    clients: _Clients,
    rest: tuple[int, int],
    chance: float,
    limits: Limits,
) -> Iterator[Signal]:
    facts = {
        each.fact.id: Named(each.fact.label, each.fact.english)
        for figures in clients.close.values()
        for each in figures
    }
    seen = Said(
        _SEEN,
        {
            "auditor": auditor.name,
            "clients": clients.known,
            "close": len(clients.close),
            "facts": tuple(facts.values()),
            "margin": f"{plain(limits.bar_margin * 100)}%",
            "rest": rest[0],
            "rest_close": rest[1],
        },
    )
    orders = -math.log10(max(chance, 1e-300))
    for case, figures in clients.close.items():
        yield Signal(
            case=case,
            kind=SignalKind.AUDITOR_CONCENTRATION,
            strength=ramp(orders, -math.log10(limits.auditor_chance) - 1, _FULL),
            related=others(case, clients.close),
            places=(
                Place(case, "auditor", auditor.name),
                *(
                    Place(
                        case, f"figures/{each.fact.id}@{each.year}", plain(each.value)
                    )
                    for each in figures
                ),
            ),
            seen=seen,
            may_be=Said(_MAY_BE),
            check=Said(_CHECK),
            tie=Tie(
                f"auditor:{auditor.id}",
                Said(N_("审计机构 {value}"), {"value": auditor.name}),
            ),
        )
