"""May this be? Yes, or no with the reason and what to do: one object for both."""

from __future__ import annotations

import dataclasses

from django.core.exceptions import PermissionDenied
from django.utils.functional import Promise


class Refused(PermissionDenied):
    """Somebody tried what they may not do; ``str()`` is the reason for them to read."""


@dataclasses.dataclass(frozen=True, slots=True)
class Verdict:
    """Truthy where allowed; ``reason`` says why not, or by what right."""

    allowed: bool
    reason: str | Promise = ""

    def __bool__(self) -> bool:
        return self.allowed

    def or_refuse(self) -> None:
        """Raise Refused with the reason unless allowed."""
        if not self.allowed:
            raise Refused(str(self.reason))


def yes(reason: str | Promise = "") -> Verdict:
    """Allowed, by this right."""
    return Verdict(allowed=True, reason=reason)


def no(reason: str | Promise) -> Verdict:
    """Not allowed, for this reason."""
    return Verdict(allowed=False, reason=reason)
