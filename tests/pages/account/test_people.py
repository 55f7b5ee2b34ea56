"""The people of an organisation: the page, its buttons, and who may press them."""

import pytest
from django.urls import reverse

from tests.factories import (
    PASSWORD,
    EnterpriseFactory,
    OfficeFactory,
    member,
    officer,
    owner_of,
)
from tidu.accounts.enums import Role
from tidu.accounts.models import Invitation, Membership

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return OfficeFactory()


@pytest.fixture
def administrator(client, office):
    user = member(office, Role.ADMINISTRATOR)
    client.force_login(user)
    return user


def press(client, name, user, **data):
    membership = user.memberships.get()
    return client.post(reverse(name, args=[membership.pk]), data, follow=True)


def test_a_role_is_changed_and_a_person_ended(client, office, administrator):
    user = member(office, Role.OFFICER)

    press(client, "change_role", user, role=Role.OBSERVER.value)
    assert user.memberships.get().role == Role.OBSERVER
    answer = press(client, "end_membership", user)

    assert user.memberships.get().ended_by == administrator
    assert user.name not in [
        each["membership"].user.name for each in answer.context["people"]
    ]


def test_the_last_administrator_is_told_why_they_stay(client, office, administrator):
    answer = press(client, "end_membership", administrator)

    assert "最后一位" in answer.content.decode()
    assert administrator.memberships.get().ended_at is None


def test_a_one_time_password_opens_only_the_page_to_change_it(
    client, office, administrator
):
    user = member(office, Role.OFFICER)
    client_of_user = client_class(client)
    client_of_user.force_login(user)

    answer = press(client, "reset_password", user)
    password = answer.context["password"]
    assert "no-store" in answer["Cache-Control"]

    # The old session has ended, and the old password too.
    assert client_of_user.get(reverse("registry")).status_code == 302
    login = reverse("account_login")
    wrong = client_of_user.post(login, {"login": user.username, "password": PASSWORD})
    assert wrong.status_code == 200
    client_of_user.post(login, {"login": user.username, "password": password})
    change = reverse("account_change_password")
    for name in ("registry", "home", "people", "account"):
        assert client_of_user.get(reverse(name))["Location"] == change
    assert "一次性密码" in client_of_user.get(change).content.decode()

    client_of_user.post(
        change,
        {
            "oldpassword": password,
            "password1": "Xuniguo-2026",
            "password2": "Xuniguo-2026",
        },
    )
    assert client_of_user.get(reverse("registry")).status_code == 200


def client_class(client):
    return type(client)()


def test_a_fragment_is_sent_to_the_page_as_a_whole(client, office):
    user = member(office, Role.OFFICER)
    user.must_change_password = True
    user.save()
    client.force_login(user)

    answer = client.get(reverse("registry"), headers={"HX-Request": "true"})

    assert answer["HX-Redirect"] == reverse("account_change_password")


def test_other_organisations_people_are_no_pages(client, office, administrator):
    stranger = member(OfficeFactory(territory="990102"), Role.OFFICER)
    names = ("change_role", "end_membership", "reset_password", "reset_second_factor")

    for name in names:
        url = reverse(name, args=[stranger.memberships.get().pk])
        assert client.post(url, {"role": "observer"}).status_code == 404
    assert stranger.memberships.get().role == Role.OFFICER


def test_who_does_not_lead_is_refused(client, office):
    other = member(office, Role.OFFICER)
    client.force_login(member(office, Role.OFFICER))

    assert client.get(reverse("people")).status_code == 403
    assert press(client, "end_membership", other).status_code == 403


def test_an_unknown_role_is_no_page(client, office, administrator):
    user = member(office, Role.OFFICER)

    assert press(client, "change_role", user, role="owner").status_code == 404
    assert press(client, "change_role", user, role="emperor").status_code == 404


def test_an_invitation_is_withdrawn_by_its_own_organisation_only(client, office):
    client.force_login(officer("990102", Role.ADMINISTRATOR))
    client.post(reverse("people"), {"name": "虚构", "role": "officer"})
    invitation = Invitation.objects.get()
    url = reverse("withdraw_invitation", args=[invitation.pk])

    owner = client_class(client)
    owner.force_login(owner_of(EnterpriseFactory()))
    assert owner.post(url).status_code == 404
    client.post(url)

    invitation.refresh_from_db()
    assert invitation.withdrawn_at


def test_an_owner_invites_a_filer_but_no_officer(client):
    client.force_login(owner_of(EnterpriseFactory()))

    good = client.post(reverse("people"), {"name": "虚构", "role": "filer"})
    bad = client.post(reverse("people"), {"name": "虚构", "role": "administrator"})

    assert (good.status_code, bad.status_code) == (200, 422)
    assert Invitation.objects.get().role == Role.FILER


def test_one_switches_between_ones_own_memberships_only(client, office):
    user = owner_of(EnterpriseFactory())
    second = Membership.objects.create(
        user=user, organisation=office, role=Role.OFFICER
    )
    foreign = member(office, Role.OFFICER).memberships.get()
    client.force_login(user)
    assert client.get(reverse("ladder")).status_code == 200

    answer = client.post(reverse("act_as"), {"membership": second.pk})

    assert answer["Location"] == reverse("registry")
    assert client.get(reverse("registry")).status_code == 200
    assert client.get(reverse("ladder")).status_code == 403
    for wrong in (foreign.pk, "x", ""):
        answer = client.post(reverse("act_as"), {"membership": wrong})
        assert answer.status_code == 404
    second.ended_at, second.ended_by = second.since, user
    second.save()
    assert client.get(reverse("registry")).status_code == 403


def test_the_list_can_be_downloaded(client, office, administrator):
    text = (
        client.get(reverse("people") + "?download=csv").getvalue().decode("utf-8-sig")
    )

    assert administrator.username in text


@pytest.mark.parametrize("count", [1, 3])
def test_the_people_take_the_same_queries(
    client, office, administrator, count, django_assert_num_queries
):
    for _ in range(count):
        member(office, Role.OFFICER)
    client.get(reverse("people"))
    with django_assert_num_queries(6):
        client.get(reverse("people"))
