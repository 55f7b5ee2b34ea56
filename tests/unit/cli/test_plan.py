"""``tidu plan``: the JSON of the contract and a table an officer can act on."""

from __future__ import annotations

import json
from pathlib import Path

DEMO = Path(__file__).parents[3] / "samples/demo.xlsx"
ON = ("--on", "2026-06-01")


def test_json_is_as_the_contract_says(tidu):
    ran = tidu("plan", DEMO, *ON, "--to", "srdi_sme", "--enterprise", "91990221MA00000114",
               "--format", "json")  # fmt: skip
    [found] = json.loads(ran.out)
    assert set(found) == {"uscc", "to", "paths", "blocked_by"}
    [change] = found["paths"][0]["changes"]
    assert (change["fact"], change["from"], change["to"]) == (
        "rnd_expense@2026",
        "3584000.00",
        "3844000.00",
    )
    assert found["paths"][0]["earliest_round"] == 2028
    assert found["paths"][0]["effort"]["grade"] == "ours"


def test_table_shows_steps_and_what_people_must_judge(tidu):
    ran = tidu(
        "plan", DEMO, *ON, "--to", "srdi_sme", "--enterprise", "91990221MA00000114"
    )
    assert "358.4万元→384.4万元" in ran.out
    assert "还需人工认定" in ran.out


def test_blocked_firm_is_told_why(tidu):
    ran = tidu(
        "plan", DEMO, *ON, "--to", "srdi_sme", "--enterprise", "91990104MA00000181"
    )
    assert "“近三年数据造假”为“是”" in "".join(ran.out.split())


def test_every_firm_of_the_demo_gets_an_answer(tidu):
    ran = tidu("plan", DEMO, *ON, "--to", "little_giant", "--format", "json")
    found = json.loads(ran.out)
    assert len(found) == 40
    assert all(each["paths"] or each["blocked_by"] for each in found)
