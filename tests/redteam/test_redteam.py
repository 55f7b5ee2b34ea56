"""The forged set against the detector: the table is current and no worse than promised."""

import ast

import pytest

from tests.house.tree import ROOT
from tests.redteam.building import FORGED, SIZE, TABLE, TUNING, red_team
from tests.redteam.run import MORE_SEEDS, PAGE, page_with, table
from tests.redteam.scoring import score
from tidu.casework.integrity.kinds import SignalKind

pytestmark = pytest.mark.xdist_group("redteam")

FOUND_AT_ALL = {  # of ten forged ones, with the well-made ones among them
    SignalKind.SHARED_CONTACT: 7,
    SignalKind.SIMILAR_NARRATIVE: 8,
    SignalKind.LATE_TRANSFER: 8,
    SignalKind.DIFFERING_FIGURE: 8,
    SignalKind.FAR_FROM_PEERS: 4,
    SignalKind.AUDITOR_CONCENTRATION: 6,
    SignalKind.REUSED_DOCUMENT: 8,
    SignalKind.COPIED_FIGURES: 8,
}
READ = FOUND_AT_ALL | {SignalKind.SHARED_CONTACT: 3}


def test_the_set_has_eight_kinds_of_forgery_and_mostly_honest_firms():
    firms = red_team(TABLE)
    forged = [each for each in firms if each.forged]

    assert len(firms) == SIZE
    assert len(forged) == FORGED >= 60
    assert {each.forged for each in forged} == set(SignalKind)
    assert len(firms) - len(forged) >= 600
    assert TABLE != TUNING
    assert TABLE not in MORE_SEEDS


def test_the_table_on_the_page_is_current():
    text = PAGE.read_text("utf-8")

    assert page_with(table(), text) == text, "run make redteam"


@pytest.mark.parametrize("kind", SignalKind)
def test_of_each_kind_as_many_are_found_and_read_as_promised(kind):
    row = next(each for each in score(TABLE).rows if each.kind is kind)

    assert row.flagged >= FOUND_AT_ALL[kind]
    assert row.read >= READ[kind]


@pytest.mark.parametrize("seed", [TABLE, *MORE_SEEDS])
def test_recall_and_precision_hold_on_seeds_that_nobody_tuned_for(seed):
    found = score(seed)

    assert found.recall >= 0.6
    assert found.precision >= 0.5


def test_no_honest_firm_whose_reason_is_confirmed_is_read():
    explained = {"group", "accountant", "park", "joint contract", "renamed"}
    explained |= {"restated", "merged accounts", "specialised auditor"}

    assert explained <= score(TABLE).quiet.keys()
    assert explained & score(TABLE).alarms.keys() == set()


@pytest.mark.parametrize("name", ["forging", "honest", "firms", "wording"])
def test_forger_and_detector_share_no_code(name):
    source = (ROOT / f"tests/redteam/{name}.py").read_bytes()
    modules = {
        node.module
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom)
    }
    shared = {each for each in modules if each.startswith("tidu.casework")}

    assert shared <= {"tidu.casework.integrity.applications"}  # the form itself
