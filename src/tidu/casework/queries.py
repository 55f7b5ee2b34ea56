"""Read cases: whose turn it is, what is missing, what was found and judged."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Collection, Iterator
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from tidu.accounts.actors import Actor
from tidu.casework.archives import library_for
from tidu.casework.documents import lacking_papers
from tidu.casework.integrity.kinds import SignalKind
from tidu.casework.models import Case, Judgement, Move, Round
from tidu.casework.wording import speaks_english
from tidu.eligibility.queries import frozen_facts
from tidu.eligibility.standings import standings_of
from tidu.registry.models import Enterprise
from tidu.registry.queries import current_facts, scope_filter
from tidu.rules.asking import lacking
from tidu.rules.assess import Standing
from tidu.rules.findings import Finding
from tidu.rules.judgement import judged_outcome
from tidu.rules.outcomes import MANUAL, NOT_APPLICABLE, Outcome
from tidu.rules.packs import Pack
from tidu.rules.rulesets import Criterion, Kind


def open_rounds(on: datetime.date) -> models.QuerySet[Round]:
    """Rounds that take applications on a day, the one that closes first on top."""
    return Round.objects.filter(
        opens_on__lte=on, closes_on__gte=on, closed_at=None
    ).order_by("closes_on", "id")


def rounds_for(enterprise: Enterprise, on: datetime.date) -> list[Round]:
    """Open rounds of the authorities that an enterprise belongs to."""
    own = [enterprise.territory[:length].ljust(6, "0") for length in (0, 2, 4, 6)]
    found = open_rounds(on).filter(organisation__territory__in=own)
    return list(found.select_related("organisation", "packs"))


def pack_for(case: Case) -> Pack:
    """The pinned pack that a case is judged by."""
    return library_for(case.round.packs).for_territory(case.enterprise.territory)


def standing_of(case: Case) -> Standing:
    """The case under its round's standard: by the frozen facts once it is submitted."""
    opened = case.round
    if case.assessment is None:
        facts = current_facts(case.enterprise)
    else:
        facts = frozen_facts(case.assessment, library_for(opened.packs))
    found = standings_of(
        facts,
        on=opened.on,
        kind=Kind(opened.kind),
        territory=case.enterprise.territory,
        schemes=[opened.scheme],
        library=library_for(opened.packs),
    )
    return found.schemes[opened.scheme]


@dataclasses.dataclass(frozen=True, slots=True)
class Clause:
    """One criterion of a case: what the rules found, and what people judged of it.

    ``judged``: the last judgement of it; ``outcome``: that, else what was found.
    """

    finding: Finding
    judged: Judgement | None

    @property
    def outcome(self) -> Outcome:
        return Outcome(self.judged.outcome) if self.judged else self.finding.outcome


def clauses_of(case: Case, standing: Standing | None = None) -> list[Clause]:
    """The criteria of a case with what was judged of them; score items left out."""
    last = {each.criterion: each for each in case.judgements.all()}
    return [
        Clause(finding, last.get(finding.id))
        for finding in (standing or standing_of(case)).findings
        if isinstance(finding.about, Criterion)
    ]


def outcome_of(case: Case, standing: Standing | None = None) -> Outcome:
    """The outcome of a case with all that was judged."""
    found = standing or standing_of(case)
    if found.rule_set is None:
        return NOT_APPLICABLE
    clauses = clauses_of(case, found)
    return judged_outcome(
        found.rule_set,
        found.kind,
        {each.finding.id: each.finding.outcome for each in clauses},
        {c.finding.id: Outcome(c.judged.outcome) for c in clauses if c.judged},
    )


@dataclasses.dataclass(frozen=True, slots=True)
class Readiness:
    """What a draft still lacks. ``facts``: keys, the most valuable first;
    ``clauses``: those the applicant has said nothing of; ``contact``: somebody to call;
    ``papers``: documents it must have; ``unsure``: others, that may be asked for.
    """

    facts: tuple[str, ...]
    clauses: tuple[Finding, ...]
    contact: bool
    outcome: Outcome
    papers: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()

    @property
    def ready(self) -> bool:
        lacks = self.facts or self.clauses or self.papers or self.contact
        return not lacks


