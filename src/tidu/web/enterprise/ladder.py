"""The ladder page: where the enterprise stands, what is missing, what to do when."""

from __future__ import annotations

import dataclasses
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from tidu.eligibility.deadlines import deadlines, rounds_ahead
from tidu.eligibility.queries import current_standings
from tidu.eligibility.standings import Standings
from tidu.planning.questions import Question, next_questions
from tidu.rules.facts import split_key
from tidu.rules.ladder import RUNGS, next_scheme
from tidu.rules.naming import ask_key
from tidu.rules.vocabulary import Words
from tidu.web.context import speaks_english
from tidu.web.downloads import Sheet, as_book
from tidu.web.enterprise.firm import Firm
from tidu.web.findings import OutcomeMark, SchemeCard, scheme_card
from tidu.web.pages import Asked

MOST_QUESTIONS = 8


@dataclasses.dataclass(frozen=True, slots=True)
class Ask:
    """A missing figure in words, what it would decide, and where to fill it in."""

    label: str
    decides: list[str]
    more: int
    alone: bool
    url: str


def ladder(request: Asked, firm: Firm) -> HttpResponse:
    """The page itself."""
    return render(request, "enterprise/ladder.html", ladder_context(firm))


def ladder_context(firm: Firm) -> dict[str, Any]:
    """What the ladder page shows of one enterprise today."""
    english = speaks_english()
    found = standings_today(firm)
    cards = cards_of(found, english=english)
    following = next_scheme(found.pack, found.prepared, found.schemes)
    on_ladder = [each for schemes in RUNGS for each in schemes]
    in_order = dict.fromkeys([*on_ladder, *cards])  # the rungs, then all else
    return {
        "firm": firm,
        "tab": "ladder",
        "enterprise": firm.enterprise,
        "rungs": [[cards[scheme] for scheme in schemes] for schemes in RUNGS],
        "following": cards[following] if following else None,
        "others": [cards[each] for each in in_order if each != following],
        "asks": asks(firm, found, following, english=english),
        "deadlines": told_deadlines(firm, found, english=english),
        "rounds": told_rounds(found, english=english),
        "on": found.on,
    }


def standings_today(firm: Firm) -> Standings:
    """All standings by today's rules and the facts in force."""
    return current_standings(firm.enterprise, on=timezone.localdate())


def cards_of(found: Standings, *, english: bool) -> dict[str, SchemeCard]:
    """Every scheme's card, by its id."""
    return {
        each: scheme_card(found.pack, standing, english=english)
        for each, standing in found.schemes.items()
    }


def asks(
    firm: Firm, found: Standings, following: str | None, *, english: bool
) -> list[Ask]:
    """The missing figures worth most, of the next rung before all others."""
    words, schemes = found.pack.words, dict(found.schemes)
    questions = []
    if following:
        questions = next_questions(found.pack, {following: schemes.pop(following)})
    known = {each.key for each in questions}
    questions += [
        each for each in next_questions(found.pack, schemes) if each.key not in known
    ]
    told = []
    for each, years in _by_fact(questions)[:MOST_QUESTIONS]:
        names = [
            found.schemes[scheme].finding(criterion).about.label.say(english=english)
            for scheme, _slash, criterion in (d.partition("/") for d in each.decides)
        ]
        fact = found.pack.facts[split_key(each.key)[0]]
        names = list(dict.fromkeys(names))
        told.append(
            Ask(
                label=_asked(each.key, years, words, english=english),
                decides=names[:2],
                more=len(names[2:]),
                alone=bool(each.alone),
                url=f"{firm.url('facts_edit', fact.group)}#id_{each.key}",
            )
        )
    return told


def _by_fact(questions: list[Question]) -> list[tuple[Question, list[int]]]:
    """Each figure once, where it is best asked, with the years that move the same."""
    found: dict[tuple[str, tuple[str, ...]], tuple[Question, list[int]]] = {}
    for each in questions:
        fact_id, year = split_key(each.key)
        _first, years = found.setdefault((fact_id, each.decides), (each, []))
        if year is not None:
            years.append(year)
    return list(found.values())


def _asked(key: str, years: list[int], words: Words, *, english: bool) -> str:
    if len(years) <= 1:
        return ask_key(key, words, english=english)
    name = ask_key(split_key(key)[0], words, english=english)
    listed = _("、").join(str(each) for each in sorted(years))
    return _("{years}年{name}").format(years=listed, name=name)


def told_deadlines(
    firm: Firm, found: Standings, *, english: bool
) -> list[dict[str, Any]]:
    """The ends of titles held, in words."""
    return [
        {"label": each.label.say(english=english), "deadline": each}
        for each in deadlines(firm.enterprise, found)
    ]


def told_rounds(found: Standings, *, english: bool) -> list[dict[str, Any]]:
    """The rounds open and to come, with the papers they ask for."""
    return [
        {
            "label": each.label.say(english=english),
            "round": each,
            "open": each.opens <= found.on,
            "days": (each.opens - found.on).days,
            "materials": [text.say(english=english) for text in each.materials],
        }
        for each in rounds_ahead(found)
    ]


def ladder_file(request: Asked, firm: Firm) -> HttpResponse:  # noqa: ARG001 - a view
    """Every finding as an Excel file, as the page shows it today."""
    found = standings_today(firm)
    cards = list(cards_of(found, english=speaks_english()).values())
    name = f"{firm.enterprise.name}_{_('梯度')}_{found.on}"
    return as_book(name, [_summary(cards), _findings(cards)])


def _summary(cards: list[SchemeCard]) -> Sheet:
    heads = [_("认定项目"), _("结论"), _("得分"), _("下一步"), _("依据"), _("核对程度")]
    rows = [
        [c.label, _mark(c.outcome), c.score, c.step, c.document, c.grade] for c in cards
    ]
    return _("梯度"), heads, rows


def _findings(cards: list[SchemeCard]) -> Sheet:
    heads = [
        _("认定项目"), _("条件"), _("结论"), _("企业情况"), _("要求"), _("年度"),
        _("说明"), _("得分"), _("条款"), _("核对程度"), _("来源"),
    ]  # fmt: skip
    rows = [
        [
            c.label, r.label, _mark(r.outcome), r.value, r.threshold, r.period,
            r.sentence, r.points, r.clause, r.grade, "；".join(r.sources),
        ]
        for c in cards
        for r in c.rows
    ]  # fmt: skip
    return _("逐条对照"), heads, rows


def _mark(outcome: OutcomeMark) -> str:
    return f"{outcome.sign} {outcome.word}"
