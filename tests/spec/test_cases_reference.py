"""The reference of cases is up to date; TIDU_WRITE_DOCS=1 writes it again."""

import os
from pathlib import Path

from tests.spec.cases_reference import PARTIES, write
from tidu.rules.case_table import EVENT_LABELS, lifecycle_of
from tidu.rules.library import default_library
from tidu.rules.procedures import Level

REFERENCE = Path(__file__).parents[2] / "docs/reference/cases.md"
PACK = default_library().national


def test_reference_is_up_to_date():
    wanted = write(PACK)
    if os.environ.get("TIDU_WRITE_DOCS"):
        REFERENCE.write_text(wanted, encoding="utf-8")

    found = REFERENCE.read_text(encoding="utf-8") if REFERENCE.exists() else ""

    assert found == wanted, "run: make docs"


def test_every_state_event_and_duty_stands_in_it():
    text = write(PACK)

    for procedure in PACK.procedures.values():
        for step in procedure.steps:
            assert f"| `{step.id}` |" in text
        for duties in procedure.after:
            assert f"| {', '.join(duties.rule_sets)} |" in text
    for event in EVENT_LABELS:
        assert f"| `{event}` |" in text


def test_every_state_of_both_rule_sets_has_its_clock():
    text = write(PACK)

    for scheme in ("srdi_sme", "little_giant"):
        part = text.split(f"(`{scheme}`)", 1)[1].split("\n## ", 1)[0]
        clocks = part.split("### Clocks of its states", 1)[1].split("###", 1)[0]
        table = lifecycle_of(PACK.procedures[scheme].steps, decides=True)
        for state in table.states.values():
            assert (f"| `{state.id}` |" in clocks) is not state.final
        for number in ("63号", "2号"):
            assert number in part.split("### What a holder owes", 1)[1]


def test_every_party_has_a_name():
    known = {*PARTIES, *(each.value for each in Level)}
    for procedure in PACK.procedures.values():
        for decides in (True, False):
            table = lifecycle_of(procedure.steps, decides=decides)
            assert {each.by for each in table.transitions} <= known
