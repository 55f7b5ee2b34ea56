"""A round's rows as the search for signals reads them: nothing is made up on the way.

Only what was submitted and not taken back, with the facts as they were frozen. What
nobody has said (an auditor, a right, an address) is left out, and never a signal.
"""

from __future__ import annotations

import dataclasses
import functools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from tidu.casework.archives import library_for
from tidu.casework.enums import KnownAs
from tidu.casework.integrity.applications import (
    Application,
    Auditor,
    Contact,
    ContactKind,
    ContactRole,
    FiledDocument,
    Narrative,
    Obtained,
    Right,
)
from tidu.casework.integrity.auditors import Bar
from tidu.casework.integrity.contacts import normal_contact
from tidu.casework.models import (
    Case,
    CaseDocument,
    CaseRight,
    Round,
    Statement,
)
from tidu.casework.review_models import Tie, TieChoice
from tidu.casework.signal_figures import Entries, Others, Row, others_of
from tidu.casework.signal_models import KnownTie
from tidu.registry.enums import IdentityKind
from tidu.registry.models import Enterprise, FormerIdentity
from tidu.registry.names import exact_form
from tidu.rules import nodes
from tidu.rules.case_table import LAPSED, WITHDRAWN
from tidu.rules.facts import FactType
from tidu.rules.library import default_library
from tidu.rules.rulesets import Kind

CHUNK = 1000  # cases read at once
NARRATIVE = "企业自述"
_ROLES = {
    KnownAs.ACCOUNTANT: ContactRole.ACCOUNTANT,
    KnownAs.PREMISES: ContactRole.PREMISES,
}
_COLUMNS = (
    *("pk", "number", "enterprise_id", "submitted_at", "contact_phone"),
    *("agent_name", "agent_phone", "contact_address", "auditor_name", "narrative"),
    *("assessment__entries", "enterprise__name", "enterprise__industry"),
)


@dataclasses.dataclass(frozen=True, slots=True)
class _Around:
    """All that belongs to the cases of a round, by case or by enterprise."""

    known: Mapping[str, str]
    names: Mapping[int, tuple[str, ...]]
    groups: Mapping[int, str]
    rights: Mapping[int, list[Right]]
    narratives: Mapping[int, list[Narrative]]
    documents: Mapping[int, list[FiledDocument]]
    others: Others


def cases_to_screen(opened: Round) -> models.QuerySet[Case]:
    """What was submitted in a round and not taken back, whatever became of it."""
    submitted = Case.objects.filter(round=opened, submitted_at__isnull=False)
    return submitted.exclude(state__in=(WITHDRAWN, LAPSED)).order_by("pk")


def applications_of(opened: Round) -> Iterator[Application]:
    """The round's applications, each under its number; a fixed number of queries."""
    around = _around(opened)
    rows = cases_to_screen(opened).values(*_COLUMNS)
    for row in rows.iterator(chunk_size=CHUNK):
        yield _application(row, around)


def bars_of(opened: Round) -> tuple[Bar, ...]:
    """The least amounts of a last year that the round's standard asks."""
    pack = library_for(opened.packs).for_territory(opened.organisation.territory)
    chosen = pack.schemes[opened.scheme].which(Kind(opened.kind), opened.on)
    found = {}
    for tree in chosen[0].trees if chosen else ():
        for each in nodes.walk(tree):
            match each:
                case nodes.Compare(
                    ">=" | ">",
                    nodes.FactRef(fact_id, FactType.MONEY | FactType.COUNT, 1),
                    nodes.Number(value),
                ) if value > 0:
                    found[fact_id, value] = Bar(fact_id, Decimal(value))
    return tuple(found[key] for key in sorted(found))


def _around(opened: Round) -> _Around:
    firms = cases_to_screen(opened).order_by().values("enterprise_id")
    known = KnownTie.objects.filter(organisation=opened.organisation_id)
    return _Around(
        known=dict(known.values_list("key", "known_as")),
        names=_former_names(firms),
        groups=_groups(),
        rights=_rights(opened),
        narratives=_statements(opened),
        documents=_documents(opened, frozenset(known.values_list("key", flat=True))),
        others=others_of(opened, cases_to_screen(opened)),
    )


def _application(row: Row, around: _Around) -> Application:
    entries: Entries = row["assessment__entries"]
    enterprise: int = row["enterprise_id"]
    industry = entries.get("industry", {}).get("value") or row["enterprise__industry"]
    auditor = row["auditor_name"].strip()
    told = row["narrative"].strip()
    return Application(
        case=row["number"],
        enterprise=str(enterprise),
        name=row["enterprise__name"],
        filed_on=timezone.localdate(row["submitted_at"]),
        former_names=around.names.get(enterprise, ()),
        group=around.groups.get(enterprise),
        industry=_with_letter(str(industry or "")),
        contacts=tuple(_contacts(row, around.known)),
        narratives=(
            *((Narrative(NARRATIVE, told),) if told else ()),
            *around.narratives.get(row["pk"], ()),
        ),
        rights=tuple(around.rights.get(row["pk"], ())),
        figures=tuple(around.others.figures_of(row, entries)),
        auditor=Auditor(exact_form(auditor), auditor) if auditor else None,
        documents=tuple(around.documents.get(row["pk"], ())),
    )


