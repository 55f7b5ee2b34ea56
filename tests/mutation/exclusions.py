"""Mutants that no row can tell from the original, and why."""

from tests.mutation.operators import Mutant

LABELS = {"name()", "shared()", "named()", "_named()"}
COMMUTATIVE = {"max()", "min()", "times()", "equal()"}
UNSEEN = {"copy=", "quoted=", "pretty=", "strict=", "ignore_nulls="}


def reason_of(mutant: Mutant, source: bytes) -> str:
    """Why a mutant is left out; empty if it is not."""
    inside, line = mutant.inside, source.decode().splitlines()[mutant.line - 1]
    if "TYPE_CHECKING" in inside:
        return "for the type checker alone"
    if "raise" in inside:
        return "the wording of an error"
    if mutant.fault == "text" and inside and inside[0] in LABELS:
        return "the name of a step or of a column between steps"
    if mutant.fault == "order" and inside[0] in COMMUTATIVE:
        return "arguments of a commutative call"
    if inside and inside[0] in UNSEEN:
        return "copying, quoting, layout, or what cannot happen"
    del line
    return ""
