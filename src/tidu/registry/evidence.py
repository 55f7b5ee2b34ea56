"""Evidence: keep the bytes once under their digest, hand them out by permission."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tidu.accounts.actors import Actor
from tidu.audit.actions import record
from tidu.registry import permissions
from tidu.registry.blobs import store_blob
from tidu.registry.file_kinds import KINDS, EvidenceError, kind_of, safe_title
from tidu.registry.models import Enterprise, Evidence


def add_evidence(
    *,
    enterprise: Enterprise,
    file: BinaryIO,
    file_name: str,
    size: int,
    by: Actor,
    title: str = "",
    year: int | None = None,
    keys: Iterable[str] = (),
) -> Evidence:
    """Take a file as evidence of an enterprise's figures.

    ``keys``: the figures it proves (``revenue@2025``). Raises EvidenceError for files
    of other kinds, too large ones and traps; the same file twice is told.
    """
    permissions.may_file_for(by, enterprise).or_refuse()
    assert by.user is not None  # the system has no evidence
    kind = kind_of(file, size)
    with transaction.atomic():
        blob = store_blob(file, media_type=kind.media_type)
        same = evidence_of(enterprise).filter(blob=blob).first()
        if same:
            text = _("这份文件已经上传过（“{title}”），不用再传")
            raise EvidenceError(text.format(title=same.title))
        evidence = Evidence.objects.create(
            enterprise=enterprise,
            blob=blob,
            title=title.strip() or safe_title(file_name, _("佐证材料")),
            year=year,
            keys=sorted(keys),
            uploaded_by=by.user,
        )
        record(
            action="registry.evidence_added",
            by=by,
            about=evidence,
            territory=enterprise.territory,
            data=_told(evidence),
        )
    return evidence


@transaction.atomic
def remove_evidence(*, evidence: Evidence, by: Actor) -> None:
    """Mark evidence as removed: no longer shown or handed out, the bytes are kept."""
    permissions.may_file_for(by, evidence.enterprise).or_refuse()
    if evidence.removed_at:
        return
    evidence.removed_at = timezone.now()
    evidence.save(update_fields=["removed_at"])
    record(
        action="registry.evidence_removed",
        by=by,
        about=evidence,
        territory=evidence.enterprise.territory,
        data=_told(evidence),
    )


def evidence_of(enterprise: Enterprise) -> models.QuerySet[Evidence]:
    """An enterprise's evidence that was not removed, the newest first."""
    return enterprise.evidence.filter(removed_at=None).select_related(
        "blob", "uploaded_by"
    )


def download_name(evidence: Evidence) -> str:
    """The file's name for who downloads it: its title with the suffix of its kind."""
    suffix = next(
        (k.suffix for k in KINDS if k.media_type == evidence.blob.media_type), "bin"
    )
    title = safe_title(evidence.title, str(_("佐证材料")))
    return title if title.lower().endswith(f".{suffix}") else f"{title}.{suffix}"


def _told(evidence: Evidence) -> dict[str, object]:
    return {
        "enterprise": evidence.enterprise_id,
        "sha256": evidence.blob.sha256,
        "size": evidence.blob.size,
        "keys": evidence.keys,
    }
