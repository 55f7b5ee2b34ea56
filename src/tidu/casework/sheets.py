"""What an expert may read of a case: everything but who the enterprise is."""

from __future__ import annotations

import dataclasses

from tidu.casework.archives import library_for
from tidu.casework.blinding import blinded, identifiers_of
from tidu.casework.models import Case
from tidu.casework.queries import Clause, clauses_of, standing_of
from tidu.casework.review_models import Review
from tidu.eligibility.queries import frozen_facts
from tidu.registry.enums import IdentityKind
from tidu.rules.assess import Standing
from tidu.rules.facts import Facts
from tidu.rules.outcomes import MANUAL

IDENTITY = frozenset({"name", "uscc", "territory"})


@dataclasses.dataclass(frozen=True, slots=True)
class Sheet:
    """A case without its enterprise. ``stated``: criterion → what the applicant says;
    ``judged``: the clauses that the experts give their opinion of.
    """

    standing: Standing
    clauses: list[Clause]
    judged: list[Clause]
    facts: Facts
    stated: dict[str, str]
    narrative: str
    documents: list[str]
    identifiers: tuple[str, ...]

    def blind(self, text: str) -> str:
        """A text without what gives the enterprise away."""
        return blinded(text, self.identifiers)


def sheet_of(review: Review) -> Sheet:
    """The sheet of a review, from what was frozen when the case was submitted."""
    case = review.case
    assert case.assessment is not None, "only submitted cases are reviewed"
    standing = standing_of(case)
    clauses = clauses_of(case, standing)
    hidden = identifiers(case)
    facts = frozen_facts(case.assessment, library_for(case.round.packs))
    documents = case.documents.select_related("evidence").order_by("id")
    titles = dict.fromkeys(each.evidence.title for each in documents)
    return Sheet(
        standing,
        clauses,
        manual_clauses(clauses),
        facts,
        {e.criterion: blinded(e.text, hidden) for e in case.statements.all()},
        blinded(case.narrative, hidden),
        [blinded(each, hidden) for each in titles],
        hidden,
    )


def manual_clauses(clauses: list[Clause]) -> list[Clause]:
    """Clauses that no figure decides; the parts in place of a whole."""
    manual = [each for each in clauses if each.finding.outcome is MANUAL]
    whole = {each.finding.part_of for each in manual}
    return [each for each in manual if each.finding.id not in whole]


def identifiers(case: Case) -> tuple[str, ...]:
    """What gives the enterprise of a case away, names it once had included."""
    firm = case.enterprise
    former = list(firm.former.all())
    names = [firm.name, *(e.value for e in former if e.kind == IdentityKind.NAME)]
    if case.agent_name:
        names.append(case.agent_name)
    others = [
        firm.uscc or "",
        *(e.value for e in former if e.kind == IdentityKind.USCC),
        *(case.contact_name, case.contact_phone, case.agent_phone, case.number or ""),
    ]
    return identifiers_of(names, others, firm.territory)
