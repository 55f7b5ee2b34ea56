"""Call pyhanko from anywhere: it starts an event loop, which no thread has twice."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def call_apart(function: Callable[..., Any], *given: Any, **named: Any) -> Any:
    """The function's result, worked out in a thread of its own; its errors come back.

    An asynchronous server runs a loop in the caller's thread; signing would fail there,
    and a sound signature would be taken for a broken one.
    """
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(function, *given, **named).result()
