"""The tables of states worked out from the procedures, and the procedures themselves."""

import pytest

from tidu.rules.case_table import CERTIFIED, RECOMMENDED, lifecycle_of
from tidu.rules.errors import PackError
from tidu.rules.library import default_library
from tidu.rules.lifecycle import Lifecycle, State, Transition
from tidu.rules.procedures import Consequence, Level, Need, StepKind, load_procedure
from tidu.rules.vocabulary import Text

PROCEDURES = default_library().national.procedures
TABLES = [
    (scheme, level, decides)
    for scheme, procedure in PROCEDURES.items()
    for level in Level
    for decides in (True, False)
    if level.height <= procedure.decided_by.height
]


def table(scheme, level, decides):
    return lifecycle_of(PROCEDURES[scheme].up_to(level), decides=decides)


@pytest.mark.parametrize(("scheme", "level", "decides"), TABLES)
def test_every_state_is_reached_owned_and_comes_to_an_end(scheme, level, decides):
    assert table(scheme, level, decides).faults() == []


@pytest.mark.parametrize(("scheme", "level", "decides"), TABLES)
def test_an_event_from_a_state_leads_to_one_place_or_comes_back_to_a_step(
    scheme, level, decides
):
    found = table(scheme, level, decides)
    pairs = [(t.source, t.event) for t in found.transitions]
    several = {pair for pair in pairs if pairs.count(pair) > 1}

    assert {event for _source, event in several} <= {
        *("resubmit", "reverse", "dismiss", "sustain")
    }
    assert len(set(found.transitions)) == len(found.transitions)


def test_a_county_ends_with_a_recommendation_and_the_ministry_decides():
    county = table("little_giant", Level.COUNTY, decides=False)
    ministry = table("little_giant", Level.MINISTRY, decides=True)

    assert RECOMMENDED in county.states
    assert county.find("county_check", "recommend").target == RECOMMENDED
    assert RECOMMENDED not in ministry.states
    assert ministry.find("decision", "certify").target == CERTIFIED


def test_what_the_table_does_not_name_cannot_happen():
    found = table("srdi_sme", Level.PROVINCE, decides=True)

    assert found.find("draft", "certify") is None
    assert found.find("returned", "resubmit", "decision") is None


def test_steps_that_return_nothing_leave_nothing_to_correct():
    steps = PROCEDURES["srdi_sme"].steps[-1:]

    assert "returned" not in lifecycle_of(steps, decides=True).states


def test_a_notice_is_interrupted_by_an_objection_from_anybody():
    found = table("srdi_sme", Level.PROVINCE, decides=True)

    move = found.find("province_notice", "object")
    assert (move.by, move.target) == ("anybody", "objection_check")
    assert found.find("objection_check", "dismiss").target == "province_notice"
    assert found.find("objection_check", "sustain").target == "refused"
    assert found.states["objection_check"].owner == "province"


def test_faults_are_named():
    label = Text("甲", "A")
    states = [
        State("start", label, "applicant"),
        State("stuck", label),
        State("lost", label, "county"),
        State("end", label, final=True),
    ]
    moves = (
        Transition("go", "start", "stuck", "applicant", label),
        Transition("go", "end", "start", "applicant", label),
    )

    faults = Lifecycle({s.id: s for s in states}, moves, "start").faults()

    assert faults == [
        "lost is never reached",
        "end is never reached",
        "stuck has no way out",
        "stuck has no owner",
        "lost has no way out",
        "end is final, and yet left",
        "lost never ends",
        "start never ends",
        "stuck never ends",
    ]


def test_the_diagram_names_every_state_in_both_languages():
    found = table("srdi_sme", Level.PROVINCE, decides=True)

    for english, label in ((False, "县级初审"), (True, "County preliminary check")):
        text = found.mermaid(english=english)
        assert f'state "{label}" as county_check' in text
        assert all(f" as {state}\n" in text for state in found.states)


