"""Findings as a page shows them: one row, the same for everybody who reads it."""

from __future__ import annotations

import dataclasses
from decimal import Decimal

from tidu.rules.assess import Standing
from tidu.rules.documents import default_documents, place_of_clause
from tidu.rules.findings import Finding
from tidu.rules.ladder import is_detail, next_step
from tidu.rules.language import N_, translate
from tidu.rules.naming import ask_keys
from tidu.rules.outcomes import MET, UNKNOWN, UNMET, Outcome
from tidu.rules.packs import Pack
from tidu.rules.rulesets import ScoreItem
from tidu.rules.scope import Interval
from tidu.rules.sentences import requirement, what_was_found
from tidu.rules.units import plain
from tidu.rules.wording import SIGNS, grade_word, outcome_word, size_word
from tidu.web.wording import found_word


@dataclasses.dataclass(frozen=True, slots=True)
class OutcomeMark:
    """An outcome's id, sign and word: never one without the others."""

    id: str
    sign: str
    word: str


@dataclasses.dataclass(frozen=True, slots=True)
class FindingRow:
    """One finding in words. ``share``: percent of a lower bound reached, 0–100.

    ``says``: the sentence, or nothing where ``todo`` says it already; ``document`` and
    ``clause_anchor``: where the clause is restated, both empty where it is nowhere.
    """

    anchor: str
    outcome: OutcomeMark
    label: str
    detail: bool
    value: str
    threshold: str
    share: int | None
    period: str
    sentence: str
    says: str
    todo: str
    points: str
    clause: str
    document: str
    clause_anchor: str
    grade_id: str
    grade: str
    sources: tuple[str, ...]
    note: str


@dataclasses.dataclass(frozen=True, slots=True)
class SchemeCard:
    """One scheme's standing: the head of its findings.

    ``step``: what is in between; ``headline``: value, score and step in one line.
    """

    id: str
    label: str
    outcome: OutcomeMark
    value: str
    score: str
    step: str
    headline: str
    document: str
    document_id: str
    grade_id: str
    grade: str
    rows: list[FindingRow]
    advice: list[FindingRow]
    notes: list[str]
    met: int
    open: int
    unmet: int


def mark(outcome: Outcome, *, english: bool) -> OutcomeMark:
    """The outcome as every page shows it."""
    return OutcomeMark(
        outcome.value, SIGNS[outcome], outcome_word(outcome, english=english)
    )


def finding_row(
    finding: Finding, scheme: str, document: str = "", *, english: bool
) -> FindingRow:
    """One finding in words; ``document``: id of the one its rule set stands in."""
    reading = finding.reading
    sentence = finding.sentence(english=english)
    todo = _todo(finding, english=english)
    only = bool(todo) and _only_asks(finding, sentence, english)
    if not only and _asks_already(finding, sentence, todo):
        todo = ""
    place, anchor = place_of_clause(finding.about.clause, document, default_documents())
    return FindingRow(
        anchor=f"{scheme}-{finding.id}",
        outcome=mark(finding.outcome, english=english),
        label=finding.about.label.say(english=english),
        detail=is_detail(finding),
        value=what_was_found(finding, english=english) if reading else "",
        threshold=requirement(finding, english=english) if reading else "",
        share=_share(finding),
        period=reading.period if reading else "",
        sentence=sentence,
        says="" if only else sentence,
        todo=todo,
        points=_points(finding, english=english),
        clause=finding.about.clause,
        document=place,
        clause_anchor=anchor,
        grade_id=finding.grade.value,
        grade=grade_word(finding.grade, english=english),
        sources=tuple(found_word(each, english=english) for each in finding.sources),
        note=finding.about.note.say(english=english),
    )


def scheme_card(pack: Pack, standing: Standing, *, english: bool) -> SchemeCard:
    """A standing with all its findings in words."""
    rule_set = standing.rule_set
    gates = [f for f in standing.findings if not is_detail(f)]
    own = rule_set.document if rule_set else ""

    def rows(findings: tuple[Finding, ...]) -> list[FindingRow]:
        return [finding_row(f, standing.scheme, own, english=english) for f in findings]

    value = standing.value_name or ""
    if standing.scheme == "sme_size" and value:
        value = size_word(value, english=english)
    score = _score(standing, english=english)
    # A grade (size, digital level) is found out, not applied for.
    pursued = rule_set is not None and rule_set.value is None
    step = next_step(standing, english=english) if pursued else ""
    return SchemeCard(
        id=standing.scheme,
        label=pack.schemes[standing.scheme].label.say(english=english),
        outcome=mark(standing.outcome, english=english),
        value=value,
        score=score,
        step=step,
        headline=_headline(value, score, step, english=english),
        document=f"{rule_set.number} {rule_set.annex}".strip() if rule_set else "",
        document_id=own if own in default_documents() else "",
        grade_id=rule_set.grade.value if rule_set else "",
        grade=grade_word(rule_set.grade, english=english) if rule_set else "",
        rows=rows(standing.findings),
        advice=rows(standing.advice),
        notes=[note.say(english=english) for note in standing.notes],
        met=sum(f.outcome is MET for f in gates),
        open=sum(f.outcome is UNKNOWN for f in gates),
        unmet=sum(f.outcome is UNMET for f in gates),
    )


def _headline(value: str, score: str, step: str, *, english: bool) -> str:
    """A graded scheme says its grade; a title what it still takes, with its score."""
    between = translate(N_("；"), english)
    return between.join(each for each in ([value] if value else [score, step]) if each)


def _asks_already(finding: Finding, sentence: str, todo: str) -> bool:
    """Whether the sentence names what is missing beside something else it says."""
    return todo in sentence and not isinstance(finding.about, ScoreItem)


def _only_asks(finding: Finding, sentence: str, english: bool) -> bool:
    """Whether the sentence says no more than which figures are missing."""
    if isinstance(finding.about, ScoreItem):
        return True
    names = ask_keys(finding.missing, finding.basis.words, english=english)
    text = translate(N_("还缺：{missing}；补上才能判断。"), english)
    return sentence == text.format(missing=names)


def _share(finding: Finding) -> int | None:
    """How much of a lower bound is reached; None where a bar would say nothing."""
    reading = finding.reading
    if reading is None or reading.op not in {">=", ">"}:
        return None
    value, threshold = reading.value, reading.threshold
    numbers = all(
        isinstance(each, Decimal | int) and not isinstance(each, bool)
        for each in (value, threshold)
    )
    if not numbers or threshold <= 0:
        return None
    return max(0, min(100, int(value * 100 / threshold)))


def _todo(finding: Finding, *, english: bool) -> str:
    if finding.outcome is not UNKNOWN or not finding.missing:
        return ""
    names = ask_keys(finding.missing, finding.basis.words, english=english)
    return translate(N_("还缺：{names}"), english).format(names=names)


def _points(finding: Finding, *, english: bool) -> str:
    if not isinstance(finding.about, ScoreItem):
        return ""
    most = plain(finding.about.max)
    match finding.points:
        case Interval(low, high):
            text = translate(N_("{low}～{high}分（满分{most}）"), english)
            return text.format(low=plain(low), high=plain(high), most=most)
        case None:
            return ""
        case points:
            text = translate(N_("{points}分（满分{most}）"), english)
            return text.format(points=plain(points), most=most)


def _score(standing: Standing, *, english: bool) -> str:
    match standing.score:
        case None:
            return ""
        case Interval(low, high):
            text = translate(N_("{low}～{high}分"), english)
            return text.format(low=plain(low), high=plain(high))
        case score:
            text = translate(N_("{points}分"), english)
            return text.format(points=plain(score))
