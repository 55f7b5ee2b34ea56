"""What a draft asks: the missing, the old, the disputed; few documents."""

import datetime
import io

import pytest
from django.utils import timezone

from tests.unit.casework.cases import LITTLE_GIANT, SRDI, call, firm, office
from tidu.casework.actions import attach, start_case
from tidu.casework.documents import papers_of, read_by
from tidu.casework.drafts import draft_of
from tidu.casework.models import Case
from tidu.casework.queries import clauses_of, standing_of
from tidu.registry.actions import file_facts
from tidu.registry.enums import FilingSource
from tidu.registry.evidence import add_evidence
from tidu.registry.models import Filing

pytestmark = pytest.mark.django_db
NOW = timezone.now()
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def offices():
    return {level: office(level) for level in ("county", "city", "province")}


def draft(facts=None, scheme="srdi_sme"):
    enterprise, by = firm(facts)
    case = start_case(opened=call(scheme=scheme), enterprise=enterprise, by=by)
    return case, by


def test_nothing_is_asked_where_all_is_known():
    case, _by = draft()

    found = draft_of(case, NOW)

    assert (found.missing, found.old) == ((), ())
    assert [each.finding.id for each in found.stated] == ["market_position"]


def test_what_decides_a_criterion_alone_is_asked_first():
    keys = ("niche_years", "rnd_expense@2025", "rnd_expense@2024")
    case, _by = draft({k: v for k, v in SRDI.items() if k not in keys})

    found = draft_of(case, NOW)

    assert found.missing[0] == "niche_years"
    assert set(found.missing) == set(keys)
    assert found.decides["niche_years"]


def test_a_figure_without_a_year_grows_old_and_one_of_a_year_does_not():
    case, _by = draft()
    filed = NOW - datetime.timedelta(days=400)
    Filing.objects.filter(enterprise=case.enterprise).update(filed_at=filed)

    old = draft_of(case, NOW).old

    assert "class1_ip_in_use" in old
    assert not any("@" in key for key in old)


def test_a_figure_that_sources_dispute_is_asked():
    case, by = draft()
    for source, value in (
        (FilingSource.STATEMENT, "81000000.00"),
        (FilingSource.IMPORT, "99000000.00"),
    ):
        Filing.objects.create(
            enterprise=case.enterprise,
            source=source,
            entries={"revenue@2025": {"value": value}},
            filed_by=by.name,
            filed_at=NOW,
        )

    assert draft_of(case, NOW).old == ("revenue@2025",)


def test_a_criterion_over_two_years_reads_both():
    case, _by = draft()
    read = {key for c in clauses_of(case) for key in read_by(c.finding)}

    assert {"rnd_expense@2025", "rnd_expense@2024"} <= read


@pytest.mark.parametrize(
    ("scheme", "facts"),
    [("srdi_sme", SRDI), ("little_giant", LITTLE_GIANT), ("innovative_sme", SRDI)],
)
def test_at_most_four_documents_are_asked(scheme, facts):
    case, _by = draft(facts, scheme)

    papers = papers_of(case, standing_of(case))

    assert 1 <= len(papers) <= 4
    assert "economy" in {each.group for each in papers}
    assert not any(each.covered for each in papers)


def test_evidence_covers_the_document_it_proves():
    case, by = draft()
    evidence = add_evidence(
        enterprise=case.enterprise,
        file=io.BytesIO(PDF),
        file_name="a.pdf",
        size=len(PDF),
        keys=["revenue@2025"],
        by=by,
    )
    economy = papers_of(case, standing_of(case))[0]
    assert economy.fitting == (evidence,)
    for each in economy.criteria:
        attach(case=case, evidence=evidence, by=by, criterion=each.id)

    economy = papers_of(case, standing_of(case))[0]

    assert economy.covered
    assert len(economy.attached) == 1
    assert economy.fitting == ()


def test_a_correction_is_no_dispute():
    case, by = draft()
    file_facts(
        enterprise=case.enterprise,
        entries={"revenue@2025": {"value": "82000000.00"}},
        source=FilingSource.ENTERPRISE,
        by=by,
        reason="虚构",
    )

    assert draft_of(Case.objects.get(pk=case.pk), NOW).old == ()
