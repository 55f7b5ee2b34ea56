"""May this table be used? Every byte is checked before anybody relies on a figure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from tidu.bulk.arrow_types import DIGITS, arrow_type
from tidu.bulk.columns import Column, columns_for
from tidu.bulk.manifest import (
    KEY,
    NO_DIGEST,
    UNREADABLE,
    Knowledge,
    Manifest,
    SnapshotError,
    damaged,
    parse_manifest,
)
from tidu.rules.facts import FactDictionary, FactType
from tidu.rules.language import N_, translate

Warn = Callable[[str], None]

_MAGIC = b"PAR1"
_TAIL = 8  # the footer's length, and PAR1
_YEARLY = re.compile(r"(.+)_(\d{4})")
_NAMED = 8  # columns a warning names before it only counts
_PIECE = 1 << 22
_OUR_MARK = b'"footer_sha256": "'
_EXACT = {FactType.MONEY, FactType.RATIO, FactType.NUMBER}


def read_manifest(path: Path) -> Manifest | None:
    """The manifest of a table, None where it has none (not made by Tidu).

    Raises SnapshotError where the file is no Parquet file, is cut off, is of a newer
    format, or where its footer was changed.
    """
    footer = _footer(path)
    try:
        metadata = parquet.read_metadata(path).metadata or {}
    except (pa.ArrowException, OSError) as error:
        raise damaged(str(path), N_("文件尾读不懂")) from error
    text = metadata.get(KEY)
    if text is None:
        if _OUR_MARK in footer:  # ours once: the key itself was hit
            raise damaged(str(path), UNREADABLE)
        return None
    manifest = parse_manifest(text, str(path))
    blank = footer.replace(manifest.footer_sha256.encode(), NO_DIGEST.encode())
    if hashlib.sha256(blank).hexdigest() != manifest.footer_sha256:
        raise damaged(str(path), N_("文件尾与它的校验码不符"))
    return manifest


def check_snapshot(
    path: Path,
    knowledge: Knowledge,
    *,
    warn: Warn = lambda _: None,
    english: bool = False,
    contents: bool = True,
) -> Manifest | None:
    """Check a table against the facts of a pack or library; None for a foreign one.

    Raises SnapshotError for: no Parquet file, cut off, damaged, a newer format, a
    promised column missing, a type or unit other than the dictionary's. Doubts go to
    ``warn`` as sentences. ``contents``: whether every byte is read and checked.
    """
    manifest = read_manifest(path)
    with parquet.ParquetFile(path) as file:
        schema, rows = file.schema_arrow, file.metadata.num_rows
    if manifest is None:
        warn(_say(FOREIGN, english, path=path))
        _check_types(path, schema, columns_in(schema.names, knowledge.facts))
        _warn_of_absent(path, schema, knowledge.facts, warn, english)
        return None
    if rows != manifest.rows:
        raise SnapshotError(
            N_(
                "{place} 已损坏：清单写有{promised}行，实有{rows}行；"
                "请重新生成或重新复制这个文件"
            ),
            place=path,
            promised=manifest.rows,
            rows=rows,
        )
    _check_promises(path, schema, manifest)
    _check_dictionary(path, manifest, knowledge.facts, warn, english)
    _check_types(path, schema, columns_in(schema.names, knowledge.facts))
    if contents and _digest_before_footer(path) != manifest.sha256:
        raise damaged(str(path), N_("内容与它的校验码不符"))
    return manifest


def columns_in(names: Iterable[str], facts: FactDictionary) -> tuple[Column, ...]:
    """The columns with these names that the dictionary knows, in the table's order."""
    found = []
    for name in names:
        fact = facts.get(name)
        if fact is not None and not fact.yearly:
            found.append(Column(fact))
        elif match := _YEARLY.fullmatch(name):
            fact = facts.get(match[1])
            if fact is not None and fact.yearly:
                found.append(Column(fact, int(match[2])))
    return tuple(found)


def _footer(path: Path) -> bytes:
    """The bytes of the footer; SnapshotError where the file is not whole."""
    try:
        with path.open("rb") as file:
            head = file.read(len(_MAGIC))
            size = file.seek(0, 2)
            if head != _MAGIC[: len(head)] or not head:
                raise SnapshotError(
                    N_(
                        "{path} 不是 Parquet 文件；"
                        "请用 tidu snapshot 或 tidu synth 生成"
                    ),
                    path=path,
                )
            file.seek(max(0, size - _TAIL))
            tail = file.read()
            length = int.from_bytes(tail[:4], "little")
            whole = size - _TAIL - length >= len(_MAGIC)
            if tail[4:] != _MAGIC or not whole:
                raise damaged(str(path), INCOMPLETE)
            file.seek(size - _TAIL - length)
            return file.read(length)
    except OSError as error:
        raise SnapshotError(
            N_("打不开 {path}（{reason}）；请检查文件名和权限"),
            path=path,
            reason=error.strerror,
        ) from error