def readiness_of(case: Case) -> Readiness:
    """What has to be added to a draft before it can be submitted."""
    standing = standing_of(case)
    opened = case.round
    keys = lacking(
        pack_for(case),
        current_facts(case.enterprise),
        [opened.scheme],
        opened.on,
        Kind(opened.kind),
    )
    told = {each.criterion for each in case.statements.all()}
    silent = [
        clause.finding
        for clause in clauses_of(case, standing)
        if clause.finding.outcome is MANUAL and clause.finding.id not in told
    ]
    whole = {each.part_of for each in silent}
    papers, unsure = lacking_papers(case, standing)
    return Readiness(
        facts=tuple(keys),
        clauses=tuple(each for each in silent if each.id not in whole),
        contact=not (case.contact_name and case.contact_phone),
        outcome=standing.outcome,
        papers=papers,
        unsure=unsure,
    )


@dataclasses.dataclass(frozen=True, slots=True)
class Flag:
    """Something a person should look at; it never decides.

    ``what``: the kind; ``why``: what was seen; ``compared``: with what; ``may_be``:
    honest reasons; ``check``: what to ask. ``section``: the name of the clause whose
    statement it is about, ``keys`` and ``files``: figures and digests of documents; a
    flag without any is about the whole case. ``places``: where in the case it stands,
    and what stands there. ``related``: ids of cases. ``looks``: what
    people found, the newest first; those in ``before`` looked at other evidence.
    """

    what: str
    why: str
    kind: str = ""
    section: str = ""
    keys: frozenset[str] = frozenset()
    files: frozenset[str] = frozenset()
    signal: int = 0
    compared: str = ""
    may_be: str = ""
    check: str = ""
    places: tuple[tuple[str, str], ...] = ()
    related: tuple[int, ...] = ()
    looks: tuple[Any, ...] = ()
    before: tuple[Any, ...] = ()

    def belongs_to(
        self, names: Collection[str], keys: Collection[str], files: Collection[str]
    ) -> bool:
        """Whether it is about one of these clauses, figures or documents."""
        if self.section and self.section in names:
            return True
        return not self.keys.isdisjoint(keys) or not self.files.isdisjoint(files)


def flags_of(case: Case) -> list[Flag]:
    """What the last run over the round noticed of a case, the strongest first."""
    looks = list(case.looks.all())
    return [
        Flag(
            what=each.label,
            why=each.seen,
            kind=each.kind,
            section=next(_places(each.evidence, case, "narratives"), ""),
            keys=frozenset(_places(each.evidence, case, "figures")),
            files=frozenset(_places(each.evidence, case, "documents")),
            signal=each.pk,
            compared=SignalKind(each.kind).compared(english=speaks_english()),
            may_be=each.may_be,
            check=each.ask,
            places=tuple(
                (place["where"], place["shown"])
                for place in each.evidence
                if place["case"] == case.number
            ),
            related=tuple(each.related),
            looks=tuple(e for e in looks if _same(e, each) and e.digest == each.digest),
            before=tuple(
                e for e in looks if _same(e, each) and e.digest != each.digest
            ),
        )
        for each in case.signals.all()
    ]


def _places(evidence: Any, case: Case, field: str) -> Iterator[str]:
    """What follows ``figures/`` or ``documents/`` in a signal's own evidence."""
    for each in evidence:
        place, _, name = each["where"].partition("/")
        if place == field and each["case"] == case.number:
            yield name.partition("/")[0]


def _same(look: Any, signal: Any) -> bool:
    return bool(look.kind == signal.kind)


def cases_of(enterprise: Enterprise) -> models.QuerySet[Case]:
    """Everything an enterprise applied for, the newest first."""
    return enterprise.cases.select_related("round__organisation").order_by("-made_at")


def cases_in_scope(actor: Actor) -> models.QuerySet[Case]:
    """Submitted cases of an authority's territory; drafts are the applicant's own."""
    scope = actor.scope
    known = Case.objects.exclude(submitted_at=None)
    if scope is None:
        return known.none()
    return known.filter(scope_filter(scope, "enterprise__territory"))


def queue_of(actor: Actor) -> models.QuerySet[Case]:
    """Cases whose turn it is at the actor's office: unopened on top, then by waiting.

    What waits for another office of the territory is not in it.
    """
    if actor.organisation is None or actor.scope is None:
        return Case.objects.none()
    return (
        Case.objects.filter(office=actor.organisation)
        .select_related("round__organisation", "enterprise")
        .annotate(unopened=Q(opened_at=None))
        .order_by("-unopened", "state_since", "id")
    )


def last_move(case: Case) -> Move | None:
    """The last move of a case; its fields and reason are what the applicant sees."""
    return case.moves.order_by("-sequence").first()


def today() -> datetime.date:
    """The day in the installation's time zone."""
    return timezone.localdate()
