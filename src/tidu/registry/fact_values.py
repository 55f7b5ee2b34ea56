"""Facts as JSON and back: amounts and ratios as text, so that no cent is lost."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tidu.rules.facts import FactDictionary, Facts, FactType, FactValue, split_key

Json = str | bool | int | list[str] | None

_DECIMAL = re.compile(r"-?\d+\.\d*")


def to_json(value: FactValue) -> Json:
    """One fact value as JSON."""
    match value:
        case bool() | int() | str():
            return value
        case Decimal():
            return format(value, "f")
        case datetime.date():
            return value.isoformat()
        case frozenset():
            return sorted(value)


def from_json(value: Any, kind: FactType) -> FactValue:
    """One fact value from JSON; ValueError where it is not of its kind."""
    try:
        match kind:
            case FactType.MONEY | FactType.RATIO:
                return Decimal(value)
            case FactType.NUMBER:
                return value if isinstance(value, int) else Decimal(value)
            case FactType.COUNT:
                return int(value)
            case FactType.DATE:
                return datetime.date.fromisoformat(value)
            case FactType.CHOICES:
                return frozenset(value)
            case FactType.BOOLEAN:
                return bool(value)
            case _:
                return str(value)
    except (ArithmeticError, TypeError) as error:
        raise ValueError(value) from error


def same_value(one: Any, other: Any) -> bool:
    """Whether two values as JSON say the same: 60880000.00 is 60880000."""
    return bool(one == other or _plain(one) == _plain(other))


def _plain(value: Any) -> Any:
    if isinstance(value, str) and _DECIMAL.fullmatch(value):
        return value.rstrip("0").rstrip(".")
    return value


def facts_from(
    entries: Mapping[str, Mapping[str, Any]], dictionary: FactDictionary
) -> Facts:
    """The facts of a filing's or the current entries, with their places as sources.

    Keys whose fact the dictionary no longer knows are left out.
    """
    flat: dict[str, FactValue] = {}
    sources: dict[str, str] = {}
    for key, entry in entries.items():
        fact = dictionary.get(split_key(key)[0])
        if fact is None or entry.get("value") is None:
            continue
        flat[key] = from_json(entry["value"], fact.type)
        if place := entry.get("place"):
            sources[key] = place
    return Facts.of(flat, sources)
