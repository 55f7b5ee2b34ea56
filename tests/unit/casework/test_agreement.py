"""Third reviews, severity and agreement, and when nothing is said."""

import itertools
import random
from decimal import Decimal
from fractions import Fraction

import pytest

from tidu.casework.agreement import (
    DisagreementRule,
    Score,
    ScoreError,
    agreement,
    settle,
    severities,
)

RULE = DisagreementRule(Decimal(10), Decimal(60))


def scores(*points, case="案"):
    return [Score(case, f"专{at}", Decimal(p)) for at, p in enumerate(points)]


@pytest.mark.parametrize(
    ("given_points", "points", "third", "said"),
    [
        ((), None, False, "只有0份评分，还不能得出结果"),
        (("70",), None, False, "只有1份评分，还不能得出结果"),
        (("70", "79.5"), "74.75", False, "两位专家70分和79.5分，平均74.75分"),
        (("80", "70"), "75", False, "两位专家70分和80分，平均75分"),
        (
            ("70", "80.01"),
            None,
            True,
            "两位专家相差10.01分，超过10分，请第三位专家评审",
        ),
        (
            ("59.9", "60"),
            None,
            True,
            "59.9分和60分在合格线60分的两侧，请第三位专家评审",
        ),
        (("60", "60"), "60", False, "两位专家60分和60分，平均60分"),
        (
            ("50", "80", "75"),
            "77.5",
            False,
            "三位专家中取最接近的两个分数75和80的平均77.5分",
        ),
        (
            ("50", "80", "55"),
            "52.5",
            False,
            "三位专家中取最接近的两个分数50和55的平均52.5分",
        ),
        (("50", "80", "65"), "65", False, "第三位专家居中，取其65分"),
    ],
)
def test_what_the_scores_of_a_case_come_to(given_points, points, third, said):
    found = settle(scores(*given_points), RULE)

    assert found.points == (None if points is None else Decimal(points))
    assert (found.third, found.sentence()) == (third, said)
    assert found.sentence(english=True).isascii()


def test_without_a_pass_line_only_the_gap_counts():
    assert settle(scores("59", "61"), DisagreementRule(Decimal(10))).points == 60


def test_the_experts_whose_points_count_are_named():
    assert settle(scores("50", "80", "75"), RULE).used == ("专2", "专1")
    assert settle(scores("50", "80", "65"), RULE).used == ("专2",)


@pytest.mark.parametrize("points", list(itertools.permutations(["50", "80", "66"])))
def test_the_order_of_the_scores_does_not_matter(points):
    by_name = [Score("案", f"专{p}", Decimal(p)) for p in points]

    assert settle(by_name, RULE).used == ("专66", "专80")


@pytest.mark.parametrize(
    "wrong",
    [
        scores("1") + scores("2", case="别案"),
        scores("1") + scores("2"),
        scores("1", "2", "3", "4"),
    ],
)
def test_scores_that_cannot_be_are_refused(wrong):
    with pytest.raises(ScoreError):
        settle(wrong, RULE)


def reviewed(count, strict="-4", base="70"):
    """Cases that 严 scores lower than 宽 by twice ``strict``."""
    return [
        Score(f"案{at}", expert, Decimal(base) + at + sign * Decimal(strict))
        for at in range(count)
        for expert, sign in (("严", 1), ("宽", -1))
    ]


def test_severity_is_shrunk_towards_nothing():
    strict, lenient = severities(reviewed(8))

    assert (strict.expert, strict.reviews) == ("严", 8)
    assert (strict.deviation, strict.shrunk) == (Decimal("-4.00"), Decimal("-2.00"))
    assert strict.sentence() == "严评了8件，平均低4.00分（折算后2.00分），偏严"
    assert lenient.sentence() == "宽评了8件，平均高4.00分（折算后2.00分），偏宽"
    assert strict.calibrated(Decimal(70)) == Decimal("72.00")


def test_an_even_expert_is_said_to_be_even():
    even, _ = severities(reviewed(8, strict="0"))

    assert even.sentence() == "严评了8件，与同案平均分持平"


def test_few_reviews_say_nothing_about_an_expert():
    found = severities(reviewed(4) + scores("90", case="独"))

    by_name = {each.expert: each for each in found}
    assert {name: each.reviews for name, each in by_name.items()} == {
        "专0": 0,
        "严": 4,
        "宽": 4,
    }
    assert by_name["严"].sentence() == "严只评了4件，不足5件，宽严未知"
    assert by_name["严"].calibrated(Decimal(70)) is None


def test_few_cases_say_nothing_about_agreement():
    found = agreement(reviewed(19))

    assert (found.cases, found.icc, found.gap) == (19, None, None)
    assert found.sentence() == "有两份评分的案卷只有19件，不足20件，一致性未知"


def test_equal_points_everywhere_have_no_agreement_to_speak_of():
    same = [
        Score(f"案{at}", expert, Decimal(70)) for at in range(20) for expert in "甲乙"
    ]

    found = agreement(same)

    assert (found.icc, found.gap) == (None, Decimal("0.00"))
    assert found.sentence() == "20件案卷的分数全部相同，一致性无从谈起"


def test_perfect_and_opposite_experts():
    perfect = agreement(reviewed(20, strict="0"))
    opposite = agreement(
        [
            Score(f"案{at}", expert, Decimal(50 + sign * at))
            for at in range(20)
            for expert, sign in (("甲", 1), ("乙", -1))
        ]
    )

    assert perfect.icc == 1
    assert opposite.icc == -1
    assert perfect.sentence() == "20件案卷，两位专家平均相差0.00分，一致性（ICC）1.00"


def test_agreement_is_that_of_the_analysis_of_variance():
    """Against sums of squares written another way, on random scores and a lone case."""
    dice = random.Random(1)  # noqa: S311 - no secret
    pairs = [(dice.randint(40, 90), dice.randint(40, 90)) for _ in range(30)]
    given_scores = [
        Score(f"案{at}", expert, Decimal(points))
        for at, pair in enumerate(pairs)
        for expert, points in zip("甲乙", pair, strict=True)
    ] + scores("55", case="独")
    every = list(itertools.chain(*pairs))
    mean = Fraction(sum(every), len(every))
    total = sum((x - mean) ** 2 for x in every)
    within = sum(Fraction((a - b) ** 2, 2) for a, b in pairs)
    msb, msw = (total - within) / 29, within / 30

    found = agreement(given_scores)

    assert found.cases == 30
    assert abs(Fraction(found.icc) - (msb - msw) / (msb + msw)) <= Fraction(1, 200)
