"""The same story, literally or with words replaced; one's own group may tell it."""

from tests.redteam.firms import dice_of
from tests.redteam.forging import _replaced, _shuffled
from tests.redteam.wording import narrative
from tests.unit.casework.integrity.applying import application, cases
from tidu.casework.integrity.applications import Narrative
from tidu.casework.integrity.limits import DEFAULT
from tidu.casework.integrity.narratives import similar_narratives

TEXT = narrative(dice_of("one"), "C3562", 700)
OTHER = narrative(dice_of("two"), "C3562", 700)


def telling(*texts, **parts):
    return [
        application(f"C{n}", narratives=(Narrative("创新能力", text),), **parts)
        for n, text in enumerate(texts)
    ]


def found(applications):
    return list(similar_narratives(applications, DEFAULT))


def test_a_copy_is_told_at_both_and_a_stranger_of_the_trade_is_not():
    signals = found(telling(TEXT, TEXT, OTHER))

    assert cases(signals) == ["C0", "C1"]
    assert signals[0].seen.sentence() == "“创新能力”一节与案卷C1的“创新能力”100%相同"
    assert [each.case for each in signals[0].places] == ["C0", "C1"]


def test_ones_own_name_is_taken_out_first():
    lines = [f"公司{n}" for n in range(40)]
    texts = ["虚构C0有限公司".join(lines), "虚构C1有限公司".join(lines)]

    assert found(telling(*texts))[0].seen.sentence().endswith("100%相同")


def test_replaced_words_leave_the_order():
    words = _replaced(dice_of("words"), TEXT, 1.0)
    many = "".join(
        each + ("确" if place % 12 == 0 else "") for place, each in enumerate(words)
    )

    (signal, _) = found(telling(TEXT, many))

    assert "换了词语" in signal.seen.sentence()


def test_sentences_in_another_order_are_still_the_same():
    assert cases(found(telling(TEXT, _shuffled(dice_of("order"), TEXT)))) == [
        "C0",
        "C1",
    ]


def test_a_confirmed_group_and_one_firms_own_sections_may_be_alike():
    own = application(
        "C1", narratives=(Narrative("创新能力", TEXT), Narrative("主导产品", TEXT))
    )

    assert found(telling(TEXT, TEXT, group="G")) == []
    assert found([own]) == []


def test_short_texts_are_alike_by_chance():
    assert found(telling("公司主导产品为划片机。", "公司主导产品为划片机。")) == []


def test_further_copies_are_counted():
    signals = found(telling(TEXT, TEXT, TEXT))

    assert signals[0].related == ("C1", "C2")
    assert signals[0].seen.sentence().endswith("；还与另外1家的文字雷同")
    assert {each.tie.key for each in signals} == {"text:C0"}
