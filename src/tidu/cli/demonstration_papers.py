"""Documents of fictional firms: one small file for each that a case must have."""

from __future__ import annotations

import io

from tidu.accounts.actors import Actor
from tidu.casework.actions import attach
from tidu.casework.documents import Paper, papers_of
from tidu.casework.models import Case
from tidu.casework.queries import standing_of
from tidu.registry.evidence import add_evidence
from tidu.registry.models import Evidence

NEEDS = {
    "economy": "required",
    "innovation": "required",
    "specialisation": "required",
    "refinement": "optional",
}
"""What the notices of the fictional province ask for."""


def attach_papers(case: Case, by: Actor) -> None:
    """Upload and attach what the case must have and has not; all of it made up."""
    for paper in papers_of(case, standing_of(case)):
        if not paper.missing:
            continue
        evidence = paper.fitting[0] if paper.fitting else _made(case, paper, by)
        for each in paper.criteria:
            attach(case=case, evidence=evidence, by=by, criterion=each.id)


def _made(case: Case, paper: Paper, by: Actor) -> Evidence:
    about = f"{case.enterprise_id} {case.pk} {paper.group}"
    text = f"%PDF-1.4\n% 虚构的示范材料 {about}\n%%EOF\n"
    content = text.encode()
    return add_evidence(
        enterprise=case.enterprise,
        file=io.BytesIO(content),
        file_name="sample.pdf",
        size=len(content),
        by=by,
        title=f"{paper.label}（虚构）",
        keys=paper.keys,
    )
