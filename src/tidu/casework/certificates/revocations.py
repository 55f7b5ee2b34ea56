"""Which certificates no longer count, as a signed list that needs no network.

A certificate can't know that it was revoked; the check page does, and so does the
latest list of the authority, a JSON file that anybody may copy and pass on.
"""

from __future__ import annotations

import dataclasses
import datetime
import json
from collections.abc import Iterable, Mapping
from typing import Any

from tidu.casework.certificates.contents import CertificateError
from tidu.casework.certificates.signers import (
    Signer,
    Trusted,
    decode,
    encode,
    named,
    verify,
)
from tidu.rules.language import N_

FORMAT = "tidu-revocations-1"


class RevocationListError(CertificateError):
    """A list of revocations cannot be read, was altered, or is somebody else's."""


@dataclasses.dataclass(frozen=True, slots=True)
class Revocation:
    """A certificate that no longer counts: since when and why."""

    number: str
    on: datetime.date
    reason: str


@dataclasses.dataclass(frozen=True)
class RevocationList:
    """The revocations by number, as the authority knew them at ``issued``.

    ``key``: the signer's short name; the list speaks for no other signer.
    """

    authority: str
    issued: datetime.datetime
    key: str
    revoked: Mapping[str, Revocation]


def write_revocations(
    revocations: Iterable[Revocation], signer: Signer, issued: datetime.datetime
) -> bytes:
    """The signed list as JSON in UTF-8, ordered by number; ``issued`` knows its zone.

    Raises RevocationListError for a revocation without a reason.
    """
    listed = sorted(revocations, key=lambda each: each.number)
    if not all(each.reason.strip() for each in listed):
        raise RevocationListError(N_("撤销没有写原因；请补齐原因再导出"))
    if issued.tzinfo is None:
        raise RevocationListError(N_("时刻没有时区；请写明时区"))
    content = {
        "format": FORMAT,
        "authority": named(signer.trusted.statements[0]),
        "issued": issued.isoformat(timespec="seconds"),
        "key": signer.key,
        "revoked": [
            {"number": each.number, "on": each.on.isoformat(), "reason": each.reason}
            for each in listed
        ],
    }
    signature = encode(signer.sign_statement(_signed(content)))
    text = json.dumps({**content, "signature": signature}, ensure_ascii=False, indent=1)
    return f"{text}\n".encode()


def read_revocations(file: bytes, trusted: Trusted) -> RevocationList:
    """The list, once its signature has been found right. Raises RevocationListError."""
    try:
        content = json.loads(file)
        signature = decode(content.pop("signature"))
        if content["format"] != FORMAT:
            raise ValueError(content["format"])
        found = _read(content)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RevocationListError(
            N_("撤销名单读不懂；请重新下载发证机关公布的名单")
        ) from error
    known = trusted.statement_certificate(found.key)
    if known is None:
        raise RevocationListError(
            N_("撤销名单由不认识的密钥{key}签署；请用发证机关公布的公开证书"),
            key=found.key,
        )
    if not verify(known, signature, _signed(content)):
        raise RevocationListError(N_("撤销名单被改动过；请重新下载"))
    return found


def _read(content: Mapping[str, Any]) -> RevocationList:
    revoked = {
        each["number"]: Revocation(
            each["number"],
            datetime.date.fromisoformat(each["on"]),
            str(each["reason"]),
        )
        for each in content["revoked"]
    }
    return RevocationList(
        authority=str(content["authority"]),
        issued=datetime.datetime.fromisoformat(content["issued"]),
        key=str(content["key"]),
        revoked=revoked,
    )


def _signed(content: Mapping[str, Any]) -> bytes:
    """With a purpose before it, in one spelling: sorted keys, no spaces."""
    text = json.dumps(
        content, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return b"tidu revocations 1\n" + text.encode()
