"""Amounts: every operation, both ends of what is unknown, units, the working in words."""

from __future__ import annotations

import datetime
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.rules.little_measures import write_pack
from tidu.rules.amounts import AmountRule, Line, Nature, Per, parse_formula, work_out
from tidu.rules.errors import ExpressionError, PackError
from tidu.rules.packs import Pack, load_pack
from tidu.rules.parse import Names
from tidu.rules.scope import Interval, Scope
from tidu.rules.vocabulary import Text
from tidu.rules.working import explain_lines, show_amount, show_ends

ON = datetime.date(2026, 6, 1)


@pytest.fixture(scope="module")
def pack(tmp_path_factory) -> Pack:
    return load_pack(write_pack(tmp_path_factory.mktemp("little")))


def rule(pack: Pack, *formulas: str, nature: Nature = Nature.PAID) -> AmountRule:
    """A rule with lines a, b, c … of the given formulas."""
    lines: list[Line] = []
    for name, text in zip("abcdefg", formulas, strict=False):
        earlier = {each.id: each.unit for each in lines}
        formula, unit = parse_formula(text, Names(pack.facts), earlier)
        lines.append(Line(name, Text(f"第{name}行", f"line {name}"), formula, unit))
    return AmountRule(nature, Per.YEAR, tuple(lines))


def value(pack: Pack, *formulas: str, **facts: object) -> Decimal | Interval:
    return work_out(rule(pack, *formulas), Scope(facts, ON, 2026)).value


def test_sums_products_and_brackets(pack):
    found = value(pack, "(loan + '100元') * 3 - '0.5元'", loan=Decimal(200))

    assert found == Decimal("899.50")


def test_a_share_of_money_is_rounded_once_at_the_end(pack):
    rate = "loan * '0.5%'"

    assert value(pack, rate, loan=Decimal(1001)) == Decimal("5.01")  # 5.005, half up
    assert value(pack, rate, "a * 2", loan=Decimal(1001)) == Decimal("10.01")


def test_a_cap_holds_on_its_border(pack):
    capped = "min(loan * '30%', '50万元')"

    assert value(pack, capped, loan=Decimal(1_666_666)) == Decimal("499999.80")
    assert value(pack, capped, loan=Decimal(5_000_000)) == Decimal(500_000)


def test_an_unknown_figure_leaves_the_cap(pack):
    assert value(pack, "min(loan * '30%', '50万元')") == Interval(0, Decimal(500_000))


def test_an_unknown_figure_leaves_the_floor(pack):
    assert value(pack, "max(loan, '1万元')") == Interval(Decimal(10_000), None)


def test_what_can_be_negative_has_no_floor(pack):
    assert value(pack, "profit") == Interval(None, None)
    assert value(pack, "max(profit, 0)") == Interval(0, None)


def test_nothing_times_an_unknown_figure_is_nothing(pack):
    assert value(pack, "loan * 0") == 0


def test_a_condition_picks_one_of_two(pack):
    text = "'50万元' if titled else '30万元'"

    assert value(pack, text, titled=True) == 500_000
    assert value(pack, text, titled=False) == 300_000
    assert value(pack, text) == Interval(Decimal(300_000), Decimal(500_000))


def test_years_count_as_numbers(pack):
    text = "loan * '1.5%' * min(years, 2)"

    assert value(pack, text, loan=Decimal(10_000), years=Decimal(3)) == 300


def test_dollars_stay_dollars(pack):
    found = rule(pack, "export_usd * '10%'")

    assert found.unit == "美元"


def test_what_would_close_it_is_named(pack):
    amount = work_out(rule(pack, "loan * share", "a + profit"), Scope({}, ON, 2026))

    assert amount.missing == ("loan", "share", "profit@2025")


def test_a_known_amount_misses_nothing(pack):
    facts = {"loan": Decimal(1), "share": Decimal("0.5")}

    assert work_out(rule(pack, "loan * share"), Scope(facts, ON, 2026)).missing == ()


