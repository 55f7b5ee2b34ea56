"""The benchmark's own parts: brute force and the page. Nothing is timed here."""

import itertools

import pytest

from benchmarks.narratives import END, START, brute_force, copied, with_part, written
from tests.redteam.firms import dice_of


def test_brute_force_is_what_sets_of_shingles_give():
    dice = dice_of("brute")
    texts = [written(dice) for _ in range(8)]
    texts += [copied(dice, each) for each in texts]
    sets = [
        {kept[n : n + 3] for n in range(len(kept) - 2)}
        for text in texts
        if (kept := "".join("0" if c.isdigit() else c for c in text if c.isalnum()))
    ]
    expected = {
        (left, right): len(sets[left] & sets[right]) / len(sets[left] | sets[right])
        for left, right in itertools.combinations(range(len(texts)), 2)
    }

    found = brute_force(texts)

    assert found
    assert found == pytest.approx({k: v for k, v in expected.items() if v >= 0.6})


def test_only_its_own_part_of_the_page_is_written():
    begun = with_part("# Casework\n\nOthers.\n", "first")
    again = with_part(f"{begun}\nMore.\n", "second")

    assert begun == f"# Casework\n\nOthers.\n\n\n{START}\n\nfirst\n\n{END}\n"
    assert again == begun.replace("first", "second") + "\nMore.\n"
    assert with_part("", "first").startswith("# Benchmarks of casework\n")
