"""Mutants that no row can tell from the original, and why."""

import re

from tests.mutation.operators import Mutant

LABELS = {"name()", "shared()", "named()", "_named()"}


def reason_of(mutant: Mutant, source: bytes) -> str:
    """Why a mutant is left out; empty if it is not."""
    return ""
