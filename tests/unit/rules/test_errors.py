"""Errors of ours: one sentence in either language."""

from __future__ import annotations

import pytest

from tidu.rules.errors import PackError, TiduError
from tidu.rules.language import N_, Phrase, say


def test_a_finished_sentence_is_said_as_it_stands():
    error = TiduError("写不出 {这里}")
    assert str(error) == error.sentence(english=True) == "写不出 {这里}"


def test_a_pack_error_names_place_and_remedy():
    error = PackError("缺 id", place="a.yaml:3", remedy="请补上")
    assert error.sentence() == str(error) == "a.yaml:3: 缺 id；请补上"


@pytest.mark.parametrize(
    ("value", "chinese", "english"),
    [
        ("x", "结果：x", "Result: x"),
        (Phrase(N_("不详")), "结果：不详", "Result: not known"),
        (("a", Phrase(N_("不详"))), "结果：a、不详", "Result: a, not known"),
        ("{x}", "结果：{x}", "Result: {x}"),
    ],
)
def test_what_is_put_in_is_said_in_the_same_language(value, chinese, english):
    error = TiduError(N_("结果：{path}"), path=value)
    assert str(error) == chinese
    assert error.sentence(english=True) == english
    assert say(error.msgid, english=True, path=value) == english
