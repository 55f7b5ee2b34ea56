"""Find enterprises by name, former name, code or pinyin initials.

One column of prepared terms (``search_terms``) is indexed by FTS5 on SQLite and by
``tsvector('simple')`` on PostgreSQL; migration 0002 makes both.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection, models
from django.db.models.expressions import RawSQL

from tidu.registry.enums import IdentityKind
from tidu.registry.models import Enterprise, FormerIdentity, SearchTerms
from tidu.registry.search_terms import read_query, search_terms

_SQLITE = "SELECT rowid FROM registry_search WHERE registry_search MATCH %s"
# Found first, by the index, whatever is asked around it: for the first fifty of an
# order PostgreSQL would rather split the terms of one firm after the other.
_POSTGRES = (
    "WITH found AS MATERIALIZED (SELECT enterprise_id FROM registry_searchterms"
    " WHERE to_tsvector('simple', terms) @@ to_tsquery('simple', %s))"
    " SELECT enterprise_id FROM found"
)


def write_search_terms(enterprises: Iterable[Enterprise]) -> None:
    """Write the terms of enterprises whose name or code is new or has changed."""
    firms = list(enterprises)
    former: dict[tuple[int, str], list[str]] = {}
    for enterprise_id, kind, value in FormerIdentity.objects.filter(
        enterprise__in=firms, kind__in=[IdentityKind.NAME, IdentityKind.USCC]
    ).values_list("enterprise_id", "kind", "value"):
        former.setdefault((enterprise_id, kind), []).append(value)

    def terms_of(firm: Enterprise) -> str:
        names = [firm.name, *former.get((firm.pk, IdentityKind.NAME), ())]
        codes = former.get((firm.pk, IdentityKind.USCC), ())
        now = search_terms(names, firm.uscc or "")
        return " ".join([now, *(search_terms((), each) for each in codes)])

    SearchTerms.objects.bulk_create(
        (
            SearchTerms(
                enterprise=firm,
                terms=terms_of(firm),
            )
            for firm in firms
        ),
        update_conflicts=True,
        unique_fields=["enterprise"],
        update_fields=["terms"],
        batch_size=500,
    )


def matching(
    enterprises: models.QuerySet[Enterprise], typed: str
) -> models.QuerySet[Enterprise]:
    """Those of the enterprises that what somebody typed can mean; all for nothing."""
    if not typed.strip():
        return enterprises
    query = read_query(typed)
    if not query:
        return enterprises.none()
    if connection.vendor == "postgresql":
        found = RawSQL(_POSTGRES, [query.for_postgres()])  # noqa: S611 - no user text in the SQL
    else:
        found = RawSQL(_SQLITE, [query.for_sqlite()])  # noqa: S611 - no user text in the SQL
    return enterprises.filter(pk__in=found)
