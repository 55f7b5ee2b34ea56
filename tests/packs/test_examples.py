"""Every worked case a pack ships with, and the pack as a whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from tidu.rules.check import check_pack
from tidu.rules.examples import compare, load_examples, stand_of
from tidu.rules.library import default_library

PACKS = Path(__file__).parents[2] / "packs"
LIBRARY = default_library()
EXAMPLES = [
    *(
        (LIBRARY.national, e)
        for e in load_examples(LIBRARY.national, PACKS / "national")
    ),
    *(
        (LIBRARY.provinces["99"], e)
        for e in load_examples(LIBRARY.provinces["99"], PACKS / "demo_province")
    ),
]


@pytest.mark.parametrize(
    ("pack", "example"), EXAMPLES, ids=[f"{e.scheme}-{e.name}" for _, e in EXAMPLES]
)
def test_example_comes_out_as_stated(pack, example):
    assert compare(example, stand_of(pack, example)) == []


@pytest.mark.parametrize("name", ["national", "demo_province"])
def test_pack_is_in_order(name):
    assert [each.sentence() for each in check_pack(PACKS / name)] == []
