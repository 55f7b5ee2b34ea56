"""Invented rule sets: shapes and tables that the shipped ones do not have."""

import dataclasses
import datetime
from decimal import Decimal

import pytest

from tests.agreement import firms, tables, test_points
from tests.agreement.test_points import FLAG, MONEY, added, bands
from tests.agreement.test_schemes import agree_on_shortfalls, expected, read
from tests.property import trees, worlds
from tidu.bulk.amounts import NotExactError
from tidu.bulk.sql import DialectError, build_query, dialect_named, translator_for
from tidu.bulk.writing import PROVEN
from tidu.rules import nodes
from tidu.rules.facts import Facts, FactType
from tidu.rules.library import Library
from tidu.rules.outcomes import UNMET
from tidu.rules.parse import Names, parse_condition
from tidu.rules.rulesets import (
    Criterion,
    Kind,
    RuleSet,
    Scheme,
    ScoreCard,
    ScoreItem,
    SourceGrade,
    Window,
)
from tidu.rules.tables import Indicator, Table, TableRow
from tidu.rules.vocabulary import NO_TEXT

OURS = SourceGrade.OURS
BOTH = frozenset({Kind.NEW, Kind.REVERIFICATION})
START = datetime.date(2026, 1, 1)
SCORES = ("", "first", "second", "empty", "listing", "money", "sum", "given")
NAMES = Names(trees.FACTS, {}, SCORES, {"sme_size": trees.SIZE})


def criterion(name, text="", **more):
    require = parse_condition(text, NAMES) if text else None
    return Criterion(name, NO_TEXT, "", OURS, require, **more)


def group(name, *parts, any_of=False, **more):
    """Its tree is that of its parts, as a pack is read."""
    found = tuple(each.require for each in parts)
    tree = nodes.Any(found) if any_of else nodes.All(found)
    return Criterion(name, NO_TEXT, "", OURS, tree, parts=parts, any_of=any_of, **more)


def item(name, points, part=""):
    return ScoreItem(name, NO_TEXT, "", OURS, points, Decimal(10), part)


def rule_set(scheme, *criteria, **more):
    windows = (Window(BOTH, START, datetime.date(2029, 1, 1)),)
    return RuleSet(
        scheme, "one", NO_TEXT, "", "", "", OURS, windows, {}, criteria, **more
    )


def row(name, *codes, **bounds):
    found = tuple(
        Indicator(fact, tuple(map(Decimal, each)), "") for fact, each in bounds.items()
    )
    return TableRow(name, "", "", codes, found)


LETTERS = (("A", 1, 5), ("C", 13, 43), ("D", 44, 46), ("F", 51, 52), ("K", 70, 70))
# Two rows share a code, one listed code begins another, and one row is not graded.
MADE = Table(
    "made",
    "industry",
    ("low", "middle", "high"),
    (NO_TEXT,) * 3,
    (
        row("all", "C", revenue=(50000, 200000), employees=(10, 300)),
        row("some", "C39", "F51", revenue=(10000, 90000)),
        row("none", "F52", "K7020"),
        row("other", "F51", "K7010", "A", employees=(10, 1200)),
    ),
    LETTERS,
)
# Only one row is graded; there is only one; and all rows are graded.
LONE = Table(
    "lone",
    "industry",
    ("low", "high"),
    (NO_TEXT,) * 2,
    (row("only", "C39", employees=(10,)), row("none", "F")),
    LETTERS,
)
SINGLE = dataclasses.replace(LONE, id="single", rows=LONE.rows[:1])
FULL = Table(
    "full",
    "industry",
    ("low", "middle", "high"),
    (NO_TEXT,) * 3,
    (
        row("made", "C", revenue=(50000, 200000)),
        row("sold", "F51", "K", employees=(10, 300)),
    ),
    LETTERS,
)


def size(indicator="", *, strict=False):
    return nodes.Grade(trees.SIZE, indicator, strict)


def level(name, grade):
    return Criterion(name, NO_TEXT, "", OURS, level=grade)


def compared(name, op, grade, bound):
    tree = nodes.Compare(op, grade, trees.number(bound))
    return Criterion(name, NO_TEXT, "", OURS, tree)


