"""The reference of services is up to date; TIDU_WRITE_DOCS=1 writes it again."""

import os
from pathlib import Path

from tests.spec.services_reference import PARTIES, write
from tidu.rules.library import default_library
from tidu.rules.service_table import EVENT_LABELS, SERVICE_TABLE, STATES

REFERENCE = Path(__file__).parents[2] / "docs/reference/services.md"
PACK = default_library().national


def test_reference_is_up_to_date():
    wanted = write(PACK)
    if os.environ.get("TIDU_WRITE_DOCS"):
        REFERENCE.write_text(wanted, encoding="utf-8")

    found = REFERENCE.read_text(encoding="utf-8") if REFERENCE.exists() else ""

    assert found == wanted, "run: make docs"


def test_every_service_state_and_event_stands_in_it():
    text = write(PACK)

    for name in (*PACK.services, *STATES):
        assert f"| `{name}` |" in text
    for event in EVENT_LABELS:
        assert event == "ask" or f"| `{event}` |" in text


def test_every_party_has_a_name():
    assert {each.by for each in SERVICE_TABLE.transitions} <= set(PARTIES)
    assert {each.owner for each in STATES.values() if each.owner} <= set(PARTIES)
