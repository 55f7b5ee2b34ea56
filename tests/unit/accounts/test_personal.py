"""What is held about a person is found in every table, and goes when they ask."""

import json

import pytest
from allauth.mfa.models import Authenticator
from axes.models import AccessLog
from django.apps import apps
from django.utils import timezone

from tests.factories import EnterpriseFactory, UserFactory, acting, officer, owner_of
from tidu.accounts.actors import SYSTEM
from tidu.accounts.enums import Role
from tidu.accounts.models import Invitation, User
from tidu.accounts.personal import erase, held_about, holdings, is_erased
from tidu.accounts.verdicts import Refused
from tidu.audit.access import note_access
from tidu.audit.chain import digest_of
from tidu.audit.models import Access, AccessKind, ChainHead, Event
from tidu.audit.queries import check_chain
from tidu.registry.actions import file_facts
from tidu.registry.enums import FilingSource

pytestmark = pytest.mark.django_db
ENTRIES = {"revenue@2025": {"value": "60000000.00"}}
NAME = "虚构的李四"


@pytest.fixture
def person():
    """An officer who has done everything that leaves a trace."""
    user = officer("990101")
    user.name, user.phone, user.email = NAME, "13812341234", "li@example.invalid"
    user.save()
    firm = EnterpriseFactory()
    by = acting(user)
    file_facts(enterprise=firm, entries=ENTRIES, source=FilingSource.CORRECTION, by=by)
    note_access(kind=AccessKind.VIEW, by=by, firm=firm)
    Authenticator.objects.create(user=user, type="totp", data={"secret": "hidden"})
    AccessLog.objects.create(username=user.username, ip_address="127.0.0.1")
    Invitation.objects.create(
        organisation=by.organisation,
        role=Role.OFFICER,
        name=NAME,
        secret_digest="0" * 64,
        invited_by=UserFactory(),
        expires_at=timezone.now(),
        accepted_by=user,
    )
    return user


def everything() -> str:
    """Every row of every table as text."""
    return json.dumps(
        [list(model._default_manager.values()) for model in apps.get_models()],
        default=str,
        ensure_ascii=False,
    )


def test_everything_held_is_handed_out_without_secrets(person):
    held = held_about(person)
    text = json.dumps(held, ensure_ascii=False)

    assert {"账户", "任职", "填报（由您经手）", "审计记录（由您经手）"} <= set(held)
    assert held["查阅记录（由您经手）"]
    assert "hidden" not in text
    assert person.password not in text


def test_an_erased_person_is_nowhere_by_name(person):
    username = person.username
    assert NAME in everything()

    erased = erase(person=person, by=SYSTEM)

    text = everything()
    for trace in (NAME, "13812341234", "li@example.invalid", "hidden"):
        assert trace not in text
    assert f'"{username}"' not in text
    assert erased.old_events == 0
    assert is_erased(User.objects.get(pk=person.pk))


def test_records_stay_with_the_persons_number_and_the_chain_is_whole(person):
    before = Event.objects.filter(actor_id=person.pk).count()
    assert before

    erase(person=person, by=SYSTEM)

    events = Event.objects.filter(actor_id=person.pk)
    assert events.count() == before
    assert set(events.values_list("actor_name", flat=True)) == {"已注销"}
    assert Access.objects.get().actor_name == "已注销"
    assert check_chain().whole


def test_another_name_cannot_be_put_in_place_of_an_erased_one(person):
    erase(person=person, by=SYSTEM)
    Event.objects.filter(actor_id=person.pk).update(actor_name="somebody else")

    assert not check_chain().whole


def test_a_name_cannot_be_changed_in_a_sealed_event(person):
    Event.objects.filter(actor_id=person.pk).update(object_name="another firm")

    assert not check_chain().whole


def test_other_people_are_left_alone(person):
    other = officer("990101")
    file_facts(
        enterprise=EnterpriseFactory(),
        entries=ENTRIES,
        source=FilingSource.CORRECTION,
        by=acting(other),
    )

    erase(person=person, by=SYSTEM)

    other.refresh_from_db()
    assert other.is_active
    assert other.memberships.get().ended_at is None
    assert Event.objects.filter(actor_name=other.name).count() == 1


def test_events_from_before_the_seals_keep_their_name_and_are_counted(person):
    event = Event.objects.get(actor_id=person.pk)
    event.actor_salt = event.actor_seal = event.object_salt = event.object_seal = ""
    old = {"actor_salt": "", "actor_seal": "", "object_salt": "", "object_seal": ""}
    digest = digest_of(event)
    Event.objects.filter(pk=event.pk).update(**old, digest=digest)
    event.refresh_from_db()
    ChainHead.objects.update(digest=digest)
    assert check_chain().whole

    erased = erase(person=person, by=SYSTEM)

    assert erased.old_events == 1
    assert check_chain().whole


def test_somebody_else_is_not_erased(person):
    with pytest.raises(Refused, match="只有本人和系统管理员"):
        erase(person=person, by=acting(UserFactory()))


def test_the_only_owner_cannot_leave_their_firm_without_anybody():
    user = owner_of(EnterpriseFactory())

    with pytest.raises(Refused, match="唯一的管理人员"):
        erase(person=user, by=acting(user))


def test_each_table_with_a_person_in_it_is_known():
    """A column that looks like a person's and is not declared would be forgotten."""
    known = {(h.model._meta.label, name) for h in holdings() for name in h.names}
    known |= {(h.model._meta.label, h.column) for h in holdings()}
    kept = {  # a name that stays, and why
        "eligibility.Assessment.made_by",  # part of the frozen record
        # who did an official act: part of its record, as on paper
        "registry.EnterpriseContact.noted_by",
        "registry.ImportDecision.decided_by",
        "registry.ListedName.decided_by",
        "registry.Merger.made_by",
        "registry.Reminder.made_by",
        "registry.ToldApart.made_by",
        "casework.Expert.confirmed_by",
        "casework.Inspection.finished_by",
        "casework.InspectionAnswer.made_by",
        "casework.InspectionDraw.announced_by",
        "casework.InspectionDraw.held_by",
        "casework.InspectionPhoto.made_by",
        "casework.ReviewDraw.announced_by",
        "casework.ReviewDraw.held_by",
        "casework.ReviewPlan.confirmed_by",
        "casework.StepElsewhere.said_by",
        "casework.Tie.confirmed_by",
        "casework.Bar.made_by",
        "casework.DutyTask.decided_by",
        "casework.Judgement.made_by",
        "casework.KnownTie.made_by",
        "casework.Look.made_by",
        "casework.Screening.made_by",
        "casework.LostRight.made_by",
        "casework.Move.made_by",
        "casework.Objection.answered_by",
        "eligibility.ListObjection.answered_by",
        "casework.TitleRevocation.made_by",
        "audit.Event.actor_name",  # sealed: audit.actions.erase_names
        "accounts.User.username",
        "accounts.User.name",
    }
    suspicious = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("tidu.")
        for field in model._meta.concrete_fields
        if (
            field.name.endswith(("_by", "_by_id", "actor_name", "actor_id", "username"))
        )
        and (model._meta.label, field.name) not in known
    }

    assert suspicious - kept == set()
