"""Which files, equal to the byte, were handed in by firms that nothing connects?

Public texts and forms, papers of a confirmed group, and contracts that name the firms
are left out where a person has confirmed it. A file that very many firms have is more
likely a form than a forgery: it is told, at the end of the queue.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from tidu.casework.integrity.applications import Application, FiledDocument
from tidu.casework.integrity.kinds import (
    Place,
    Said,
    Signal,
    SignalKind,
    Tie,
    others,
    ramp,
)
from tidu.casework.integrity.limits import Limits
from tidu.rules.language import N_

_SEEN = N_("文件“{titles}”与另外{owners}家互无关联的企业所交文件逐字节相同")
_MAY_BE = N_("公开的标准、政策或空白表格；集团共用的制度；双方签署的同一合同")
_CHECK = N_("打开文件看写的是哪家企业；属于公开文本或共同合同的，登记后不再提示")
_SHOWN = 3
_FORM = 0.02  # strength of a file that is likely a form
_LEAST, _MANY = -2, 5  # unrelated firms, or files in common with one

_Holders = dict[str, dict[str, Application]]


def reused_documents(
    applications: Sequence[Application], limits: Limits
) -> Iterator[Signal]:
    """One signal for each case that shares files with unrelated firms."""
    holders: _Holders = defaultdict(dict)
    public: set[str] = set()
    for application in applications:
        for document in application.documents:
            holders[document.sha256][application.case] = application
            if document.public:
                public.add(document.sha256)
    owners = {
        key: len({each.owner for each in found.values()})
        for key, found in holders.items()
        if key not in public
    }
    forms = {key for key, count in owners.items() if count >= limits.document_form}
    for application in applications:
        known = [
            each for each in application.documents if owners.get(each.sha256, 1) > 1
        ]
        strangers = {
            each.sha256: found
            for each in known
            if each.sha256 not in forms
            and (found := _strangers(application, each, holders[each.sha256]))
        }
        shared = [each for each in known if each.sha256 in strangers]
        wide = [each for each in known if each.sha256 in forms]
        if shared:
            yield _copied(application, shared, strangers)
        elif wide:
            yield _form(application, wide, owners[wide[0].sha256] - 1)


def _strangers(
    application: Application, document: FiledDocument, holders: dict[str, Application]
) -> list[Application]:
    """Who else has the file and is of another owner and no party to it."""
    parties = document.parties or frozenset()
    return [
        each
        for each in holders.values()
        if each.owner != application.owner
        and not {each.enterprise, application.enterprise} <= parties
    ]


def _copied(
    application: Application,
    documents: list[FiledDocument],
    strangers: dict[str, list[Application]],
) -> Signal:
    related = {each.case: each for found in strangers.values() for each in found}
    owners = len({each.owner for each in related.values()})
    width = max(len({each.owner for each in found}) for found in strangers.values())
    strength = ramp(max(width, len(strangers)), _LEAST, _MANY)
    first = min(documents, key=lambda each: each.sha256)
    label = Said(N_("文件“{value}”"), {"value": first.title})
    tie = Tie(f"file:{first.sha256}", label)
    return _signal(application, documents, owners, strength, sorted(related), tie)


def _form(
    application: Application, documents: list[FiledDocument], owners: int
) -> Signal:
    return _signal(application, documents, owners, _FORM, [], tie=None)


def _signal(
    application: Application,
    documents: list[FiledDocument],
    owners: int,
    strength: float,
    related: Sequence[str],
    tie: Tie | None,
) -> Signal:
    titles = tuple(sorted({document.title for document in documents}))
    return Signal(
        case=application.case,
        kind=SignalKind.REUSED_DOCUMENT,
        strength=strength,
        related=others(application.case, related),
        places=tuple(
            Place(application.case, f"documents/{each.sha256}", each.title)
            for each in documents
        ),
        seen=Said(_SEEN, {"titles": titles[:_SHOWN], "owners": owners}),
        may_be=Said(_MAY_BE),
        check=Said(_CHECK),
        tie=tie,
    )
