"""A query as named steps, each of which may use the columns of those before it.

Naming an intermediate result keeps the text readable and lets an engine work it out
once, however often it is used.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping

from sqlglot import exp

from tidu.bulk import writing
from tidu.bulk.writing import Sql

FACTS = "facts"  # the first step: the table's columns as of the day
PREPARED, KEY, FOUND = "prepared", "of", "found"  # columns of a look-up
KEPT = 16  # trees up to this size are written again rather than named


@dataclasses.dataclass(frozen=True)
class LookUp:
    """What a fact's value stands for, worked out once for each value.

    ``prepared`` reads the column ``key`` and is called PREPARED in ``found``, which is
    called FOUND in ``more``; ``absent`` stands for ``found`` where the key is NULL,
    ``more`` is NULL there.
    """

    key: str
    prepared: Sql
    found: Sql
    absent: Sql
    more: Mapping[str, Sql]


class Steps:
    """Collects named columns and lays them out as common table expressions."""

    def __init__(self, *, fenced: bool = False) -> None:
        self._fenced = fenced
        self._facts: dict[str, Sql] = {}
        self._lookups: dict[str, LookUp] = {}
        self._levels: list[dict[str, Sql]] = []
        self._level_of: dict[str, int] = {}
        self._named: dict[Sql, str] = {}

    def fact(self, name: str, sql: Sql) -> Sql:
        """A column of the table, or what stands for it, in the first step."""
        self._facts.setdefault(name, sql)
        return writing.column(name)

    def look_up(self, name: str, what: LookUp) -> Sql:
        """Columns worked out once for each value of a fact, not for each firm.

        The first is called ``name``, the others as ``what`` calls them.
        """
        self._lookups[name] = what
        return writing.column(name)

    def name(self, sql: Sql, name: str) -> Sql:
        """Give an expression a name, or the one it has; so do columns and constants."""
        if isinstance(sql, exp.Column | exp.Literal | exp.Boolean):
            return sql
        if sql in self._named:
            return writing.column(self._named[sql])
        used = (self._level_of.get(each.name, 0) for each in sql.find_all(exp.Column))
        level = 1 + max(used, default=0)
        while len(self._levels) < level:
            self._levels.append({})
        free, tried = name, 1
        while free in self._level_of or free in self._facts or free in self._lookups:
            tried += 1
            free = f"{name}_{tried}"
        self._levels[level - 1][free] = sql
        self._level_of[free] = level
        self._named[sql] = free
        return writing.column(free)

    def shared(self, sql: Sql, name: str) -> Sql:
        """Name it if it is too long to be written more than once."""
        large = sum(1 for _ in sql.walk()) > KEPT
        return self.name(sql, name) if large else sql

    def select(self, columns: Mapping[str, Sql], table: Sql) -> exp.Select:
        """The whole query: facts, steps, and the columns asked for."""
        wanted = self._needed(columns.values())
        steps = [(FACTS, self._select_facts(wanted).from_(table))]
        for name in [each for each in self._lookups if each in wanted]:
            steps += self._join(name, table, steps[-1][0])
        for number, level in enumerate(self._levels, 1):
            named = [
                sql.as_(name, quoted=True, copy=False)
                for name, sql in level.items()
                if name in wanted
            ]
            if named:
                step = exp.select(exp.Star(), *named, copy=False).from_(steps[-1][0])
                steps.append((f"step_{number}", step))
        found = exp.select(
            *(sql.as_(name, quoted=True, copy=False) for name, sql in columns.items()),
            copy=False,
        ).from_(steps[-1][0])
        for name, step in steps:
            kept = step.offset(0, copy=False) if self._fenced else step
            found = found.with_(name, as_=kept, copy=False)
        return found

    def _join(self, name: str, table: Sql, before: str) -> list[tuple[str, exp.Select]]:
        what = self._lookups[name]
        key = writing.column(what.key)
        keys = exp.select(key, copy=False).from_(table).distinct()
        prepared = what.prepared.as_(PREPARED, quoted=True, copy=False)
        inner = exp.select(key, prepared).from_(keys.subquery("keys"))
        found = what.found.as_(FOUND, quoted=True, copy=False)
        looked = exp.select(key, found).from_(inner.subquery("prepared"))
        of_key = key.as_(KEY, quoted=True)
        more = [
            sql.as_(each, quoted=True, copy=False) for each, sql in what.more.items()
        ]
        side, joined = f"{name}s", f"{before}_{name}"
        last = exp.select(of_key, writing.column(FOUND), *more, copy=False).from_(
            looked.subquery("looked")
        )
        known = writing.coalesce(
            exp.column(FOUND, table=side, quoted=True), what.absent
        )
        on = writing.equal(
            exp.column(what.key, table=before, quoted=True),
            exp.column(KEY, table=side, quoted=True),
        )
        step = (
            exp.select(
                exp.Column(this=exp.Star(), table=exp.to_identifier(before)),
                known.as_(name, quoted=True, copy=False),
                *(exp.column(each, table=side, quoted=True) for each in what.more),
                copy=False,
            )
            .from_(before)
            .join(side, on=on, join_type="left", copy=False)
        )
        return [(side, last), (joined, step)]

    def _select_facts(self, wanted: set[str]) -> exp.Select:
        chosen = [
            sql if _same(sql, name) else sql.as_(name, quoted=True, copy=False)
            for name, sql in self._facts.items()
            if name in wanted
        ]
        return exp.select(*(chosen or [writing.integer(1).as_("one")]), copy=False)

    def _needed(self, roots: Iterable[Sql]) -> set[str]:
        """Every named column that the roots use, directly or through others."""
        bodies = {name: sql for level in self._levels for name, sql in level.items()}
        bodies |= {
            each: writing.both([writing.column(what.key), writing.column(name)])
            for name, what in self._lookups.items()
            for each in (name, *what.more)
        }
        found: set[str] = set()
        waiting = list(roots)
        while waiting:
            for each in waiting.pop().find_all(exp.Column):
                if each.name not in found:
                    found.add(each.name)
                    if each.name in bodies:
                        waiting.append(bodies[each.name])
        return found


def _same(sql: Sql, name: str) -> bool:
    return isinstance(sql, exp.Column) and sql.name == name
