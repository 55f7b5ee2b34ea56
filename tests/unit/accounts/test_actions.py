"""Accounts: invite, join, change roles, end, reset; every change is recorded."""

import datetime

import pytest
from allauth.mfa.models import Authenticator
from django.utils import timezone

from tests.factories import (
    EnterpriseFactory,
    OfficeFactory,
    UserFactory,
    acting,
    member,
    officer,
    owner_of,
)
from tidu.accounts import actions
from tidu.accounts.actors import Actor
from tidu.accounts.enums import Role
from tidu.accounts.errors import AccountError
from tidu.accounts.models import Invitation, Membership
from tidu.accounts.queries import invitation_for, lowest_authorities
from tidu.accounts.verdicts import Refused
from tidu.audit.models import Event
from tidu.audit.queries import check_chain

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return OfficeFactory()


@pytest.fixture
def administrator(office):
    return acting(member(office, Role.ADMINISTRATOR))


def invited(office, administrator, role=Role.OFFICER):
    return actions.invite(
        organisation=office, name="虚构新人", role=role, by=administrator
    )


def actions_recorded() -> list[str]:
    return list(Event.objects.order_by("number").values_list("action", flat=True))


def test_an_invitation_keeps_only_the_digest_of_its_secret(office, administrator):
    invitation, secret = invited(office, administrator)

    row = Invitation.objects.filter(pk=invitation.pk).values().get()
    assert secret not in str(row)
    assert invitation_for(secret) == invitation
    assert invitation_for(secret + "x") is None
    week = invitation.expires_at - timezone.now()
    assert datetime.timedelta(days=6, hours=23) < week <= datetime.timedelta(days=7)
    assert secret not in str(list(Event.objects.values()))


def test_an_invitation_works_once(office, administrator):
    invitation, _secret = invited(office, administrator)
    first, second = UserFactory(), UserFactory()

    membership = actions.accept_invitation(invitation=invitation, by=Actor(first))

    assert (membership.organisation, membership.role) == (office, Role.OFFICER)
    with pytest.raises(AccountError, match="用过"):
        actions.accept_invitation(invitation=invitation, by=Actor(second))
    assert not second.memberships.exists()


def test_an_old_or_withdrawn_invitation_is_refused(office, administrator):
    old, _secret = invited(office, administrator)
    Invitation.objects.filter(pk=old.pk).update(expires_at=timezone.now())
    withdrawn, _secret = invited(office, administrator)
    actions.withdraw_invitation(invitation=withdrawn, by=administrator)

    with pytest.raises(AccountError, match="过期"):
        actions.accept_invitation(invitation=old, by=Actor(UserFactory()))
    with pytest.raises(AccountError, match="收回"):
        actions.accept_invitation(invitation=withdrawn, by=Actor(UserFactory()))


def test_a_role_of_another_kind_of_organisation_is_refused(office, administrator):
    with pytest.raises(AccountError, match="企业负责人"):
        invited(office, administrator, role=Role.OWNER)


def test_only_those_who_manage_an_organisation_invite(office):
    ordinary = acting(member(office, Role.OFFICER))
    stranger = acting(officer("990102", Role.ADMINISTRATOR))

    for actor in (ordinary, stranger, Actor()):
        with pytest.raises(Refused):
            invited(office, actor)
    assert not Invitation.objects.exists()


def test_the_last_leader_stays(office, administrator):
    membership = administrator.membership
    with pytest.raises(AccountError, match="最后一位"):
        actions.end_membership(membership=membership, by=administrator)
    with pytest.raises(AccountError, match="最后一位"):
        actions.change_role(membership=membership, role=Role.OBSERVER, by=administrator)

    kept = Membership.objects.get(pk=membership.pk)
    assert (kept.role, kept.ended_at) == (Role.ADMINISTRATOR, None)

    member(office, Role.ADMINISTRATOR)
    actions.end_membership(membership=kept, by=administrator)
    kept.refresh_from_db()
    assert kept.ended_by == administrator.user


def test_a_reset_password_is_told_once_and_must_be_changed(office, administrator):
    user = member(office, Role.OFFICER)
    membership = user.memberships.get()

    password = actions.reset_password(membership=membership, by=administrator)

    user.refresh_from_db()
    assert user.check_password(password)
    assert user.must_change_password
    assert password not in str(list(Event.objects.values()))
    actions.remember(action="accounts.password_changed", by=Actor(user), user=user)
    user.refresh_from_db()
    assert not user.must_change_password


def test_nobody_resets_whom_they_do_not_answer_for(office, administrator):
    elsewhere = member(OfficeFactory(territory="990102"), Role.OFFICER)
    both = member(office, Role.OFFICER)
    Membership.objects.create(
        user=both,
        organisation=OfficeFactory(territory="990103"),
        role=Role.OFFICER,
    )
    chief = member(office, Role.OFFICER)
    chief.is_superuser = True
    chief.save()

    for membership in (
        elsewhere.memberships.get(),
        both.memberships.get(organisation=office),
        chief.memberships.get(),
        administrator.membership,
    ):
        with pytest.raises(Refused):
            actions.reset_password(membership=membership, by=administrator)
        with pytest.raises(Refused):
            actions.reset_second_factor(membership=membership, by=administrator)


def test_a_lost_second_factor_is_taken_off(office, administrator):
    user = member(office, Role.OFFICER)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})

    actions.reset_second_factor(membership=user.memberships.get(), by=administrator)

    assert not Authenticator.objects.filter(user=user).exists()


def test_every_change_is_recorded_in_a_whole_chain(office, administrator):
    invitation, _secret = invited(office, administrator)
    user = actions.open_account(
        username="xinren", name="虚构新人", password="Shifan-2026"
    )
    membership = actions.accept_invitation(invitation=invitation, by=Actor(user))
    actions.change_role(membership=membership, role=Role.OBSERVER, by=administrator)
    actions.reset_password(membership=membership, by=administrator)
    actions.end_membership(membership=membership, by=administrator)

    assert actions_recorded() == [
        "accounts.invited",
        "accounts.account_opened",
        "accounts.invitation_accepted",
        "accounts.joined",
        "accounts.role_changed",
        "accounts.password_reset",
        "accounts.membership_ended",
    ]
    assert check_chain().whole


def test_a_user_name_is_taken_whatever_its_capitals():
    actions.open_account(username="Xinren", name="虚构", password="Shifan-2026")

    with pytest.raises(AccountError, match="换一个"):
        actions.open_account(username="xinren", name="虚构", password="Shifan-2026")


def test_an_enterprise_belongs_to_the_lowest_authorities():
    for territory in ("990000", "990100", "990101", "990200"):
        OfficeFactory(territory=territory)

    assert [each.territory for each in lowest_authorities()] == ["990101", "990200"]


def test_an_owner_manages_only_their_own_enterprise():
    mine, other = EnterpriseFactory(), EnterpriseFactory()
    owner, stranger = acting(owner_of(mine)), owner_of(other)

    with pytest.raises(Refused):
        actions.end_membership(membership=stranger.memberships.get(), by=owner)


def test_a_one_time_password_is_hashed_quickly_and_anew_when_it_is_used(
    settings, office, administrator
):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]

    membership, password = actions.enter_person(
        username="xuni",
        name="虚构人员",
        organisation=office,
        role=Role.OFFICER,
        by=administrator,
    )

    user = membership.user
    assert int(user.password.split("$")[1]) == 10_000
    assert user.check_password(password)
    assert not user.check_password(password[:-1])
    assert int(user.password.split("$")[1]) > 10_000
