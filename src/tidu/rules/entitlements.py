"""What one enterprise may have: every mechanism with its four answers.

Eligible (outcome), amount, priority and confidence stay apart. A slot a place has not
filled answers “depends on the place”; what is unknown stays unknown.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable, Mapping
from decimal import Decimal

from tidu.rules.amounts import Amount, work_out
from tidu.rules.assess import Standing, assess, prepare
from tidu.rules.facts import Facts
from tidu.rules.measures import Confidence, Measure, Mechanism, Strength
from tidu.rules.outcomes import MANUAL, MET, UNKNOWN, UNMET, Outcome
from tidu.rules.packs import Pack
from tidu.rules.rulesets import SourceGrade, Window
from tidu.rules.scope import Scope


@dataclasses.dataclass(frozen=True, slots=True)
class Entitlement:
    """One mechanism for one enterprise on one day.

    ``standing``: who may have it, criterion by criterion; ``amount`` is None where the
    text states none. ``window``: when it applies; its end is the first day after.
    """

    mechanism: Mechanism
    measure: Measure
    standing: Standing
    window: Window
    amount: Amount | None

    @property
    def id(self) -> str:
        """The mechanism's id."""
        return self.mechanism.id

    @property
    def outcome(self) -> Outcome:
        """Whether the firm may have it; unknown for a slot nobody has filled."""
        return UNKNOWN if self.depends else self.standing.outcome

    @property
    def depends(self) -> bool:
        """Whether a local rule would have to say, and none is loaded."""
        return bool(self.mechanism.slot)

    @property
    def possible(self) -> bool:
        """Whether it belongs into the firm's package: nothing rules it out."""
        for_the_firm = self.mechanism.kind.for_the_firm
        return for_the_firm and self.outcome in {MET, UNKNOWN, MANUAL}

    @property
    def last_day(self) -> datetime.date | None:
        """The last day on which it applies; None without an end."""
        if self.window.end == datetime.date.max:
            return None
        return self.window.end - datetime.timedelta(days=1)

    @property
    def missing(self) -> list[str]:
        """Keys of the facts that would decide it or close its amount, each once."""
        found = [key for f in self.standing.findings for key in f.missing]
        amount = self.amount.missing if self.amount else ()
        return list(dict.fromkeys([*found, *amount]))

    @property
    def confidence(self) -> Confidence:
        """How sure the answer is: the place first, then figures, then the source."""
        if self.depends:
            return Confidence.PLACE
        if self.outcome is UNKNOWN or (self.amount and self.amount.missing):
            return Confidence.OPEN
        rule_set = self.mechanism.rule_set
        grades = {rule_set.grade, *(v.grade for v in rule_set.values.values())}
        if grades == {SourceGrade.OFFICIAL}:
            return Confidence.CHECKED
        return Confidence.TO_CHECK

    @property
    def encouraged(self) -> bool:
        """Whether the text only encourages it."""
        return self.mechanism.strength is Strength.ENCOURAGE

    @property
    def worth(self) -> Decimal | None:
        """What is sure in money that may be added up; None where nothing is."""
        if self.amount is None or not self.amount.rule.nature.adds_up:
            return None
        if self.outcome is not MET or self.amount.rule.unit != "元":
            return None
        return self.amount.least


@dataclasses.dataclass(frozen=True, slots=True)
class Package:
    """Everything the measures say about one enterprise on one day, in their order."""

    pack: Pack
    facts: Facts
    on: datetime.date
    territory: str
    entitlements: tuple[Entitlement, ...]

    @property
    def possible(self) -> tuple[Entitlement, ...]:
        """What the firm has or may have."""
        return tuple(each for each in self.entitlements if each.possible)

    def find(self, mechanism_id: str) -> Entitlement:
        """One entitlement; KeyError where the mechanism does not apply that day."""
        for each in self.entitlements:
            if each.id == mechanism_id:
                return each
        raise KeyError(mechanism_id)


def put_together(
    pack: Pack, facts: Facts, *, on: datetime.date, territory: str = ""
) -> Package:
    """The package of one firm; ``facts`` as intake gives them, not yet prepared.

    What others say in detail that day is left to them.
    """
    prepared = prepare(facts, pack, on)
    here = list(applying(pack, on, territory))
    ids = {mechanism.id for mechanism, _ in here}
    found = [
        answer(pack, mechanism, measure, prepared, on)
        for mechanism, measure in here
        if not ids.intersection(mechanism.detailed_by)
    ]
    return Package(pack, prepared, on, territory, tuple(found))


def applying(
    pack: Pack, on: datetime.date, territory: str = ""
) -> Iterable[tuple[Mechanism, Measure]]:
    """The mechanisms of a day and a place; a filled slot gives way to its fillings."""
    here = [
        (mechanism, measure)
        for measure in pack.measures.values()
        for mechanism in measure.mechanisms
        if mechanism.window(on) and territory.startswith(mechanism.territory)
    ]
    filled = {mechanism.fills for mechanism, _ in here}
    return [
        (mechanism, measure)
        for mechanism, measure in here
        if not (mechanism.slot and mechanism.slot in filled)
    ]


def answer(
    pack: Pack,
    mechanism: Mechanism,
    measure: Measure,
    facts: Facts,
    on: datetime.date,
) -> Entitlement:
    """One mechanism for one firm; ``facts`` are prepared, the day lies in a window."""
    window = mechanism.window(on)
    assert window is not None
    standing = assess(pack, mechanism.rule_set, facts, on=on, window=window)
    if not mechanism.rule_set.criteria:
        standing = dataclasses.replace(standing, outcome=MET)  # everybody may
    amount = None
    if mechanism.amount and standing.outcome is not UNMET:
        amount = work_out(mechanism.amount, Scope(facts.values, on, on.year))
    return Entitlement(mechanism, measure, standing, window, amount)


def with_title(facts: Facts, title_fact: str) -> Facts:
    """The facts as they would be with one more title held."""
    values = {**facts.values, title_fact: True}
    return Facts(values, facts.sources)


@dataclasses.dataclass(frozen=True, slots=True)
class Gain:
    """What a further title would change: won anew, or worth more or less."""

    entitlement: Entitlement
    before: Entitlement | None


def gains(before: Package, after: Package) -> tuple[Gain, ...]:
    """What differs between two packages of a firm, the later one first asked.

    Named: what was ruled out and is not now, and amounts whose sure part moved.
    """
    known: Mapping[str, Entitlement] = {e.id: e for e in before.entitlements}
    found = []
    for each in after.entitlements:
        old = known.get(each.id)
        opened = each.outcome is MET and (old is None or old.outcome is not MET)
        moved = old is not None and each.worth != old.worth
        if opened or moved:
            found.append(Gain(each, old))
    return tuple(found)
