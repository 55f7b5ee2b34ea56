"""A new enterprise finds out where it stands: signs up, files, reads, plays, keeps."""

import pytest
import python_calamine
import xlsxwriter
from django.utils import timezone
from playwright.sync_api import expect

from tests.factories import PASSWORD, OfficeFactory
from tests.unit.registry.importing import code
from tidu.registry.models import Enterprise

pytestmark = pytest.mark.django_db(transaction=True)
FIRM = "示范虚构明远精密机械有限公司"
YEAR = timezone.localdate().year - 1
MONEY = {
    "营业收入": (6100, 5300),
    "主营业务收入": (5800, 5000),
    "研发费用（审计报告口径）": (420, 380),
    "资产总额": (8000, 7400),
    "负债总额": (3900, 3700),
    "净利润": (560, 480),
}  # 万元, of the last year and of the one before


@pytest.fixture
def office():
    return OfficeFactory(name="甲水县中小企业主管部门（虚构）", territory="990221")


def sign_up(visitor) -> None:
    page = visitor.visit("/")
    page.get_by_role("link", name="企业注册").click()
    page.get_by_label("企业名称").fill(FIRM)
    page.get_by_label("统一社会信用代码").fill("91990100")
    page.get_by_label("所在地主管部门").select_option("990221")
    page.get_by_label("您的姓名").fill("虚构会计")
    page.get_by_label("用户名").fill("mingyuan")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="注册").click()
    summary = page.locator(".error-summary")
    expect(summary).to_contain_text("统一社会信用代码")
    visitor.look()
    expect(page.get_by_label("密码")).to_have_value(PASSWORD)
    page.get_by_label("统一社会信用代码").fill(code(7))
    page.get_by_role("button", name="注册").click()
    expect(page.get_by_role("heading", name=FIRM)).to_be_visible()
    visitor.look("enterprise-home")


def file_by_form(visitor) -> None:
    page = visitor.page
    page.get_by_role("link", name="数据", exact=True).click()
    page.get_by_role("link", name="填写或更正经营数据").click()
    for label, (last, before) in MONEY.items():
        page.get_by_label(f"{YEAR} {label}", exact=True).fill(str(last))
        page.get_by_label(f"{YEAR - 1} {label}", exact=True).fill(str(before))
    page.get_by_label(f"{YEAR} 从业人员", exact=True).fill("一百二")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".error-summary")).to_contain_text("从业人员")
    visitor.look()
    page.get_by_label(f"{YEAR} 从业人员", exact=True).fill("120")
    visitor.look("enterprise-figures-form")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("已保存 13 个数，梯度已重新计算")).to_be_visible()
    visitor.look()
    page.get_by_role("link", name="6,100万元").click()
    expect(page.get_by_text("共填报 1 次")).to_be_visible()
    visitor.look()


def filled_form(path) -> None:
    """The enterprise's form with more figures, and one of them corrected."""
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("填报表")
    for at, row in enumerate(
        [
            ["项目", "单位", f"{YEAR}年"],
            ["统一社会信用代码", "", code(7)],
            ["营业收入", "万元", 6230],
            ["国民经济行业代码", "", "C3421"],
            ["与主导产品相关的Ⅰ类知识产权", "项", 3],
        ]
    ):
        sheet.write_row(at, 0, row)
    book.close()


def file_by_excel(visitor, folder) -> None:
    page = visitor.visit("/enterprise/facts/")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载 Excel").click()
    form = python_calamine.CalamineWorkbook.from_path(download.value.path())
    assert "填报表" in form.sheet_names
    page.get_by_role("link", name="上传 Excel").click()
    filled_form(folder / "填报表.xlsx")
    page.get_by_label("填报表").set_input_files(folder / "填报表.xlsx")
    page.get_by_role("button", name="上传并核对").click()
    expect(page.get_by_text("会改动")).to_contain_text("会改动 3 个数")
    visitor.look("enterprise-upload")
    page.get_by_label("更正的原因").fill("审计报告已出")
    page.get_by_role("button", name="确认保存").click()
    expect(page.get_by_text("已保存 3 个数")).to_be_visible()


def read_the_ladder(visitor) -> None:
    page = visitor.visit("/enterprise/ladder/")
    expect(page.locator("#paths li").first).to_be_visible(timeout=20_000)
    visitor.look("enterprise-ladder")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载 XLSX").click()
    book = python_calamine.CalamineWorkbook.from_path(download.value.path())
    assert book.sheet_names
    visitor.visit("/enterprise/ladder/paths/")


def play(visitor) -> None:
    page = visitor.visit("/enterprise/ladder/what-if/")
    dial = page.locator("#dials .unit-field input").first
    dial.fill("1")
    expect(page.locator("#effects .is-changed").first).to_be_visible()
    visitor.look("enterprise-what-if")
    dial.fill("很多")
    expect(page.get_by_text("读不懂的数按现在的算。")).to_be_visible()
    visitor.look()
    page.get_by_role("link", name="恢复现在的数").click()
    expect(page.get_by_text("还没有改动。")).to_be_visible()


def prove_and_keep(visitor, folder) -> None:
    page = visitor.visit("/enterprise/evidence/")
    report = folder / "审计报告.pdf"
    report.write_bytes(b"%PDF-1.7\n" + b"x" * 100)
    page.get_by_label("文件").set_input_files(report)
    page.get_by_label("名称").fill(f"{YEAR}年度审计报告（虚构）")
    page.get_by_label(f"{YEAR}年营业收入", exact=True).check()
    page.get_by_role("button", name="上传").click()
    expect(page.get_by_text("共 1 份")).to_be_visible()
    visitor.look()
    visitor.visit("/enterprise/ladder/")
    page.get_by_role("button", name="存为评估记录").click()
    visitor.look()
    visitor.visit("/enterprise/assessments/")
    page.locator("td a").first.click()
    expect(page.get_by_role("heading", name="当时的数据")).to_be_visible()
    visitor.look("enterprise-assessment")


def test_from_signing_up_to_a_kept_assessment(visitor, office, tmp_path):
    sign_up(visitor)
    file_by_form(visitor)
    file_by_excel(visitor, tmp_path)
    read_the_ladder(visitor)
    play(visitor)
    prove_and_keep(visitor, tmp_path)

    firm = Enterprise.objects.get(uscc=code(7))
    assert firm.territory == office.territory
    assert firm.current.entries[f"revenue@{YEAR}"]["value"] == "62300000.00"
    assert firm.filings.count() == 2
    assert firm.evidence.count() == 1
