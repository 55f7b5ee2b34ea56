"""What people cannot do with accounts, in one sentence that says what to do instead."""

from __future__ import annotations

from tidu.rules.errors import TiduError


class AccountError(TiduError):
    """A link that no longer works, a last administrator: why not, and what then."""
