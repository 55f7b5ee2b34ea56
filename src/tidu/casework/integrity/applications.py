"""What one application declares, as far as the search for signals needs it.

Nothing here is filled in where nobody knows: ``None`` is unknown, an empty tuple means
that there is nothing of the kind on file. Unknown is never a reason for a signal.
"""

from __future__ import annotations

import dataclasses
import datetime
import enum
from decimal import Decimal

from tidu.rules.facts import Fact


class ContactKind(enum.StrEnum):
    """How whoever acts for an applicant is reached."""

    PHONE = "phone"
    ADDRESS = "address"


class ContactRole(enum.StrEnum):
    """What a contact was found to be by a person, not what the applicant says it is."""

    ACCOUNTANT = "accountant"  # 代理记账: keeps the books of many firms
    PREMISES = "premises"  # a park or incubator: the address of many firms


@dataclasses.dataclass(frozen=True, slots=True)
class Contact:
    """A phone or an address as declared; ``confirmed`` is what a person found it to be.

    ``agent`` is an intermediary's name where the application gives one.
    """

    kind: ContactKind
    value: str
    confirmed: ContactRole | None = None
    agent: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Narrative:
    """Free text of one section of the form, such as 主导产品 or 创新能力."""

    section: str
    text: str


class Obtained(enum.StrEnum):
    """How the applicant came to a right."""

    APPLIED = "applied"
    TRANSFERRED = "transferred"


@dataclasses.dataclass(frozen=True, slots=True)
class Right:
    """A piece of intellectual property that the application counts on.

    ``changed_on``: the day the change of owner was registered. ``from_whom``: the name
    of the owner before. ``from_group``: that owner's confirmed group.
    """

    number: str
    obtained: Obtained | None = None
    changed_on: datetime.date | None = None
    from_whom: str | None = None
    from_group: str | None = None


class FigureSource(enum.StrEnum):
    """Where a figure comes from."""

    APPLICATION = "application"
    EARLIER_FILING = "earlier_filing"
    TAX = "tax"
    ANNUAL_REPORT = "annual_report"


@dataclasses.dataclass(frozen=True, slots=True)
class Figure:
    """One value of a yearly fact, in the fact's own unit (money in 元), by one source.

    ``merged``: whether the accounts are those of a whole group, where known.
    ``restated``: the applicant says that the figure replaces an earlier one;
    ``restatement_confirmed``: a person has seen the paper that says why.
    """

    fact: Fact
    year: int
    value: Decimal
    source: FigureSource = FigureSource.APPLICATION
    merged: bool | None = None
    restated: bool = False
    restatement_confirmed: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Auditor:
    """The accounting firm that signed the audit report."""

    id: str
    name: str


@dataclasses.dataclass(frozen=True, slots=True)
class FiledDocument:
    """An uploaded file by its SHA-256.

    ``public``: a person confirmed that it is a form, a standard or another text that
    everybody may hand in. ``parties``: enterprises that the paper itself names, for
    example both sides of a contract; ``None`` where nobody has read them out of it.
    """

    sha256: str
    title: str
    public: bool = False
    parties: frozenset[str] | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Application:
    """One application of a round: who, when, and everything it rests on.

    ``enterprise`` is the registry's key; ``group`` the group of companies as a person
    confirmed it; ``industry`` a GB/T 4754 code with its letter, such as C3562.
    """

    case: str
    enterprise: str
    name: str
    filed_on: datetime.date
    former_names: tuple[str, ...] = ()
    group: str | None = None
    industry: str | None = None
    contacts: tuple[Contact, ...] = ()
    narratives: tuple[Narrative, ...] = ()
    rights: tuple[Right, ...] = ()
    figures: tuple[Figure, ...] = ()
    auditor: Auditor | None = None
    documents: tuple[FiledDocument, ...] = ()

    @property
    def owner(self) -> str:
        """Whom sharing is natural with: the confirmed group, else the firm alone."""
        return self.group or self.enterprise
