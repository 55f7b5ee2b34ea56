"""A little giant by 工信部企业〔2026〕2号, from draft to certificate; and verified again.

Five roles take part: the firm's owner, the county, city and province, two experts, and
the ministry, which decides; whoever reads checks the certificate.
"""

import datetime

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.journeys import anybody, applicant, authority, reviewing
from tests.journeys.cast import FIRM, Cast
from tests.unit.casework.cases import LITTLE_GIANT

pytestmark = pytest.mark.django_db(transaction=True)
ROUND = "2026年度专精特新“小巨人”企业认定（虚构）"
AGAIN = "2026年度专精特新“小巨人”企业复核（虚构）"
NICHE, EXPENSE = "从事特定细分市场年限", "2024年研发费用（审计报告口径）"
MARKET = "主导产品细分市场占有率或国内排名，且有较高知名度和影响力"
KEY_FIELD = "主导产品属于重点领域并位于产业链关键环节"
SAME_AS_BEFORE = {
    "niche_years": 8,
    "main_revenue@2024": "66000000.00",
    "main_revenue@2023": "57000000.00",
}
ASKED_AGAIN = {
    "核心业务采用信息系统支撑": "是",
    "质量管理体系认证": "是",
    "产品通过发达国家和地区认证": "否",
    "自主品牌": "是",
    "近三年偷漏税等违法违规": "否",
}


@pytest.fixture(autouse=True)
def _decides(settings, live_server):
    settings.CERTIFIES = frozenset({"little_giant"})
    settings.SITE_ADDRESS = live_server.url


def draft(owner) -> None:
    """From what the registry knows: only two figures are asked."""
    page = owner.page
    applicant.start(owner, ROUND)
    expect(page.get_by_text("还缺 2 项数据")).to_be_visible()
    owner.look()
    owner.glance()
    page.locator("#missing").get_by_label(NICHE, exact=True).fill("很久")
    page.get_by_role("button", name="保存数据").click()
    expect(page.locator(".error-summary")).to_contain_text(NICHE)
    applicant.answer(owner, {NICHE: "8", EXPENSE: "660万元"})
    expect(page.get_by_text("数据齐了，不用再填。")).to_be_visible()
    assert applicant.explain(owner) == 2
    assert applicant.prove(owner) <= applicant.MOST_UPLOADS
    applicant.name_a_contact(owner)


def check_in_the_county(county, owner) -> None:
    """Back with the exact field, corrected, and passed."""
    authority.take_up(county, FIRM)
    county.look()
    county.glance()
    authority.send_back(county, NICHE, "与营业执照的成立日期不符，请核对（虚构）")
    why = "成立日期看错了，已更正（虚构）"
    applicant.correct(owner, ROUND, NICHE, "7", why)
    authority.take_up(county, FIRM)
    expect(county.page.get_by_text(f"企业补正时说：{why}")).to_be_visible()
    authority.pass_on(county, "材料齐全（虚构）")


def inspect_and_recommend(province) -> None:
    """The inspection by a draw with a published seed, then the recommendation."""
    authority.pass_through(province, FIRM)
    authority.take_up(province, FIRM)
    authority.cannot_pass(province, "请先在“实地抽查”里抽取")
    reviewing.open_step(province, ROUND, "inspections/")
    reviewing.draw(
        province, "07 12 33", "已抽取，抽中 1 家", "certification-inspection"
    )
    province.look()
    reviewing.visit(province, FIRM)
    authority.pass_through(province, FIRM)
    authority.pass_through(province, FIRM)


def review(cast, ministry) -> None:
    """Two experts, blind, by a draw that anybody repeats."""
    people = [cast.expert("ministry", f"虚构专家{each}") for each in "甲乙丙"]
    authority.take_up(ministry, FIRM)
    authority.cannot_pass(ministry, "这一步还没有安排专家评审")
    reviewing.open_step(ministry, ROUND)
    reviewing.plan(ministry)
    reviewing.draw(ministry, "07 12 33", "已抽取，共分出 2 份评审表")
    reviewing.draw_is_repeated(ministry)
    drawn = [each for each in people if each.reviews.exists()]
    assert len(drawn) == 2
    for expert, points in zip(drawn, (20, 22), strict=True):
        seat = cast.seat(expert)
        reviewing.open_sheet(seat)
        main = seat.page.get_by_role("main")
        for secret in (FIRM, "恒岳", cast.firm.uscc, *(e.name for e in people)):
            expect(main).not_to_contain_text(secret)
        reviewing.fill_sheet(seat, points, look=points == 20)
    reviewing.open_step(ministry, ROUND)
    expect(ministry.page.get_by_text("1 件有结果，共 1 件")).to_be_visible()
    ministry.look()
    authority.pass_through(ministry, FIRM)


