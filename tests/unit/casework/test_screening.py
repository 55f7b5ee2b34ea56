"""A run over a round: what it keeps, twice the same, by whom; looks; good reasons."""

import json

import pytest
from django.utils import timezone

from tests.factories import acting, member, officer
from tests.unit.casework.cases import call, desk, office
from tests.unit.casework.signal_cases import PDF, PHONE, TEXT, apply, mill
from tidu.accounts.actors import SYSTEM
from tidu.accounts.enums import Role
from tidu.accounts.verdicts import Refused
from tidu.audit.models import Event
from tidu.audit.queries import check_chain
from tidu.casework.actions import withdraw_case
from tidu.casework.enums import KnownAs, LookOutcome
from tidu.casework.integrity.kinds import SignalKind
from tidu.casework.integrity.limits import DEFAULT, Limits
from tidu.casework.looking import LookError, forget_known, note_look
from tidu.casework.models import Case, Round
from tidu.casework.queries import flags_of
from tidu.casework.rounds import close_round
from tidu.casework.screening import screen_round
from tidu.casework.screening_jobs import rounds_to_screen, screen_ended, screen_for
from tidu.casework.signal_inputs import applications_of
from tidu.casework.signal_models import CaseSignal, FlaggedCase, KnownTie, Look

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened():
    for level in ("county", "city", "province"):
        office(level)
    return call()


@pytest.fixture
def province(opened):
    return acting(member(opened.organisation, Role.OFFICER))


def test_a_run_keeps_its_signals_and_says_so_in_the_trail(opened, province):
    cases = mill(opened)

    run = screen_round(opened=opened, by=province)

    kept = CaseSignal.objects.filter(kind=SignalKind.SHARED_CONTACT)
    assert {each.case for each in kept} == set(cases)
    assert (run.read, run.flagged, run.limits) == (4, 4, DEFAULT.version)
    assert run.made_by == province.name
    one = kept.get(case=cases[0])
    assert set(one.related) == {each.pk for each in cases[1:]}
    event = Event.objects.get(action="casework.round_screened")
    assert event.data["read"] == 4
    assert event.data["digest"] == run.digest
    assert check_chain().whole
    ranks = FlaggedCase.objects.order_by("rank").values_list("rank", flat=True)
    assert list(ranks) == [1, 2, 3, 4]


def test_a_telephone_is_masked_wherever_it_can_be_read(opened, province):
    mill(opened)
    screen_round(opened=opened, by=province)

    for each in CaseSignal.objects.all():
        shown = json.dumps([each.said, each.evidence, each.tie_label])
        assert "8888" in shown  # the last four stay, to tell two numbers apart
        assert "00000008888" not in shown
        assert PHONE not in shown


def test_the_same_cases_give_the_same_rows(opened, province):
    mill(opened)
    first = screen_round(opened=opened, by=province)
    rows = list(CaseSignal.objects.values_list("pk", "digest"))

    second = screen_round(opened=opened, by=SYSTEM)

    assert second.digest == first.digest
    assert list(CaseSignal.objects.values_list("pk", "digest")) == rows
    assert CaseSignal.objects.filter(screening=second).count() == len(rows)
    assert FlaggedCase.objects.filter(screening=second).count() == 4
    told = Event.objects.filter(action="casework.round_screened").order_by("number")
    assert [each.data["same"] for each in told] == [False, True]


def test_of_two_runs_at_once_the_later_one_stands(opened, province, monkeypatch):
    mill(opened)
    later = []

    def slow(of):
        rows = tuple(applications_of(of))
        if not later:
            later.append(None)
            apply(opened, agent_phone=PHONE)
            later[0] = screen_round(opened=of, by=SYSTEM)
        return rows

    monkeypatch.setattr("tidu.casework.screening.applications_of", slow)
    given_back = screen_round(opened=opened, by=province)

    assert given_back == later[0] == opened.screenings.get()
    assert CaseSignal.objects.filter(screening=given_back).count() == 5


def test_what_is_no_longer_seen_is_no_longer_kept(opened, province):
    case = mill(opened)[0]
    screen_round(opened=opened, by=province)
    assert CaseSignal.objects.exists()
    owner = acting(case.enterprise.organisation.memberships.get().user)
    withdraw_case(case=case, by=owner, seen=case.counter)

    run = screen_round(opened=opened, by=province)

    assert run.read == 3
    assert not CaseSignal.objects.exists()
    assert opened.screenings.count() == 2


def test_several_kinds_are_found_in_one_run(opened, province):
    apply(opened, narrative=TEXT, files=[PDF])
    apply(opened, narrative=TEXT.replace("精密", "高精度"), files=[PDF])

    screen_round(opened=opened, by=province)

    kinds = set(CaseSignal.objects.values_list("kind", flat=True))
    assert {SignalKind.SIMILAR_NARRATIVE, SignalKind.REUSED_DOCUMENT} <= kinds


