"""Signing up, invitations and claims, as people click through them."""

import pytest
from django.urls import reverse

from tests.factories import (
    PASSWORD,
    EnterpriseFactory,
    OfficeFactory,
    UserFactory,
    member,
    officer,
    owner_of,
)
from tidu.accounts.enums import Role
from tidu.accounts.models import Invitation, User
from tidu.audit.models import Event
from tidu.registry.claim_models import Claim
from tidu.registry.models import Enterprise

pytestmark = pytest.mark.django_db
CODE = "91990000000000342G"
FORM = {
    "name": "示范虚构新材料有限公司",
    "uscc": CODE,
    "territory": "990101",
    "person": "虚构会计",
    "phone": "",
    "note": "会计",
    "username": "kuaiji",
    "password": "Xuniguo-2026",
}


@pytest.fixture
def office():
    return OfficeFactory(territory="990101")


def sign_up(client, **changes):
    return client.post(reverse("sign_up"), {**FORM, **changes}, follow=True)


def test_a_new_enterprise_begins_on_its_own_page(client, office):
    answer = sign_up(client)

    assert answer.redirect_chain == [(reverse("enterprise_home"), 302)]
    assert "示范虚构新材料有限公司" in answer.content.decode()
    assert Enterprise.objects.get().uscc == CODE
    assert User.objects.get(username="kuaiji").check_password("Xuniguo-2026")


def test_a_known_enterprise_waits_and_nothing_of_it_is_shown(client, office):
    known = EnterpriseFactory(uscc=CODE, facts={"revenue@2025": "61230000.00"})

    answer = sign_up(client)

    assert answer.redirect_chain == [(reverse("account"), 302)]
    text = answer.content.decode()
    assert "待核实" in text
    assert known.name not in text
    for name in ("enterprise_home", "ladder", "facts", "evidence"):
        assert client.get(reverse(name)).status_code == 403
    assert client.get(reverse("firm_facts", args=[known.pk])).status_code == 403


@pytest.mark.parametrize(
    ("field", "typed", "why"),
    [
        ("uscc", "91990000000000342A", "校验位不对"),
        ("uscc", "9199000000000034", "应为18位"),
        ("uscc", "110000000000001", "旧的注册号"),
        ("uscc", "91990000000000O42G", "不用 I、O、S、V、Z"),
        ("territory", "110101", "110101"),
        ("username", "会计", "不用汉字"),
        ("password", "1234567890", "常见"),
        ("password", "kuaiji", "10"),
        ("name", "", "必填"),
    ],
)
def test_bad_input_is_told_beside_its_field_and_kept(client, office, field, typed, why):
    answer = sign_up(client, **{field: typed})

    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert list(errors) == [field]
    assert why in "".join(errors[field])
    assert "示范虚构新材料有限公司" in answer.content.decode() or field == "name"
    assert not User.objects.filter(username="kuaiji").exists()
    assert not Enterprise.objects.exists()


def test_a_taken_user_name_leaves_nothing_behind(client, office):
    UserFactory(username="KuaiJi")

    answer = sign_up(client)

    assert answer.status_code == 422
    assert "username" in answer.context["form"].errors
    assert not Enterprise.objects.exists()


def test_who_is_signed_in_adds_an_enterprise_without_a_new_account(client, office):
    user = UserFactory()
    client.force_login(user)

    answer = client.post(
        reverse("sign_up"),
        {key: FORM[key] for key in ("name", "uscc", "territory", "note")},
    )

    assert answer["Location"] == reverse("enterprise_home")
    assert user.memberships.get().organisation.enterprise.uscc == CODE


def test_the_session_gets_a_new_key_at_sign_up_and_at_sign_in(client, office):
    client.get(reverse("home"))
    session = client.session
    session["mark"] = "planted by somebody else"
    session.save()
    planted = session.session_key
    client.cookies["sessionid"] = planted

    sign_up(client)

    assert client.session.session_key != planted

    client.logout()
    session = client.session
    session["mark"] = "planted again"
    session.save()
    planted = session.session_key
    client.cookies["sessionid"] = planted
    answer = client.post(
        reverse("account_login"), {"login": "kuaiji", "password": "Xuniguo-2026"}
    )
    assert answer["Location"] == reverse("enterprise_home")
    assert client.session.session_key != planted


def invitation_link(client, office) -> str:
    answer = client.post(
        reverse("people"), {"name": "虚构新人", "role": Role.OFFICER.value}
    )
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    return answer.context["link"].removeprefix("http://testserver")


