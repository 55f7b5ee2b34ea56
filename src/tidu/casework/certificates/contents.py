"""What a certificate says, and the number it goes by."""

from __future__ import annotations

import dataclasses
import datetime
import re

from tidu.rules.errors import TiduError
from tidu.rules.language import N_

_NUMBER = re.compile(r"(\d{6})-([A-Z]{2,6})-(\d{4})-(\d{5})-(\d{2})", re.ASCII)
_MODULUS = 97
_LAST_SERIAL = 99_999


class CertificateError(TiduError):
    """A certificate cannot be made: number or content is not usable."""


@dataclasses.dataclass(frozen=True, slots=True)
class Certificate:
    """One title of one enterprise, as it is printed and signed.

    ``scheme``: the title as the rule set calls it; ``basis``: the document by which it
    was given; ``valid_until``: the last day, None where the title has no end;
    ``demonstration``: the installation is no authority's, and every page says so.
    """

    number: str
    name: str
    uscc: str
    scheme: str
    authority: str
    basis: str
    issued_on: datetime.date
    valid_from: datetime.date
    valid_until: datetime.date | None
    demonstration: bool = False

    def __post_init__(self) -> None:
        if not number_is_sound(self.number):
            raise CertificateError(
                N_("证书编号{number}不对；请核对各位数字"), number=self.number
            )
        if self.valid_until and self.valid_until < self.valid_from:
            raise CertificateError(N_("有效期的止日早于起日；请核对"))
        texts = (self.name, self.uscc, self.scheme, self.authority, self.basis)
        if not all(each.strip() and each.isprintable() for each in texts):
            raise CertificateError(N_("证书有空白的内容，或内容里有换行；请补齐"))


def certificate_number(territory: str, mark: str, year: int, serial: int) -> str:
    """“990000-LG-2026-00012-57”: who gave it, which title, the year, the count in it,
    and two digits that find every single wrong or swapped character.

    ``territory``: six digits; ``mark``: two to six letters for the scheme. Raises
    CertificateError.
    """
    if not 0 < serial <= _LAST_SERIAL:
        raise CertificateError(N_("证书流水号应在1至99999之间；请核对"))
    body = f"{territory}-{mark}-{year:04}-{serial:05}"
    number = f"{body}-{_check_digits(body)}"
    if not number_is_sound(number):
        raise CertificateError(
            N_("证书编号{number}不对；请核对各位数字"), number=number
        )
    return number


def number_is_sound(number: str) -> bool:
    """Whether it has the form of a number and its check digits fit."""
    if not _NUMBER.fullmatch(number):
        return False
    body, _, digits = number.rpartition("-")
    return _check_digits(body) == digits


def _check_digits(body: str) -> str:
    """ISO 7064 MOD 97-10, letters as two digits (A = 10 … Z = 35)."""
    digits = "".join(str(int(each, 36)) for each in body if each != "-")
    return f"{_MODULUS + 1 - int(digits + '00') % _MODULUS:02}"
