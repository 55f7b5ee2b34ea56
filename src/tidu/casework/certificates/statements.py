"""The text of the code on a certificate: what it says, signed, in one short line.

    https://…/990000-LG-2026-00012-57#1.<content>.<signature>

A phone opens the check page; whoever has no network takes the part behind ``#`` and the
signer's public certificate. Without a check page the text begins with ``TIDU:``.
"""

from __future__ import annotations

import dataclasses
import datetime
import json

from tidu.casework.certificates.contents import (
    Certificate,
    CertificateError,
    number_is_sound,
)
from tidu.casework.certificates.signers import Signer, Trusted, decode, encode, verify
from tidu.rules.language import N_

_VERSION = "1"
_NO_ADDRESS = "TIDU:"
_LONGEST = 1200  # characters; a larger code cannot be printed small and still be read


class StatementError(CertificateError):
    """A text is not that of a certificate's code."""


@dataclasses.dataclass(frozen=True, slots=True)
class Statement:
    """What a code says: the part of a certificate that a checker compares.

    ``key``: the signer's short name; ``sound``: whether the signature is right, None
    where the signer is not trusted and nothing can be said.
    """

    number: str
    name: str
    uscc: str
    scheme: str
    valid_from: datetime.date
    valid_until: datetime.date | None
    demonstration: bool
    key: str
    sound: bool | None = None


def write_statement(certificate: Certificate, signer: Signer, address: str = "") -> str:
    """The code's text; ``address`` is the check page's, ending before the number."""
    content = json.dumps(
        [signer.key, *_fields(certificate)], ensure_ascii=False, separators=(",", ":")
    ).encode()
    signature = signer.sign_statement(_signed(content))
    token = f"{_VERSION}.{encode(content)}.{encode(signature)}"
    head = f"{address}{certificate.number}#" if address else _NO_ADDRESS
    text = f"{head}{token}"
    if len(text) > _LONGEST:
        raise CertificateError(
            N_("证书内容太长，放不进二维码（{length}个字符）；请缩短名称或网址"),
            length=len(text),
        )
    return text


def read_statement(text: str, trusted: Trusted) -> Statement:
    """What a code says and whether it holds. Raises StatementError."""
    head, mark, token = text.strip().rpartition("#")
    if not mark:
        head, token = "", text.strip().removeprefix(_NO_ADDRESS)
    try:
        version, content_text, signature_text = token.split(".")
        content, signature = decode(content_text), decode(signature_text)
        found = _statement(*json.loads(content))
    except (ValueError, TypeError) as error:
        raise StatementError(N_("读不懂这段文字，不是本系统证书的二维码")) from error
    if version != _VERSION:
        raise StatementError(N_("二维码的版本{version}不认识；请更新"), version=version)
    known = trusted.statement_certificate(found.key)
    if known is None:
        return found
    sound = verify(known, signature, _signed(content))
    same_page = not head or head.endswith(found.number)
    return dataclasses.replace(found, sound=sound and same_page)


def _signed(content: bytes) -> bytes:
    """With a purpose before it, so that it cannot be taken for another statement."""
    return b"tidu certificate " + _VERSION.encode() + b"\n" + content


def _fields(certificate: Certificate) -> list[object]:
    until = certificate.valid_until
    return [
        certificate.number,
        certificate.name,
        certificate.uscc,
        certificate.scheme,
        certificate.valid_from.isoformat(),
        until.isoformat() if until else "",
        int(certificate.demonstration),
    ]


def _statement(
    key: str,
    number: str,
    name: str,
    uscc: str,
    scheme: str,
    start: str,
    until: str,
    demonstration: int,
) -> Statement:
    day = datetime.date.fromisoformat
    if not number_is_sound(number):
        raise ValueError(number)
    return Statement(
        number=number,
        name=str(name),
        uscc=str(uscc),
        scheme=str(scheme),
        valid_from=day(start),
        valid_until=day(until) if until else None,
        demonstration=bool(demonstration),
        key=str(key),
    )
