"""What the holder of a title owes, by the rule set that the title was given under."""

from __future__ import annotations

import dataclasses
import datetime

from django.db import models
from django.db.models import Exists, OuterRef, Q

from tidu.accounts.actors import Actor
from tidu.eligibility.pool import months_after
from tidu.registry.models import HeldTitle
from tidu.registry.queries import scope_filter
from tidu.rules.library import default_library
from tidu.rules.procedures import Duties
from tidu.rules.rulesets import Kind, RuleSet


@dataclasses.dataclass(frozen=True, slots=True)
class Owed:
    """The duties of one title. ``rule_set``: the edition it was given under."""

    title: HeldTitle
    rule_set: RuleSet
    duties: Duties

    def clause(self, what: str) -> str:
        """工信部企业〔2022〕63号 第十四条, as far as it is known."""
        number = self.rule_set.number or self.rule_set.document
        return f"{number} {self.duties.clauses.get(what, '')}".strip()

    @property
    def years(self) -> list[int]:
        """Years in whose update a miss counts.

        From the year after the title began: the figures of its first year have just
        been reviewed. Of a title that was entered later, from its entry on: what was
        done elsewhere before is not known.
        """
        title = self.title
        entered = title.recorded_at.date()
        last = title.revoked_on or title.valid_until
        first = title.valid_from.year + 1
        end = last.year if last else entered.year + self.duties.validity_years
        return [
            year
            for year in range(first, end + 1)
            if self.duties.update_day(year) >= entered
            and (last is None or self.duties.update_day(year) <= last)
        ]

    def change_day(self, happened_on: datetime.date) -> datetime.date:
        """The last day for the report of a change."""
        return months_after(happened_on, self.duties.change_months)


def owed_by(title: HeldTitle) -> Owed | None:
    """What the holder of a title owes; None where the packs say nothing about it.

    The rule set is the one of the round that certified it, else the one in force for
    new applications on its first day.
    """
    pack = default_library().for_territory(title.enterprise.territory)
    scheme, procedure = (
        pack.schemes.get(title.scheme),
        pack.procedures.get(title.scheme),
    )
    if scheme is None or procedure is None:
        return None
    certificate = getattr(title, "certificate", None)
    rule_set: RuleSet | None = None
    if certificate is not None and certificate.case is not None:
        name = certificate.case.round.rule_set
        rule_set = next((each for each in scheme.rule_sets if each.name == name), None)
    if rule_set is None:
        chosen = scheme.which(Kind.NEW, title.valid_from)
        rule_set = chosen[0] if chosen else None
    duties = procedure.duties(rule_set.id) if rule_set else None
    return Owed(title, rule_set, duties) if rule_set and duties else None


def valid_titles(on: datetime.date) -> models.QuerySet[HeldTitle]:
    """Titles that count on a day, of firms that are open."""
    return HeldTitle.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=on),
        valid_from__lte=on,
        revoked_on=None,
        enterprise__closed_at=None,
        enterprise__merged_into=None,
    ).select_related("enterprise", "certificate__case__round")


def titles_ending(
    scope: str, on: datetime.date, months: int
) -> models.QuerySet[HeldTitle]:
    """Titles of a territory that end within months, and are followed by none."""
    later = HeldTitle.objects.filter(
        enterprise=OuterRef("enterprise"),
        scheme=OuterRef("scheme"),
        valid_from__gt=OuterRef("valid_from"),
        revoked_on=None,
    )
    return (
        valid_titles(on)
        .filter(
            scope_filter(scope, "enterprise__territory"),
            ~Exists(later),
            valid_until__lte=months_after(on, months),
        )
        .order_by("valid_until", "pk")
    )


def titles_due(
    actor: Actor, on: datetime.date, months: int
) -> models.QuerySet[HeldTitle]:
    """``titles_ending`` in the actor's territory."""
    scope = actor.scope
    return (
        HeldTitle.objects.none() if scope is None else titles_ending(scope, on, months)
    )
