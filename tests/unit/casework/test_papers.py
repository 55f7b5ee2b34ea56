"""Documents an application must have: who says so, what is missing, who is stopped."""

import datetime

import pytest

from tests.unit.casework.cases import LITTLE_GIANT, SRDI, call, desk, fill, firm, office
from tidu.accounts.verdicts import Refused
from tidu.casework.actions import resubmit_case, start_case, submit_case
from tidu.casework.deciding import return_case
from tidu.casework.documents import PAPERS, papers_of
from tidu.casework.queries import readiness_of, standing_of
from tidu.cli.demonstration_figures import file_complete
from tidu.cli.demonstration_papers import NEEDS, attach_papers
from tidu.rules.procedures import Need

pytestmark = pytest.mark.django_db
AUDIT = PAPERS["economy"]


@pytest.fixture(autouse=True)
def offices():
    return {level: office(level) for level in ("county", "city", "province")}


def draft(facts=None, scheme="srdi_sme", **given):
    enterprise, by = firm(facts or SRDI)
    opened = call(scheme=scheme, **given)
    case = start_case(opened=opened, enterprise=enterprise, by=by)
    return case, by


def needs(case):
    return {each.group: each.need for each in papers_of(case, standing_of(case))}


def without_papers(case):
    case.documents.all().delete()


def test_a_required_document_that_is_missing_is_named_and_stops_the_case():
    case, by = draft(papers={"economy": "required", "refinement": "optional"})
    fill(case, by)
    without_papers(case)

    found = readiness_of(case)
    assert found.papers == (str(AUDIT),)
    assert not found.ready
    with pytest.raises(Refused, match=f"还缺必交的材料：{AUDIT}"):
        submit_case(case=case, by=by, seen=case.counter)
    case.refresh_from_db()
    assert (case.state, case.submitted_at) == ("draft", None)
    attach_papers(case, by)

    submit_case(case=case, by=by, seen=case.counter)
    assert case.state == "county_check"


def test_an_optional_document_stops_nobody():
    case, by = draft(papers=dict.fromkeys(PAPERS, "optional"))
    fill(case, by)

    assert set(needs(case).values()) == {Need.OPTIONAL}
    assert (readiness_of(case).papers, readiness_of(case).unsure) == ((), ())
    submit_case(case=case, by=by, seen=case.counter)


def test_where_no_list_is_known_it_is_said_and_stops_nobody():
    case, by = draft()
    fill(case, by)

    assert set(needs(case).values()) == {Need.UNKNOWN}
    assert str(AUDIT) in readiness_of(case).unsure
    assert not case.documents.exists()
    submit_case(case=case, by=by, seen=case.counter)


def test_the_notice_of_little_giants_gives_a_list():
    case, by = draft(LITTLE_GIANT, "little_giant")
    fill(case, by)
    without_papers(case)

    found = {each.group: each for each in papers_of(case, standing_of(case))}
    required = {group for group, each in found.items() if each.need is Need.REQUIRED}
    assert required == {"economy", "specialisation"} & found.keys()
    assert found["economy"].source == "117号-材料"
    assert len(readiness_of(case).papers) == len(required)
    with pytest.raises(Refused, match="还缺必交的材料"):
        submit_case(case=case, by=by, seen=case.counter)


def test_the_round_goes_before_the_list():
    case, by = draft(LITTLE_GIANT, "little_giant", papers={"economy": "optional"})
    fill(case, by)

    assert needs(case)["economy"] is Need.OPTIONAL


def test_a_corrected_case_needs_its_documents_too():
    case, by = draft(papers={"economy": "required"})
    fill(case, by)
    submit_case(case=case, by=by, seen=case.counter)
    return_case(
        case=case, by=desk("county"), seen=case.counter, reason="虚构", fields=["x"]
    )
    without_papers(case)

    with pytest.raises(Refused, match="还缺必交的材料"):
        resubmit_case(case=case, by=by, seen=case.counter)


@pytest.mark.parametrize("scheme", ["srdi_sme", "innovative_sme", "little_giant"])
def test_a_firm_of_the_demonstration_uploads_four_files_at_most(scheme):
    today = datetime.date(2026, 6, 1)
    enterprise, by = firm({"industry": "3484"})
    more = {"holds_srdi": True, "market_share": "0.18", "key_link": True}
    file_complete(enterprise, by, today, more if scheme == "little_giant" else {})
    case = start_case(
        opened=call(scheme=scheme, papers=NEEDS), enterprise=enterprise, by=by
    )

    attach_papers(case, by)

    assert readiness_of(case).papers == ()
    assert 1 <= enterprise.evidence.count() <= 4