def _digest_before_footer(path: Path) -> str:
    left = path.stat().st_size - _TAIL - len(_footer(path))
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while left and (piece := file.read(min(left, _PIECE))):
            digest.update(piece)
            left -= len(piece)
    return digest.hexdigest()


def _check_promises(path: Path, schema: pa.Schema, manifest: Manifest) -> None:
    for each in manifest.columns:
        if each.name not in schema.names:
            raise SnapshotError(
                N_("{path} 缺少清单里的列 {name}；请重新生成这个文件"),
                path=path,
                name=each.name,
            )


def _check_dictionary(
    path: Path,
    manifest: Manifest,
    facts: FactDictionary,
    warn: Warn,
    english: bool,
) -> None:
    """The unit of each column is the dictionary's; facts nobody knows are doubted."""
    unknown = []
    for each in manifest.columns:
        known = columns_in([each.name], facts)
        if not known:
            unknown.append(each.name)
        elif each.unit != known[0].unit:
            raise SnapshotError(
                N_(
                    "{path} 的列 {name} 以“{unit}”计，政策包以“{wanted}”计；"
                    "请用现在的政策包重新生成"
                ),
                path=path,
                name=each.name,
                unit=each.unit,
                wanted=known[0].unit,
            )
    if unknown:
        warn(_say(UNKNOWN_FACT, english, path=path, names=_listed(unknown)))


def _check_types(path: Path, schema: pa.Schema, columns: Iterable[Column]) -> None:
    for column in columns:
        kind = schema.field(column.name).type
        if _fits(kind, column):
            continue
        floating = pa.types.is_floating(kind) and column.fact.type in _EXACT
        raise SnapshotError(
            FLOATING if floating else OTHER_TYPE,
            path=path,
            name=column.name,
            kind=kind,
            wanted=column.sql_type,
        )


def _fits(kind: pa.DataType, column: Column) -> bool:
    """Whether every value of the type widens exactly to the column's own type."""
    wanted = arrow_type(column)
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    if column.fact.type in _EXACT:
        if pa.types.is_decimal(kind):
            whole = DIGITS - wanted.scale
            fits = kind.scale <= wanted.scale
            return bool(fits and kind.precision - kind.scale <= whole)
        return bool(pa.types.is_integer(kind))
    if column.fact.type is FactType.COUNT:
        return bool(pa.types.is_integer(kind))
    if pa.types.is_string(wanted):
        return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))
    return bool(kind == wanted)


def _warn_of_absent(
    path: Path, schema: pa.Schema, facts: FactDictionary, warn: Warn, english: bool
) -> None:
    """Name the columns a foreign table lacks, for the years it has."""
    present = columns_in(schema.names, facts)
    years = {column.year for column in present if column.year is not None}
    expected = columns_for(facts, years)
    absent = [c.name for c in expected if c.name not in schema.names]
    if absent:
        warn(_say(ABSENT, english, path=path, names=_listed(absent)))
    known = {column.name for column in present}
    extra = [name for name in schema.names if name not in known]
    if extra:
        warn(_say(UNKNOWN_FACT, english, path=path, names=_listed(extra)))


def _listed(names: list[str]) -> str:
    more = f" … ({len(names)})" if len(names) > _NAMED else ""
    return "、".join(names[:_NAMED]) + more


def _say(msgid: str, english: bool, **values: object) -> str:
    return translate(msgid, english).format(**values)


INCOMPLETE = N_("文件不完整，像是没有写完或没有复制完")
FLOATING = N_("{path} 的列 {name} 浮点数存不准，边界上的企业会判错；请改成 {wanted}")
OTHER_TYPE = N_("{path} 的列 {name} 类型是 {kind}；请改成 {wanted}")
FOREIGN = N_("提醒：{path} 没有 Tidu 的清单，不是用 tidu snapshot 生成的，照列名使用。")
UNKNOWN_FACT = N_("提醒：{path} 有政策包不认识的列，不使用：{names}。")
ABSENT = N_("提醒：{path} 没有这些列，按未知处理：{names}。")
