"""Which required figures of a round the registry still does not know, firm by firm."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from tidu.registry.collection_models import CollectionFirm, CollectionRound
from tidu.registry.queries import current_facts
from tidu.rules.asking import lacking
from tidu.rules.library import default_library

AT_ONCE = 300  # firms looked at while somebody waits for a page: about half a second
_BATCH = 200


def outdated(opened: CollectionRound) -> models.QuerySet[CollectionFirm]:
    """Firms whose figures have changed since they were last looked at."""
    return opened.firms.filter(
        Q(checked_at=None) | Q(checked_at__lt=F("enterprise__current__updated_at"))
    )


def bring_up_to_date(opened: CollectionRound, most: int | None = AT_ONCE) -> int:
    """Look again at firms whose figures changed, at most so many; how many are left.

    A closed round stays as it was.
    """
    if opened.closed_at:
        return 0
    waiting = outdated(opened)
    now = timezone.now()
    library = default_library()
    firms = list(waiting.select_related("enterprise__current")[:most])
    for each in firms:
        firm = each.enterprise
        pack = library.for_territory(firm.territory)
        each.lacking = lacking(pack, current_facts(firm), opened.schemes, opened.on)
        each.lacking_count, each.checked_at = len(each.lacking), now
    fields = ["lacking", "lacking_count", "checked_at"]
    CollectionFirm.objects.bulk_update(firms, fields, batch_size=_BATCH)
    return waiting.count() if len(firms) == most else 0
