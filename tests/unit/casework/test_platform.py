"""The national platform's sheet and results: read, matched, never guessed."""

from decimal import Decimal

import pytest

from tests.unit.casework.cases import LITTLE_GIANT, call, office, submitted
from tidu.casework.platform import (
    MODULES,
    Listed,
    difference,
    fill_in_rows,
    match_results,
    own_result,
    read_results,
)
from tidu.casework.queries import pack_for
from tidu.rules.library import default_library


def read(*rows):
    return read_results(list(enumerate(rows)))


def test_rows_are_read_below_their_heads_in_any_order():
    found = read(
        ["示范公告（虚构）"],
        ["序号", "结果", "统一社会信用代码", "企业名称"],
        [1, "通过", "9199", "甲"],
        [None, None, None, None],
        [2, " 不通过 ", "9198", "乙"],
    )

    assert [(each.row, each.name, each.certified) for each in found] == [
        (3, "甲", True),
        (5, "乙", False),
    ]


@pytest.mark.parametrize(
    "heads", [["企业名称", "得分"], ["结果"], ["企业", "通过吗"], []]
)
def test_a_sheet_without_the_heads_is_none(heads):
    assert read(heads, ["甲", "通过"]) is None


@pytest.mark.parametrize("word", ["待定", "", "通过?", "不"])
def test_a_word_that_is_unclear_decides_nothing(word):
    assert Listed(1, "甲", "", "", "", word).certified is None


def test_every_fact_of_the_sheet_is_in_the_dictionary():
    facts = default_library().national.facts

    assert len(MODULES) == 12
    assert {fact for _m, ids, _o in MODULES for fact in ids} <= facts.keys()


@pytest.mark.django_db
def test_the_sheet_gives_the_frozen_figures():
    for level in ("county", "city", "province"):
        office(level)
    case, _by = submitted(call(scheme="little_giant"), LITTLE_GIANT)

    rows = list(fill_in_rows(case, pack_for(case), english=False))

    by_name = {(row[1], row[2]): row for row in rows}
    assert by_name["营业收入", "2025"][3] == "8,000万元"
    assert by_name["营业收入", "2023"][3] == "6,000万元"
    assert by_name["企业名称", ""][3] == case.enterprise.name
    assert by_name["联系人", ""][3] == "虚构会计"
    assert all(bool(row[3]) is not bool(row[5]) for row in rows)
    assert own_result(case)["outcome"] == "manual"


@pytest.mark.django_db
def test_two_firms_of_one_name_are_not_guessed():
    for level in ("county", "city", "province"):
        office(level)
    opened = call()
    one, _by = submitted(opened)
    two, _by = submitted(opened)
    two.enterprise.name = one.enterprise.name
    two.enterprise.save(update_fields=["name"])

    (found,) = match_results(
        opened, [Listed(2, one.enterprise.name, "", "", "", "通过")]
    )

    assert found.case is None
    assert found.problem


# -- beside what was found here ------------------------------------------------------


@pytest.fixture
def case(db):
    for level in ("county", "city", "province"):
        office(level)
    return submitted(call())[0]


def found(case, outcome, score=None, ends=None):
    record = {"outcome": outcome, "score": score}
    if ends:
        record["score_range"] = ends
    case.assessment.result[case.round.scheme] = record


def said(case, certified, score="", *, above=True):
    return difference(case, certified=certified, score=score, above=above)


@pytest.mark.parametrize(
    ("own", "certified", "above", "says"),
    [
        ("manual", True, True, ()),
        ("met", True, True, ()),
        ("unmet", True, True, ("通过了，提交时的评估是不符合",)),
        ("manual", False, True, ("本级已推荐，上级没有通过",)),
        ("met", False, False, ("提交时的评估是符合，没有通过",)),
        ("unmet", False, False, ()),
        ("unknown", None, True, ()),
    ],
)
def test_another_decision_is_said_plainly(case, own, certified, above, says):
    found(case, own)

    made = said(case, certified, above=above)

    assert made.sentences == says
    assert made.decided is bool(says)


@pytest.mark.parametrize(
    ("score", "ends", "theirs", "points"),
    [
        (71, None, "71", "0"),
        ("71.0", None, "73.5", "2.5"),
        (71, None, "48", "-23"),
        (None, [60, 75], "70", "0"),
        (None, [60, 75], "80", "5"),
        (None, [60, 75], "50", "-10"),
        (None, None, "70", None),
        (71, None, "", None),
        (71, None, "七十", None),
    ],
)
def test_points_are_compared_where_both_are_known(case, score, ends, theirs, points):
    found(case, "manual", score, ends)

    made = said(case, certified=True, score=theirs)

    assert made.points == (None if points is None else Decimal(points))
    assert bool(made.sentences) is (points not in {None, "0"})
