"""Events are appended, never changed; a change or a gap is found."""

import pytest
from django.db import connection, transaction

from tests.factories import EnterpriseFactory
from tidu.accounts.actors import SYSTEM
from tidu.audit.actions import record
from tidu.audit.models import ChainHead, Event
from tidu.audit.queries import check_chain, events_about


@pytest.fixture
def firm(db):
    return EnterpriseFactory()


def happen(firm, *actions):
    return [
        record(action=action, by=SYSTEM, about=firm, territory="990101", data={"n": 1})
        for action in actions
    ]


def test_events_are_chained(firm):
    first, second = happen(firm, "registry.first", "registry.second")

    assert second.previous == first.digest
    assert second.number == first.number + 1
    assert check_chain().whole


def test_empty_chain_is_whole(db):
    assert check_chain().whole


def test_event_is_kept_only_with_what_it_records(firm):
    with transaction.atomic():
        happen(firm, "registry.undone")
        transaction.set_rollback(True)

    assert not Event.objects.filter(action="registry.undone").exists()
    assert check_chain().whole


@pytest.mark.django_db(transaction=True)
def test_event_outside_a_transaction_is_refused():
    firm = EnterpriseFactory()

    with pytest.raises(RuntimeError, match="inside the transaction"):
        happen(firm, "registry.alone")


def test_event_is_neither_changed_nor_deleted(firm):
    (event,) = happen(firm, "registry.first")

    with pytest.raises(TypeError):
        event.save()
    with pytest.raises(TypeError):
        event.delete()


def test_changed_event_is_found(firm):
    _, second, _ = happen(firm, "registry.a", "registry.b", "registry.c")
    Event.objects.filter(pk=second.pk).update(actor_name="somebody else")

    assert check_chain().broken == second.number


def test_missing_event_is_found(firm):
    _, second, third = happen(firm, "registry.a", "registry.b", "registry.c")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_event WHERE number = %s", [second.number])

    assert check_chain().broken == third.number


def test_missing_end_is_found(firm):
    *_, last = happen(firm, "registry.a", "registry.b")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_event WHERE number = %s", [last.number])

    found = check_chain()

    assert found.broken is None
    assert found.cut_short


def test_chain_has_one_head(firm):
    happen(firm, "registry.a")

    assert ChainHead.objects.count() == 1


def test_events_about_one_thing_newest_first(firm):
    happen(firm, "registry.a", "registry.b")
    happen(EnterpriseFactory(), "registry.other")

    assert [e.action for e in events_about(firm)] == ["registry.b", "registry.a"]
