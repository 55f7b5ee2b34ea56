"""What matching of names takes and gives: firms, listed names, candidates, reasons."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Mapping

from tidu.rules.language import N_, translate


@dataclasses.dataclass(frozen=True, slots=True)
class Registered:
    """A firm of the registry: its key, names through time, division code or ``""``.

    ``code``, ``legal_person`` and ``address`` serve the search for duplicates only.
    """

    key: str
    name: str
    former_names: tuple[str, ...] = ()
    division: str = ""
    code: str = ""
    legal_person: str = ""
    address: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Listed:
    """A name as a list prints it, with the division code the list gives, or ``""``."""

    name: str
    division: str = ""


class Decision(enum.Enum):
    """What became of a listed name."""

    MATCHED = "matched"
    CANDIDATES = "candidates"
    NONE = "none"


@dataclasses.dataclass(frozen=True, slots=True)
class Reason:
    """A sentence with ``{named}`` places, in both languages."""

    msgid: str
    values: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def sentence(self, *, english: bool = False) -> str:
        """The sentence, without a full stop."""
        return translate(self.msgid, english).format(**self.values)


@dataclasses.dataclass(frozen=True, slots=True)
class Candidate:
    """A firm that may be meant: score 0 to 100 and what speaks for or against it."""

    firm: Registered
    score: float
    reasons: tuple[Reason, ...]

    def sentence(self, *, english: bool = False) -> str:
        """The reasons in one sentence."""
        joint = translate(N_("；"), english)
        return joint.join(each.sentence(english=english) for each in self.reasons)


@dataclasses.dataclass(frozen=True, slots=True)
class Match:
    """One listed name: the firm if it is certain, else who may be meant, best first.

    A certain match carries its firm as the only candidate, whose reasons say why.
    """

    listed: Listed
    decision: Decision
    candidates: tuple[Candidate, ...]

    @property
    def firm(self) -> Registered | None:
        """The firm where the match is certain."""
        if self.decision is Decision.MATCHED:
            return self.candidates[0].firm
        return None
