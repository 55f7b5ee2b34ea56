"""Draws that anybody can repeat: commitment, strata, what was changed is found."""

import dataclasses
import hashlib
import re
import subprocess
from fractions import Fraction

import pytest

from tests.house.tree import ROOT
from tidu.casework.draw import (
    Drawable,
    DrawError,
    DrawRule,
    announce,
    check_draw,
    commitment_to,
    digest_of_list,
    hold,
    new_secret,
    numbers_by_stratum,
    seed_of,
)

SECRET = "示例密语"


def cases(**strata):
    return [
        Drawable(f"{name}-{at:03}", name)
        for name, count in strata.items()
        for at in range(count)
    ]


def held(listed, rule, secret=SECRET, public="0731"):
    return hold(listed, announce(listed, secret, rule), secret, public)


def test_a_count_is_drawn_and_can_be_repeated():
    listed = cases(甲=20, 乙=10)

    found = held(listed, DrawRule(count=6))

    assert {name: len(each) for name, each in found.drawn.items()} == {"乙": 2, "甲": 4}
    assert held(listed[::-1], DrawRule(count=6)) == found
    assert check_draw(found, listed) == []
    assert held(listed, DrawRule(count=6), public="0732").numbers != found.numbers


def test_the_lowest_tickets_are_drawn():
    listed = cases(甲=9)
    seed = seed_of(SECRET, "0731")

    def lot(number):
        return hashlib.sha256(f"{seed}\n{number}".encode()).hexdigest()

    expected = sorted((each.number for each in listed), key=lot)[:3]

    assert list(held(listed, DrawRule(count=3)).numbers) == expected


def test_a_share_is_rounded_up_in_each_stratum():
    found = held(cases(甲=11, 乙=10, 丙=1), DrawRule(share=Fraction(1, 10)))

    assert {n: len(each) for n, each in found.drawn.items()} == {
        "丙": 1,
        "乙": 1,
        "甲": 2,
    }


@pytest.mark.parametrize(
    ("sizes", "rule", "expected"),
    [
        ({"a": 50, "b": 30, "c": 20}, DrawRule(count=10), {"a": 5, "b": 3, "c": 2}),
        ({"a": 1, "b": 1, "c": 1}, DrawRule(count=2), {"a": 1, "b": 1, "c": 0}),
        ({"a": 96, "b": 4}, DrawRule(count=10, least=2), {"a": 8, "b": 2}),
        ({"a": 96, "b": 1}, DrawRule(count=10, least=2), {"a": 9, "b": 1}),
        ({"a": 5, "b": 5}, DrawRule(count=4, least=2), {"a": 2, "b": 2}),
        ({"a": 5, "b": 1}, DrawRule(share=Fraction(0), least=2), {"a": 2, "b": 1}),
        ({}, DrawRule(count=0), {}),
    ],
)
def test_how_many_come_from_each_stratum(sizes, rule, expected):
    assert numbers_by_stratum(sizes, rule) == expected


def test_secrets_differ_and_commitments_bind():
    first, second = new_secret(), new_secret()

    assert first != second
    assert commitment_to(first) != commitment_to(second)
    assert digest_of_list(cases(甲=2)) != digest_of_list(cases(甲=3))


def test_another_list_or_secret_is_refused():
    listed = cases(甲=5)
    announced = announce(listed, SECRET, DrawRule(count=1))

    with pytest.raises(DrawError, match="名单与公布的摘要不符"):
        hold(listed[1:], announced, SECRET)
    with pytest.raises(DrawError, match="密语与公布的承诺不符"):
        hold(listed, announced, "别的")


def test_a_published_draw_that_was_changed_is_found():
    listed = cases(甲=5, 乙=5)
    found = held(listed, DrawRule(count=2))
    other = next(
        c.number for c in listed if c.stratum == "甲" and c.number not in found.numbers
    )
    changed = dataclasses.replace(found, drawn={"甲": (other,), "丁": ("丁-1",)})

    told = check_draw(changed, listed)

    assert len(told) == 3
    assert told[0] == "丁应抽中-，公布的是丁-1"
    assert "甲应抽中" in told[2]
    assert check_draw(found, listed[1:]) == ["名单与公布的摘要不符；请用公布时的名单"]


@pytest.mark.parametrize(
    "wrong",
    [
        DrawRule,
        lambda: DrawRule(count=1, share=Fraction(1, 2)),
        lambda: DrawRule(count=-1),
        lambda: DrawRule(share=Fraction(3, 2)),
        lambda: DrawRule(count=1, least=-1),
        lambda: announce(cases(甲=1), SECRET, DrawRule(count=2)),
        lambda: announce(cases(甲=3, 乙=3), SECRET, DrawRule(count=3, least=2)),
        lambda: announce(cases(甲=2) + cases(甲=1), SECRET, DrawRule(count=1)),
        lambda: announce([Drawable("一\n二")], SECRET, DrawRule(count=1)),
        lambda: announce([Drawable("一", "甲,乙")], SECRET, DrawRule(count=1)),
    ],
)
def test_what_cannot_be_drawn_is_refused(wrong):
    with pytest.raises(DrawError):
        wrong()


def test_the_example_of_the_page_is_right(tmp_path):
    page = (ROOT / "docs/explanation/draws.md").read_text("utf-8")
    script, check = re.findall(r"```sh\n(.*?)```", page, re.DOTALL)
    listed = [Drawable(f"2026-{at:04}", "990102") for at in range(1, 6)]
    announced = announce(listed, "example secret", DrawRule(count=2))

    found = hold(listed, announced, "example secret", "0731")

    assert announced.list_digest in page
    assert announced.commitment in page
    assert seed_of("example secret", "0731") in page
    assert f"drawn: {found.numbers[0]}, {found.numbers[1]}" in page
    ran = subprocess.run(["/bin/sh", "-ec", script], capture_output=True, check=True)
    digest, commitment, seed, *lots = ran.stdout.decode().splitlines()
    assert digest == announced.list_digest
    assert commitment == announced.commitment
    assert seed == seed_of("example secret", "0731")
    assert tuple(each.split()[1] for each in lots[:2]) == found.numbers
    lines = "\n".join(f"{each.stratum},{each.number}" for each in listed)
    (tmp_path / "inspection.txt").write_text(lines, encoding="utf-8")
    ran = subprocess.run(
        ["/bin/sh", "-ec", check], capture_output=True, check=True, cwd=tmp_path
    )
    commitment, digest, *lots = ran.stdout.decode().splitlines()
    assert commitment.split()[0] == announced.commitment
    assert digest.split()[0] == announced.list_digest
    assert tuple(each.split()[2] for each in lots[:2]) == found.numbers