@pytest.mark.parametrize(
    ("text", "column", "what"),
    [
        ("loan + share", 1, "两边的单位不一致"),
        ("loan * loan", 1, "金额不能乘以金额"),
        ("loan / 2", 1, "数值不能这样写"),
        ("lone * 2", 1, "不认识 lone"),
        ("min()", 1, "不能调用 min"),
        ("min(loan, 3)", 1, "两边的单位不一致"),
        ("ratio(loan, loan) * loan", 1, "金额算式里不能这样写"),
        ("loan if loan else 0", 9, "这里应为条件"),
        ("loan +", 7, "语法不对"),
    ],
)
def test_a_formula_that_means_nothing_is_refused_at_its_place(pack, text, column, what):
    with pytest.raises(ExpressionError) as caught:
        parse_formula(text, Names(pack.facts), {})

    assert what in caught.value.what
    assert caught.value.column == column


ends = st.one_of(st.none(), st.decimals(-1000, 1000, places=2))


def spread(low: Decimal | None, high: Decimal | None) -> list[Decimal]:
    """Some values between two ends, far beyond them where they are open."""
    least = Decimal(-(10**6)) if low is None else low
    most = Decimal(10**6) if high is None else high
    return [least, (least + most) / 2, most]


@given(
    st.decimals(-1000, 1000, places=2),
    st.decimals(-1000, 1000, places=2),
    st.sampled_from(
        [
            "profit[y1] + profit[y2]",
            "profit[y1] - profit[y2]",
            "min(profit[y1], profit[y2], '5元')",
            "max(profit[y1], profit[y2], '5元')",
            "profit[y1] * '30%' - min(profit[y2], 0)",
            "max(profit[y1], 0) * 3",
            "profit[y1] if profit[y2] > 0 else '7元'",
        ]
    ),
)
def test_every_value_lies_within_the_ends_of_less_knowledge(pack, first, second, text):
    """What is worked out from all figures lies within what fewer figures say."""
    full = {2025: first, 2024: second}
    exact = value(pack, text, profit=full)
    assert isinstance(exact, Decimal)

    for known in product([True, False], repeat=2):
        years = [y for y, keep in zip((2025, 2024), known, strict=True) if keep]
        found = value(pack, text, profit={year: full[year] for year in years})
        low, high = found if isinstance(found, Interval) else (found, found)
        assert low is None or low <= exact
        assert high is None or exact <= high


def test_the_working_is_written_line_by_line(pack):
    found = rule(pack, "loan * '1.5%' * min(years, 2)", "min(a, '20万元')")
    scope = Scope({"loan": Decimal(5_000_000), "years": Decimal(3)}, ON, 2026)

    assert explain_lines(work_out(found, scope), pack.words) == [
        "第a行 ＝ 贷款额500万元 × 1.5% × 取小（年限3，2） ＝ 15万元",
        "第b行 ＝ 取小（第a行15万元，20万元） ＝ 15万元",
    ]
    assert explain_lines(work_out(found, scope), pack.words, english=True) == [
        "line a = Loan 5,000,000 yuan × 1.5% × least of (Years 3, 2) = 150,000 yuan",
        "line b = least of (line a 150,000 yuan, 200,000 yuan) = 150,000 yuan",
    ]


@pytest.mark.parametrize(
    ("ends", "shown"),
    [
        (Decimal(400_000), "40万元"),
        (Interval(Decimal(0), None), "还算不出来"),
        (Interval(None, None), "还算不出来"),
        (Interval(Decimal(0), Decimal(500_000)), "最多50万元"),
        (Interval(Decimal(10_000), None), "至少1万元"),
        (Interval(Decimal(10_000), Decimal(20_000)), "1万元至2万元"),
    ],
)
def test_what_is_known_of_an_amount_is_said(ends, shown):
    assert show_ends(ends, "元") == shown


def test_an_amount_says_what_it_is_for(pack):
    amount = work_out(rule(pack, "'40万元'"), Scope({}, ON, 2026))

    assert show_amount(amount) == "每年40万元"


def test_a_pack_refuses_an_amount_of_the_wrong_nature(tmp_path):
    folder = write_pack(
        tmp_path,
        """
        amount:
          nature: rate
          per: year
          lines: [{id: sum, label: 数, english: sum, formula: loan * 2}]
        """,
    )

    with pytest.raises(PackError, match="nature 是 rate，算出的单位是 元"):
        load_pack(folder)
