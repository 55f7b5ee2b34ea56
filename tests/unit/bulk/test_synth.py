"""The fictional population: marked, reproducible, with the yearbook's means."""

from __future__ import annotations

import datetime
import itertools
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from pyarrow import parquet

from tidu.bulk import synth
from tidu.bulk.accounts import BLOCK, Totals, draw_accounts, scale_of, totals_of
from tidu.bulk.checking import check_snapshot, columns_in
from tidu.bulk.drafting import Draft
from tidu.bulk.manifest import SnapshotError
from tidu.bulk.profiles import credit_codes
from tidu.bulk.snapshot import read_firms, stored
from tidu.bulk.synth import Population, row_groups, write_population
from tidu.bulk.yearbook import industries, means_in
from tidu.intake.credit_codes import check_digit
from tidu.rules.facts import FactType
from tidu.rules.library import default_library

LIBRARY = default_library()
DAY = datetime.date(2026, 6, 1)
ROWS = 100_000


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """A population of 100,000 firms: two blocks, the second one short."""
    path = tmp_path_factory.mktemp("synth") / "p.parquet"
    write_population(path, Population(ROWS, 1, DAY, LIBRARY))
    return path


@pytest.fixture(scope="module")
def table(path):
    return parquet.read_table(path)


def count(table, flags):
    return pc.sum(table[flags] if isinstance(flags, str) else flags).as_py()


def test_the_table_is_whole_and_marked_as_fictional(path, table):
    warnings = []
    manifest = check_snapshot(path, LIBRARY, warn=warnings.append)
    assert warnings == []
    assert (manifest.kind, manifest.fictional, manifest.seed) == ("synthetic", True, 1)
    assert (manifest.rows, table.num_rows, manifest.as_of) == (ROWS, ROWS, DAY)
    assert manifest.sources[0].name == "yearbook.csv"
    assert manifest.sources[0].rows == 123
    assert {column.fact.id for column in columns_in(table.column_names, LIBRARY.facts)}
    names = table["name"].to_pylist()
    assert (names[0], names[-1]) == ("虚构企业00000000", "虚构企业00099999")


def test_credit_codes_are_right_and_nobodys(table):
    codes = table["uscc"].to_pylist()
    assert len(set(codes)) == ROWS
    assert all(check_digit(code[:-1]) == code[-1] for code in codes[::37])
    assert {code[:8] for code in codes} == {"91990000"}


def test_the_organisation_code_has_its_own_check_digit():
    def check(eight):  # GB 11714
        weights = (3, 7, 9, 10, 5, 8, 4, 2)
        rest = 11 - sum(int(d) * w for d, w in zip(eight, weights, strict=True)) % 11
        return {10: "X", 11: "0"}.get(rest, str(rest))

    numbers = [*range(60), 9_999, 10_000, 12_345_678, 99_999_999]
    codes = [bytes(each).decode() for each in credit_codes(np.array(numbers))]
    assert [code[16] for code in codes] == [check(f"{n:08}") for n in numbers]
    assert "X" in {code[16] for code in codes}


@pytest.mark.parametrize("year", [2025, 2024, 2023, 2022])
def test_means_by_industry_are_the_yearbooks(table, year):
    known = table.filter(pc.is_valid(table[f"revenue_{year}"]))
    known = known.append_column(
        "division", pc.utf8_slice_codeunits(known["industry"], 0, 3)
    )
    figures = [f"revenue_{year}", f"total_assets_{year}", f"total_liabilities_{year}"]
    figures += [f"employees_{year}", f"net_profit_{year}"]
    by_division = known.group_by("division").aggregate([(f, "sum") for f in figures])
    sizes = known.group_by("division").aggregate([([], "count_all")]).to_pylist()
    firms = {each["division"]: each["count_all"] for each in sizes}
    found = {each["division"]: each for each in by_division.to_pylist()}
    counted = [each for each in industries() if each.counted]
    assert len(counted) == 41
    for industry in counted:
        means, line = means_in(industry, year), found[industry.code]
        sums = [float(line[f"{each}_sum"]) for each in figures]
        number = firms[industry.code]
        assert sums[0] / number == pytest.approx(means.revenue, rel=0.05)
        assert sums[1] / number == pytest.approx(means.assets, rel=0.05)
        assert sums[2] / number == pytest.approx(means.liabilities, rel=0.05)
        assert sums[3] / number == pytest.approx(means.employees, rel=0.05)
        assert sums[4] / sums[0] == pytest.approx(means.margin, rel=0.05, abs=2e-5)


def test_the_yearbook_is_transcribed_plausibly():
    """Totals of the nation as published elsewhere: 138 万亿 revenue, 7.5 万亿 profit."""
    counted = [each for each in industries() if each.counted]
    rows = [r for r in synth.rows_of("yearbook.csv") if r["year"] == "2024"]
    assert len(counted) == len(rows) == 41
    assert sum(float(r["revenue"]) for r in rows) == pytest.approx(1.38e6, rel=0.02)
    assert sum(float(r["total_profit"]) for r in rows) == pytest.approx(7.5e4, rel=0.02)
    assert sum(float(r["employees"]) for r in rows) == pytest.approx(7.7e3, rel=0.02)
    for row in synth.rows_of("yearbook.csv"):
        assert 0 < float(row["total_liabilities"]) < float(row["total_assets"])
        assert float(row["enterprises"]) > 10
    for one, other in itertools.pairwise(synth.rows_of("yearbook.csv")[::41]):
        assert one["code"] == other["code"] == "B06"


def test_years_outside_the_yearbook_take_its_nearest_one():
    coal = industries()[0]
    assert means_in(coal, 2030) == means_in(coal, 2024)
    assert means_in(coal, 2010) == means_in(coal, 2022)


