"""What was filed of a figure: in force, beside it, withdrawn with its import."""

import datetime

import pytest
from django.utils import timezone

from tests.factories import EnterpriseFactory
from tidu.registry.enums import FilingSource
from tidu.registry.ledger import figures_of, history_of
from tidu.registry.models import Filing

pytestmark = pytest.mark.django_db
KEY = "revenue@2025"


def filed(firm, value, source, days_ago=0, **more):
    return Filing.objects.create(
        enterprise=firm,
        source=source,
        entries={KEY: {"value": value}},
        filed_by="虚构",
        filed_at=timezone.now() - datetime.timedelta(days=days_ago),
        **more,
    )


def test_a_stronger_source_is_in_force_and_the_other_stands_beside_it():
    firm = EnterpriseFactory()
    filed(firm, "100.00", FilingSource.CORRECTION, days_ago=3)
    filed(firm, "200.00", FilingSource.ENTERPRISE)

    figure = figures_of(firm)[KEY]

    assert figure.in_force.chosen.value == "100.00"
    assert [each.value for each in figure.in_force.others] == ["200.00"]
    assert "主管部门更正" in figure.in_force.reason
    assert [each.value for each in figure.filed] == ["200.00", "100.00"]


def test_a_history_keeps_what_an_undone_import_said():
    firm = EnterpriseFactory()
    kept = filed(firm, "100.00", FilingSource.ENTERPRISE, days_ago=3)
    undone = filed(firm, "300.00", FilingSource.OFFICIAL, withdrawn_at=timezone.now())

    found, statements = history_of(firm, KEY)

    assert found.chosen.filing == kept.pk
    assert [(each.filing, each.in_force) for each in statements] == [
        (undone, False),
        (kept, True),
    ]
    assert statements[0].filed.value == "300.00"


def test_figures_take_one_query_however_many_filings(django_assert_num_queries):
    firm = EnterpriseFactory()
    for at in range(5):
        filed(firm, f"{at}.00", FilingSource.ENTERPRISE)

    with django_assert_num_queries(1):
        figures_of(firm)
