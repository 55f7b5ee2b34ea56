"""A second province, shaped unlike the first, loads and answers without a code change.

Its folder was written by the text of the how-to page alone. The page's own example is
taken from the page and checked too, so that what it shows works.
"""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from pathlib import Path

import pytest

from tests.packs.writing import write_texts
from tidu.planning.bundle import best_bundle
from tidu.rules.check import check_pack
from tidu.rules.divisions import load_divisions
from tidu.rules.entitlements import Package, put_together
from tidu.rules.facts import Facts
from tidu.rules.library import Library, load_library, pack_folders
from tidu.rules.measures import Confidence
from tidu.rules.outcomes import MET, UNKNOWN

HERE = Path(__file__).parent / "second_province"
PAGE = Path(__file__).parents[2] / "docs/how-to/add-your-citys-policies.md"
CHECKED = datetime.date(2026, 11, 24)
FILE = re.compile(r"^文件 `([^`]+)`：\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
POLICIES = "mechanisms/policies.yaml"
CASES = "examples/mechanisms/policies.yaml"
UPPER, LOWER = "980101", "980102"


@pytest.fixture
def library(monkeypatch) -> Library:
    monkeypatch.setenv("TIDU_PACKS", str(HERE))
    return load_library(pack_folders())


@pytest.fixture
def package(library):
    """The package of a software firm with everything filed, in a district."""

    def put(territory: str, on: str = "2026-06-01") -> Package:
        day = datetime.date.fromisoformat(on)
        values = {
            "holds_srdi": True,
            "holds_little_giant": True,
            "established_on": datetime.date(2024, 1, 1),
            "rnd_institution": "none",
            f"revenue@{day.year - 1}": Decimal(30_000_000),
            f"sj_premiums@{day.year - 1}": Decimal(100_000),
            f"sj_exports@{day.year - 1}": Decimal(1_000_000),
            "sj_products": frozenset({"software"}),
            "sj_copies_sold": Decimal(4),
            "sj_tenants": Decimal(3),
        }
        pack = library.for_territory(territory)
        return put_together(pack, Facts.of(values), on=day, territory=territory)

    return put


def test_second_province_is_in_order():
    assert [each.sentence() for each in check_pack(HERE, CHECKED)] == []


def test_the_example_of_the_page_is_in_order(tmp_path):
    files = dict(FILE.findall(PAGE.read_text("utf-8")))
    folder = write_texts(tmp_path / "trial_province", files)

    assert sorted(files) == [
        "documents/sy-policies.md",
        "examples/mechanisms/policies.yaml",
        "facts/local.yaml",
        "mechanisms/policies.yaml",
        "pack.yaml",
    ]
    assert [each.sentence() for each in check_pack(folder, CHECKED)] == []


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("pack.yaml", 'territory: "98"', 'territory: "9801"', "地方包按省载入"),
        (POLICIES, "start: apply", "", ""),
        (POLICIES, 'territory: "9801"', 'territory: "4401"', "不在本包区划"),
        (POLICIES, "id: sy_upgrade\n", "id: upgrade\n", "事项编号"),
        (POLICIES, "technical_upgrade", "upgrade", "国家措施没有开放项"),
        (POLICIES, "kind: terms", "kind: grant", "的 kind 与开放项"),
        (POLICIES, "    agency_english: city bureau of industry\n", "", "缺少"),
        (POLICIES, "    start: apply", "    starts: apply", "不认识的键"),
        (POLICIES, "clause: 第一条, grade", "clause: 第九条, grade", "没有标题"),
        (POLICIES, "min(rise * share, most)", "rise / 100", "数值不能这样写"),
        (POLICIES, "min(rise * share, most)", "rise * most", "金额不能乘以金额"),
        (POLICIES, "min(rise * share, most)", "min(rise, share)", "两边的单位不一致"),
        (POLICIES, "{id: rise,", "{id: revenue,", "已有别的含义"),
        (POLICIES, "fills: local_funds", "fills: technical_upgrade", "的 kind 与"),
        (CASES, "amount: 6万元", "amount: 60万元", "应为"),
        (CASES, "revenue: 4600万元,", "revenue: 4601万元,", "没有恰好在界线上的示例"),
    ],
)
def test_the_errors_of_the_page_are_said(tmp_path, name, old, new, said):
    texts = dict(FILE.findall(PAGE.read_text("utf-8")))
    assert old in texts[name]
    texts[name] = texts[name].replace(old, new, 1)
    folder = write_texts(tmp_path / "trial_province", texts)

    found = "\n".join(each.sentence() for each in check_pack(folder, CHECKED))

    assert said in found
    assert said in PAGE.read_text("utf-8")
    assert bool(found) is bool(said)


