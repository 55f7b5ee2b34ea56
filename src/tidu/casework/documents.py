"""Which documents a case asks for: one for each kind of facts its criteria rest on.

The grouping is Tidu's own, so that an applicant uploads as few as possible. Which of
them must be there is said by the round, as its authority's notice has it, else by the
list of the procedure; where neither says anything it is unknown, and stays so. What
registers, lists and the authority itself know (conduct, titles, identity) asks for
none.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tidu.casework.archives import library_for
from tidu.casework.models import Case, CaseDocument
from tidu.registry.evidence import evidence_of
from tidu.registry.models import Evidence
from tidu.rules import nodes
from tidu.rules.assess import Standing
from tidu.rules.explain import keys_read
from tidu.rules.facts import split_key
from tidu.rules.findings import Finding
from tidu.rules.outcomes import NOT_APPLICABLE
from tidu.rules.procedures import Need
from tidu.rules.rulesets import Criterion

PAPERS: dict[str, str | Promise] = {
    "economy": _("近几年的审计报告（各年合成一份）"),
    "innovation": _("知识产权、研发机构和奖励的证书（合成一份）"),
    "specialisation": _("市场占有率和主导产品的说明或第三方证明"),
    "refinement": _("质量体系、标准、品牌的证书（合成一份）"),
}
"""Group of facts → what proves it."""


@dataclasses.dataclass(frozen=True, slots=True)
class Paper:
    """One document asked for. ``criteria``: those it is for; ``keys``: what they read.

    ``attached``: what is in the case for one of them; ``fitting``: the enterprise's
    evidence that says it proves one of the keys, and is not in the case; ``need``:
    whether it must be there; ``source``: who says so, empty where nobody does.
    """

    group: str
    label: str
    criteria: tuple[Finding, ...]
    keys: frozenset[str]
    attached: tuple[CaseDocument, ...]
    fitting: tuple[Evidence, ...]
    need: Need = Need.UNKNOWN
    source: str = ""

    @property
    def covered(self) -> bool:
        return bool(self.attached)

    @property
    def missing(self) -> bool:
        """It must be there, and is not."""
        return self.need is Need.REQUIRED and not self.attached


def papers_of(case: Case, standing: Standing) -> list[Paper]:
    """The documents a case asks for, with what is there already; at most four."""
    wanted, keys = _wanted(standing)
    needs = needs_of(case)
    documents = list(case.documents.select_related("evidence__blob"))
    taken = {each.evidence_id for each in documents}
    known = [each for each in evidence_of(case.enterprise) if each.pk not in taken]
    return [
        Paper(
            group,
            str(PAPERS[group]),
            tuple(wanted[group].values()),
            frozenset(keys[group]),
            _once(d for d in documents if d.criterion in wanted[group]),
            tuple(e for e in known if keys[group].intersection(e.keys)),
            *needs[group],
        )
        for group in PAPERS
        if group in wanted
    ]


def lacking_papers(
    case: Case, standing: Standing
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Documents that are not in the case, by name: those it must have, and those of
    which nobody says whether it must.
    """
    wanted, _keys = _wanted(standing)
    needs = needs_of(case)
    there = {each.criterion for each in case.documents.all()}
    lacking = [
        group
        for group in PAPERS
        if group in wanted and not there.intersection(wanted[group])
    ]
    must, unsure = (
        tuple(str(PAPERS[group]) for group in lacking if needs[group][0] is need)
        for need in (Need.REQUIRED, Need.UNKNOWN)
    )
    return must, unsure


def needs_of(case: Case) -> dict[str, tuple[Need, str]]:
    """Each group's need and who says so: the round first, else the pinned procedure."""
    opened = case.round
    pack = library_for(opened.packs).for_territory(case.enterprise.territory)
    procedure = pack.procedures.get(opened.scheme)
    listed = (
        procedure.papers_of(opened.rule_set.partition("/")[2]) if procedure else None
    )
    found = {}
    for group in PAPERS:
        if given := opened.papers.get(group):
            found[group] = (Need(given), opened.title)
        elif listed is not None and group in listed.needs:
            found[group] = (listed.needs[group], listed.clause)
        else:
            found[group] = (Need.UNKNOWN, "")
    return found


def _wanted(
    standing: Standing,
) -> tuple[dict[str, dict[str, Finding]], dict[str, set[str]]]:
    """Group → the criteria that read facts of it, and the keys they read."""
    wanted: dict[str, dict[str, Finding]] = {}
    keys: dict[str, set[str]] = {}
    facts = standing.findings[0].basis.words.facts if standing.findings else {}
    for finding in standing.findings:
        if not isinstance(finding.about, Criterion):
            continue
        if finding.part_of or finding.outcome is NOT_APPLICABLE:
            continue
        for key in read_by(finding):
            fact = facts.get(split_key(key)[0])
            if fact is not None and fact.group in PAPERS:
                wanted.setdefault(fact.group, {})[finding.id] = finding
                keys.setdefault(fact.group, set()).add(key)
    return wanted, keys


def read_by(finding: Finding) -> list[str]:
    """The keys of the facts that a criterion reads, years of one fact together.

    What the items of a score read that it rests on is among them.
    """
    found: dict[str, dict[str, None]] = {}
    scope = finding.basis.scope
    trees = [finding.tree]
    for each in nodes.walk(finding.tree):
        match each:
            case nodes.EachYear():
                trees.append(nodes.expand(each))
            case nodes.Score(wanted):
                trees += [
                    item.points
                    for item in scope.card
                    if wanted in {"", item.id, item.group}
                ]
    for tree in trees:
        for key in keys_read(tree, scope):
            found.setdefault(split_key(key)[0], {})[key] = None
    return [key for keys in found.values() for key in keys]


def _once(documents: Iterable[CaseDocument]) -> tuple[CaseDocument, ...]:
    """One row for each piece of evidence, however many criteria it is for."""
    found: dict[int, CaseDocument] = {}
    for each in documents:
        found.setdefault(each.evidence_id, each)
    return tuple(found.values())
