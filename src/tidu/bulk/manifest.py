"""What a table of enterprises says about itself: its manifest, kept in the file.

The manifest is JSON under the key ``tidu`` of the Parquet metadata. ``sha256`` covers
every byte before the footer, ``footer_sha256`` the footer itself (with its own 64
digits read as zeros), so that no byte of a snapshot can change unseen.
"""

from __future__ import annotations

import dataclasses
import datetime
import json
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

import tidu
from tidu.bulk.columns import Column
from tidu.rules.errors import TiduError
from tidu.rules.facts import FactDictionary
from tidu.rules.language import N_, Phrase

KEY = b"tidu"
FORMAT_VERSION = 1
SNAPSHOT = "snapshot"
SYNTHETIC = "synthetic"
NO_DIGEST = "0" * 64


class SnapshotError(TiduError):
    """A table of enterprises cannot be used or written: what, where, the remedy."""

    exit_code = 1


class Policy(Protocol):
    """What a manifest names as its policy: a pack."""

    @property
    def id(self) -> str: ...
    @property
    def digest(self) -> str: ...


class Knowledge(Protocol):
    """Whoever knows facts: a pack, or the whole library."""

    @property
    def facts(self) -> FactDictionary: ...


@dataclasses.dataclass(frozen=True, slots=True)
class Source:
    """One file a table was made from: name, SHA-256 of its bytes, rows taken."""

    name: str
    sha256: str
    rows: int


@dataclasses.dataclass(frozen=True, slots=True)
class Described:
    """One column as the manifest promises it; ``year`` is None where not yearly."""

    name: str
    fact: str
    year: int | None
    type: str
    unit: str


@dataclasses.dataclass(frozen=True, slots=True)
class Manifest:
    """What a table holds, what it was made from, and the digests of its bytes.

    ``made`` is UTC. ``fictional`` with its ``seed`` marks a synthetic population.
    ``rows``, ``sha256`` and ``footer_sha256`` are filled in when the file is written.
    """

    kind: str
    made: datetime.datetime
    pack: str
    pack_sha256: str
    columns: tuple[Described, ...]
    sources: tuple[Source, ...] = ()
    as_of: datetime.date | None = None
    fictional: bool = False
    seed: int | None = None
    rows: int = 0
    sha256: str = NO_DIGEST
    footer_sha256: str = NO_DIGEST
    format: int = FORMAT_VERSION
    version: str = tidu.__version__

    def text(self) -> str:
        """The manifest as one line of JSON, keys in a fixed order."""
        fields = dataclasses.asdict(self)
        fields["made"] = self.made.isoformat(timespec="seconds")
        fields["as_of"] = self.as_of.isoformat() if self.as_of else None
        fields["tidu"] = fields.pop("version")
        return json.dumps(fields, ensure_ascii=False)


def new_manifest(
    kind: str, policy: Policy, columns: Iterable[Column], **more: Any
) -> Manifest:
    """A manifest of these columns, made now; ``more`` are further fields of it."""
    described = (
        Described(c.name, c.fact.id, c.year, c.sql_type, c.unit) for c in columns
    )
    return Manifest(
        kind=kind,
        made=datetime.datetime.now(datetime.UTC),
        pack=policy.id,
        pack_sha256=policy.digest,
        columns=tuple(described),
        **more,
    )


def parse_manifest(text: bytes, place: str) -> Manifest:
    """Read the JSON of a manifest; SnapshotError where it is not one of ours.

    A newer format is refused before anything else of it is read.
    """
    try:
        fields: Mapping[str, Any] = json.loads(text)
        version = int(fields["format"])
    except (ValueError, TypeError, KeyError) as error:
        raise damaged(place, UNREADABLE) from error
    if version > FORMAT_VERSION:
        raise SnapshotError(
            N_(
                "{place} 的清单是第{version}版格式，这个版本只认得到第{known}版；"
                "请升级 Tidu，或用这个版本重新生成"
            ),
            place=place,
            version=version,
            known=FORMAT_VERSION,
        )
    try:
        return _of_fields(fields)
    except (ValueError, TypeError, KeyError) as error:
        raise damaged(place, UNREADABLE) from error


def _of_fields(fields: Mapping[str, Any]) -> Manifest:
    as_of = fields["as_of"]
    return Manifest(
        kind=str(fields["kind"]),
        made=datetime.datetime.fromisoformat(fields["made"]),
        pack=str(fields["pack"]),
        pack_sha256=str(fields["pack_sha256"]),
        columns=tuple(Described(**each) for each in fields["columns"]),
        sources=tuple(Source(**each) for each in fields["sources"]),
        as_of=datetime.date.fromisoformat(as_of) if as_of else None,
        fictional=bool(fields["fictional"]),
        seed=fields["seed"],
        rows=int(fields["rows"]),
        sha256=str(fields["sha256"]),
        footer_sha256=str(fields["footer_sha256"]),
        format=int(fields["format"]),
        version=str(fields["tidu"]),
    )


def damaged(place: str, what: str) -> SnapshotError:
    """A file that was whole once, or is not yet: say so and how to get it again.

    ``what`` is a msgid without places.
    """
    return SnapshotError(
        N_("{place} 已损坏：{what}；请重新生成或重新复制这个文件"),
        place=place,
        what=Phrase(what),
    )


UNREADABLE = N_("清单读不懂")
