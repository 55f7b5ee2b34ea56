"""Certify: record the title and issue its certificate in the decision's transaction."""

from __future__ import annotations

import datetime
import io

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tidu.accounts.actors import Actor
from tidu.audit.actions import record
from tidu.casework.certificates.contents import (
    Certificate,
    CertificateError,
    certificate_number,
)
from tidu.casework.certificates.pages import certificate_page
from tidu.casework.certificates.revocations import Revocation, write_revocations
from tidu.casework.certificates.signers import Signer, signer_of
from tidu.casework.models import Case, Move
from tidu.casework.moving import FOLLOWS
from tidu.casework.title_models import IssuedCertificate
from tidu.eligibility.pool import months_after
from tidu.registry.blobs import store_blob
from tidu.registry.file_kinds import PDF
from tidu.registry.models import HeldTitle
from tidu.registry.titles import record_title
from tidu.rules.library import default_library
from tidu.rules.procedures import Duties
from tidu.rules.rulesets import Kind, RuleSet

_MONTHS = 12
_DAY = datetime.timedelta(days=1)
MARKS = {
    "innovative_sme": "CX",
    "tech_innovative_sme": "KC",
    "srdi_sme": "ZJ",
    "little_giant": "XJ",
    "manufacturing_champion": "DX",
}
"""Letters in a certificate's number: 创新, 科创, 专精特新, 小巨人, 单项冠军."""
_OTHER = "QT"


def signer() -> Signer:
    """The installation's own keys, made on first use."""
    return signer_of(settings.HOME, settings.SITE_AUTHORITY)


@transaction.atomic
def certify(*, case: Case, on: datetime.date, by: Actor) -> HeldTitle:
    """Record the title that a case's decision gives, and issue its certificate.

    A title of a re-verification goes on where the one before ends. Nothing is issued
    for a scheme on which this installation does not decide.
    """
    rule_set, duties = _duties(case)
    starts = _begins(case, on)
    months = duties.validity_years * _MONTHS if duties else 0
    title = record_title(
        enterprise=case.enterprise,
        scheme=case.round.scheme,
        valid_from=starts,
        valid_until=months_after(starts, months) - _DAY if months else None,
        source=f"{case.round.title} {case.number}"[:300],
        batch_name=case.round.title[:100],
        by=by,
    )
    if case.round.scheme in settings.CERTIFIES:
        issue(case=case, title=title, rule_set=rule_set, on=on, by=by)
    return title


@transaction.atomic
def issue(
    *,
    case: Case,
    title: HeldTitle,
    rule_set: RuleSet | None,
    on: datetime.date,
    by: Actor,
) -> IssuedCertificate:
    """Number, typeset, sign and keep a certificate. Raises CertificateError."""
    firm, office = case.enterprise, case.round.organisation
    if not firm.uscc:
        text = _("企业没有统一社会信用代码，不能发证；请先在企业库里补上")
        raise CertificateError(text)
    scheme = default_library().national.schemes[title.scheme]
    content = Certificate(
        number=next_number(office.territory, title.scheme, on.year),
        name=firm.name,
        uscc=firm.uscc,
        scheme=scheme.label.chinese,
        authority=office.name,
        basis=(rule_set.number or rule_set.label.chinese) if rule_set else title.source,
        issued_on=on,
        valid_from=title.valid_from,
        valid_until=title.valid_until,
        demonstration=settings.DEMONSTRATION,
    )
    page = certificate_page(content, signer(), check_address())
    made = IssuedCertificate.objects.create(
        title=title,
        case=case,
        number=content.number,
        name=content.name,
        uscc=content.uscc,
        authority=content.authority,
        basis=content.basis,
        issued_on=on,
        blob=store_blob(io.BytesIO(page), media_type=PDF.media_type),
    )
    _tell(made, by)
    return made


def next_number(territory: str, scheme: str, year: int) -> str:
    """The next number of a place, scheme and year.

    The record of the decision holds the head of the audit chain by now, so that no two
    transactions count at once.
    """
    mark = MARKS.get(scheme, _OTHER)
    head = f"{territory}-{mark}-{year:04}-"
    last = (
        IssuedCertificate.objects.filter(number__startswith=head)
        .order_by("-number")
        .values_list("number", flat=True)
        .first()
    )
    serial = int(last.split("-")[3]) + 1 if last else 1
    return certificate_number(territory, mark, year, serial)


def check_address() -> str:
    """Where a certificate is checked, ending before its number; empty: offline only."""
    base = settings.SITE_ADDRESS.rstrip("/")
    return f"{base}/certificates/" if base else ""


def revocation_list() -> bytes:
    """The signed list of revoked certificates, for checks without a network."""
    revoked = IssuedCertificate.objects.exclude(title__revoked_on=None)
    return write_revocations(
        (
            Revocation(each.number, each.title.revoked_on, each.title.revoked_reason)
            for each in revoked.select_related("title")
            if each.title.revoked_on
        ),
        signer(),
        timezone.now(),
    )


def listen() -> None:
    """A certified case has its title in the same transaction."""
    follow = FOLLOWS.setdefault("certify", [])
    if _follow not in follow:
        follow.append(_follow)


def _tell(made: IssuedCertificate, by: Actor) -> None:
    record(
        action="casework.certificate_issued",
        by=by,
        about=made,
        territory=made.title.enterprise.territory,
        data={
            "enterprise": made.title.enterprise_id,
            "title": made.title_id,
            "number": made.number,
            "sha256": made.blob.sha256,
        },
    )


def _follow(move: Move, by: Actor) -> None:
    certify(case=move.case, on=timezone.localdate(move.at), by=by)


def _duties(case: Case) -> tuple[RuleSet | None, Duties | None]:
    pack = default_library().for_territory(case.enterprise.territory)
    scheme = pack.schemes.get(case.round.scheme)
    procedure = pack.procedures.get(case.round.scheme)
    rule_set = (
        next((e for e in scheme.rule_sets if e.name == case.round.rule_set), None)
        if scheme
        else None
    )
    return rule_set, procedure.duties(rule_set.id) if procedure and rule_set else None


def _begins(case: Case, on: datetime.date) -> datetime.date:
    """The decision's day; a re-verification goes on after the title that still runs."""
    if case.round.kind != Kind.REVERIFICATION:
        return on
    running = case.enterprise.titles.filter(
        scheme=case.round.scheme, revoked_on=None, valid_until__gte=on
    ).order_by("-valid_until")
    last = running.first()
    return last.valid_until + _DAY if last and last.valid_until else on
