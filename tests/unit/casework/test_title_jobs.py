"""What the clock does by night: the same twice, and never one place for another."""

import datetime

import pytest
from django.utils import timezone

from tests.factories import EnterpriseFactory, acting, owner_of
from tests.unit.casework.cases import SRDI, call, desk, office
from tests.unit.casework.holders import held
from tidu.audit.models import Event
from tidu.casework.enums import UpdateWay
from tidu.casework.holding import decide_task
from tidu.casework.models import Case
from tidu.casework.queries import today
from tidu.casework.reverifying import AHEAD, forecasts_kept, remind
from tidu.casework.title_jobs import care_for_titles, note_updates
from tidu.casework.title_models import DutyTask, ExpiryReminder, MissedUpdate
from tidu.eligibility.actions import assess_enterprise
from tidu.registry.enums import FilingSource
from tidu.registry.models import Filing
from tidu.rules.procedures import Consequence
from tidu.rules.rulesets import Kind

pytestmark = pytest.mark.django_db
LOW = {"srdi_score@2026": "3", "srdi_score@2025": "3"}
ON = datetime.date(2026, 5, 2)  # two days after 63号's day


def file_on(enterprise, day, key="revenue@2025", source=FilingSource.ENTERPRISE):
    made = Filing.objects.create(
        enterprise=enterprise,
        source=source,
        entries={key: {"value": "1.00"}},
        filed_by="虚构人员",
        filed_at=timezone.now(),
    )
    moment = datetime.datetime.combine(
        day, datetime.time(9), timezone.get_current_timezone()
    )
    Filing.objects.filter(pk=made.pk).update(filed_at=moment)


def test_a_miss_is_noted_and_its_consequence_proposed_once():
    title = held(entered=datetime.date(2026, 1, 5))
    province = office("province")

    for _night in range(2):
        assert care_for_titles(ON) == {}

    assert list(title.misses.values_list("year", flat=True)) == [2026]
    task = DutyTask.objects.get()
    assert (task.office, task.consequence, task.years) == (
        province,
        Consequence.REVERIFICATION_LOST,
        [2026],
    )
    assert task.clause == "工信部企业〔2022〕63号 第十四条"
    events = Event.objects.filter(action__startswith="casework.title_")
    assert events.filter(action__endswith="update_missed").count() == 1
    assert title.revoked_on is None  # nothing is done without a person


def test_nothing_is_missed_before_its_day_is_over():
    held(entered=datetime.date(2026, 1, 5))

    care_for_titles(datetime.date(2026, 4, 30))

    assert not MissedUpdate.objects.exists()


def test_two_misses_of_the_new_rules_propose_a_revocation():
    title = held(
        since=datetime.date(2026, 4, 10),
        until=datetime.date(2029, 4, 9),
        entered=datetime.date(2026, 4, 10),
    )
    office("province")

    care_for_titles(datetime.date(2027, 6, 1))
    assert not DutyTask.objects.exists()
    care_for_titles(datetime.date(2028, 6, 1))

    task = DutyTask.objects.get(title=title)
    assert (task.consequence, task.years) == (Consequence.REVOKED, [2027, 2028])


def test_what_a_person_dropped_is_not_proposed_again():
    held(entered=datetime.date(2026, 1, 5))
    office("province")
    care_for_titles(ON)
    decide_task(
        task=DutyTask.objects.get(), carry_out=False, reason="虚构", by=desk("province")
    )

    care_for_titles(ON)

    assert DutyTask.objects.count() == 1


@pytest.mark.parametrize(
    ("day", "key", "source", "counts"),
    [
        ("2026-03-01", "revenue@2025", FilingSource.ENTERPRISE, True),
        ("2026-05-01", "revenue@2025", FilingSource.ENTERPRISE, False),  # too late
        ("2026-03-01", "revenue@2024", FilingSource.ENTERPRISE, False),  # other year
        ("2026-03-01", "revenue@2025", FilingSource.IMPORT, False),  # not by the firm
    ],
)
def test_a_filing_of_the_firm_is_an_update(day, key, source, counts):
    title = held(entered=datetime.date(2026, 1, 5))
    file_on(title.enterprise, datetime.date.fromisoformat(day), key, source)

    note_updates("990101", ON)

    assert title.misses.exists() is not counts
    ways = list(title.updates.values_list("way", flat=True))
    assert ways == ([UpdateWay.FILED] if counts else [])


def test_one_failing_place_stops_no_other():
    held(entered=datetime.date(2026, 1, 5))
    other = held(territory="990102", entered=datetime.date(2026, 1, 5))

    def works(place, on):
        note_updates(place, on)
        if place == "990101":
            raise ValueError("虚构的故障")
        return 0

    failed = care_for_titles(ON, (works,))

    assert failed == {"990101": "虚构的故障"}
    assert list(MissedUpdate.objects.values_list("title", flat=True)) == [other.pk]


# -- reminders and forecasts ------------------------------------------------------


@pytest.mark.parametrize(("months", "reminded"), [(14, None), (10, 12), (5, 6), (2, 3)])
def test_reminders_come_once_for_each_time_ahead(months, reminded):
    day = datetime.date(2026, 6, 15)
    last = day + datetime.timedelta(days=30 * months)
    held(until=last, facts=SRDI)

    counts = [remind("990101", day) for _night in range(2)]

    assert counts == ([1, 0] if reminded else [0, 0])
    found = ExpiryReminder.objects.values_list("months", flat=True)
    assert list(found) == ([reminded] if reminded else [])
    assert set(found) <= set(AHEAD)


def test_a_title_that_was_prolonged_is_not_reminded_of():
    title = held(until=datetime.date(2026, 9, 1))
    held(
        enterprise=title.enterprise,
        since=datetime.date(2026, 9, 2),
        until=datetime.date(2029, 9, 1),
    )

    assert remind("990101", datetime.date(2026, 6, 15)) == 0


def test_a_reminder_keeps_how_the_firm_stood():
    held(until=datetime.date(2026, 9, 1), facts={**SRDI, **LOW})

    remind("990101", datetime.date(2026, 6, 15))

    found = ExpiryReminder.objects.get()
    assert found.outcome == "unmet"
    assert found.rule_set == "srdi_sme/2026-04-01"


def test_forecasts_stand_beside_what_happened():
    opened = call("province", kind=Kind.REVERIFICATION)
    for forecast, state in (
        ("met", "certified"),
        ("met", "refused"),
        ("unmet", "refused"),
        ("", "certified"),
        ("met", "draft"),
    ):
        firm = EnterpriseFactory(facts={"revenue@2025": "1.00"})
        title = held(enterprise=firm)
        if forecast:
            ExpiryReminder.objects.create(
                title=title, months=6, outcome=forecast, made_on=today()
            )
        case = Case.objects.create(
            round=opened, enterprise=firm, state_since=timezone.now()
        )
        Case.objects.filter(pk=case.pk).update(state=state)
        if state != "draft":
            submit_quietly(case)

    rows = forecasts_kept(desk("province"))

    found = {row.forecast: (row.certified, row.refused) for row in rows}
    assert found == {"": (1, 0), "met": (1, 1), "unmet": (0, 1)}
    assert forecasts_kept(acting(owner_of(EnterpriseFactory()))) == []


def submit_quietly(case):
    """Give a case its day and frozen assessment without the steps before."""
    frozen = assess_enterprise(
        enterprise=case.enterprise,
        on=today(),
        kind=Kind.REVERIFICATION,
        by=desk("province"),
    )
    Case.objects.filter(pk=case.pk).update(
        submitted_at=timezone.now(), assessment=frozen
    )
