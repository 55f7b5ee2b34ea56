"""Names in parts and in normal form; every firm here is made up."""

import pytest

from tidu.registry.names import (
    exact_form,
    short_name,
    shorten_division,
    split_former,
    split_name,
    tidy,
)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("华某松（上海）科技有限公司", "华某松(上海)科技有限公司"),
        ("华某松〔上海〕科技有限公司", "华某松上海科技有限公司"),
        ("示范华某松科技有限责任公司", "示范华某松科技有限公司"),
        ("示范华某松 科技　有限公司\u200b", "示范华某松科技有限公司"),
        ("ＡＢＣ华某松科技有限公司", "abc华某松科技有限公司"),
        ("华某·松科技股份公司", "华某松科技股份有限公司"),
        ("华某松（集团）有限公司", "华某松集团有限公司"),
    ],
)
def test_spellings_of_one_name_have_one_exact_form(left, right):
    assert exact_form(left) == exact_form(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("华某松科技有限公司", "华某松科技股份有限公司"),
        ("华某松科技有限公司", "华某志科技有限公司"),
        ("宁波华某松科技有限公司", "宁波市华某松科技有限公司"),
        ("华某松集团有限公司", "华某松有限公司"),
    ],
)
def test_different_names_have_different_exact_forms(left, right):
    assert exact_form(left) != exact_form(right)


def test_a_name_falls_into_its_parts():
    parts = split_name("示范省启明市华某松精密机械股份有限公司")

    assert parts.division == "示范启明"
    assert parts.divisions == ("990100",)
    assert parts.trade == "华某松"
    assert parts.industry == "精密机械"
    assert parts.form == "股份有限公司"
    assert parts.core == "启明华某松精密机械"
    assert parts.bare == "华某松精密机械"
    assert not parts.group


@pytest.mark.parametrize(
    ("name", "division", "codes"),
    [
        ("启明华某松科技有限公司", "启明", ("990100",)),
        ("示范望岳丙川华某松科技有限公司", "示范望岳丙川", ("990223",)),
        ("丙川县华某松科技有限公司", "丙川", ("990223",)),
        ("华某松（启明）科技有限公司", "启明", ("990100",)),
        ("晨光华某松科技有限公司", "", ()),  # a district alone is no division
        ("晨光区华某松科技有限公司", "晨光", ("990102",)),
        ("启明晨光华某松科技有限公司", "启明晨光", ("990102",)),
        ("华某松科技有限公司", "", ()),
    ],
)
def test_the_division_is_read_where_names_carry_it(name, division, codes):
    parts = split_name(name)

    assert parts.division == division
    assert parts.divisions == codes
    assert parts.trade.endswith("华某松")


def test_a_short_division_before_the_industry_is_a_trade_name():
    assert split_name("启明科技有限公司").trade == "启明"
    assert split_name("启明科技有限公司").divisions == ()
    assert split_name("启明市科技有限公司").divisions == ("990100",)


def test_districts_of_one_name_are_all_kept():
    assert len(split_name("鼓楼区华某松科技有限公司").divisions) > 1
    assert split_name("南京鼓楼华某松科技有限公司").divisions == ("320106",)


@pytest.mark.parametrize(
    "name",
    ["华某松集团有限公司", "华某松（集团）有限公司", "华某松科技集团股份有限公司"],
)
def test_a_group_is_recognised(name):
    assert split_name(name).group
    assert "集团" not in split_name(name).core


def test_a_branch_stays_in_the_core():
    parts = split_name("启明华某松科技有限公司望岳分公司")

    assert parts.branch == "望岳分公司"
    assert parts.form == "有限公司"
    assert parts.core == "启明华某松科技望岳分公司"


def test_a_name_without_an_industry_word_is_all_trade_name():
    parts = split_name("启明华某松有限公司")

    assert (parts.trade, parts.industry) == ("华某松", "")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "甲某科技有限公司（原乙某实业有限公司）",
            ("甲某科技有限公司", "乙某实业有限公司"),
        ),
        (
            "甲某科技有限公司(曾用名：乙某（启明）有限公司)",
            ("甲某科技有限公司", "乙某(启明)有限公司"),
        ),
        ("甲某科技有限公司", ("甲某科技有限公司", "")),
        ("（原乙某）", ("(原乙某)", "")),
    ],
)
def test_a_former_name_behind_the_name_is_read(text, found):
    assert split_former(text) == found


@pytest.mark.parametrize("name", ["", " ", "公司", "有限公司", "()", "（）", "，", "a"])
def test_nothing_breaks_on_what_is_hardly_a_name(name):
    parts = split_name(name)

    assert parts.exact == exact_form(name)
    assert set(parts.trade) <= set(tidy(name))


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("启明市", "启明"),
        ("示范省", "示范"),
        ("内蒙古自治区", "内蒙古"),
        ("恩施土家族苗族自治州", "恩施"),
        ("浦东新区", "浦东"),
        ("大兴安岭地区", "大兴安岭"),
        ("神农架林区", "神农架"),
        ("沛县", "沛县"),
    ],
)
def test_a_division_is_shortened(name, short):
    assert short_name(name) == short


def test_leading_divisions_are_shortened_in_a_text():
    assert shorten_division("示范省启明市华某松") == "启明华某松"
    assert shorten_division("华某松") == "华某松"
    assert shorten_division("") == ""
