"""What the pages of a title share: its years of update, its certificate as a file."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404
from django.http.response import HttpResponseBase

from tidu.casework.duties import Owed
from tidu.casework.title_models import IssuedCertificate
from tidu.registry.blobs import open_blob
from tidu.registry.models import HeldTitle


def years_of(title: HeldTitle, owed: Owed | None) -> list[dict[str, Any]]:
    """Each year whose update counts: its day, and how it was met or missed."""
    if owed is None:
        return []
    updates = {each.year: each for each in title.updates.all()}
    misses = {each.year for each in title.misses.all()}
    return [
        {
            "year": year,
            "due_on": owed.duties.update_day(year),
            "update": updates.get(year),
            "missed": year in misses,
        }
        for year in owed.years
    ]


def certificate_answer(title: HeldTitle) -> HttpResponseBase:
    """A title's certificate, to be saved."""
    found: IssuedCertificate | None = getattr(title, "certificate", None)
    if found is None:
        raise Http404
    try:
        content = open_blob(found.blob)
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(
        content,
        as_attachment=True,
        filename=f"{found.number}.pdf",
        content_type=found.blob.media_type,
    )
