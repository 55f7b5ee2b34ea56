"""The next question: only what can still move an outcome, the best first."""

from __future__ import annotations

import datetime
from decimal import Decimal

from tidu.planning.questions import next_questions
from tidu.rules.assess import prepare, stand
from tidu.rules.facts import Facts
from tidu.rules.library import default_library

ON = datetime.date(2026, 6, 1)
PACK = default_library().national


def ask(schemes, **flat):
    facts = prepare(
        Facts.of({k.replace("__", "@"): v for k, v in flat.items()}), PACK, ON
    )
    return next_questions(PACK, [stand(PACK, s, facts, on=ON) for s in schemes])


def keys(questions):
    return [each.key for each in questions]


def test_a_figure_that_an_alternative_made_needless_is_not_asked():
    enough = ask(["srdi_sme"], revenue__2025=Decimal(20_000_000))
    assert "new_equity@2025" not in keys(enough)
    short = ask(["srdi_sme"], revenue__2025=Decimal(10_000_000))
    assert "new_equity@2025" in keys(short)


def test_a_figure_that_decides_alone_comes_before_one_of_several():
    questions = ask(["srdi_sme"])
    order = keys(questions)
    assert order.index("niche_years") < order.index("rnd_institution")
    by_key = {each.key: each for each in questions}
    assert by_key["niche_years"].alone == ("srdi_sme/niche_years",)
    assert by_key["rnd_institution"].alone == ()


def test_an_open_scheme_comes_before_a_decided_one():
    questions = ask(["little_giant", "srdi_sme"], holds_srdi=False)
    first = questions[0]
    assert all(name.startswith("srdi_sme/") for name in first.decides[:1])


def test_what_a_reviewer_decides_is_not_asked_of_the_enterprise():
    assert "market_position_reviewed" not in keys(ask(["srdi_sme", "little_giant"]))


def test_nothing_is_asked_once_everything_is_decided():
    assert ask(["unicorn"], listed=True, established_on=datetime.date(2000, 1, 1),
               valuation_usd=Decimal(1), new_equity__2025=Decimal(5)) == []  # fmt: skip
