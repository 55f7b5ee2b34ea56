"""63号 annex 2 as variables of OpenFisca-Core, vectorised as its authors advise.

One entity, yearly figures by period, a formula per item and per gate. The engine has no
unknown: absent is zero. A base that is not positive gives no points.
"""
# ruff: noqa: PLR2004 - the numbers of the law stand where they are compared

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy
from openfisca_core.entities import build_entity
from openfisca_core.periods import YEAR
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

Formula = Callable[..., Any]

Enterprise = build_entity(
    key="enterprise", plural="enterprises", label="enterprise", is_person=True
)
CONDUCT = (
    "abnormal_list",
    "serious_dishonesty",
    "major_accident",
    "tax_violation",
    "falsification",
    "prohibited_product",
)
CODES: dict[str, int] = {}  # options as numbers, where the figures are numbers
ITEMS = tuple(f"i{number:02}" for number in range(1, 14))


def _share(part: str, whole: str, bounds: list[tuple[float, int]]) -> Formula:
    def formula(enterprise: Any, period: Any) -> Any:
        top, base = enterprise(part, period), enterprise(whole, period)
        points = numpy.select(
            [top >= base * bound for bound, _ in bounds], [p for _, p in bounds], 0
        )
        return numpy.where(base > 0, points, 0)

    return formula


def _at_least(fact: str, bounds: list[tuple[int, int]]) -> Formula:
    def formula(enterprise: Any, period: Any) -> Any:
        found = enterprise(fact, period)
        return numpy.select([found >= b for b, _ in bounds], [p for _, p in bounds], 0)

    return formula


def _equal(fact: str, options: list[tuple[str, int]]) -> Formula:
    def formula(enterprise: Any, period: Any) -> Any:
        found = enterprise(fact, period)
        return numpy.select(
            [found == CODES.get(o, o) for o, _ in options],
            [p for _, p in options],
            0,
        )

    return formula


def _growth(enterprise: Any, period: Any) -> Any:
    new = enterprise("main_revenue", period)
    middle = enterprise("main_revenue", period.last_year)
    old = enterprise("main_revenue", period.offset(-2))
    left, base = new * old + middle * middle, middle * old
    bounds = [(2.2, 10), (2.16, 8), (2.12, 6), (2.08, 4), (2.0, 2)]
    points = numpy.select(
        [left >= base * bound for bound, _ in bounds], [p for _, p in bounds], 0
    )
    return numpy.where((middle > 0) & (old > 0), points, 0)


def _quality(enterprise: Any, period: Any) -> Any:
    flags = ("quality_award", "management_system", "own_brand", "standards")
    return numpy.minimum(5, sum(enterprise(flag, period) * 3 for flag in flags))


def _debt(enterprise: Any, period: Any) -> Any:
    debts = enterprise("total_liabilities", period)
    assets = enterprise("total_assets", period)
    holds = [debts <= assets * bound for bound in (0.5, 0.6, 0.7)]
    return numpy.where(assets > 0, numpy.select(holds, [5, 3, 1], 0), 0)


def _local(enterprise: Any, period: Any) -> Any:
    return numpy.clip(enterprise("local_feature_score", period), 0, 15)


def _property(enterprise: Any, period: Any) -> Any:
    names = ("class1_ip_high_value", "class1_ip_own", "class1_ip", "class2_ip")
    holds = [enterprise(name, period) >= 1 for name in names]
    return numpy.select(holds, [10, 8, 6, 2], 0)


def _rnd_points(enterprise: Any, period: Any) -> Any:
    rnd, revenue = enterprise("rnd_expense", period), enterprise("revenue", period)
    bounds = [(5e6, 0.1), (4e6, 0.08), (3e6, 0.06), (2e6, 0.04), (1e6, 0.03)]
    holds = [
        (rnd >= money) | ((revenue > 0) & (rnd >= revenue * share))
        for money, share in bounds
    ]
    return numpy.select(holds, [10, 8, 6, 4, 2], 0)


def _score(enterprise: Any, period: Any) -> Any:
    return sum(enterprise(item, period) for item in ITEMS)


SCORES: dict[str, Formula] = {
    "i01": _share("main_revenue", "revenue", [(0.8, 5), (0.7, 3), (0.6, 1)]),
    "i02": _growth,
    "i03": _at_least("niche_years", [(10, 5), (8, 4), (6, 3), (4, 2), (2, 1)]),
    "i04": _equal(
        "lead_product_field",
        [("key_chain_breakthrough", 5), ("six_basics_or_chain_leader_supplier", 3)],
    ),
    "i05": _at_least("digital_level", [(3, 5), (2, 3)]),
    "i06": _quality,
    "i07": _share(
        "net_profit", "revenue", [(0.1, 10), (0.08, 8), (0.06, 6), (0.04, 4), (0.02, 2)]
    ),
    "i08": _debt,
    "i09": _local,
    "i10": _property,
    "i11": _rnd_points,
    "i12": _share("rnd_staff", "employees", [(0.2, 5), (0.1, 3), (0.05, 1)]),
    "i13": _equal(
        "rnd_institution",
        [("national", 10), ("province", 8), ("city", 4), ("below_city", 2)],
    ),
    "score": _score,
}


