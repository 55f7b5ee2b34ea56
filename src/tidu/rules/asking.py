"""Which facts a form must ask for, so that schemes can be judged on a day.

What only a reviewer sets is never asked of an enterprise. A fact that the pack computes
is asked through the facts it is computed from.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterator, Sequence

from tidu.rules import nodes
from tidu.rules.assess import prepare, stand
from tidu.rules.explain import keys_read
from tidu.rules.facts import Facts, split_key
from tidu.rules.findings import Finding
from tidu.rules.outcomes import NOT_APPLICABLE, UNKNOWN
from tidu.rules.packs import Pack
from tidu.rules.rulesets import Kind
from tidu.rules.scope import Scope
from tidu.rules.vocabulary import Text


@dataclasses.dataclass(frozen=True, slots=True)
class AskedFact:
    """One fact to ask for.

    ``key`` names it (``revenue@2025``); ``decides`` lists the criteria and score items
    that read it, as ``scheme/criterion``; ``required``: without it, and with nothing
    else known, one of them stays open. What is not required refines an answer: another
    basis of the same figure, a date that wins over a yes or a number of years.
    """

    key: str
    decides: tuple[str, ...]
    required: bool


def asked_facts(
    pack: Pack, schemes: Sequence[str], on: datetime.date, kind: Kind = Kind.NEW
) -> list[AskedFact]:
    """Every fact the schemes read on a day, of an enterprise nothing is known of.

    In the dictionary's order, the latest year first. A scheme without a rule set on
    that day asks nothing.
    """
    decides: dict[str, dict[str, bool]] = {}
    for finding, name in _findings(pack, Facts({}), schemes, on, kind):
        asked = dict.fromkeys(finding.missing, True)
        scope = finding.basis.scope
        reviewed = {
            node.fact.id
            for node in nodes.walk(finding.tree)
            if isinstance(node, nodes.Reviewed)
        }
        for key in keys_read(finding.tree, scope):
            if key not in reviewed:
                asked.setdefault(key, False)
        for key, required in asked.items():
            for each in _given(pack, key, scope):
                decides.setdefault(each, {})[name] = required
    _add_dates(pack, decides)
    order = {fact_id: at for at, fact_id in enumerate(pack.facts)}
    found = [
        AskedFact(key, tuple(names), any(names.values()))
        for key, names in decides.items()
    ]

    def place(fact: AskedFact) -> tuple[int, int]:
        fact_id, year = split_key(fact.key)
        return order[fact_id], -(year or 0)

    return sorted(found, key=place)


def lacking(
    pack: Pack,
    facts: Facts,
    schemes: Sequence[str],
    on: datetime.date,
    kind: Kind = Kind.NEW,
) -> list[str]:
    """Keys whose absence keeps one of the schemes open for this enterprise.

    ``facts`` as the enterprise gave them; branches that they decide ask nothing more.
    """
    found: dict[str, None] = {}
    for finding, _ in _findings(pack, facts, schemes, on, kind):
        for key in finding.missing:
            for each in _given(pack, key, finding.basis.scope):
                if facts.get(each) is None:
                    found[each] = None
    return list(found)


def criteria_named(
    pack: Pack, schemes: Sequence[str], on: datetime.date, kind: Kind = Kind.NEW
) -> dict[str, Text]:
    """What the criteria and score items in force are called, by scheme/criterion."""
    found: dict[str, Text] = {}
    for scheme in schemes:
        chosen = pack.schemes[scheme].which(kind, on)
        if chosen is None:
            continue
        rule_set = chosen[0]
        found |= {f"{scheme}/{each.id}": each.label for each in rule_set.criteria}
        found |= {f"{scheme}/{each.id}": each.label for each in rule_set.items}
    return found


def _findings(
    pack: Pack, facts: Facts, schemes: Sequence[str], on: datetime.date, kind: Kind
) -> Iterator[tuple[Finding, str]]:
    """Findings of the schemes that are open, parts left to their whole."""
    prepared = prepare(facts, pack, on)
    for scheme in schemes:
        standing = stand(pack, scheme, prepared, on=on, kind=kind)
        if standing.outcome is not UNKNOWN:
            continue
        for finding in standing.findings:
            if not finding.part_of and finding.outcome is not NOT_APPLICABLE:
                yield finding, f"{scheme}/{finding.id}"


def _given(pack: Pack, key: str, scope: Scope) -> list[str]:
    """The key, or those of the facts it is computed from."""
    definition = pack.definitions.get(split_key(key)[0])
    if definition is None:
        return [key]
    return [
        each
        for inner in keys_read(definition, scope)
        for each in _given(pack, inner, scope)
    ]


def _add_dates(pack: Pack, decides: dict[str, dict[str, bool]]) -> None:
    """A date that decides an asked fact is asked too, but not required."""
    for fact in pack.dated_facts:
        if fact.id in decides:
            date = decides.setdefault(fact.expires or fact.since, {})
            for name in decides[fact.id]:
                date.setdefault(name, False)