def decide(ministry, reader) -> None:
    reviewing.open_step(ministry, ROUND, "inspections/")
    reviewing.elsewhere(ministry, "省里已实地核查，本级看报告（虚构）")
    authority.pass_through(ministry, FIRM)
    notice = authority.publish(ministry)
    anybody.read_notice(reader, FIRM)
    reader.glance()
    authority.wait_until_it_ends(ministry, FIRM, notice)
    authority.certify(ministry, FIRM, [MARKET, KEY_FIELD])
    ministry.look()
    ministry.glance()


def test_a_new_little_giant_from_draft_to_certificate(visits, tmp_path):
    known = {
        key: value
        for key, value in LITTLE_GIANT.items()
        if key not in {"niche_years", "rnd_expense@2024"}
    }
    cast = Cast(visits, known)
    ministry = cast.officer("ministry")
    authority.open_round(ministry, "little_giant", ROUND)
    expect(ministry.page.get_by_text("little_giant/2026-04-01")).to_be_visible()
    ministry.look()

    owner = cast.owner()
    draft(owner)
    number = applicant.submit(owner)
    check_in_the_county(cast.officer("county"), owner)
    authority.pass_through(cast.officer("city"), FIRM)
    inspect_and_recommend(cast.officer("province"))
    review(cast, ministry)
    reader = cast.reader()
    decide(ministry, reader)

    certificate, path = applicant.certificate(owner, tmp_path)
    owner.look()
    assert certificate.startswith(f"000000-XJ-{timezone.localdate().year}-00001-")
    anybody.check_number(reader, certificate, "有效")
    main = reader.page.get_by_role("main")
    for each in (FIRM, cast.firm.uscc, "工信部企业〔2026〕2号"):
        expect(main).to_contain_text(each)
    anybody.check_file(reader, path, f"证书是真的：{FIRM}")
    anybody.scan_code(reader, path, "有效")
    applicant.open_case(owner, ROUND)
    expect(owner.page.get_by_role("main")).to_contain_text(number)
    expect(owner.page.get_by_text("逐字相同")).to_be_visible()
    owner.look()


def test_the_same_firm_is_verified_again_by_the_older_standard(visits, tmp_path):
    cast = Cast(visits, LITTLE_GIANT | SAME_AS_BEFORE)
    last = timezone.localdate() + datetime.timedelta(days=60)
    province, ministry = cast.officer("province"), cast.officer("ministry")
    authority.record_title(
        province, FIRM, "little_giant", datetime.date(2023, 7, 14), last
    )
    authority.open_round(ministry, "little_giant", AGAIN, "reverification")
    expect(ministry.page.get_by_text("little_giant/2022-08-01")).to_be_visible()

    owner = cast.owner()
    applicant.start(owner, AGAIN)
    applicant.answer(owner, ASKED_AGAIN)
    owner.look()
    assert applicant.explain(owner) == 2
    applicant.prove(owner)
    applicant.name_a_contact(owner)
    applicant.submit(owner)
    for level in ("county", "city"):
        authority.pass_through(cast.officer(level), FIRM)
    authority.take_up(province, FIRM)
    file = province.page.locator("section.file")
    for clause in ("附件3-专", "附件3-精", "附件3-特", "附件3-新"):
        expect(file).to_contain_text(clause)
    expect(file).not_to_contain_text("附件2-")
    province.look()
    authority.pass_on(province)
    reviewing.open_step(province, AGAIN, "inspections/")
    reviewing.elsewhere(province, "由市里核查，报告另附（虚构）")
    authority.pass_through(province, FIRM)
    authority.pass_through(province, FIRM)
    for tab in ("", "inspections/"):
        reviewing.open_step(ministry, AGAIN, tab)
        reviewing.elsewhere(ministry, "会上评审，纪要另存（虚构）")
        authority.pass_through(ministry, FIRM)
    notice = authority.publish(ministry)
    authority.wait_until_it_ends(ministry, FIRM, notice)
    authority.certify(
        ministry, FIRM, ["位于产业链关键环节并发挥补短板等作用", "主导产品属于重点领域"]
    )

    certificate, _path = applicant.certificate(owner, tmp_path)
    begins = last + datetime.timedelta(days=1)
    reader = cast.reader()
    anybody.check_number(reader, certificate, f"真的，从 {begins:%Y-%m-%d} 起有效")
    expect(reader.page.get_by_role("main")).to_contain_text("工信部企业〔2022〕63号")
