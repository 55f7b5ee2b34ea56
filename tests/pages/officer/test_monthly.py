"""The monthly table as a page and as files."""

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import EnterpriseFactory
from tests.pages.officer.month_work import NAME, content
from tidu.registry.models import HeldTitle

pytestmark = pytest.mark.django_db


def test_the_monthly_table_on_the_page_and_as_files(page):
    HeldTitle.objects.create(
        enterprise=EnterpriseFactory(name=NAME),
        scheme="srdi_sme",
        valid_from="2026-01-01",
        valid_until="2028-12-31",
        source="虚构",
    )

    answer = page.get(reverse("monthly") + "?month=2026-01")

    tier = next(e for e in answer.context["table"].tiers if e.scheme == "srdi_sme")
    assert (tier.before, tier.entered, tier.after) == (0, 1, 1)
    assert "2026年1月优质中小企业梯度培育情况表" in answer.content.decode()
    book = content(page.get(reverse("monthly_file", args=["xlsx"]) + "?month=2026-01"))
    assert book.startswith(b"PK")
    lines = content(page.get(reverse("monthly_file", args=["csv"]) + "?month=2026-01"))
    assert NAME in lines.decode()
    assert page.get(reverse("monthly_file", args=["doc"])).status_code == 404


@pytest.mark.parametrize("typed", ["", "2999-01", "2026-13", "<b>"])
def test_a_month_that_cannot_be_is_the_last_full_one(page, typed):
    answer = page.get(reverse("monthly"), {"month": typed})

    assert answer.context["table"].month.last < timezone.localdate()


@pytest.mark.parametrize("firms", [1, 3])
def test_queries_of_the_monthly_table(page, firms, django_assert_num_queries):
    for each in EnterpriseFactory.create_batch(firms):
        HeldTitle.objects.create(
            enterprise=each, scheme="srdi_sme", valid_from="2026-01-01", source="虚构"
        )

    with django_assert_num_queries(7):
        page.get(reverse("monthly") + "?month=2026-01")


def test_the_monthly_table_of_another_county_is_its_own(page, other):
    EnterpriseFactory(name=NAME)

    assert other().get(reverse("monthly")).context["table"].total.firms == 0
