"""What blocks a title within the horizon: the fewest clauses that must give."""

from __future__ import annotations

import dataclasses
from typing import Any

from tidu.planning.amounts import Amounts
from tidu.planning.encode import Encoder
from tidu.planning.levers import Levers
from tidu.planning.model import Model
from tidu.planning.projection import ROUNDS, Horizon
from tidu.rules import nodes
from tidu.rules.assess import stand
from tidu.rules.facts import Facts
from tidu.rules.findings import Finding
from tidu.rules.language import N_, translate
from tidu.rules.naming import name_keys
from tidu.rules.packs import Pack
from tidu.rules.rulesets import Kind
from tidu.rules.vocabulary import Text


@dataclasses.dataclass(frozen=True, slots=True)
class Blocker:
    """One criterion no path can meet within three rounds."""

    id: str
    label: Text
    clause: str
    finding: Finding
    adjustable: bool

    def reason(self, *, english: bool) -> str:
        """Why: a figure that is missing, nothing to change, or too far away."""
        missing = self.finding.missing
        if missing:
            names = name_keys(missing, self.finding.basis.words, english=english)
            text = N_("缺少{names}，已过去的数字改不了，请先补上")
            return translate(text, english).format(names=names)
        found = self.finding.sentence(english=english)
        if self.adjustable:
            text = N_("{found}三年内按可行的幅度仍达不到")
        else:
            text = N_("{found}没有可以改动的办法")
        return translate(text, english).format(found=found)

    def to_record(self, *, english: bool) -> dict[str, Any]:
        """The blocker as JSON."""
        return {
            "id": self.id,
            "label": self.label.say(english=english),
            "clause": self.clause,
            "reason": self.reason(english=english),
        }


def find_blockers(
    pack: Pack,
    facts: Facts,
    to: str,
    horizon: Horizon,
    kind: Kind,
    levers: Levers,
) -> list[Blocker]:
    """The fewest criteria that must give for a path in the last round."""
    at = ROUNDS - 1
    chosen = pack.schemes[to].which(kind, horizon.date(at))
    if chosen is None:
        return []
    model = Model()
    amounts = Amounts(model, pack, facts, horizon, levers)
    truths = Encoder(amounts, kind).rule_set(chosen[0], at, kind)
    gives = {}
    for criterion_id, truth in truths.items():
        if truth is True:
            continue
        gives[criterion_id] = model.variable()
        terms = {gives[criterion_id]: 1}
        if truth is not False:
            terms[truth] = terms.get(truth, 0) + 1
        model.at_least(terms, 1)
    amounts.keep_parts_within_wholes(at)
    values = model.solve([dict.fromkeys(gives.values(), 1.0)])
    blocking = [c for c, v in gives.items() if values is None or values[v]]
    standing = stand(pack, to, amounts.status_quo(at), on=horizon.date(at), kind=kind)
    return [_blocker(standing.finding(each), levers) for each in blocking]


def _blocker(finding: Finding, levers: Levers) -> Blocker:
    read = {n.id for n in nodes.walk(finding.tree) if isinstance(n, nodes.FactRef)}
    return Blocker(
        finding.id,
        finding.about.label,
        finding.about.clause,
        finding,
        adjustable=bool(read & set(levers.by_fact)) or "niche_years" in read,
    )
