"""An expert with a conflict is never assigned, however few experts there are.

The office's page names each pair that must not be, and why.
"""

import pytest
from playwright.sync_api import expect

from tests.factories import PASSWORD
from tests.journeys import applicant, authority, reviewing
from tests.journeys.cast import FIRM, Cast
from tests.unit.casework.cases import SRDI
from tidu.casework.review_models import Expert, Review

pytestmark = pytest.mark.django_db(transaction=True)
ROUND = "示范省2026年专精特新中小企业认定（虚构）"
EMPLOYED, INVENTOR = "虚构专家甲（本企业）", "虚构专家乙（共同发明人）"
PATENT = "ZL202310000000.1"
ADVISED = "曾任这家企业的技术顾问（虚构）"


def enter(desk, username: str, name: str, employer: str, code: str = "") -> str:
    """Enter an expert on the page of the pool; the one-time password."""
    page = desk.go("/officer/reviews/experts/")
    page.get_by_role("link", name="登记一位专家").click()
    page.get_by_label("登录用的用户名").fill(username)
    page.get_by_label("姓名").fill(name)
    page.get_by_label("工作单位").fill(employer)
    page.get_by_label("单位统一社会信用代码").fill(code)
    page.get_by_label("专业领域").select_option("34")
    desk.look()
    page.get_by_role("button", name="登记，生成一次性口令").click()
    expect(page.get_by_role("heading", name="专家已登记")).to_be_visible()
    return authority.row_of(desk, "一次性口令").inner_text()


def tie(desk) -> None:
    """Enter a right that the expert stands on, found to be that person."""
    page = desk.page
    page.get_by_role("link", name="登记利害关系").click()
    page.locator("summary", has_text="登记一项利害关系").click()
    page.get_by_label("关系", exact=True).select_option("ip")
    page.get_by_label("对方的统一社会信用代码，或知识产权的权利号").fill(PATENT)
    page.get_by_label("依据").fill("专利登记簿（虚构）")
    page.get_by_label("已核实身份，从现在起回避").check()
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_text("利害关系已登记")).to_be_visible()


def right_of_the_firm(desk, firm) -> None:
    """Enter the same right on the firm's own page."""
    page = desk.go(f"/officer/registry/{firm.pk}/ties/add/")
    page.get_by_label("关系", exact=True).select_option("ip")
    page.get_by_label("对方的统一社会信用代码，或知识产权的权利号").fill(PATENT)
    page.get_by_label("依据").fill("专利登记簿（虚构）")
    page.get_by_label("已核实身份，从现在起回避").check()
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_text("利害关系已登记")).to_be_visible()
    desk.look()
    desk.glance()


def come_in(visitor, username: str, password: str) -> None:
    """Sign in for the first time: the one-time password is changed before all else."""
    visitor.sign_in(username, password)
    page = visitor.page
    page.get_by_label("现在的密码").fill(password)
    page.get_by_label("新密码", exact=True).fill(PASSWORD)
    page.get_by_label("再输一遍新密码").fill(PASSWORD)
    page.get_by_role("button", name="修改密码").click()
    visitor.page.wait_for_load_state("networkidle")


def nothing_to_review(seat) -> None:
    page = seat.go("/expert/")
    expect(page.get_by_text("现在没有要您评的")).to_be_visible()
    seat.look()


def test_who_has_a_conflict_is_never_assigned(visits):
    cast = Cast(visits, SRDI)
    province, owner = cast.officer("province"), cast.owner()
    authority.open_round(province, "srdi_sme", ROUND)
    applicant.apply(owner, ROUND)
    for level in ("county", "city"):
        authority.pass_through(cast.officer(level), FIRM)
    authority.pass_through(province, FIRM)

    password = enter(province, "employed", EMPLOYED, FIRM, cast.firm.uscc)
    enter(province, "inventor", INVENTOR, "虚构大学")
    tie(province)
    right_of_the_firm(province, cast.firm)
    advisor = cast.expert("province", "虚构专家丙")
    reviewing.open_step(province, ROUND)
    reviewing.plan(province)
    step = province.page.get_by_role("main")
    for each in (
        "还缺1位不同单位的专家",
        f"{EMPLOYED}：{FIRM}，专家任职的单位与企业是同一单位",
        f"{INVENTOR}：{FIRM}，专家与企业同列一项知识产权（{PATENT}",
    ):
        expect(step).to_contain_text(each)
    expect(step).not_to_contain_text("固定名单")
    province.look()

    free = cast.expert("province", "虚构专家丁")
    reviewing.open_step(province, ROUND)
    reviewing.draw(province, "07 12 33", "已抽取，共分出 2 份评审表")
    assert {each.expert for each in Review.objects.all()} == {advisor, free}

    seat = cast.seat(advisor)
    reviewing.open_sheet(seat)
    reviewing.step_back(seat, ADVISED)
    reviewing.open_step(province, ROUND)
    for each in ("1 件还缺专家", EMPLOYED, INVENTOR, "虚构专家丙", ADVISED):
        expect(step).to_contain_text(each)
    province.look()
    province.glance()
    province.page.get_by_role("button", name="补抽").click()
    expect(step).to_contain_text("补抽了 0 位专家，还有 1 件没有合适的专家")

    last = cast.expert("province", "虚构专家戊")
    reviewing.open_step(province, ROUND)
    province.page.get_by_role("button", name="补抽").click()
    expect(step).to_contain_text("补抽了 1 位专家，还有 0 件没有合适的专家")
    for expert in (free, last):
        desk = cast.seat(expert)
        reviewing.open_sheet(desk)
        reviewing.fill_sheet(desk, 20)
    authority.pass_through(province, FIRM)

    employed = cast.reader()
    come_in(employed, "employed", password)
    nothing_to_review(employed)
    nothing_to_review(seat)
    barred = Expert.objects.filter(name__in=(EMPLOYED, INVENTOR))
    assert barred.count() == 2
    assert not Review.objects.filter(expert__in=barred).exists()
    assert Review.objects.filter(released_at=None).count() == 2
