"""The divisions shipped, and lists that cannot be used."""

import re

import pytest

from tests.house.tree import ROOT
from tidu.rules.divisions import (
    Nearness,
    default_divisions,
    load_divisions,
    nearness,
)
from tidu.rules.errors import PackError

HEAD = "code,name,level,parent\n"
NATIONAL = "id: a\n"
PROVINCE = "id: b\nextends: a\nterritory: '98'\n"


@pytest.fixture(scope="module")
def divisions():
    return default_divisions()


def folder(
    tmp_path, rows: str, name: str = "a", text: str = NATIONAL, head: str = HEAD
):
    made = tmp_path / name
    (made / "lists").mkdir(parents=True)
    (made / "pack.yaml").write_text(text, encoding="utf-8")
    (made / "lists/divisions.csv").write_text(head + rows, encoding="utf-8")
    return made


def test_a_county_has_its_full_name(divisions):
    assert divisions.full_name("990223") == "示范省望岳市丙川县"
    assert divisions.full_name("330282") == "浙江省宁波市慈溪市"
    assert divisions.full_name("110105") == "北京市朝阳区"


def test_a_prefix_stands_for_its_division(divisions):
    assert divisions.name("9901") == "启明市"
    assert divisions.name("99") == "示范省"
    assert divisions.full_name("9901") == "示范省启明市"
    assert divisions.level("9901") == 2
    assert divisions.level("990102") == 3


def test_an_unlisted_code_has_no_name_but_a_nearest_division(divisions):
    assert divisions.name("990188") == ""
    assert divisions.level("990188") is None
    assert divisions.find("990188") is None
    assert divisions.nearest("990188").name == "启明市"
    assert divisions.full_name("998888") == "示范省"
    assert divisions.nearest("000000") is None
    assert divisions.full_name("") == ""


def test_parents_follow_the_prefix(divisions):
    assert divisions.parent("990102").name == "启明市"
    assert divisions.parent("990100").name == "示范省"
    assert divisions.parent("990000") is None
    assert divisions.parent("419001").name == "河南省"
    assert divisions.parent("990188").name == "启明市"


def test_children_are_those_directly_below(divisions):
    assert [d.name for d in divisions.children("99")] == ["启明市", "望岳市"]
    assert [d.code for d in divisions.children("9902")] == [
        "990221",
        "990222",
        "990223",
    ]
    assert divisions.children("990221") == ()
    assert len(divisions.children("110000")) == 16
    assert len(divisions.children()) == 35


def test_the_shipped_list_counts_as_its_note_says(divisions):
    national = [d for d in divisions if not d.code.startswith("99")]
    levels = [sum(d.level == level for d in national) for level in (1, 2, 3)]
    note = (ROOT / "packs/national/lists/divisions.md").read_text(encoding="utf-8")

    assert levels == [34, 333, 2847]
    assert f"共{len(national):,}条：省级34，地级333，县级2,847" in note
    assert len(divisions) == len(national) + 9


def test_the_made_up_names_stand_for_no_real_place(divisions):
    fictional = [d.name for d in divisions if d.code.startswith("99")]
    real = {d.name[:2] for d in divisions if not d.code.startswith("99")}

    assert [name for name in fictional if name[:2] in real] == []


def test_every_division_the_sample_uses_is_listed(divisions):
    text = (ROOT / "samples/demo_firms.yaml").read_text(encoding="utf-8")
    used = set(re.findall(r"division: '(99\d{4})'", text))

    assert used
    assert sorted(code for code in used if not divisions.name(code)) == []


@pytest.mark.parametrize(
    ("rows", "what"),
    [
        ("980000,甲省,1,\n980000,乙省,1,\n", r"csv:3: 区划代码 980000 已在 .*csv:2；"),
        (
            "980000,甲省,1,\n980101,乙县,3,980100\n",
            "csv:3: 980101 的上级写的是 980100；按代码应为 980000",
        ),
        ("980000,甲省,1,990000\n", "csv:2: 980000 的上级写的是 990000；按代码应为 空"),
        (
            "980000,甲省,1,\n980100,乙市,2,\n",
            "csv:3: 980100 的上级写的是 空；按代码应为 980000",
        ),
        ("980000,甲省,2,\n", "csv:2: 读不懂这一行：980000,甲省,2；"),
        ("98000,甲省,1,\n", "读不懂这一行"),
        ("９８００００,甲省,1,\n", "读不懂这一行"),
        ("980000,,1,\n", "读不懂这一行"),
    ],
)
def test_a_wrong_row_is_refused_with_its_place(tmp_path, rows, what):
    with pytest.raises(PackError, match=what):
        load_divisions([folder(tmp_path, rows)])


def test_other_columns_are_refused(tmp_path):
    with pytest.raises(PackError, match="应为 code,name,level,parent"):
        load_divisions([folder(tmp_path, "", head="code,name\n")])


def test_a_province_lists_only_its_own_territory(tmp_path):
    right = folder(tmp_path, "980000,甲省,1,\n", "b", PROVINCE)
    wrong = folder(tmp_path, "970000,甲省,1,\n", "c", PROVINCE)

    assert load_divisions([right]).name("98") == "甲省"
    with pytest.raises(PackError, match="970000 不在本包的区划 98 之内"):
        load_divisions([wrong])


def test_a_pack_without_a_list_is_passed_over(tmp_path):
    assert len(load_divisions([tmp_path])) == 0


@pytest.mark.parametrize(
    ("left", "right", "near"),
    [
        ("990102", "990103", Nearness.SAME_CITY),
        ("990100", "990103", Nearness.SAME_CITY),
        ("990102", "990221", Nearness.CONFLICT),
        ("990102", "980102", Nearness.CONFLICT),
        ("990000", "990221", Nearness.SAME_PROVINCE),
        ("99", "990221", Nearness.SAME_PROVINCE),
        ("500101", "500235", Nearness.SAME_CITY),
        ("", "990221", Nearness.UNKNOWN),
        ("990221", "", Nearness.UNKNOWN),
    ],
)
def test_places_are_compared_down_to_the_city(left, right, near):
    assert nearness(left, right) is near
    assert nearness(right, left) is near