GIVEN = nodes.Given(trees.ref("srdi_score"), Decimal(10))
SCORED = rule_set(
    "scored",
    criterion("total", "score() >= 12"),
    criterion("first", "score(first) > 3"),
    criterion("second", "score(second) < 8.5"),
    criterion("empty", "score(empty) <= 0"),
    criterion("one", "score(sum) == 2 or score(given) != 10"),
    score_card=ScoreCard(
        (
            item("listing", FLAG, "first"),
            item("money", MONEY, "second"),
            item(
                "sum", added({"own_brand": "2", "quality_award": "1.5"}, "3"), "first"
            ),
            item("given", GIVEN, "second"),
            item("alone", bands({"rnd_institution == national": "1"}, "0.25")),
        ),
        dict.fromkeys(("first", "second", "empty"), NO_TEXT),
    ),
)
# The same conditions over another card: nothing may be left over from the last one.
OTHER = dataclasses.replace(
    SCORED,
    scheme="other",
    score_card=ScoreCard(
        (
            item("sum", MONEY, "first"),
            *(item(name, FLAG, "first") for name in ("listing", "money", "given")),
            item("more", GIVEN, "second"),
            item("tiny", bands({"own_brand": "0.005"}), "second"),
        ),
        dict.fromkeys(("first", "second", "empty"), NO_TEXT),
    ),
)
GROUPED = rule_set(
    "grouped",
    criterion("plain", "listed and where_given(own_brand)"),
    criterion(
        "again",
        "revenue >= '20万元'",
        again=parse_condition("revenue >= '5万元'", NAMES),
    ),
    criterion("anew", "total_assets >= '0'", kinds=frozenset({Kind.NEW})),
    group(
        "either",
        criterion("left", "net_profit > 0 and reviewed(market_position_reviewed)"),
        criterion("right", "where_given(quality_award)"),
        any_of=True,
    ),
    group(
        "",
        criterion("inner", "revenue >= '1万元' or manual()"),
        group(
            "nested",
            criterion("deep", "not abnormal_list"),
            criterion("deeper", "class1_ip >= 1"),
        ),
    ),
    group("", group("", criterion("below", "class2_ip >= 1")), any_of=True),
    criterion("brand", "where_given(own_brand) or where_given(listed)"),
    criterion("institution", "rnd_institution in (national, province)"),
    criterion("management", "has(dq06, rules) or has(dq06, none) and listed"),
    criterion("age", "age_years(established_on) >= '9年'"),
    criterion("profit", "ever(net_profit > 0)"),
    criterion("equity", "ever(new_equity > 0 or net_profit > '9万元')"),
    criterion(
        "share_of", "ratio(rnd_expense, first_given(main_revenue, revenue)) >= '3%'"
    ),
    criterion("growth", "mean_growth(2, revenue) >= '8%'"),
    criterion("titled", "high_tech or quality_award"),
    criterion("niche", "niche_years >= 3"),
    criterion("share", "market_share >= '3%' or srdi_score > 8"),
)
UNKNOWN_ONLY = rule_set("manual", criterion("judged", "manual()"))
SIZED = rule_set(
    "sized",
    level("employees", size("employees")),
    level("assets", size("total_assets")),
    level("whole", size()),
    level("strict", size(strict=True)),
    level("points", FLAG),
    value=size(),
    grades=("micro", "small", "medium", "large"),
)
STRICT = nodes.Grade(MADE, strict=True)
TABLED = rule_set(
    "tabled",
    level("whole", nodes.Grade(MADE)),
    level("staff", nodes.Grade(MADE, "employees")),
    compared("strict", ">=", STRICT, "2"),
    compared("below", "<", nodes.Grade(MADE, "revenue"), "3"),
    compared("middle", "==", nodes.Grade(MADE), "2"),
    level("unread", size("net_profit")),
    level("unread_strictly", nodes.Grade(MADE, "net_profit", strict=True)),
    compared("unread_compared", ">=", nodes.Grade(MADE, "net_profit"), "2"),
    level("lone", nodes.Grade(LONE, strict=True)),
    compared("lone_compared", ">", nodes.Grade(LONE, strict=True), "1"),
    level("lone_or_none", nodes.Grade(LONE)),
    level("single", nodes.Grade(SINGLE)),
    compared("single_compared", ">=", nodes.Grade(SINGLE), "2"),
    level("full", nodes.Grade(FULL, strict=True)),
    compared("full_compared", ">=", nodes.Grade(FULL, strict=True), "3"),
    compared("full_below", "<=", nodes.Grade(FULL), "1"),
)
EMPTY = rule_set("empty", value=MONEY, grades=tuple("abcdefghij"))
NOTHING = rule_set(
    "nothing",
    Criterion("all", NO_TEXT, "", OURS, nodes.All(())),
    Criterion("any", NO_TEXT, "", OURS, nodes.Any(())),
)
AGED = rule_set(
    "aged",
    *(
        criterion(f"age_{years}_{at}", f"age_years(established_on) {op} {years}")
        for years in (8, 10)
        for at, op in enumerate(trees.OPERATORS)
    ),
)
REPORTED = rule_set(
    "reported",
    criterion("listed", "listed or own_brand"),
    value=bands({"listed": "2", "own_brand": "1"}),
    grades=("one", "two"),
    reported="market_rank_domestic",
)
YEARLY = dataclasses.replace(
    REPORTED,
    scheme="yearly",
    value=bands({"listed and new_equity >= '20万元'": "2", "listed": "1"}),
)
LEVELLED = dataclasses.replace(
    REPORTED,
    scheme="levelled",
    reported="",
    value=nodes.Lowest((MONEY, FLAG)),
    grades=tuple("abc"),
)
SETS = (SCORED, OTHER, GROUPED, UNKNOWN_ONLY, SIZED, REPORTED, LEVELLED)
SETS += (YEARLY, TABLED, EMPTY, NOTHING, AGED)
SCHEMES = {
    each.scheme: Scheme(each.scheme, NO_TEXT, NO_TEXT, 0, "", (each,)) for each in SETS
}
DEFINED = {"class2_ip": bands({"own_brand": "3", "listed": "1"}), "dq02": GIVEN}
PACK = dataclasses.replace(firms.LIBRARY.national, schemes=SCHEMES)
PROVINCE = dataclasses.replace(
    firms.LIBRARY.provinces["99"], schemes=SCHEMES, definitions=DEFINED
)
LIBRARY = Library(PACK, {"99": PROVINCE})
FINE_SET = rule_set(
    "fine", criterion("fine", "compound_growth(2, revenue) > '0.00000049%'")
)
FINE_SCHEME = Scheme("fine", NO_TEXT, NO_TEXT, 0, "", (FINE_SET,))
FINE = Library(dataclasses.replace(PACK, schemes={"fine": FINE_SCHEME}), {})
FEW = {f"revenue_{year}": 10**9 for year in tables.YEARS}

