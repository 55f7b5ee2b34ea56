"""Mean growth with an open middle year: how much the last year must reach for it.

Last · oldest + middle² ≥ f · middle · oldest is not linear where the middle year can be
moved. It asks of the last year at least g = f·middle − middle²/oldest, a concave
function of the middle year. Up to 24 points of the middle year each is written out;
above that each block of points gets a line on or just above g. So a plan is never too
low, and exact on a coarse lattice; on a fine one it may ask for a step or two more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from tidu.planning.model import Linear

_MOST_PIECES = 24
_SLOPES = 100  # slopes are whole hundredths of a step, so that rows stay small


def spans(most: int) -> Iterator[tuple[int, int]]:
    """The points 0 … most of a variable in at most 24 blocks: first and last of each.

    Up to 24 points each block is one point.
    """
    width = -(-(most + 1) // _MOST_PIECES)
    for first in range(0, most + 1, width):
        yield first, min(first + width - 1, most)


def line(
    middle: Linear, oldest: Fraction, factor: Fraction, span: tuple[int, int]
) -> Linear:
    """What the last year must at least be while the middle year is in the span.

    ``middle`` has one variable; ``factor`` is the sum of the two yearly quotients.
    """
    [(variable, step)] = middle.terms.items()

    def asked(at: int) -> Fraction:
        value = middle.const + step * at
        return factor * value - value * value / oldest

    first, final = span
    if first == final:
        return Linear(asked(first))
    unit = abs(step) / _SLOPES
    slope = unit * round((asked(final) - asked(first)) / (final - first) / unit)
    height = _highest(lambda at: asked(at) - slope * at, first, final)
    return Linear(height, {variable: slope})


def _highest(value: Callable[[int], Fraction], low: int, high: int) -> Fraction:
    """The highest value of a concave function on whole points."""
    while low < high:
        mid = (low + high) // 2
        if value(mid) < value(mid + 1):
            low = mid + 1
        else:
            high = mid
    return value(low)