def _two_years(fact: str, bound: int) -> Formula:
    def formula(enterprise: Any, period: Any) -> Any:
        last = enterprise(fact, period)
        return last + enterprise(fact, period.last_year) >= bound

    return formula


def _one_of(fact: str, *options: str) -> Formula:
    def formula(enterprise: Any, period: Any) -> Any:
        found = enterprise(fact, period)
        wanted = [CODES.get(each, each) for each in options]
        holds = found == wanted[0]
        for option in wanted[1:]:
            holds = holds | (found == option)
        return holds

    return formula


def _rnd(enterprise: Any, period: Any) -> Any:
    rnd, revenue = enterprise("rnd_expense", period), enterprise("revenue", period)
    return (revenue > 0) & (rnd >= 1_000_000) & (rnd >= revenue * 0.03)


def _revenue_or_equity(enterprise: Any, period: Any) -> Any:
    equity = _two_years("new_equity", 20_000_000)(enterprise, period)
    return (enterprise("revenue", period) >= 10_000_000) | equity


def _score_or_direct(enterprise: Any, period: Any) -> Any:
    holds = enterprise("score_reached", period)
    for name in ("award", "rnd_mean", "equity_total", "contest"):
        holds = holds | enterprise(f"direct_{name}", period)
    return holds


def _conduct(enterprise: Any, period: Any) -> Any:
    holds = ~enterprise(CONDUCT[0], period)
    for flag in CONDUCT[1:]:
        holds = holds & ~enterprise(flag, period)
    return holds


def _lead_product(enterprise: Any, period: Any) -> Any:
    lead = enterprise("lead_product_revenue", period)
    revenue = enterprise("revenue", period)
    return (revenue > 0) & (lead > revenue * 0.5)


def _outcome(enterprise: Any, period: Any) -> Any:
    holds = enterprise("niche_years_gate", period)
    for gate in ("rnd", "revenue_or_equity", "score_or_direct", "conduct", "sme"):
        holds = holds & enterprise(gate, period)
    return holds


GATES: dict[str, Formula] = {
    "niche_years_gate": lambda firm, period: firm("niche_years", period) >= 2,
    "rnd": _rnd,
    "revenue_or_equity": _revenue_or_equity,
    "score_reached": lambda enterprise, period: enterprise("score", period) >= 60,
    "direct_award": _one_of(
        "science_award", "province_top3", "national_top5", "national_top3"
    ),
    "direct_rnd_mean": _two_years("rnd_expense", 20_000_000),
    "direct_equity_total": _two_years("new_equity", 60_000_000),
    "direct_contest": _one_of("maker_contest", "top500", "top50"),
    "score_or_direct": _score_or_direct,
    "conduct": _conduct,
    "lead_product_share": _lead_product,
    "outcome": _outcome,
}


def _size(large: dict[Any, dict[str, int]]) -> Formula:
    def formula(enterprise: Any, period: Any) -> Any:
        row = enterprise("size_row", period)
        holds = numpy.full(len(row), fill_value=False)
        for name, bounds in large.items():
            reached = row == name
            for fact, bound in bounds.items():
                reached = reached & (enterprise(fact, period) >= bound)
            holds = holds | reached
        return ~holds

    return formula


def system(
    inputs: dict[str, Any], large: dict[Any, dict[str, int]], money_type: Any
) -> TaxBenefitSystem:
    """All variables; ``money_type`` is the precision money is held in."""
    made = TaxBenefitSystem([Enterprise])
    for name, sample in inputs.items():
        kind = type(sample)
        if name[-2:] not in {"_2", "_3"}:
            _add(made, name, kind, None)
            if kind is float:
                made.variables[name].dtype = money_type
    for name, formula in SCORES.items():
        _add(made, name, int, formula)
    for name, formula in (GATES | {"sme": _size(large)}).items():
        _add(made, name, bool, formula)
    return made


def _add(
    made: TaxBenefitSystem, name: str, kind: type, formula: Formula | None
) -> None:
    body: dict[str, Any] = {
        "value_type": kind,
        "entity": Enterprise,
        "definition_period": YEAR,
    }
    if formula is not None:
        body["formula"] = formula
    made.add_variable(type(name, (Variable,), body))