def test_what_holders_owe_differs_by_the_standard_they_were_made_by():
    procedure = PROCEDURES["little_giant"]
    old, new = procedure.duties("2022-08-01"), procedure.duties("2026-04-01")

    assert (old.update_by, old.misses) == ((4, 30), 1)
    assert old.consequence is Consequence.REVERIFICATION_LOST
    assert (new.update_by, new.misses) == ((5, 31), 2)
    assert new.consequence is Consequence.REVOKED
    assert (old.bar_for, new.bar_for) == ("", "falsification")
    assert new.update_day(2027).isoformat() == "2027-05-31"
    assert procedure.duties("1999-01-01") is None


GOOD = """
source: {document: 63-2022, grade: unverified}
steps:
  - {id: check, kind: preliminary_check, level: county}
  - {id: decision, kind: decision, level: province}
"""


def load(tmp_path, text):
    path = tmp_path / "srdi_sme.yaml"
    path.write_text(text, encoding="utf-8")
    return load_procedure(path)


def test_a_procedure_is_read(tmp_path):
    found = load(tmp_path, GOOD)

    assert (found.scheme, found.decided_by) == ("srdi_sme", Level.PROVINCE)
    assert [step.kind for step in found.steps] == [
        StepKind.PRELIMINARY_CHECK,
        StepKind.DECISION,
    ]
    assert [step.id for step in found.up_to(Level.CITY)] == ["check"]
    assert found.steps[0].label == Text("县级初审", "County preliminary check")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("source: {document: 63-2022, grade: unverified}", "", "缺少 source"),
        ("id: decision", "id: check", "重复"),
        ("level: province", "level: county", None),
        (
            "kind: preliminary_check, level: county",
            "kind: preliminary_check, level: ministry",
            "时高时低",
        ),
        ("kind: decision", "kind: public_notice", "最后一步不是认定"),
        ("kind: preliminary_check", "kind: decision", "不止一步认定"),
        ("kind: preliminary_check", "kind: chat", "chat"),
        ("level: county", "level: village", "village"),
    ],
)
def test_a_wrong_procedure_is_told(tmp_path, old, new, said):
    text = GOOD.replace(old, new, 1)
    if said is None:
        assert load(tmp_path, text).decided_by is Level.COUNTY
        return
    with pytest.raises(PackError, match=said):
        load(tmp_path, text)


PAPERS = """papers:
  - rule_sets: [2026-04-01]
    required: [economy]
    optional: refinement
    document: 117-2026
    clause: 117号-材料
    grade: restated
"""


def test_documents_are_read_for_their_rule_sets(tmp_path):
    found = load(tmp_path, GOOD + PAPERS)

    listed = found.papers_of("2026-04-01")
    assert listed.needs == {"economy": Need.REQUIRED, "refinement": Need.OPTIONAL}
    assert (listed.document, listed.clause) == ("117-2026", "117号-材料")
    assert found.papers_of("2022-08-01") is None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("optional: refinement", "optional: economy", "材料 economy 列了两次"),
        ("    clause: 117号-材料\n", "", "缺少 clause"),
        ("optional:", "perhaps:", "perhaps"),
    ],
)
def test_wrong_documents_are_told(tmp_path, old, new, said):
    with pytest.raises(PackError, match=said):
        load(tmp_path, GOOD + PAPERS.replace(old, new))


@pytest.mark.parametrize("day", ["13-01", "02-30", "soon"])
def test_a_day_that_is_none_is_told(tmp_path, day):
    after = f"""after:
  - rule_sets: [2022-08-01]
    validity_years: 3
    update_by: {day}
    misses: 1
    consequence: revoked
    change_months: 3
    bar_years: 3
    grade: restated
"""
    with pytest.raises(PackError, match="月-日"):
        load(tmp_path, GOOD + after)
    good = load(tmp_path, GOOD + after.replace(day, "05-31"))
    assert good.after[0].clauses == {}
