"""What is written is read back: money, ratios, counts, dates, whole rows."""

from __future__ import annotations

import contextlib
import csv
import datetime
import io
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tidu.intake import UnreadableFile, read_file
from tidu.intake.cells import reader_for
from tidu.intake.credit_codes import ALPHABET, check_digit, read_code
from tidu.intake.problems import CellError
from tidu.rules.library import default_library
from tidu.rules.units import MONEY_UNITS, show_money, show_ratio

from .conftest import ON

FACTS = default_library().facts
FULL_WIDTH = str.maketrans("0123456789.,%-", "０１２３４５６７８９．，％－")

cents = st.integers(0, 10**15).map(lambda number: Decimal(number) / 100)


def refusal(fact_id, cell, unit):
    """What is wrong and what is accepted, or None where the cell is read."""
    try:
        read(fact_id, cell, unit)
    except CellError as error:
        return error.what.format(**error.values), error.accepted.format(**error.values)
    return None


quick = settings(max_examples=60, deadline=None)
in_a_folder = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def read(fact_id, cell, unit=""):
    return reader_for(FACTS[fact_id], unit)(cell, lambda _: None)


@quick
@given(cents)
def test_money_is_read_as_it_is_shown(amount):
    assert read("revenue", show_money(amount)) == amount


@quick
@given(cents, st.sampled_from(sorted(MONEY_UNITS)), st.booleans())
def test_money_in_any_unit_and_width(amount, unit, wide):
    text = f"{amount / MONEY_UNITS[unit]:,f}"
    written = text.translate(FULL_WIDTH) if wide else text
    assert read("revenue", written + unit) == amount
    assert read("revenue", written, unit) == amount


@quick
@given(st.integers(0, 1_000_000).map(lambda number: Decimal(number) / 100_000))
def test_ratio_is_read_as_it_is_shown(share):
    shown = show_ratio(share)
    assert read("market_share", shown) == Decimal(shown.rstrip("%")) / 100


@quick
@given(st.dates(datetime.date(1980, 1, 1), datetime.date(2099, 12, 31)))
def test_date_in_every_way_of_writing(day):
    serial = (day - datetime.date(1899, 12, 30)).days
    for written in (
        day.isoformat(),
        f"{day:%Y/%m/%d}",
        f"{day.year}.{day.month}.{day.day}",
        f"{day:%Y%m%d}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.isoformat()} 08:30:00",
        serial,
        day,
    ):
        assert read("established_on", written) == day


@quick
@given(st.text(ALPHABET, min_size=17, max_size=17))
def test_code_with_its_own_check_digit_and_no_other_is_right(body):
    right = check_digit(body)
    for last in ALPHABET:
        try:
            found = read_code(body + last)
        except CellError:
            found = None
        assert (found == body + last) is (last == right)


@quick
@given(st.text(max_size=20), st.sampled_from(sorted(FACTS)))
def test_any_text_is_a_value_or_a_plain_refusal(text, fact_id):
    for unit in ("", "万元", "%"):
        said = refusal(fact_id, text, unit)
        assert said is None or all(said)


# A cell that names a fact may be a label: such a sheet can be read as a form.
CELLS = st.text(max_size=8).filter(lambda text: text.strip().casefold() not in FACTS)


@in_a_folder
@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), max_size=8))
def test_every_row_is_accounted_for(tmp_path, rows):
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["企业名称", "营业收入(万元)@2025"])
    writer.writerows(rows)
    path = tmp_path / "firms.csv"
    path.write_text(out.getvalue(), encoding="utf-8", errors="replace", newline="")

    if "\0" in out.getvalue():
        with pytest.raises(UnreadableFile, match="不是表格文件"):
            read_file(path, FACTS, on=ON)
        return
    intake = read_file(path, FACTS, on=ON)

    records = list(csv.reader(io.StringIO(path.read_text("utf-8"), newline="")))
    assert len(intake.rows) + intake.left_out + intake.blank == len(records) - 1


@in_a_folder
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(tmp_path, data):
    for suffix in (".csv", ".xlsx", ".json"):
        path = tmp_path / f"firms{suffix}"
        path.write_bytes(data)
        with contextlib.suppress(UnreadableFile):
            read_file(path, FACTS, on=ON)
