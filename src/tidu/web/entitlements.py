"""What a firm may have, as a page shows it: one card a mechanism, by areas."""

from __future__ import annotations

import dataclasses
from itertools import groupby

from django.utils.translation import gettext as _

from tidu.planning.bundle import Bundle
from tidu.rules.documents import default_documents, place_of_clause
from tidu.rules.entitlements import Entitlement, Gain, Package
from tidu.rules.facts import split_key
from tidu.rules.measures import Area
from tidu.rules.naming import ask_key, show
from tidu.rules.outcomes import MET, UNKNOWN
from tidu.rules.walks import MISSING_ENGINES
from tidu.rules.wording import grade_word
from tidu.rules.working import explain_lines, show_amount
from tidu.web.findings import FindingRow, OutcomeMark, finding_row, mark


@dataclasses.dataclass(frozen=True, slots=True)
class Missing:
    """A figure that is missing: its name, its group of facts, its key."""

    label: str
    group: str
    key: str


@dataclasses.dataclass(frozen=True, slots=True)
class EntitlementCard:
    """One mechanism for one firm in words.

    ``given_up``: why it was not chosen; ``waits``: nothing carries it out yet.
    """

    id: str
    label: str
    kind: str
    gives: str
    outcome: OutcomeMark
    depends: bool
    nature: str
    amount: str
    working: list[str]
    priority: str
    encouraged: bool
    confidence: str
    start: str
    start_way: str
    service: str
    agency: str
    until: str
    source: str
    document: str
    anchor: str
    grade_id: str
    grade: str
    measure: str
    measure_number: int
    missing: list[Missing]
    rows: list[FindingRow]
    note: str
    given_up: str
    waits: bool


@dataclasses.dataclass(frozen=True, slots=True)
class AreaShown:
    """One part of the package.

    ``cards``: what the firm has, ``open``: what is not decided, ``more``: what it can
    take part in, which nothing here carries out yet.
    """

    id: str
    label: str
    cards: list[EntitlementCard]
    open: list[EntitlementCard]
    more: list[EntitlementCard]


@dataclasses.dataclass(frozen=True, slots=True)
class GainLine:
    """What a further title changes: what is had, before and after."""

    label: str
    before: str
    after: str
    opened: bool


def areas_of(package: Package, bundle: Bundle, *, english: bool) -> list[AreaShown]:
    """What the firm has or may have, by areas."""
    why = {
        each.entitlement.id: each.sentence(english=english) for each in bundle.given_up
    }
    order = list(Area)
    shown = sorted(
        package.possible, key=lambda e: (order.index(e.mechanism.area), _rank(e))
    )
    found = []
    for area, of_area in groupby(shown, key=lambda e: e.mechanism.area):
        cards = [
            card_of(each, package, why.get(each.id, ""), english=english)
            for each in of_area
        ]
        found.append(_area(area, cards, english=english))
    return found


def _area(area: Area, cards: list[EntitlementCard], *, english: bool) -> AreaShown:
    here = [each for each in cards if not each.waits]
    met = [each for each in here if each.outcome.id == MET.value]
    return AreaShown(
        id=area.value,
        label=area.label.say(english=english),
        cards=met,
        open=[each for each in here if each not in met],
        more=[each for each in cards if each.waits],
    )


def _rank(each: Entitlement) -> int:
    """What is sure first, then what lacks figures, then what the place decides."""
    if each.depends:
        return 3
    return 0 if each.outcome is MET else 1 if each.outcome is UNKNOWN else 2


def card_of(
    each: Entitlement, package: Package, given_up: str = "", *, english: bool
) -> EntitlementCard:
    """One entitlement in words."""
    mechanism, words = each.mechanism, package.pack.words
    rule_set = mechanism.rule_set
    place, anchor = place_of_clause(
        rule_set.annex, rule_set.document, default_documents()
    )
    amount = each.amount
    return EntitlementCard(
        id=each.id,
        label=mechanism.label.say(english=english),
        kind=mechanism.kind.label.say(english=english),
        gives=mechanism.gives.say(english=english),
        outcome=mark(each.outcome, english=english),
        depends=each.depends,
        nature=amount.rule.nature.label.say(english=english) if amount else "",
        amount=show_amount(amount, english=english) if amount else "",
        working=explain_lines(amount, words, english=english) if amount else [],
        priority=mechanism.priority.say(english=english),
        encouraged=each.encouraged,
        confidence=each.confidence.label.say(english=english),
        start=mechanism.start.label.say(english=english),
        start_way=mechanism.start.value,
        service=mechanism.service,
        agency=mechanism.agency.say(english=english),
        until=each.last_day.isoformat() if each.last_day else "",
        source=f"{rule_set.number} {rule_set.annex}".strip(),
        document=place or _known(rule_set.document),
        anchor=anchor,
        grade_id=rule_set.grade.value,
        grade=grade_word(rule_set.grade, english=english),
        measure=each.measure.label.say(english=english),
        measure_number=each.measure.number,
        missing=[_missing(key, package, english=english) for key in each.missing],
        rows=[
            finding_row(f, each.id, rule_set.document, english=english)
            for f in each.standing.findings
        ],
        note=mechanism.note.say(english=english),
        given_up=given_up,
        waits=mechanism.kind in MISSING_ENGINES,
    )


def _known(document: str) -> str:
    return document if document in default_documents() else ""


def _missing(key: str, package: Package, *, english: bool) -> Missing:
    fact = package.pack.facts[split_key(key)[0]]
    return Missing(ask_key(key, package.pack.words, english=english), fact.group, key)


def gain_lines(gains: tuple[Gain, ...], *, english: bool) -> list[GainLine]:
    """What a further title changes, in words."""
    return [
        GainLine(
            label=gain.entitlement.mechanism.label.say(english=english),
            before=_short(gain.before, english=english) if gain.before else _("不适用"),
            after=_short(gain.entitlement, english=english),
            opened=gain.before is None or gain.before.outcome is not MET,
        )
        for gain in gains
    ]


def _short(each: Entitlement, *, english: bool) -> str:
    """The outcome, and the amount where it is sure."""
    outcome = mark(each.outcome, english=english).word
    if each.worth is None:
        return outcome
    return _("{outcome}，{worth}").format(
        outcome=outcome, worth=show(each.worth, "元", english=english)
    )
