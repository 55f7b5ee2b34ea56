"""One collection round: files of the same firms become one, and nothing is dropped."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from tidu.intake import read_file
from tidu.intake.contacts import read_contacts
from tidu.intake.merging import find_firm, merge
from tidu.rules.library import default_library

from .conftest import CODE, ON, OTHER


@pytest.fixture
def merged(tmp_path):
    """Write each list of firms as a file, read them all and merge them."""

    def read(*files):
        intakes = []
        for at, firms in enumerate(files):
            path = tmp_path / f"f{at}.json"
            path.write_text(json.dumps(firms, ensure_ascii=False), "utf-8")
            intakes.append(read_file(path, default_library().facts, on=ON))
        return merge(intakes)

    return read


def told(firm, key):
    return [(each.value, each.file) for each in firm.told[key]]


def test_a_firm_is_known_by_its_code(merged):
    (firm,) = merged(
        [{"uscc": CODE, "name": "甲", "revenue@2025": 100}],
        [{"uscc": CODE, "name": "甲", "employees@2025": 30}],
    )

    assert firm.facts.flat() == {
        "uscc": CODE,
        "name": "甲",
        "revenue@2025": Decimal(1_000_000),
        "employees@2025": 30,
    }
    assert firm.files == ("f0.json", "f1.json")
    assert firm.facts.sources["employees@2025"] == "f1.json 第1行"
    assert firm.conflicts == []


def test_without_a_code_the_name_tells(merged):
    firms = merged(
        [{"name": "甲（虚构）", "revenue@2025": 100}],
        [{"uscc": CODE, "name": "甲(虚构)"}, {"uscc": OTHER, "name": "乙"}],
    )

    assert [(firm.uscc, firm.name) for firm in firms] == [
        (CODE, "甲（虚构）"),
        (OTHER, "乙"),
    ]
    assert firms[0].facts.get("revenue@2025") == Decimal(1_000_000)


def test_two_files_without_codes_meet_by_name(merged):
    (firm,) = merged(
        [{"name": "甲", "revenue@2025": 1}], [{"name": "甲", "high_tech": "是"}]
    )

    assert firm.files == ("f0.json", "f1.json")


def test_a_name_that_two_firms_have_tells_nothing(merged):
    firms = merged(
        [{"uscc": CODE, "name": "甲"}, {"uscc": OTHER, "name": "甲"}],
        [{"name": "甲", "revenue@2025": 1}],
    )

    assert [firm.uscc for firm in firms] == [CODE, OTHER, None]


def test_firms_without_code_and_name_stay_apart(merged):
    firms = merged([{"revenue@2025": 1}, {"revenue@2025": 2}])

    assert [firm.at for firm in firms] == ["f0.json 1", "f0.json 2"]


def test_the_file_named_first_counts_and_the_other_stays_beside(merged):
    (firm,) = merged(
        [{"name": "甲", "revenue@2025": 100}],
        [{"uscc": CODE, "name": "甲", "revenue@2025": 101}],
        [{"uscc": CODE, "name": "甲", "revenue@2025": 100}],
    )

    assert firm.conflicts == ["revenue@2025"]
    assert told(firm, "revenue@2025") == [
        (Decimal(1_000_000), "f0.json"),
        (Decimal(1_010_000), "f1.json"),
        (Decimal(1_000_000), "f2.json"),
    ]
    assert firm.facts.get("revenue@2025") == Decimal(1_000_000)


def test_what_could_be_read_of_a_row_with_an_error_counts(merged):
    (firm,) = merged([{"uscc": CODE, "revenue@2025": "很多", "employees@2025": 3}])

    assert firm.facts.flat() == {"uscc": CODE, "employees@2025": 3}


def test_a_row_of_another_list_is_found_by_code_or_name(merged, tmp_path):
    firms = merged([{"uscc": CODE, "name": "甲"}, {"name": "乙"}, {"name": "丙"}])
    path = tmp_path / "list.csv"
    rows = [f"旧名,{CODE}", "乙,", f"丙,{OTHER}", f"甲,{OTHER}", "丁,", "甲,", ",x"]
    path.write_text("\n".join(["企业名称,统一社会信用代码", *rows]), "utf-8")

    listed = read_file(path, default_library().facts, on=ON).rows

    found = [find_firm(row, firms) for row in listed]
    names = [firm.name if firm else None for firm in found]
    assert names == ["甲", "乙", "丙", None, None, "甲", None]


def test_contacts_stand_beside_the_rows(tmp_path):
    path = tmp_path / "list.csv"
    text = "应报名单\n企业名称,联系人,联系电话\n甲,张,0990-1\n乙,,0990-2\n丙\n"
    path.write_text(text, "utf-8")

    assert read_contacts(path) == {
        ("", 3): ("张", "0990-1"),
        ("", 4): ("", "0990-2"),
        ("", 5): ("", ""),
    }


def test_a_list_without_contacts_has_none(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("企业名称\n甲\n", "utf-8")

    assert read_contacts(path) == {}
