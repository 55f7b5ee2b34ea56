"""All kinds together: sentences, order of reading, clusters, and no decision."""

import dataclasses

import pytest

from tests.redteam.building import BARS, TUNING, red_team
from tests.redteam.firms import dice_of
from tests.unit.casework.integrity.applying import application, phone
from tidu.casework.integrity.clusters import Node, clusters
from tidu.casework.integrity.kinds import (
    LABELS,
    MOST_STRENGTH,
    RELATED_LISTED,
    Place,
    Said,
    Signal,
    SignalKind,
    Tie,
    others,
    ramp,
)
from tidu.casework.integrity.limits import Limits
from tidu.casework.integrity.queue import readable, reading_order
from tidu.casework.integrity.screening import screen


@pytest.fixture(scope="module")
def applications():
    return [each.application() for each in red_team(TUNING)]


@pytest.fixture(scope="module")
def signals(applications):
    return screen(applications, bars=BARS)


def signal(case, kind=SignalKind.SHARED_CONTACT, strength=0.5, related=(), tie=None):
    said = Said("…")
    place = Place(case, "contacts/phone", "120****0001")
    return Signal(case, kind, strength, related, (place,), said, said, said, tie)


def test_every_kind_has_a_label_in_both_languages():
    assert LABELS.keys() == set(SignalKind)
    assert all(each.label() != each.label(english=True) for each in SignalKind)


def test_all_kinds_are_seen_and_each_says_what_else_it_may_be(signals):
    assert {each.kind for each in signals} == set(SignalKind)
    for each in signals:
        chinese, english = each.sentence(), each.sentence(english=True)
        assert "可能的正常原因：" in chinese
        assert "Honest reasons there may be:" in english
        assert "To check next:" in english
        assert "{" not in chinese + english
        assert each.places
        assert 0 < each.strength <= MOST_STRENGTH
        assert each.case not in each.related


def test_no_sentence_of_ours_stays_chinese_in_english(signals):
    said = {
        part.msgid
        for each in signals
        for part in (each.seen, each.may_be, each.check, each.tie and each.tie.label)
        if part
    }

    assert [
        msgid for msgid in said if Said(msgid).sentence(english=True) == msgid
    ] == []


def test_a_signal_has_no_outcome():
    names = {each.name for each in dataclasses.fields(Signal)}

    assert names & {"outcome", "decision", "points", "clause", "refuse"} == set()


def test_the_order_of_the_applications_does_not_matter(applications, signals):
    few = applications[:300]
    shuffled = dice_of("order").sample(few, len(few))

    assert screen(shuffled, bars=BARS) == screen(few, bars=BARS)
    assert list(signals) == sorted(signals, key=lambda each: (each.case, each.kind))


def test_nothing_known_means_nothing_seen():
    bare = [application(f"C{n}") for n in range(50)]

    assert screen(bare, bars=BARS) == ()
    assert screen([]) == ()


def test_a_deployment_may_set_its_own_limits():
    pair = [application(f"C{n}", contacts=(phone("12000000001"),)) for n in range(2)]

    assert screen(pair) == ()
    assert len(screen(pair, limits=Limits(contact_owners=2))) == 2


def test_independent_hints_add_up_and_those_by_one_thing_do_not():
    tie = Tie("phone:1", Said("…"))
    queue = reading_order(
        [
            signal("A", strength=0.5),
            signal("B", strength=0.5, tie=tie),
            signal("B", strength=0.4, tie=tie),
            signal("C", strength=0.5),
            signal("C", SignalKind.LATE_TRANSFER, strength=0.4),
        ]
    )

    assert [(each.case, round(each.strength, 3)) for each in queue] == [
        ("C", 0.7),
        ("A", 0.5),
        ("B", 0.5),
    ]
    assert queue[0].kinds == {SignalKind.SHARED_CONTACT, SignalKind.LATE_TRANSFER}
    assert queue[0].signals[0].strength == 0.5


@pytest.mark.parametrize(("cases", "read"), [(20, 1), (21, 2), (1, 1), (1000, 5)])
def test_an_officer_reads_five_percent_of_the_round(cases, read):
    queue = reading_order(signal(f"C{n}") for n in range(5))

    assert len(readable(queue, cases)) == read


def test_cases_hang_together_by_what_they_have_in_common():
    shared = Tie("phone:1", Said("电话 {value}", {"value": "120****0001"}))
    text = Tie("text:B", Said("…"))
    found = clusters(
        [
            signal("A", related=("B",), tie=shared),
            signal("B", related=("A",), tie=shared),
            signal("B", SignalKind.SIMILAR_NARRATIVE, related=("C",), tie=text),
            signal("D"),
            signal("E", related=("F",), tie=Tie("file:1", Said("…"))),
            signal("G", tie=Tie("file:2", Said("…"))),
        ]
    )

    assert [each.cases for each in found] == [("A", "B", "C"), ("E", "F")]
    first = found[0]
    assert [(each.thing.id, each.cases) for each in first.reasons] == [
        ("phone:1", 2),
        ("text:B", 2),
    ]
    assert first.nodes[0] == Node("A")
    assert first.things[0].label.sentence() == "电话 120****0001"
    assert [(each.case, each.thing) for each in first.edges] == [
        ("A", "phone:1"),
        ("B", "phone:1"),
        ("B", "text:B"),
        ("C", "text:B"),
    ]


def test_a_long_list_of_related_cases_is_cut():
    assert len(others("C0", (f"C{n}" for n in range(500)))) == RELATED_LISTED


def test_strength_rises_between_its_ends():
    assert [ramp(each, 0, 10) for each in (-1, 0, 10, 99)] == [0.2, 0.2, 0.98, 0.98]
    assert ramp(2, 0, 10) < ramp(3, 0, 10)


def test_the_page_may_keep_a_signal_it_cannot_change(signals):
    with pytest.raises(dataclasses.FrozenInstanceError):
        signals[0].strength = 1.0
