"""Where packs are found, and which one applies to a territory."""

import pytest

from tests.packs.writing import write_texts
from tests.unit.rules.small_pack import NATIONAL, PROVINCE, refusal
from tidu.rules import library
from tidu.rules.library import default_library, load_library, pack_folders


@pytest.fixture
def folders(tmp_path):
    return [
        write_texts(tmp_path / "far", PROVINCE),
        write_texts(tmp_path / "base", NATIONAL),
    ]


def test_library_lays_provinces_over_the_base_in_any_order(folders):
    found = load_library(folders)

    assert (found.national.id, list(found.provinces)) == ("small", ["98"])
    assert list(found.facts) == [*found.national.facts, "far_green"]


@pytest.mark.parametrize(
    ("territory", "pack_id"),
    [
        ("980100", "far"),
        ("98", "far"),
        ("990100", "small"),
        ("9", "small"),
        ("", "small"),
        (None, "small"),
    ],
)
def test_territory_chooses_its_province(folders, territory, pack_id):
    assert load_library(folders).for_territory(territory).id == pack_id


def test_library_without_a_base_is_refused(folders):
    what, _, remedy = refusal(lambda: load_library(folders[:1]))

    assert what == "应恰有一个全国政策包，找到 0 个"
    assert remedy == "请检查安装，或环境变量 TIDU_PACKS"


def test_library_of_nothing_is_refused():
    assert refusal(lambda: load_library([]))[1] == "packs"


def test_library_with_two_bases_is_refused(folders, tmp_path):
    other = write_texts(tmp_path / "other", NATIONAL)

    assert refusal(lambda: load_library([*folders, other]))[0] == (
        "应恰有一个全国政策包，找到 2 个"
    )


def test_two_packs_of_one_territory_are_refused(folders, tmp_path):
    other = write_texts(tmp_path / "other", PROVINCE)

    assert refusal(lambda: load_library([*folders, other])) == (
        "区划 98 有两个地方包",
        "other",
        "只保留一个",
    )


def test_shipped_packs_come_first_then_those_named(monkeypatch, tmp_path):
    monkeypatch.setenv("TIDU_PACKS", f"{tmp_path / 'a'}:{tmp_path / 'b'}")

    names = [each.name for each in pack_folders()]

    assert names == ["demo_province", "national", "a", "b"]


def test_installed_packs_stand_beside_the_modules(monkeypatch, tmp_path):
    monkeypatch.delenv("TIDU_PACKS", raising=False)
    write_texts(tmp_path / "packs/one", NATIONAL)
    monkeypatch.setattr(library, "_HERE", tmp_path)

    assert [each.name for each in pack_folders()] == ["one"]


def test_default_library_is_read_once():
    assert default_library() is default_library()
    assert default_library().for_territory("991234").id == "demo_province"
