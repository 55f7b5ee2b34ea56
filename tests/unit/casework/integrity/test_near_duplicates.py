"""Near-duplicates among many texts, against comparing all with all."""

import itertools

import pytest

from tests.redteam.firms import dice_of
from tests.redteam.wording import narrative
from tidu.casework.integrity import near_duplicates as module
from tidu.casework.integrity.near_duplicates import Corpus, near_duplicates, normalise


def shingles(text):
    kept = "".join("0" if c.isdigit() else c for c in text if c.isalnum())
    return {kept[place : place + 3] for place in range(len(kept) - 2)}


def jaccard(left, right):
    one, other = shingles(left), shingles(right)
    return len(one & other) / len(one | other)


def changed(dice, text, share):
    return "".join(
        chr(dice.randint(0x4E00, 0x9000)) if dice.random() < share else each
        for each in text
    )


@pytest.fixture(scope="module")
def texts():
    dice = dice_of("near")
    own = [narrative(dice, "C3562", 500) for _ in range(150)]
    copies = [changed(dice, each, dice.uniform(0, 0.14)) for each in own[:90]]
    return [*own, *copies]


def test_they_are_those_of_comparing_all_with_all(texts):
    expected = {
        (left, right): index
        for left, right in itertools.combinations(range(len(texts)), 2)
        if (index := jaccard(texts[left], texts[right])) >= 0.6
    }
    found = {(each.left, each.right): each.jaccard for each in near_duplicates(texts)}

    assert len(expected) > 40
    assert found.keys() <= expected.keys()
    assert len(found) >= 0.98 * len(expected)
    assert found == pytest.approx({key: expected[key] for key in found})


def test_alignment_finds_what_shingles_no_longer_show(texts):
    text = texts[0]
    scattered = "".join(
        each + ("啊" if n % 4 == 0 else "") for n, each in enumerate(text)
    )
    corpus = [text, scattered, *texts[1:40]]

    assert list(near_duplicates(corpus)) == []
    (pair,) = near_duplicates(corpus, alignment=0.6)
    assert (pair.left, pair.right) == (0, 1)
    assert pair.jaccard < 0.6
    assert pair.alignment > 0.85


def test_what_very_many_texts_say_ties_none_and_what_they_copied_whole_does():
    dice = dice_of("stock")
    stock = narrative(dice, "C3562", 300)
    own = [narrative(dice, "C3562", 500) for _ in range(500)]
    corpus = [stock + each for each in own[:499]] + [own[0] + own[1][:60]] * 2

    found = {(each.left, each.right) for each in near_duplicates(corpus)}

    assert (499, 500) in found
    assert len(found) < 50


def test_more_texts_get_longer_bands(texts, monkeypatch):
    few = {(each.left, each.right) for each in near_duplicates(texts)}
    monkeypatch.setattr(module, "_MANY", len(texts))

    many = {(each.left, each.right) for each in near_duplicates(texts)}

    assert many <= few
    assert len(many) >= 0.95 * len(few)


def test_a_crowd_of_one_text_is_chained_and_stays_connected(texts):
    count = module._CROWD + 5

    found = {(each.left, each.right) for each in near_duplicates([texts[0]] * count)}

    assert {(0, each) for each in range(1, count)} <= found
    assert len(found) == 2 * count - 3


@pytest.mark.parametrize("corpus", [[], [""], ["", ""], ["甲乙", "甲乙", "。"]])
def test_texts_without_a_shingle_are_like_no_other(corpus):
    assert list(near_duplicates(corpus)) == []


def test_marks_width_and_digits_do_not_count():
    assert bytes(normalise("２０２５年，ＡＢ 增长 12.5%")) == bytes(
        normalise("1999年ab增长345")
    )


def test_rare_characters_stay():
    corpus = Corpus(["𠮷野家", "丽"])

    assert corpus.text(0) == "𠮷野家"
    assert corpus.text(1) == "丽"
    assert len(corpus.shingles(0)) == 2
