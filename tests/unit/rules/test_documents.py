"""Documents restated: head, clauses, anchors, and where a clause stands."""

import pytest

from tidu.rules.documents import (
    anchor,
    default_documents,
    place_of_clause,
    read_document,
)

TEXT = """# 虚构办法

文号：示范〔2026〕1号
核对程度：restated

以下是复述，不是原文：以官方文本为准。

## 第一条

第一段。
第二段。

## 附表 一

表。
"""


@pytest.fixture
def document(tmp_path):
    path = tmp_path / "1-2026.md"
    path.write_text(TEXT, "utf-8")
    return read_document(path, "99")


def test_a_document_has_a_head_a_lead_and_clauses(document):
    assert document.title == "虚构办法"
    assert document.number == "示范〔2026〕1号"
    assert document.head == (("文号", "示范〔2026〕1号"), ("核对程度", "restated"))
    assert document.lead == ("以下是复述，不是原文：以官方文本为准。",)
    assert [(c.heading, c.anchor) for c in document.clauses] == [
        ("第一条", "第一条"),
        ("附表 一", "附表-一"),
    ]
    assert document.clauses[0].paragraphs == ("第一段。", "第二段。")
    assert document.territory == "99"
    assert document.has("第一条")
    assert not document.has("第二条")


def test_a_document_without_number(tmp_path):
    path = tmp_path / "x.md"
    path.write_text("# 口径\n", "utf-8")

    assert read_document(path).number == ""


def test_an_anchor_is_that_of_the_first_clause():
    assert anchor("第六条、第八条") == "第六条"


@pytest.mark.parametrize(
    ("clause", "own", "place"),
    [
        ("附件2-1", "63-2022", ("63-2022", "附件2-1")),
        ("117号-不予推荐", "2-2026", ("117-2026", "117号-不予推荐")),
        ("示范省通知（虚构）", "63-2022", ("demo-notice", "示范省通知（虚构）")),
        ("附件2-1", "nothing", ("", "")),
        ("第九百条", "63-2022", ("", "")),
    ],
)
def test_a_clause_is_found_in_its_own_document_first(clause, own, place):
    assert place_of_clause(clause, own, default_documents()) == place


def test_every_document_of_the_packs_has_a_title_and_clauses():
    for each in default_documents().values():
        assert each.title
        assert each.clauses
