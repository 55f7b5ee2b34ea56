"""Who acts, for whom, and how far their territory reaches."""

import pytest
from django.utils import timezone

from tests.factories import EnterpriseFactory, UserFactory, acting, officer, owner_of
from tidu.accounts.actors import PUBLIC, SYSTEM, actor_for, scope_of
from tidu.accounts.enums import Role
from tidu.accounts.models import Membership
from tidu.accounts.permissions import (
    may_act_for_authority,
    may_act_for_enterprise,
    may_manage_people,
    may_run_site,
    may_work_for_authority,
)
from tidu.accounts.verdicts import Refused, no, yes

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("territory", "scope"),
    [("000000", ""), ("990000", "99"), ("990100", "9901"), ("990101", "990101")],
)
def test_scope_is_the_territory_without_its_zeros(territory, scope):
    assert scope_of(territory) == scope


def test_authority_has_a_scope_others_have_none():
    assert acting(officer("990100")).scope == "9901"
    assert acting(owner_of(EnterpriseFactory())).scope is None
    assert PUBLIC.scope is None
    assert SYSTEM.scope == ""
    assert acting(UserFactory(is_superuser=True)).scope == ""


def test_person_acts_in_the_membership_chosen():
    user = officer("990101")
    account = acting(owner_of(EnterpriseFactory()))
    second = Membership.objects.create(
        user=user, organisation=account.organisation, role=Role.FILER
    )

    assert actor_for(user).role is Role.OFFICER
    assert actor_for(user, second.pk).role is Role.FILER


def test_ended_membership_and_closed_organisation_do_not_count():
    user = officer()
    membership = user.memberships.get()
    membership.ended_at, membership.ended_by = timezone.now(), user
    membership.save()

    assert actor_for(user).membership is None


def test_inactive_person_is_the_public():
    user = officer()
    user.is_active = False
    user.save()

    assert actor_for(user) == PUBLIC


def test_observer_sees_and_does_not_change():
    observer = acting(officer(role=Role.OBSERVER))

    assert may_act_for_authority(observer)
    assert "只读" in str(may_work_for_authority(observer).reason)


def test_enterprise_is_no_authority_and_says_so():
    owner = acting(owner_of(EnterpriseFactory()))

    assert may_act_for_enterprise(owner)
    assert "主管部门" in str(may_act_for_authority(owner).reason)
    assert not may_run_site(owner)


def test_people_are_managed_by_their_own_administrator():
    administrator = acting(officer(role=Role.ADMINISTRATOR))
    other = acting(officer("990102")).organisation

    assert may_manage_people(administrator, administrator.organisation)
    assert not may_manage_people(administrator, other)
    assert not may_manage_people(acting(officer()))
    assert may_manage_people(SYSTEM, other)


def test_verdict_refuses_with_its_reason():
    yes().or_refuse()
    with pytest.raises(Refused, match="先登录"):
        no("先登录").or_refuse()
