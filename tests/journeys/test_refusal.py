"""Refused, appealed, objected to, refused again, reversed, certified: a province's round.

No refusal is saved without a clause and a reason; whoever is refused reads both.
The pictures of docs/tutorials/certification.md are taken on this way.
"""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.journeys import anybody, applicant, authority, reviewing
from tests.journeys.cast import FIRM, Cast
from tests.unit.casework.cases import SRDI

pytestmark = pytest.mark.django_db(transaction=True)
ROUND = "示范省2026年专精特新中小企业认定（虚构）"
POSITION = "market_position"
LABEL = "主导产品市场占有率靠前，有一定知名度和影响力"
COUNTY_SAYS = "第三方报告已过期，不能证明（虚构）"
PROVINCE_SAYS = "年报和第三方报告的口径不同，暂不能证明排名（虚构）"
FIRM_SAYS = "报告今年三月已更新，附在材料里（虚构）"


@pytest.fixture(autouse=True)
def _decides(settings, live_server):
    settings.CERTIFIES = frozenset({"srdi_sme"})
    settings.SITE_ADDRESS = live_server.url


def refused_in_the_county(county, owner, province) -> None:
    """Refused with its clause; the appeal brings it back to where it was."""
    authority.take_up(county, FIRM)
    authority.refuse(county, POSITION, COUNTY_SAYS, "certification-refusal")
    expect(county.page.locator("ol.moves")).to_contain_text(COUNTY_SAYS)
    applicant.appeal(owner, ROUND, COUNTY_SAYS, FIRM_SAYS)
    authority.answer_appeal(province, FIRM, "新报告在有效期内（虚构）")
    authority.pass_through(county, FIRM)


def reviewed_and_inspected(cast, province) -> None:
    people = [cast.expert("province", f"虚构专家{each}") for each in "甲乙"]
    authority.pass_through(province, FIRM)
    reviewing.open_step(province, ROUND)
    reviewing.plan(province)
    reviewing.draw(
        province, "07 12 33", "已抽取，共分出 2 份评审表", "certification-draw"
    )
    for expert in people:
        seat = cast.seat(expert)
        reviewing.open_sheet(seat)
        reviewing.fill_sheet(seat, 20)
    authority.pass_through(province, FIRM)
    reviewing.open_step(province, ROUND, "inspections/")
    reviewing.elsewhere(province, "由市里核查，报告另附（虚构）")
    authority.pass_through(province, FIRM)


def objected_to(reader, province, owner) -> None:
    """An objection with evidence holds: refused by its clause, then reversed."""
    anybody.read_notice(reader, FIRM, "certification-notice")
    number = anybody.object_to(reader, FIRM)
    reader.look()
    authority.take_up(province, FIRM)
    expect(province.page.get_by_role("main")).to_contain_text("异议核查")
    authority.answer_objection(province, FIRM, "成立", PROVINCE_SAYS, POSITION)
    assert authority.evidence_of_objection(province).startswith(b"%PDF-")
    anybody.read_answer(reader, number, PROVINCE_SAYS)
    applicant.appeal(owner, ROUND, PROVINCE_SAYS, FIRM_SAYS)
    authority.answer_appeal(province, FIRM, "两份报告的口径已说明，排名属实（虚构）")


def test_a_refusal_an_objection_and_their_reversal(visits, tmp_path):
    cast = Cast(visits, SRDI, careful=True)
    province, county = cast.officer("province"), cast.officer("county")
    authority.open_round(province, "srdi_sme", ROUND)
    province.look("certification-round")
    province.glance()
    owner = cast.owner()
    applicant.apply(owner, ROUND)
    refused_in_the_county(county, owner, province)
    authority.pass_through(cast.officer("city"), FIRM)
    authority.take_up(province, FIRM, "certification-queue")
    province.look("certification-file")
    reviewed_and_inspected(cast, province)
    notice = authority.publish(province)
    reader = cast.reader()
    objected_to(reader, province, owner)
    authority.wait_until_it_ends(province, FIRM, notice)
    authority.certify(province, FIRM, [LABEL], "certification-decision")

    certificate, path = applicant.certificate(owner, tmp_path)
    assert certificate.startswith(f"990000-ZJ-{timezone.localdate().year}-00001-")
    anybody.check_number(reader, certificate, "有效", "certification-certificate")
    anybody.check_file(reader, path, f"证书是真的：{FIRM}")
    applicant.open_case(owner, ROUND)
    moves = owner.page.locator("ol.moves")
    for each in (COUNTY_SAYS, PROVINCE_SAYS, FIRM_SAYS, LABEL):
        expect(moves).to_contain_text(each)
    owner.look()
    owner.glance()
