"""Every rule set of the national pack: the SQL says what ``tidu assess`` says."""

import datetime
from decimal import Decimal

import pytest

from tests.agreement import firms
from tests.agreement.test_trees import agree_on_gap, named
from tidu.bulk.sql import build_query, dialect_named
from tidu.rules.assess import prepare, stand
from tidu.rules.rulesets import Kind
from tidu.rules.scope import as_range

DAYS = (datetime.date(2026, 6, 1), datetime.date(2025, 12, 31))
SCHEMES = tuple(firms.LIBRARY.national.schemes)


def expected(scheme, facts, on, kind, library=firms.LIBRARY):
    """The columns of one firm, as the reference works them out."""
    pack = library.for_territory(facts.values.get("territory"))
    standing = stand(pack, scheme, prepare(facts, pack, on), on=on, kind=kind)
    found = {"outcome": standing.outcome.value}
    if standing.score is not None:
        found["score_low"], found["score_high"] = as_range(standing.score)
    if standing.rule_set and standing.rule_set.grades:
        found["value"] = standing.value_name
    for each in standing.findings:
        found[each.id] = each.outcome.value
        found[f"{each.id}__missing"] = frozenset(each.missing)
        if each.points is not None:
            low, high = as_range(each.points)
            found[f"{each.id}__points_low"], found[f"{each.id}__points_high"] = (
                low,
                high,
            )
    return found, standing


def read(name, cell):
    if name.endswith("__missing"):
        return named(cell)
    return cell if cell is None or isinstance(cell, str) else Decimal(str(cell))


def translated(scheme, on, kind, engine):
    """The query of one scheme."""
    query = build_query(
        firms.LIBRARY,
        [scheme],
        on=on,
        kind=kind,
        dialect=dialect_named(engine),
        available={column.name for column in firms.COLUMNS},
    )
    return query.text(pretty=False)


@pytest.mark.parametrize("on", DAYS, ids=str)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_whole_rule_sets_agree(engine, run, whole_firms, scheme, on):
    for kind in Kind:
        rows = run("firms", translated(scheme, on, kind, engine))
        agree(scheme, on, kind, rows, whole_firms)


def agree(scheme, on, kind, rows, whole_firms):
    """Compare the rows of one scheme with what the reference says."""
    assert len(rows) == len(whole_firms)
    for row in rows:
        facts = whole_firms[int(row["uscc"])]
        wanted, standing = expected(scheme, facts, on, kind)
        found = {name: read(name, row[f"{scheme}__{name}"]) for name in wanted}
        assert found == wanted
        agree_on_shortfalls(row, standing)


def agree_on_shortfalls(row, standing):
    """Compare what unmet criteria lack; score items and levels lack nothing."""
    for each in standing.findings:
        short = row.get(f"{standing.scheme}__{each.id}__short")
        rule = each.about
        if each.points is not None or rule.level or standing.kind not in rule.kinds:
            assert short is None
        else:
            tree = rule.tree(standing.kind)
            agree_on_gap(tree, short, each.outcome, each.basis.scope)