def _contacts(row: Row, known: Mapping[str, str]) -> Iterator[Contact]:
    phone, address = ContactKind.PHONE, ContactKind.ADDRESS
    agent = row["agent_name"].strip() or None
    given = (
        (phone, row["contact_phone"], None),
        (phone, row["agent_phone"], agent),
        (address, row["contact_address"], None),
    )
    seen = set()
    for kind, value, by in given:
        if not value.strip():
            continue
        contact = Contact(kind, value, agent=by)
        key = f"{kind}:{normal_contact(contact)}"
        if key in seen:
            continue
        seen.add(key)
        role = _ROLES.get(KnownAs(known[key])) if key in known else None
        yield dataclasses.replace(contact, confirmed=role)


def _former_names(firms: models.QuerySet[Any, Any]) -> Mapping[int, tuple[str, ...]]:
    rows = FormerIdentity.objects.filter(kind=IdentityKind.NAME, enterprise__in=firms)
    found: dict[int, tuple[str, ...]] = defaultdict(tuple)
    for firm, name in rows.order_by("pk").values_list("enterprise_id", "value"):
        found[firm] += (name,)
    return found


def _groups() -> Mapping[int, str]:
    """Enterprise → its group: whoever confirmed ties to one party connect.

    The party itself, where it is a registered firm, belongs to its group.
    """
    lasting = Q(until=None) | Q(until__gte=timezone.localdate())
    ties = Tie.objects.filter(
        lasting, kind=TieChoice.GROUP, enterprise__isnull=False
    ).exclude(confirmed_by="")
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while parent.setdefault(name, name) != name:
            name = parent[name]
        return name

    members: dict[int, str] = {}
    rows = ties.order_by("pk").values_list("enterprise_id", "enterprise__uscc", "party")
    for firm, uscc, party in rows:
        own = uscc or f"enterprise:{firm}"
        members[firm] = own
        left, right = sorted((root(own), root(party)))
        parent[right] = left
    heads = Enterprise.objects.filter(uscc__in=[e for e in parent if e])
    members |= {pk: uscc for pk, uscc in heads.values_list("pk", "uscc") if uscc}
    return {firm: root(own) for firm, own in members.items()}


def _rights(opened: Round) -> Mapping[int, list[Right]]:
    found: dict[int, list[Right]] = defaultdict(list)
    rows = CaseRight.objects.filter(case__round=opened).order_by("pk")
    columns = ("case_id", "number", "origin", "changed_on", "from_whom")
    for case, number, origin, changed_on, from_whom in rows.values_list(*columns):
        obtained = Obtained(origin) if origin else None
        found[case].append(Right(number, obtained, changed_on, from_whom or None))
    return found


def _statements(opened: Round) -> Mapping[int, list[Narrative]]:
    """What was said of each clause, under the clause's name where it is known."""
    found: dict[int, list[Narrative]] = defaultdict(list)
    labels = _labels(opened)
    rows = Statement.objects.filter(case__round=opened).order_by("pk")
    for case, criterion, text in rows.values_list("case_id", "criterion", "text"):
        section = labels.get(criterion, criterion)
        found[case].append(Narrative(section, text))
    return found


def _labels(opened: Round) -> Mapping[str, str]:
    pack = library_for(opened.packs).for_territory(opened.organisation.territory)
    chosen = pack.schemes[opened.scheme].which(Kind(opened.kind), opened.on)
    tops = chosen[0].criteria if chosen else ()
    return {each.id: each.label.chinese for top in tops for each in top.walk()}


def _documents(
    opened: Round, public: frozenset[str]
) -> Mapping[int, list[FiledDocument]]:
    found: dict[int, dict[str, FiledDocument]] = defaultdict(dict)
    rows = CaseDocument.objects.filter(case__round=opened).order_by("pk")
    columns = ("case_id", "evidence__blob__sha256", "evidence__title")
    for case, digest, title in rows.values_list(*columns):
        known = f"file:{digest}" in public
        found[case].setdefault(digest, FiledDocument(digest, title, public=known))
    return {case: list(documents.values()) for case, documents in found.items()}


def _with_letter(code: str) -> str | None:
    """``3484`` → ``C3484``; None where the code or its division is not known."""
    if not code or code[0].isalpha():
        return code or None
    letter = _letters().get(code[:2])
    return f"{letter}{code}" if letter else None


@functools.cache
def _letters() -> Mapping[str, str]:
    """Division of GB/T 4754 → the letter of its section."""
    path = default_library().national.folder / "lists/gbt4754_2017.csv"
    lines: Iterable[str] = path.read_text(encoding="utf-8").splitlines()[1:]
    codes = (line.partition(",")[0] for line in lines)
    return {code[1:3]: code[0] for code in codes if len(code) >= 3}  # noqa: PLR2004
