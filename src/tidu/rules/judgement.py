"""A rule set's outcome once people have judged the clauses that no figure decides."""

from __future__ import annotations

from collections.abc import Mapping

from tidu.rules.outcomes import NOT_APPLICABLE, Outcome, join_all, join_any
from tidu.rules.rulesets import Criterion, Kind, RuleSet


def judged_outcome(
    rule_set: RuleSet,
    kind: Kind,
    found: Mapping[str, Outcome],
    judged: Mapping[str, Outcome],
) -> Outcome:
    """Join a rule set's criteria, each as it was judged, else as it was found.

    ``found``: criterion → outcome of the assessment; ``judged``: criterion → outcome a
    person gave it, in place of that and of its parts.
    """
    return join_all([_outcome(each, kind, found, judged) for each in rule_set.criteria])


def _outcome(
    criterion: Criterion,
    kind: Kind,
    found: Mapping[str, Outcome],
    judged: Mapping[str, Outcome],
) -> Outcome:
    if kind not in criterion.kinds:
        return NOT_APPLICABLE
    if criterion.id in judged:
        return judged[criterion.id]
    if criterion.parts:
        join = join_any if criterion.any_of else join_all
        return join([_outcome(part, kind, found, judged) for part in criterion.parts])
    return found[criterion.id]
