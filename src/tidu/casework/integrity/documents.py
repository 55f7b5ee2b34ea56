"""Which files, equal to the byte, were handed in by firms that nothing connects?

Public texts and forms, papers of a confirmed group, and contracts that name the firms
are left out where a person has confirmed it. A file that very many firms have is more
likely a form than a forgery: it is told, at the end of the queue.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from tidu.casework.integrity.applications import Application, FiledDocument
from tidu.casework.integrity.kinds import (
    LEAST_STRENGTH,
    Kind,
    Place,
    Said,
    Signal,
    Tie,
    ramp,
)
from tidu.casework.integrity.limits import Limits
from tidu.rules.language import N_

_SEEN = N_("“{titles}”与{owners}家互无关联企业所交文件逐字节相同")
_MAY_BE = N_("公开的标准、政策或空白表格；集团共用的制度；双方签署的同一合同")
_CHECK = N_("打开文件看写的是哪家企业；属于公开文本或共同合同的，登记后不再提示")
_SHOWN = 3
_MANY = 5  # unrelated firms, or files in common with one


def reused_documents(
    applications: Iterable[Application], limits: Limits
) -> Iterator[Signal]:
    """One signal for each case that shares files with unrelated firms."""
    holders: dict[str, dict[str, Application]] = defaultdict(dict)
    public: set[str] = set()
    for application in applications:
        for document in application.documents:
            holders[document.sha256][application.case] = application
            if document.public:
                public.add(document.sha256)
    shared: dict[str, list[FiledDocument]] = defaultdict(list)
    people: dict[str, Application] = {}
    for application in applications:
        for document in application.documents:
            if document.sha256 not in public and _strangers(
                application, document, holders[document.sha256], limits
            ):
                shared[application.case].append(document)
                people[application.case] = application
    for case, documents in shared.items():
        yield _signal(people[case], documents, holders, limits)


def _strangers(
    application: Application,
    document: FiledDocument,
    holders: dict[str, Application],
    limits: Limits,
) -> list[Application]:
    """Who else has the file and is of another owner and no party to it."""
    parties = document.parties or frozenset()
    found = [
        each
        for each in holders.values()
        if each.owner != application.owner
        and not {each.enterprise, application.enterprise} <= parties
    ]
    return found if len({each.owner for each in found}) + 1 >= limits.document_owners else []


def _signal(
    application: Application,
    documents: list[FiledDocument],
    holders: dict[str, dict[str, Application]],
    limits: Limits,
) -> Signal:
    strangers = {
        document.sha256: _strangers(
            application, document, holders[document.sha256], limits
        )
        for document in documents
    }
    related = {each.case: each for found in strangers.values() for each in found}
    owners = len({each.owner for each in related.values()})
    telling = [
        key for key, found in strangers.items() if len(found) < limits.document_form
    ]
    width = max((len(strangers[key]) for key in telling), default=0)
    strength = ramp(max(width, len(telling)), 0, _MANY) if telling else LEAST_STRENGTH
    titles = tuple(sorted({document.title for document in documents}))
    first = min(documents, key=lambda each: (-len(strangers[each.sha256]), each.sha256))
    return Signal(
        case=application.case,
        kind=Kind.REUSED_DOCUMENT,
        strength=strength,
        related=tuple(sorted(related)),
        places=tuple(
            Place(application.case, f"documents/{each.sha256}", each.title)
            for each in documents
        ),
        seen=Said(_SEEN, {"titles": titles[:_SHOWN], "owners": owners}),
        may_be=Said(_MAY_BE),
        check=Said(_CHECK),
        tie=Tie(f"file:{first.sha256}", Said(N_("{value}"), {"value": first.title})),
    )