COLUMNS = {column.name: column for column in tables.COLUMNS}
LACKING = (
    *("industry", "own_brand", "employees_2025", "revenue_2025", "class1_ip"),
    *("rnd_institution", "dq06", "established_on", "market_share", "srdi_score_2025"),
)
PROFITS = tuple(name for name in COLUMNS if name.startswith("net_profit_"))
EARLIEST = tuple(
    name for name in COLUMNS if name.endswith("_2019") and name != "net_profit_2019"
)
ENDED = START - datetime.timedelta(days=1)


def variants(random_firms):
    """How the rule sets are asked for: options of the query."""
    return {
        "new": {"kind": Kind.NEW},
        "change": {"kind": Kind.CHANGE},
        "brief": {"kind": Kind.REVERIFICATION, "brief": True},
        "narrow": {"kind": Kind.NEW, "brief": True, "most": largest(random_firms)},
        "lacking": {"kind": Kind.NEW, "without": LACKING},
        "nowhere": {
            "kind": Kind.NEW,
            "brief": True,
            "without": ("territory", "industry"),
        },
        "before": {"kind": Kind.NEW, "on": ENDED},
        "other": {"kind": Kind.NEW, "on": START, "brief": True},
        "leap": {"kind": Kind.NEW, "on": datetime.date(2026, 2, 28)},
        "leap day": {"kind": Kind.NEW, "on": datetime.date(2028, 2, 29)},
        "profitless": {"kind": Kind.NEW, "brief": True, "without": PROFITS},
        "sparse": {"kind": Kind.NEW, "without": EARLIEST},
    }


