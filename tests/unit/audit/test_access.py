"""Accesses are forgotten when they are older than they are kept, not before."""

import datetime

import pytest
from django.utils import timezone

from tests.factories import EnterpriseFactory
from tidu.accounts.actors import SYSTEM
from tidu.audit.access import (
    LEAST_DAYS,
    accesses_to,
    forget_old_accesses,
    kept_days,
    note_access,
)
from tidu.audit.jobs import forget_each_night
from tidu.audit.models import Access, AccessKind

pytestmark = pytest.mark.django_db


def noted(days_ago):
    found = note_access(kind=AccessKind.VIEW, by=SYSTEM, firm=EnterpriseFactory())
    at = timezone.now() - datetime.timedelta(days=days_ago)
    Access.objects.filter(pk=found.pk).update(at=at)
    return found


def test_what_is_old_is_forgotten(settings):
    settings.ACCESS_KEPT_DAYS = 400
    noted(401)
    kept = noted(399)

    assert forget_old_accesses() == 1
    assert list(Access.objects.all()) == [kept]


def test_the_night_job_forgets(settings):
    settings.ACCESS_KEPT_DAYS = 400
    noted(401)

    forget_each_night.call_local()

    assert not Access.objects.exists()


def test_six_months_are_kept_whatever_the_setting(settings):
    settings.ACCESS_KEPT_DAYS = 1

    assert kept_days() == LEAST_DAYS


def test_accesses_to_one_firm_newest_first():
    firm = EnterpriseFactory()
    first = note_access(kind=AccessKind.VIEW, by=SYSTEM, firm=firm)
    second = note_access(kind=AccessKind.EVIDENCE, by=SYSTEM, firm=firm, what="a.pdf")
    noted(0)

    assert list(accesses_to(firm)) == [second, first]