def test_a_run_that_fails_keeps_nothing(opened, province, monkeypatch):
    mill(opened)
    screen_round(opened=opened, by=province)
    before = list(CaseSignal.objects.values_list("pk", flat=True))
    apply(opened, agent_phone=PHONE)

    def no_trail(**_given):
        raise RuntimeError("no trail")

    monkeypatch.setattr("tidu.casework.screening.record", no_trail)
    with pytest.raises(RuntimeError):
        screen_round(opened=opened, by=province)

    assert list(CaseSignal.objects.values_list("pk", flat=True)) == before


def test_only_who_runs_the_round_has_it_read(opened):
    _case, owner = apply(opened)
    observer = acting(member(opened.organisation, Role.OBSERVER))
    for by in (owner, desk("county"), observer):
        with pytest.raises(Refused):
            screen_round(opened=opened, by=by)


def test_other_limits_are_another_version():
    assert Limits(contact_owners=5).version != DEFAULT.version
    assert Limits().version == DEFAULT.version


# -- jobs -------------------------------------------------------------------------


def test_the_night_reads_what_has_ended_once(opened, province):
    mill(opened)
    assert not rounds_to_screen().exists()  # it still takes applications

    close_round(opened=opened, by=province)

    assert screen_ended() == [opened.pk]
    assert screen_ended() == []
    assert opened.screenings.get().made_by == SYSTEM.name


def test_a_correction_after_the_end_is_read_the_next_night(opened, province):
    case = mill(opened)[0]
    close_round(opened=opened, by=province)
    screen_ended()
    owner = acting(case.enterprise.organisation.memberships.get().user)
    withdraw_case(case=case, by=owner, seen=case.counter)

    assert screen_ended() == [opened.pk]
    assert opened.screenings.count() == 2


def test_a_round_that_fails_stops_no_other(opened, province, caplog):
    mill(opened)
    other = call("county")
    mill(other)
    for each in (opened, other):
        Round.objects.filter(pk=each.pk).update(closed_at=timezone.now())
    Round.objects.filter(pk=opened.pk).update(scheme="no_such_scheme")

    assert screen_ended() == [other.pk]
    assert f"round {opened.pk}" in caplog.text


def test_who_has_left_no_longer_has_a_round_read(opened, province):
    mill(opened)
    province.membership.ended_at = timezone.now()
    province.membership.ended_by = province.user
    province.membership.save()

    assert screen_for(opened.pk, province.membership.pk) is None
    assert not opened.screenings.exists()


# -- looks ------------------------------------------------------------------------


def a_signal(opened, by):
    mill(opened)
    screen_round(opened=opened, by=by)
    return CaseSignal.objects.order_by("case_id").first()


def test_a_look_is_kept_with_what_was_seen(opened, province):
    signal = a_signal(opened, province)
    by = desk("county")

    look = note_look(
        signal=signal, outcome=LookOutcome.ASKED, note=" 已请企业说明 ", by=by
    )

    assert (look.note, look.made_by) == ("已请企业说明", by.name)
    assert look.organisation_name == by.organisation_name
    assert look.seen == signal.said["seen"]["zh"]
    event = Event.objects.get(action="casework.case_looked_into")
    assert event.data["outcome"] == "asked"
    (flag,) = flags_of(signal.case)
    assert flag.looks == (look,)
    state = signal.case.state
    signal.case.refresh_from_db()
    assert signal.case.state == state  # a look moves nothing


def test_a_look_at_other_evidence_stands_apart(opened, province):
    signal = a_signal(opened, province)
    note_look(signal=signal, outcome=LookOutcome.CLEARED, note="虚构", by=province)
    signal.digest = "0" * 16
    signal.save()

    (flag,) = flags_of(Case.objects.get(pk=signal.case_id))

    assert flag.looks == ()
    assert len(flag.before) == 1


def test_a_look_needs_a_note_and_a_place(opened, province):
    signal = a_signal(opened, province)
    with pytest.raises(LookError):
        note_look(signal=signal, outcome=LookOutcome.CLEARED, note=" ", by=province)
    elsewhere = acting(officer("990102"))
    observer = desk("county", Role.OBSERVER)
    owner = acting(signal.case.enterprise.organisation.memberships.get().user)
    for by in (elsewhere, observer, owner):
        with pytest.raises(Refused):
            note_look(signal=signal, outcome=LookOutcome.CLEARED, note="虚构", by=by)
    assert not Look.objects.exists()


def test_a_good_reason_is_asked_about_no_more_until_it_is_taken_back(opened, province):
    signal = a_signal(opened, province)
    given = {"outcome": LookOutcome.CLEARED, "note": "虚构：代理记账"}
    with pytest.raises(Refused):  # a county does not say it for the whole round
        note_look(
            signal=signal, by=desk("county"), known_as=KnownAs.ACCOUNTANT, **given
        )
    with pytest.raises(LookError):
        note_look(signal=signal, by=province, known_as=KnownAs.PUBLIC_TEXT, **given)

    note_look(signal=signal, by=province, known_as=KnownAs.ACCOUNTANT, **given)
    screen_round(opened=opened, by=province)
    assert not CaseSignal.objects.exists()

    known = KnownTie.objects.get()
    with pytest.raises(LookError):
        forget_known(known=known, by=desk("county"))
    forget_known(known=known, by=province)
    screen_round(opened=opened, by=province)
    assert CaseSignal.objects.count() == 4
