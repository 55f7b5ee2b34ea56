"""The API: the same answers as the pages, errors in one form, writes once."""

import datetime

import pytest
from django.utils import timezone

from tests.factories import EnterpriseFactory, acting, officer, owner_of
from tidu.accounts.enums import Role, Scope
from tidu.accounts.tokens import issue_token, revoke_token
from tidu.api.addresses import api
from tidu.registry.models import Filing

pytestmark = pytest.mark.django_db
EVERY = list(Scope)


def token_of(user, scopes=EVERY, days=30):
    expires = timezone.now() + datetime.timedelta(days=days)
    return issue_token(
        by=acting(user), name="对账程序", scopes=scopes, expires_at=expires
    )


def bearer(secret, **more):
    return {"headers": {"Authorization": f"Bearer {secret}", **more}}


@pytest.fixture
def firm():
    return EnterpriseFactory(facts={"revenue@2025": "60000000.00"})


@pytest.fixture
def secret(firm):
    return token_of(officer("990101"))[1]


def test_assess_needs_no_token_and_says_the_same_as_the_command(client):
    facts = {"revenue@2025": "6088万元", "rnd_expense@2025": "305万元"}
    sent = {"facts": facts, "on": "2026-06-01", "schemes": ["srdi_sme"]}

    answer = client.post("/api/v1/assess", sent, content_type="application/json")

    found = answer.json()["schemes"]["srdi_sme"]
    assert answer.status_code == 200
    assert found["rule_set"] == "srdi_sme/2026-04-01"
    gate = next(c for c in found["criteria"] if c["id"] == "revenue_or_equity")
    assert (gate["outcome"], gate["value"]) == ("met", "60880000.00")


def test_assess_names_the_field_in_error(client):
    sent = {"facts": {"revenue@2025": "很多"}, "on": "2026-06-01"}

    answer = client.post("/api/v1/assess", sent, content_type="application/json")

    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    (error,) = answer.json()["errors"]
    assert error["field"] == "revenue@2025"
    assert "很多" in error["message"]


def test_assess_refuses_a_scheme_nobody_knows(client):
    sent = {"facts": {"revenue@2025": 6088}, "schemes": ["champion_sme"]}

    answer = client.post("/api/v1/assess", sent, content_type="application/json")

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "champion_sme"


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer tidu_wrong"}])
def test_registry_asks_for_a_token(client, header):
    answer = client.get("/api/v1/enterprises", headers=header)

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"


def test_expired_and_revoked_tokens_are_unknown(client, firm):
    user = officer("990101")
    _, late = token_of(user, days=-1)
    token, revoked = token_of(user)
    revoke_token(token=token, by=acting(user))

    for secret in (late, revoked):
        assert client.get("/api/v1/enterprises", **bearer(secret)).status_code == 401


def test_token_without_the_scope_is_refused(client, firm):
    _, secret = token_of(officer("990101"), scopes=[Scope.ASSESS])

    answer = client.get("/api/v1/enterprises", **bearer(secret))

    assert answer.status_code == 403
    assert "查看" in answer.json()["title"]


def test_list_has_the_territory_of_the_token_only(client, firm, secret):
    EnterpriseFactory(territory="990201")

    found = client.get("/api/v1/enterprises", **bearer(secret)).json()

    assert [each["id"] for each in found["items"]] == [firm.pk]
    assert found["next"] is None


def test_list_pages_lead_on(client, secret):
    EnterpriseFactory.create_batch(3)

    first = client.get("/api/v1/enterprises?size=2", **bearer(secret)).json()
    second = client.get(first["next"], **bearer(secret)).json()

    assert len(first["items"]) == 2
    seen = {each["id"] for each in first["items"] + second["items"]}
    assert len(seen) == first["count"]


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_as_many_queries_for_three_as_for_one(
    client, django_assert_num_queries, count
):
    _, secret = token_of(officer("990101"))
    EnterpriseFactory.create_batch(count)
    client.get("/api/v1/enterprises", **bearer(secret))

    with django_assert_num_queries(4):  # token, count, page, who read it
        client.get("/api/v1/enterprises", **bearer(secret))


@pytest.mark.parametrize("path", ["", "/facts", "/standings"])
def test_firm_of_another_territory_is_not_there(client, path):
    _, secret = token_of(officer("990201"))
    firm = EnterpriseFactory(territory="990101")

    answer = client.get(f"/api/v1/enterprises/{firm.pk}{path}", **bearer(secret))

    assert answer.status_code == 404


def test_filing_is_read_like_a_cell_and_is_in_force(client, firm, secret):
    sent = {"facts": {"revenue@2025": "7000万元"}, "reason": "审计报告已出"}

    answer = client.post(
        f"/api/v1/enterprises/{firm.pk}/filings",
        sent,
        content_type="application/json",
        **bearer(secret),
    )

    assert answer.status_code == 200
    facts = client.get(f"/api/v1/enterprises/{firm.pk}/facts", **bearer(secret)).json()[
        "facts"
    ]
    assert facts["revenue@2025"]["value"] == "70000000.00"
    assert facts["revenue@2025"]["conflict"] is True


def test_filing_with_a_key_is_recorded_once(client, firm, secret):
    def file(value):
        return client.post(
            f"/api/v1/enterprises/{firm.pk}/filings",
            {"facts": {"revenue@2025": value}},
            content_type="application/json",
            **bearer(secret, **{"Idempotency-Key": "2026-11-24/1"}),
        )

    first, again, other = file(7000), file(7000), file(8000)

    assert first.json() == again.json()
    assert other.status_code == 409
    assert Filing.objects.filter(enterprise=firm).count() == 2  # one from before


def test_observer_cannot_file(client, firm):
    _, secret = token_of(officer("990101", Role.OBSERVER))

    answer = client.post(
        f"/api/v1/enterprises/{firm.pk}/filings",
        {"facts": {"revenue@2025": 7000}},
        content_type="application/json",
        **bearer(secret),
    )

    assert answer.status_code == 403
    assert "只读" in answer.json()["title"]


def test_enterprise_files_for_itself_only(client, firm):
    _, secret = token_of(owner_of(firm))
    other = EnterpriseFactory()

    statuses = [
        client.post(
            f"/api/v1/enterprises/{each.pk}/filings",
            {"facts": {"revenue@2025": 7000}},
            content_type="application/json",
            **bearer(secret),
        ).status_code
        for each in (firm, other)
    ]

    assert statuses == [200, 404]


def test_assessment_is_kept(client, firm, secret):
    answer = client.post(
        f"/api/v1/enterprises/{firm.pk}/assessments",
        {"on": "2026-06-01"},
        content_type="application/json",
        **bearer(secret),
    )

    assert answer.status_code == 200
    assert firm.assessments.get().result == answer.json()["schemes"]


def test_only_two_operations_are_open_to_everybody():
    open_ones = {
        operation.view_func.__name__
        for _prefix, router in api._routers
        for view in router.path_operations.values()
        for operation in view.operations
        if not operation.auth_callbacks
    }

    assert open_ones == {"schemes", "assess"}