def test_two_policies_for_one_slot_at_one_time_are_told(tmp_path):
    texts = dict(FILE.findall(PAGE.read_text("utf-8")))
    second = "    choose_one: sy_awards\n    values:\n      least_growth"
    first, rest = texts[POLICIES].split("    choose_one: sy_awards\n", 1)
    texts[POLICIES] = first + rest.replace(
        second, f"    fills: local_funds\n{second}", 1
    )
    folder = write_texts(tmp_path / "trial_province", texts)

    assert [each.what for each in check_pack(folder, CHECKED)] == [
        "{one} 和 {two} 同时填写开放项 {slot}，时间重叠"
    ]


def test_page_lists_the_slots_that_the_measures_open(library):
    text = PAGE.read_text("utf-8")
    row = re.compile(r"^\| `(\w+)` \| (m\d\d) \| (\w+) \|", re.MULTILINE)
    slots = [
        (each.slot, each.measure, each.kind.value)
        for each in library.national.mechanisms.values()
        if each.slot
    ]

    assert row.findall(text) == slots


def test_second_province_stands_beside_the_first(library):
    assert library.for_territory(UPPER).id == "second_province"
    assert library.for_territory("990101").id == "demo_province"
    assert library.for_territory("110101") is library.national
    assert not library.national.mechanisms.keys() & {"sj_premium", "demo_bridge_loan"}


def test_its_divisions_have_no_cities(monkeypatch):
    monkeypatch.setenv("TIDU_PACKS", str(HERE))

    assert load_divisions(pack_folders()).full_name(UPPER) == "试江市上川区"


def test_policies_of_a_district_hold_there_only(package):
    upper, lower = package(UPPER), package(LOWER)

    assert upper.find("sj_rent").amount.value == 3000
    assert lower.find("sj_export_cover").amount.value == 500_000
    assert "sj_rent" not in {each.id for each in lower.entitlements}
    assert "sj_export_cover" not in {each.id for each in upper.entitlements}


def test_a_filled_slot_gives_way_and_an_open_one_depends(package):
    upper, lower = package(UPPER), package(LOWER)
    talent = lower.find("talent_policy")

    assert "talent_policy" not in {each.id for each in upper.entitlements}
    assert (talent.outcome, talent.confidence) == (UNKNOWN, Confidence.PLACE)
    assert talent.amount is None


@pytest.mark.parametrize(
    ("on", "filled"),
    [("2026-12-31", True), ("2027-01-01", False), ("2028-01-01", True)],
)
def test_a_pause_reopens_the_slot(package, on, filled):
    found = {each.id for each in package(UPPER, on).entitlements}

    assert ("sj_premium" in found, "premium_subsidy" in found) == (filled, not filled)


def test_bundle_takes_the_dearer_of_two_that_exclude_each_other(package):
    bundle = best_bundle(package(UPPER))
    kept = {each.id: each.worth for each in bundle.kept if each.worth}

    assert package(UPPER).find("sj_first_version").worth == 20_000
    assert kept == {"sj_premium": 30_000, "sj_rent": 3000, "sj_software": 30_000}
    assert [each.entitlement.id for each in bundle.given_up] == ["sj_first_version"]


def test_another_province_never_sees_its_policies(package):
    ids = {each.id for each in package("110101").entitlements}

    assert not [each for each in ids if each.startswith(("sj_", "demo_"))]
    assert package("110101").find("enterprise_plan").outcome is MET
