"""The API keeps what its OpenAPI document says, whatever it is sent."""

import datetime

import pytest
import schemathesis
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.factories import EnterpriseFactory, acting, officer
from tidu.accounts.enums import Scope
from tidu.accounts.tokens import issue_token
from tidu.project.wsgi import application


@pytest.mark.django_db(transaction=True)
@pytest.mark.filterwarnings("default")  # of the checking library itself
def test_every_operation_answers_as_documented():
    EnterpriseFactory(facts={"revenue@2025": "60000000.00"})
    expires = timezone.now() + datetime.timedelta(days=1)
    _, secret = issue_token(
        by=acting(officer("990101")),
        name="核对",
        scopes=list(Scope),
        expires_at=expires,
    )
    document = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    seen = 0
    for operation in document.get_all_operations():
        seen += 1

        @given(case=operation.ok().as_strategy())
        @settings(
            max_examples=20,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
        def run(case):
            case.call_and_validate(
                headers={
                    "Authorization": f"Bearer {secret}",
                    "Accept-Encoding": "identity",  # it unpacks nothing itself
                },
                # Figures that fit the document may still not be readable: 422 says so.
                excluded_checks=[positive_data_acceptance],
            )

        run()
    assert seen >= 7
