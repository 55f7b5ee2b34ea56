"""Chance that anybody can repeat: numbers drawn from a published text.

No generator with a hidden state: each number follows from the seed and a name alone,
by SHAKE-256 or SHA-256, the same on every machine and in every language.
"""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt

BITS = 24
"""A weight is a whole number below 2 to this power: exact in sums of millions."""

_BYTES = BITS // 8
_BREAK = "\n"  # stands in no name, so that no two names run into one


def weights(seed: str, name: str, count: int) -> npt.NDArray[np.int64]:
    """``count`` weights for a name: three bytes of SHAKE-256(seed ⏎ name) each."""
    text = f"{seed}{_BREAK}{name}".encode()
    stream = hashlib.shake_256(text).digest(count * _BYTES)
    parts = np.frombuffer(stream, dtype=np.uint8).reshape(count, _BYTES)
    high, middle, low = parts.astype(np.int64).T
    return (high << 16) + (middle << 8) + low


def ticket(seed: str, name: str) -> str:
    """The lot of one name: SHA-256(seed ⏎ name) in hexadecimal; the lowest is drawn."""
    return hashlib.sha256(f"{seed}{_BREAK}{name}".encode()).hexdigest()