ROOMY = 10**16  # a hundred times more is beyond 64 bits
SCALES = {FactType.MONEY: 100, FactType.COUNT: 1}


def largest(random_firms):
    """For each column of money or counts, how large its figures are."""
    found = {}
    for name, column in COLUMNS.items():
        if column.fact.type in SCALES:
            known = (abs(facts.get(column.key) or 0) for facts in random_firms)
            known = max(known, default=0) * SCALES[column.fact.type]
            roomy = ROOMY if column.fact.id == "revenue" else 1  # need not be reached
            found[name] = max(roomy, int(known), 1)
    return found


NAMED = tuple(variants([]))


def translated(engine, *, on=worlds.ON, without=(), **options):
    """One query of all the rule sets."""
    query = build_query(
        LIBRARY,
        list(SCHEMES),
        on=on,
        dialect=dialect_named(engine),
        available=set(COLUMNS) - set(without),
        **options,
    )
    assert set(query.columns) == set(query.asked) & set(COLUMNS) - set(without)
    return query.text(pretty=False)


def agree(rows, random_firms, *, kind, on=worlds.ON, without=(), brief=False, **_):
    """Compare the rows of one variant with what the reference says."""
    assert len(rows) == len(random_firms)
    unread = {COLUMNS[name].key for name in without}
    for row in rows:
        known = random_firms[int(row["uscc"])]
        facts = Facts.of(
            {k: known.get(k) for k in KEYS - unread if known.get(k) is not None}
        )
        for scheme in SCHEMES:
            wanted, standing = expected(scheme, facts, on, kind, library=LIBRARY)
            if brief:
                wanted = {k: wanted[k] for k in SUMMARY if k in wanted}
                if standing.rule_set:
                    wanted["first_failing"] = first_failing(standing)
            found = {name: read(name, row[f"{scheme}__{name}"]) for name in wanted}
            apart = {k: (found[k], wanted[k]) for k in wanted if found[k] != wanted[k]}
            assert (scheme, apart) == (scheme, {})
            if not brief:
                agree_on_shortfalls(row, standing)


def agree_on_engines():
    """Engines by name, and what a known range of figures makes room for."""
    on, kind = worlds.ON, Kind.NEW
    other = build_query(
        LIBRARY, ["aged"], on=on, kind=kind, dialect=dialect_named("mysql")
    )
    assert "\n    `uscc`,\n" in other.text()
    with pytest.raises(DialectError):
        dialect_named("")
    with pytest.raises(DialectError):
        dialect_named("abacus")
    options = {"on": on, "kind": kind, "dialect": dialect_named("duckdb")}
    with pytest.raises(NotExactError):
        build_query(FINE, ["fine"], **options)
    assert build_query(FINE, ["fine"], most=FEW, **options).text()
    for each in PROVEN.values():  # as text, whether or not the engine is there
        to = translator_for(LIBRARY, on, each)
        assert all(to.value(node) for node in test_points.CORNERS)
        assert to.years({"revenue"}) == [2026, 2025, 2024, 2023, 2022]


def test_engines_are_known_and_their_room_is_used():
    agree_on_engines()


SUMMARY = ("outcome", "score_low", "score_high", "value")
KEYS = {column.key for column in tables.COLUMNS}


def first_failing(standing):
    """The first criterion of the first level that is unmet."""
    level = list(at_top(standing.rule_set.criteria))
    failed = [each.id for each in standing.findings if each.outcome is UNMET]
    return next((each for each in failed if each in level), None)


def at_top(criteria):
    for each in criteria:
        yield from [each.id] if each.id else at_top(each.parts)


@pytest.mark.parametrize("name", NAMED)
def test_invented_rule_sets_agree(engine, run, random_firms, name):
    options = variants(random_firms)[name]
    rows = run("trees", translated(engine, **options))
    agree(rows, random_firms, **options)
