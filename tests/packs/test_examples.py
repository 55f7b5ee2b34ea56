"""Every example of both packs comes out as the law says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tidu.rules.examples import Example, compare, load_examples, run_examples, stand_of
from tidu.rules.overlays import lay_over
from tidu.rules.packs import Pack, load_pack

ROOT = Path(__file__).parents[2] / "packs"
NATIONAL = load_pack(ROOT / "national")
PROVINCE = lay_over(NATIONAL, ROOT / "demo_province")
CASES = [
    pytest.param(pack, example, id=f"{Path(example.place).stem} {example.name}")
    for pack in (NATIONAL, PROVINCE)
    for example in load_examples(pack, pack.folder)
]


@pytest.mark.parametrize(("pack", "example"), CASES)
def test_example_comes_out_as_stated(pack: Pack, example: Example):
    standing = stand_of(pack, example)

    assert [each.sentence() for each in compare(example, standing)] == []


def test_run_examples_of_the_province_fails_nowhere():
    assert run_examples(PROVINCE, PROVINCE.folder) == []


def test_each_rule_set_has_examples_for_every_kind_it_knows():
    shown = {
        (stand_of(NATIONAL, each).rule_set.name)
        for each in load_examples(NATIONAL, NATIONAL.folder)
        if stand_of(NATIONAL, each).rule_set
    }

    assert shown == {rule_set.name for rule_set in NATIONAL.rule_sets()}