def test_a_link_is_shown_once_and_brings_a_new_person_in(client, office):
    client.force_login(member(office, Role.ADMINISTRATOR))
    link = invitation_link(client, office)
    assert link not in client.get(reverse("people")).content.decode()
    client.logout()

    page = client.get(link)
    assert office.name in page.content.decode()
    answer = client.post(
        link,
        {
            "person": "虚构新人",
            "phone": "",
            "username": "xinren",
            "password": "Xuniguo-2026",
        },
    )

    assert answer["Location"] == reverse("account")
    user = User.objects.get(username="xinren")
    assert user.memberships.get().organisation == office
    assert client.get(reverse("registry")).status_code == 200
    assert client.get(link).status_code == 410


def test_a_link_lets_the_signed_in_person_join(client, office):
    client.force_login(member(office, Role.ADMINISTRATOR))
    link = invitation_link(client, office)
    client.logout()
    user = owner_of(EnterpriseFactory())
    client.force_login(user)

    client.post(link)

    assert user.memberships.count() == 2
    assert client.get(reverse("registry")).status_code == 200


def test_a_wrong_link_is_no_page_and_a_bad_form_keeps_the_invitation(client, office):
    client.force_login(member(office, Role.ADMINISTRATOR))
    link = invitation_link(client, office)
    client.logout()

    assert client.get(reverse("invitation", args=["wrong"])).status_code == 404
    answer = client.post(link, {"person": "", "username": "x", "password": "1"})
    assert answer.status_code == 422
    assert Invitation.objects.get().accepted_at is None


def claim_on(enterprise) -> Claim:
    return Claim.objects.create(
        enterprise=enterprise, user=UserFactory(), name=enterprise.name
    )


def test_an_officer_confirms_on_the_page(client):
    claim = claim_on(EnterpriseFactory(uscc=CODE))
    client.force_login(officer("990101"))

    assert claim.name in client.get(reverse("claims")).content.decode()
    answer = client.post(
        reverse("claim", args=[claim.pk]), {"role": "owner", "decision": "confirm"}
    )

    assert answer["Location"] == reverse("claims")
    assert claim.user.memberships.get().role == Role.OWNER


def test_an_officer_refuses_with_a_reason_that_the_person_reads(client):
    claim = claim_on(EnterpriseFactory())
    client.force_login(officer("990101"))
    url = reverse("claim", args=[claim.pk])

    without = client.post(url, {"role": "owner", "decision": "refuse", "reason": ""})
    assert without.status_code == 422
    assert "请写明理由" in without.content.decode()
    client.post(url, {"role": "owner", "decision": "refuse", "reason": "查无此人"})

    client.force_login(claim.user)
    assert "查无此人" in client.get(reverse("account")).content.decode()


def test_another_territory_sees_no_claim(client):
    claim = claim_on(EnterpriseFactory(territory="990101"))
    client.force_login(officer("990102"))

    assert claim.name not in client.get(reverse("claims")).content.decode()
    url = reverse("claim", args=[claim.pk])
    assert client.get(url).status_code == 403
    posted = client.post(url, {"role": "owner", "decision": "confirm"})
    assert posted.status_code == 403
    client.force_login(officer("990101", Role.OBSERVER))
    assert client.get(url).status_code == 403


def test_claims_are_filtered_counted_and_downloaded(client):
    claim = claim_on(EnterpriseFactory(name="=HYPERLINK(示范)有限公司"))
    client.force_login(officer("990101"))

    assert "共 1 份" in client.get(reverse("claims")).content.decode()
    assert (
        "共 0 份" in client.get(reverse("claims") + "?state=refused").content.decode()
    )
    table = (
        client.get(reverse("claims") + "?download=csv").getvalue().decode("utf-8-sig")
    )
    assert f"'{claim.enterprise.name}" in table
    book = client.get(reverse("claims") + "?download=xlsx")
    assert book.getvalue().startswith(b"PK")
    assert "attachment" in book["Content-Disposition"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_claims_takes_the_same_queries(
    client, count, django_assert_num_queries
):
    for _ in range(count):
        claim_on(EnterpriseFactory())
    client.force_login(officer("990101"))
    client.get(reverse("claims"))
    with django_assert_num_queries(5):
        client.get(reverse("claims"))


def test_coming_in_is_recorded(client, office):
    sign_up(client)

    found = list(Event.objects.order_by("number").values_list("action", flat=True))
    assert found == [
        "accounts.account_opened",
        "registry.enterprise_entered",
        "accounts.joined",
        "accounts.signed_in",
    ]
    assert PASSWORD not in str(list(Event.objects.values()))