def test_shares_of_titles_are_plausible_and_nested(table):
    share = {
        fact: count(table, fact) / ROWS
        for fact in ("holds_innovative_sme", "holds_srdi", "holds_little_giant")
    }
    assert 0.01 < share["holds_innovative_sme"] < 0.03
    assert 0.004 < share["holds_srdi"] < 0.01
    assert 0.001 < share["holds_little_giant"] < 0.003


def test_titles_agree_with_their_dates(table):
    titles = {
        "holds_innovative_sme": "innovative_valid_until",
        "holds_srdi": "srdi_valid_until",
        "holds_little_giant": "little_giant_valid_until",
        "high_tech": "high_tech_valid_until",
    }
    for title, until in titles.items():
        past = pc.less(table[until], DAY)
        assert count(table, past) > 0
        assert count(table, pc.and_(past, table[title])) == 0
        ahead = table.filter(pc.and_(pc.invert(past), table[title]))[until]
        assert {each.year for each in ahead.to_pylist()} == {2026, 2027, 2028}
    giants = table.filter(pc.is_valid(table["little_giant_batch"]))
    for batch, end in zip(
        giants["little_giant_batch"].to_pylist(),
        giants["little_giant_valid_until"].to_pylist(),
        strict=True,
    ):
        assert batch == end.year - 2021


def test_some_firms_stand_exactly_on_borders(table):
    revenue, spent = table["revenue_2025"], table["rnd_expense_2025"]
    for border in (1500_0000, 5000_0000):
        assert count(table, pc.equal(revenue, Decimal(border))) > 3
    exact = [
        at
        for at, (whole, part) in enumerate(
            zip(revenue.to_pylist(), spent.to_pylist(), strict=True)
        )
        if part and part * 100 == whole * 3
    ]
    assert len(exact) > 30


def test_parts_do_not_exceed_their_wholes(table):
    facts = LIBRARY.facts
    for column in columns_in(table.column_names, facts):
        if not column.fact.part_of or column.fact.id == "rnd_expense_domestic":
            continue
        whole = column.name.replace(column.fact.id, column.fact.part_of)
        larger = pc.greater(table[column.name], table[whole])
        assert not count(table, larger), column.name


def test_firms_are_older_than_their_accounts(table):
    for year in (2025, 2024, 2023, 2022):
        on_file = table.filter(pc.is_valid(table[f"revenue_{year}"]))
        born = pc.year(on_file["established_on"])
        assert pc.max(born).as_py() <= year
    assert pc.max(table["established_on"]).as_py() < DAY


def test_values_are_ones_the_dictionary_knows(table):
    for column in columns_in(table.column_names, LIBRARY.facts):
        found = {each for each in table[column.name].unique().to_pylist() if each}
        options = {each.id for each in column.fact.choices}
        if column.fact.type is FactType.CHOICE:
            assert found == options - {None}, column.name
        elif column.fact.type is FactType.CHOICES:
            assert {one for each in found for one in each.split(";")} < options
        elif column.fact.id.startswith("ds") or column.fact.id == "digital_level":
            assert found == {1, 2, 3, 4}


def test_every_fact_is_known_of_somebody(table):
    empty = {
        column.fact.id
        for column in columns_in(table.column_names, LIBRARY.facts)
        if table[column.name].null_count < ROWS
    }
    assert set(LIBRARY.facts) - empty == set()


def test_firms_read_back_are_ones_a_snapshot_would_store(path, table):
    firms = itertools.islice(read_firms(path, LIBRARY.facts), 300)
    for at, firm in enumerate(firms):
        assert firm.get("uscc") == table["uscc"][at].as_py()
        for key, value in firm.items():
            fact = LIBRARY.facts[key.partition("@")[0]]
            assert not stored(fact, value)[1]


def test_the_same_seed_gives_the_same_firms_however_the_work_is_cut():
    population = Population(3 * BLOCK + 11, 7, DAY, LIBRARY)
    one = pa.concat_tables(row_groups(population, 1))
    two = [*row_groups(population, 2)]
    assert [each.num_rows for each in two] == [2 * BLOCK, BLOCK + 11]
    assert pa.concat_tables(two).equals(one)


def test_another_seed_gives_other_firms():
    one, two = (
        next(row_groups(Population(500, seed, DAY, LIBRARY), 1)) for seed in (1, 2)
    )
    assert one["uscc"].equals(two["uscc"])
    assert not one["revenue_2025"].equals(two["revenue_2025"])


def test_one_firm_is_a_population_too(tmp_path):
    path = tmp_path / "p.parquet"
    assert write_population(path, Population(1, 0, DAY, LIBRARY)).rows == 1
    assert check_snapshot(path, LIBRARY).rows == 1


def test_industries_nobody_is_in_are_left_alone():
    scale = scale_of(Totals.none(), 2025)
    assert (scale.revenue == 1).all()
    some = scale_of(totals_of(draw_accounts(1, 0, 50)), 2025)
    assert np.isfinite(some.margin).all()


@pytest.mark.parametrize("rows", [0, -1, 10**8])
def test_too_many_or_too_few_firms_are_refused(rows):
    with pytest.raises(SnapshotError, match="请写1到99999999之间的数"):
        Population(rows, 0, DAY, LIBRARY)


def test_columns_the_library_does_not_know_are_left_out():
    draft = Draft(2, {})
    draft.put("revenue", None, np.array([1, 2]), 2025)
    draft.put_coded("territory", np.array([0, 0]), ["11"])
    assert draft.arrays == {}


def test_progress_counts_both_passes():
    seen = []
    population = Population(BLOCK + 1, 0, DAY, LIBRARY)
    for _ in row_groups(population, 4, lambda done, total: seen.append((done, total))):
        pass
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]
