"""The certificate on paper: typeset, then signed as a file."""

from __future__ import annotations

import datetime
import functools
import io
import json
import threading
from pathlib import Path
from typing import Any

import segno

from tidu.casework.certificates.apart import call_apart
from tidu.casework.certificates.contents import Certificate, CertificateError
from tidu.casework.certificates.signers import PAGE_CERTIFICATE, PAGE_KEY, Signer
from tidu.casework.certificates.statements import write_statement
from tidu.rules.language import N_

FIELD = "TiduCertificate"
TEMPLATE = Path(__file__).with_name("certificate.typ")
_ONE_AT_A_TIME = threading.Lock()  # the compiler refuses a second thread
_ARCHIVE = ["a-4"]  # PDF/A-4, as PDF 2.0 is what signing writes; fonts inside


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
    return _compile(json.dumps(data, ensure_ascii=False), at)


def _compile(data: str, at: datetime.datetime) -> bytes:
    import typst  # noqa: PLC0415 - slow import

    with _ONE_AT_A_TIME:
        try:
            made = _compiler().compile(
                format="pdf",
                sys_inputs={"data": data},
                pdf_standards=_ARCHIVE,
                timestamp=at,
            )
        except typst.TypstError as error:
            raise CertificateError(
                N_("证书内容太长，放不进一页；请缩短名称或依据")
            ) from error
    return bytes(made)


@functools.cache
def _compiler() -> Any:
    import pylopdf_fonts_zh_cn  # noqa: PLC0415 - slow import
    import typst  # noqa: PLC0415 - slow import

    fonts = Path(pylopdf_fonts_zh_cn.__file__).parent
    return typst.Compiler(
        str(TEMPLATE), font_paths=[str(fonts)], ignore_system_fonts=True
    )


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
