"""A complaint that holds, a title revoked and a bar: everybody sees it, the firm waits."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.journeys import anybody, applicant, authority, reviewing
from tests.journeys.cast import FIRM, Cast
from tests.unit.casework.cases import SRDI
from tidu.eligibility.pool import months_after

pytestmark = pytest.mark.django_db(transaction=True)
ROUND = "示范省2026年专精特新中小企业认定（虚构）"
NEXT = "示范省2026年专精特新中小企业认定第二批（虚构）"
LABEL = "主导产品市场占有率靠前，有一定知名度和影响力"
FALSIFIED = "申报用的审计报告与报送税务的不一致，系伪造（虚构）"
CLAUSE = "工信部企业〔2026〕2号 动态管理"
FOUND = "经向会计师事务所核实，报告系伪造（虚构）"


@pytest.fixture(autouse=True)
def _decides(settings, live_server):
    settings.CERTIFIES = frozenset({"srdi_sme"})
    settings.SITE_ADDRESS = live_server.url


def to_the_certificate(cast, province, owner) -> None:
    """The way that test_refusal looks at, with its reviews done elsewhere."""
    applicant.apply(owner, ROUND)
    for level in ("county", "city"):
        authority.pass_through(cast.officer(level), FIRM)
    authority.pass_through(province, FIRM)
    for tab in ("", "inspections/"):
        reviewing.open_step(province, ROUND, tab)
        reviewing.elsewhere(province, "会上评审，纪要另存（虚构）")
        authority.pass_through(province, FIRM)
    notice = authority.publish(province)
    authority.wait_until_it_ends(province, FIRM, notice)
    authority.certify(province, FIRM, [LABEL])


def test_a_falsification_is_revoked_and_bars(visits, tmp_path):
    cast = Cast(visits, SRDI)
    province, owner, reader = cast.officer("province"), cast.owner(), cast.reader()
    authority.open_round(province, "srdi_sme", ROUND)
    to_the_certificate(cast, province, owner)
    authority.open_round(province, "srdi_sme", NEXT)
    certificate, path = applicant.certificate(owner, tmp_path)
    owner.go("/enterprise/cases/")  # and leave it open
    start = owner.page.get_by_role("button", name=f"申报{NEXT}")
    expect(start).to_be_visible()

    number = anybody.complain_about(reader, FIRM)
    authority.answer_objection(province, FIRM, "成立", FOUND)
    authority.revoke(province, FALSIFIED)

    today = timezone.localdate()
    until = months_after(today, 36)
    bar = province.page.locator("section", has_text="禁止申报")
    expect(bar).to_contain_text(f"{today:%Y-%m-%d} — {until:%Y-%m-%d}")
    expect(bar).to_contain_text(CLAUSE)
    province.look()

    anybody.check_number(reader, certificate, f"已于 {today:%Y-%m-%d} 撤销")
    expect(reader.page.get_by_role("main")).to_contain_text(FALSIFIED)
    reader.glance()
    anybody.check_file(reader, path, f"已于{today}撤销")
    anybody.scan_code(reader, path, f"已于 {today:%Y-%m-%d} 撤销")
    anybody.read_answer(reader, number, FOUND)
    reader.go(f"/notices/holders/?state=revoked&q={FIRM}")
    expect(reader.page.get_by_role("table")).to_contain_text(FALSIFIED)

    start.click()
    refused = owner.page.get_by_role("main")
    expect(refused).to_contain_text("没有办成，什么都没有改动")
    for each in (f"{until:%Y-%m-%d}", CLAUSE, FALSIFIED):
        expect(refused).to_contain_text(each)
    owner.look()
    for address in ("/enterprise/cases/", "/enterprise/holding/"):
        owner.go(address)
        for each in (f"{until:%Y-%m-%d}", CLAUSE, FALSIFIED):
            expect(owner.page.get_by_role("main")).to_contain_text(each)
        owner.look()
    owner.go("/enterprise/cases/")
    expect(owner.page.get_by_role("button", name=f"申报{NEXT}")).to_have_count(0)
    owner.glance()
