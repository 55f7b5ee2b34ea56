"""Is this certificate genuine? Asked of a PDF file or of a code's text, offline."""

from __future__ import annotations

import dataclasses
import datetime
import enum
import io
from typing import Any

from tidu.casework.certificates.apart import call_apart
from tidu.casework.certificates.pages import FIELD
from tidu.casework.certificates.revocations import RevocationList
from tidu.casework.certificates.signers import Trusted, named
from tidu.casework.certificates.statements import (
    Statement,
    StatementError,
    read_statement,
)
from tidu.rules.language import N_, say


class CheckResult(enum.StrEnum):
    """What a check found, the first that applies."""

    UNREADABLE = "unreadable"  # no certificate of ours
    ALTERED = "altered"  # the signature does not fit what is written
    UNKNOWN_SIGNER = "unknown_signer"  # sound or not, nobody trusted has signed
    REVOKED = "revoked"
    EXPIRED = "expired"
    GENUINE = "genuine"


_HEAD = 4  # bytes before the content of a signature

_SENTENCES = {
    CheckResult.UNREADABLE: N_("不是本系统的证书，或文件已损坏；不能作为依据"),
    CheckResult.ALTERED: N_("内容在签署之后被改动过；不能作为依据"),
    CheckResult.UNKNOWN_SIGNER: N_(
        "签署者不是所给公开证书的发证机关；不能作为依据，请核对公开证书"
    ),
    CheckResult.REVOKED: N_("{name}的{scheme}（{number}）已于{on}撤销，原因：{reason}"),
    CheckResult.EXPIRED: N_(
        "证书是真的，但{name}的{scheme}（{number}）已于{until}到期"
    ),
    CheckResult.GENUINE: N_("证书是真的：{name}，{scheme}，{number}，有效期{period}"),
}


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    """What a check says. ``statement``: what the certificate claims, where readable;
    believe it only where ``result`` is genuine, expired or revoked.

    ``list_issued``: as of when revocations are known, None where no list was given.
    """

    result: CheckResult
    statement: Statement | None
    signer: str
    reason: str
    revoked_on: datetime.date | None
    list_issued: datetime.datetime | None

    def sentence(self, *, english: bool = False) -> str:
        """The verdict in one sentence, and what was not looked at."""
        values: dict[str, object] = {}
        if self.statement:
            until = self.statement.valid_until
            values = {
                "name": self.statement.name,
                "scheme": self.statement.scheme,
                "number": self.statement.number,
                "on": self.revoked_on,
                "reason": self.reason,
                "until": until,
                "period": f"{self.statement.valid_from}–{until or ''}",
            }
        said = [say(_SENTENCES[self.result], english, **values)]
        if self.result in _SPOKEN_FOR:
            said.append(say(N_("；签署者：{signer}"), english, signer=self.signer))
            if self.statement and self.statement.demonstration:
                said.append(say(N_("；虚构，仅作示例"), english))
        if self.result in {CheckResult.GENUINE, CheckResult.EXPIRED}:
            if self.list_issued is None:
                said.append(say(N_("；没有核对是否撤销"), english))
            else:
                day = self.list_issued.date()
                said.append(say(N_("；截至{day}没有撤销"), english, day=day))
        return "".join(said)


_SPOKEN_FOR = {CheckResult.GENUINE, CheckResult.EXPIRED, CheckResult.REVOKED}


def check(
    evidence: bytes | str,
    trusted: Trusted,
    *,
    revocations: RevocationList | None = None,
    on: datetime.date,
) -> Finding:
    """The finding about a PDF file (bytes) or a code's text (str) as of a day."""
    if isinstance(evidence, str):
        return _of_text(evidence, trusted, revocations, on)
    return _of_file(evidence, trusted, revocations, on)


def _of_text(
    text: str,
    trusted: Trusted,
    revocations: RevocationList | None,
    on: datetime.date,
) -> Finding:
    try:
        statement = read_statement(text, trusted)
    except StatementError:
        return _plain(CheckResult.UNREADABLE)
    if statement.sound is None:
        return _plain(CheckResult.UNKNOWN_SIGNER, statement)
    if not statement.sound:
        return _plain(CheckResult.ALTERED, statement)
    known = trusted.statement_certificate(statement.key)
    assert known is not None  # it is sound
    signer = named(known)
    listed = None
    if revocations is not None and revocations.key == statement.key:
        listed = revocations
    revoked = listed.revoked.get(statement.number) if listed else None
    result = CheckResult.GENUINE
    if revoked:
        result = CheckResult.REVOKED
    elif statement.valid_until and statement.valid_until < on:
        result = CheckResult.EXPIRED
    return Finding(
        result,
        statement,
        signer,
        revoked.reason if revoked else "",
        revoked.on if revoked else None,
        listed.issued if listed else None,
    )


def _of_file(
    file: bytes,
    trusted: Trusted,
    revocations: RevocationList | None,
    on: datetime.date,
) -> Finding:
    try:
        signature = _signature(file)
        statement = str(signature.sig_object["/ContactInfo"])
        number = str(signature.sig_object["/Reason"])
        fingerprint = signature.signer_cert.sha256
    except Exception:  # noqa: BLE001 - a damaged file breaks the reader anywhere
        return _plain(CheckResult.UNREADABLE)
    if not (_holds(signature) and _is_tight(signature, file)):
        return _plain(CheckResult.ALTERED)
    if trusted.signs(fingerprint) is None:
        return _plain(CheckResult.UNKNOWN_SIGNER)
    found = _of_text(statement, trusted, revocations, on)
    if found.statement and found.statement.number != number:
        return _plain(CheckResult.ALTERED, found.statement)
    return found


def _signature(file: bytes) -> Any:
    """The one signature of a certificate's file."""
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415 - slow import

    (signature,) = PdfFileReader(io.BytesIO(file)).embedded_signatures
    if signature.field_name != FIELD:
        raise ValueError(signature.field_name)
    return signature


def _holds(signature: Any) -> bool:
    """Whether the signature fits and nothing was added to the file afterwards.

    Whether its certificate is trusted is not asked here.
    """
    from pyhanko.sign.validation import (  # noqa: PLC0415 - slow import
        validate_pdf_signature,
    )
    from pyhanko.sign.validation.status import (  # noqa: PLC0415 - slow import
        SignatureCoverageLevel,
    )
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415 - slow import

    context = ValidationContext(
        trust_roots=[signature.signer_cert], allow_fetching=False
    )
    try:
        status = call_apart(validate_pdf_signature, signature, context, skip_diff=True)
    except Exception:  # noqa: BLE001 - what cannot be validated does not hold
        return False
    whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    return bool(status.intact and status.valid and whole)


def _is_tight(signature: Any, file: bytes) -> bool:
    """Whether the gap that the signature leaves holds it and nothing else."""
    _, start, end, _ = map(int, signature.sig_object["/ByteRange"])
    padded = bytes(signature.pkcs7_content)
    used = _HEAD + int.from_bytes(
        padded[2:_HEAD], "big"
    )  # a DER sequence: 30 82 length
    content = padded[:used].hex().upper().ljust(end - start - 2, "0")
    return file[start:end] == f"<{content}>".encode()


def _plain(result: CheckResult, statement: Statement | None = None) -> Finding:
    return Finding(result, statement, "", "", None, None)
