"""Signing up: a new enterprise at once, a known one after an officer's word."""

import pytest
from django.db import IntegrityError, transaction

from tests.factories import EnterpriseFactory, UserFactory, acting, officer, owner_of
from tidu.accounts.actors import actor_for
from tidu.accounts.enums import Role
from tidu.accounts.errors import AccountError
from tidu.accounts.models import Membership
from tidu.accounts.verdicts import Refused
from tidu.audit.models import Event
from tidu.registry.claim_models import Claim
from tidu.registry.claims import (
    claims_before,
    confirm_claim,
    refuse_claim,
    sign_up_enterprise,
    waiting_claims,
)
from tidu.registry.enums import ClaimState
from tidu.registry.models import Enterprise
from tidu.registry.permissions import may_see_enterprise

pytestmark = pytest.mark.django_db
CODE = "91990000000000342G"


def sign_up(user, uscc=CODE, name="示范虚构新材料有限公司"):
    return sign_up_enterprise(
        name=name, uscc=uscc, territory="990101", note="虚构的会计", user=user
    )


@pytest.fixture
def known():
    return EnterpriseFactory(uscc=CODE, facts={"revenue@2025": "60000000.00"})


def test_an_unknown_code_enters_a_new_enterprise():
    user = UserFactory()

    made = sign_up(user)

    assert isinstance(made, Membership)
    firm = Enterprise.objects.get(uscc=CODE)
    assert firm.organisation == made.organisation
    assert made.role == Role.OWNER
    assert may_see_enterprise(actor_for(user), firm)


def test_a_known_code_waits_and_shows_nothing(known):
    user = UserFactory()

    claim = sign_up(user)

    assert isinstance(claim, Claim)
    assert claim.state == ClaimState.WAITING
    assert not user.memberships.exists()
    assert not may_see_enterprise(actor_for(user), known)
    assert Enterprise.objects.count() == 1


def test_a_merged_duplicate_is_claimed_as_what_it_was_merged_into(known):
    kept = EnterpriseFactory()
    known.merged_into = kept
    known.save()

    assert sign_up(UserFactory()).enterprise == kept


def test_an_officer_of_the_place_confirms(known):
    user = UserFactory()
    claim = sign_up(user)

    confirm_claim(claim=claim, role=Role.FILER, by=acting(officer("990101")))

    claim.refresh_from_db()
    assert claim.state == ClaimState.CONFIRMED
    assert user.memberships.get().role == Role.FILER
    known.refresh_from_db()
    assert may_see_enterprise(actor_for(user), known)


@pytest.mark.parametrize(
    ("territory", "role"), [("990102", Role.OFFICER), ("990101", Role.OBSERVER)]
)
def test_nobody_else_decides(known, territory, role):
    claim = sign_up(UserFactory())

    with pytest.raises(Refused):
        confirm_claim(claim=claim, role=Role.OWNER, by=acting(officer(territory, role)))
    with pytest.raises(Refused):
        refuse_claim(claim=claim, reason="不是", by=acting(officer(territory, role)))
    claim.refresh_from_db()
    assert claim.state == ClaimState.WAITING


def test_an_officer_does_not_confirm_their_own_claim(known):
    user = officer("990101")
    claim = sign_up(user)

    with pytest.raises(Refused, match="自己"):
        confirm_claim(claim=claim, role=Role.OWNER, by=acting(user))


def test_a_refusal_needs_a_reason_and_can_be_followed_by_a_new_claim(known):
    user, by = UserFactory(), acting(officer("990101"))
    claim = sign_up(user)

    with pytest.raises(AccountError, match="理由"):
        refuse_claim(claim=claim, reason="  ", by=by)
    refuse_claim(claim=claim, reason="电话核实，企业没有这个人", by=by)

    claim.refresh_from_db()
    assert claim.reason == "电话核实，企业没有这个人"
    assert sign_up(user).pk != claim.pk


def test_a_decision_is_made_once(known):
    by = acting(officer("990101"))
    claim = sign_up(UserFactory())
    confirm_claim(claim=claim, role=Role.OWNER, by=by)

    with pytest.raises(AccountError, match="处理过"):
        refuse_claim(claim=claim, reason="晚了", by=by)


def test_the_same_claim_twice_and_a_member_claiming_are_told(known):
    user = UserFactory()
    sign_up(user)
    with pytest.raises(AccountError, match="正在等"):
        sign_up(user)
    with pytest.raises(AccountError, match="已经是"):
        sign_up(owner_of(known))


def test_the_database_keeps_claims_whole(known):
    claim = sign_up(UserFactory())
    claim.state = ClaimState.REFUSED
    with pytest.raises(IntegrityError), transaction.atomic():
        claim.save()


def test_claims_are_seen_in_their_territory_only(known):
    sign_up(UserFactory())

    here, city, elsewhere = (
        acting(officer(each)) for each in ("990101", "990100", "990102")
    )
    assert [claims_before(each).count() for each in (here, city, elsewhere)] == [
        1,
        1,
        0,
    ]
    assert waiting_claims(here) == 1
    assert waiting_claims(acting(owner_of(known))) == 0


def test_claims_and_decisions_are_recorded(known):
    claim = sign_up(UserFactory())
    refuse_claim(claim=claim, reason="不符", by=acting(officer("990101")))

    events = Event.objects.order_by("number")
    assert [each.action for each in events] == [
        "registry.claim_made",
        "registry.claim_refused",
    ]
    assert events[1].data["reason"] == "不符"
    assert events[1].territory == "990101"
