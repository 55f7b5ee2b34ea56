"""The certificate on paper: typeset, then signed as a file."""

from __future__ import annotations

import datetime
import io
from pathlib import Path

import segno

from tidu.casework.certificates.apart import call_apart
from tidu.casework.certificates.contents import Certificate, CertificateError
from tidu.casework.certificates.signers import PAGE_CERTIFICATE, PAGE_KEY, Signer
from tidu.casework.certificates.statements import write_statement
from tidu.eligibility.typesetting import TypesetError
from tidu.eligibility.typesetting import typeset as paper
from tidu.rules.language import N_

FIELD = "TiduCertificate"
TEMPLATE = Path(__file__).with_name("certificate.typ")


def certificate_page(
    certificate: Certificate, signer: Signer, address: str = ""
) -> bytes:
    """The certificate as a signed PDF; ``address``: as for ``write_statement``.

    The signature covers the whole file and carries the statement of the code, so that
    paper and file say the same. Raises CertificateError.
    """
    statement = write_statement(certificate, signer, address)
    return _sign(
        typeset(certificate, statement, address), certificate, statement, signer
    )


def typeset(certificate: Certificate, statement: str, address: str = "") -> bytes:
    """The page as an unsigned PDF/A."""
    code = segno.make(statement, error="m", micro=False)
    drawing = io.BytesIO()
    code.save(drawing, kind="svg", border=0, xmldecl=False, svgns=True)
    data = {
        "number": certificate.number,
        "name": certificate.name,
        "uscc": certificate.uscc,
        "scheme": certificate.scheme,
        "authority": certificate.authority,
        "basis": certificate.basis,
        "issued": _chinese(certificate.issued_on),
        "from": _chinese(certificate.valid_from),
        "until": _chinese(certificate.valid_until) if certificate.valid_until else "",
        "demonstration": certificate.demonstration,
        "code": drawing.getvalue().decode(),
        "address": address,
    }
    at = datetime.datetime.combine(certificate.issued_on, datetime.time(), datetime.UTC)
    try:
        return paper(TEMPLATE, data, at)
    except TypesetError as error:
        raise CertificateError(
            N_("证书内容太长，放不进一页；请缩短名称或依据")
        ) from error


def _sign(
    page: bytes, certificate: Certificate, statement: str, signer: Signer
) -> bytes:
    from pyhanko.pdf_utils.incremental_writer import (  # noqa: PLC0415 - slow import
        IncrementalPdfFileWriter,
    )
    from pyhanko.sign import signers  # noqa: PLC0415 - slow import

    loaded = signers.SimpleSigner.load(  # type: ignore[no-untyped-call]
        str(signer.folder / PAGE_KEY), str(signer.folder / PAGE_CERTIFICATE)
    )
    meta = signers.PdfSignatureMetadata(
        field_name=FIELD,
        name=certificate.authority,
        reason=certificate.number,
        contact_info=statement,
        md_algorithm="sha256",
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(page))
    signed = call_apart(signers.sign_pdf, writer, meta, loaded)
    return bytes(signed.getvalue())


def _chinese(day: datetime.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
