"""Both packs are in order, and each kind of disorder is one clear sentence."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from tidu.rules.check import check_pack
from tidu.rules.yamlio import load_block

ROOT = Path(__file__).parents[2] / "packs"


def day_of_review(folder: Path) -> str:
    block = load_block(folder / "pack.yaml").take_block("review")
    assert block is not None
    return block.take_text("checked")


@pytest.mark.parametrize("name", ["national", "demo_province"])
def test_pack_is_in_order(name):
    day = datetime.date.fromisoformat(day_of_review(ROOT / name))

    assert [each.sentence() for each in check_pack(ROOT / name, day)] == []
