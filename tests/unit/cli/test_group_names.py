"""What provinces, industries and scenarios are called on the screen."""

from __future__ import annotations

import dataclasses

import pytest

from tidu.cli.group_names import GroupNames, names_in, scenario_name
from tidu.rules.library import default_library

LIBRARY = default_library()


def with_lists(folder, **lists):
    """The library with these lists alone, each as the text of a CSV file."""
    (folder / "lists").mkdir()
    for name, text in lists.items():
        path = folder / "lists" / f"{name}.csv"
        path.write_text("code,name,level,parent\n" + text, encoding="utf-8")
    national = dataclasses.replace(LIBRARY.national, folder=folder)
    return dataclasses.replace(LIBRARY, national=national)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("26", "26 化学原料和化学制品制造业"),
        ("01", "01 农业"),
        ("C", "C 制造业"),
        ("00", "00"),
        ("", ""),
        (None, "不详"),
    ],
)
def test_industries_carry_the_names_of_the_standard(code, name):
    assert GroupNames(LIBRARY, english=False).industry(code) == name


@pytest.mark.parametrize(
    ("code", "chinese", "english"),
    [
        ("99", "99（省）", "99 (province)"),
        ("1", "1", "1"),
        ("x1", "x1", "x1"),
        (None, "不详", "not known"),
    ],
)
def test_a_province_nobody_lists_is_its_code_and_level(
    tmp_path, code, chinese, english
):
    library = with_lists(tmp_path)
    assert GroupNames(library, english=False).province(code) == chinese
    assert GroupNames(library, english=True).province(code) == english


def test_a_province_on_the_list_carries_its_name_in_either_language(tmp_path):
    library = with_lists(
        tmp_path, divisions="990000,示范省,1,\n990100,示范市,2,990000\n"
    )
    for english in (False, True):
        assert GroupNames(library, english=english).province("99") == "99 示范省"


def test_a_pack_without_lists_names_nothing(tmp_path):
    assert names_in(tmp_path, "divisions.csv") == {}
    (tmp_path / "own").mkdir()
    library = with_lists(tmp_path / "own")
    assert GroupNames(library, english=False).industry("26") == "26"


def test_the_scenario_of_single_changes_has_a_word_in_either_language():
    assert scenario_name("scenario", english=False) == "方案"
    assert scenario_name("scenario", english=True) == "scenario"
    assert scenario_name("宽", english=True) == "宽"
