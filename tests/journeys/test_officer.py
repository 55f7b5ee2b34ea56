"""A county officer's first file: errors, a better file, the registry, and back.

The officer of the next county sees nothing of it, by list, by search or by address.
"""

import pytest
import python_calamine
import xlsxwriter
from django.utils import timezone
from playwright.sync_api import expect

from tests.factories import (
    EnterpriseFactory,
    OfficeFactory,
    UserFactory,
    acting,
    member,
    officer,
)
from tests.unit.registry.importing import code, committed, firm_line
from tests.unit.registry.importing import table as lines
from tidu.accounts.enums import Role
from tidu.registry.claims import sign_up_enterprise
from tidu.registry.models import Enterprise

pytestmark = pytest.mark.django_db(transaction=True)
YEAR = timezone.localdate().year - 1
HEAD = [
    "统一社会信用代码",
    "企业名称",
    "行政区划代码",
    "国民经济行业代码",
    f"{YEAR}年营业收入(万元)",
    f"{YEAR}年研发费用(万元)",
    f"{YEAR}年资产总额(万元)",
    f"{YEAR}年从业人员",
    "联系人",
]
FIRMS = 60
COUNTY, NEXT = "990221", "990222"
TRADES = ("精密机械", "专用设备", "电气", "新材料", "橡塑")


def firm_name(number: int) -> str:
    return f"示范虚构{number:02}号{TRADES[number % len(TRADES)]}有限公司"


def line(number: int) -> list:
    revenue = 1200 + number * 130
    return [
        code(number),
        firm_name(number),
        COUNTY,
        "C3421",
        revenue,
        revenue * (2 + number % 6) // 100,
        revenue * 2,
        20 + number * 3,
        "虚构联系人",
    ]


def table(path, changes: dict[tuple[int, int], object]):
    """A table of 60 firms; ``changes[number, column]`` is written instead."""
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("摸底表")
    sheet.write_row(0, 0, HEAD)
    for number in range(1, FIRMS + 1):
        sheet.write_row(number, 0, line(number))
    for (number, column), value in changes.items():
        sheet.write(number, column, value)
    book.close()
    return path


WRONG = {
    (3, 0): code(3)[:-1] + ("1" if code(3)[-1] != "1" else "2"),
    (7, 4): "约五千",
    (12, 7): "35.5",
    (18, 5): "—",
    (24, 2): NEXT,
}
"""A wrong check digit, two figures nobody can read, a dash, a firm next door."""


@pytest.fixture
def county():
    office = OfficeFactory(name="甲水县中小企业主管部门（虚构）", territory=COUNTY)
    return member(office, Role.ADMINISTRATOR)


def upload(visitor, path) -> None:
    page = visitor.visit("/officer/imports/new/")
    page.get_by_label("表格文件").set_input_files(path)
    page.get_by_role("button", name="上传，看列名").click()
    expect(page.get_by_role("heading", name="每一列是什么")).to_be_visible()


def check(visitor) -> None:
    page = visitor.page
    page.get_by_role("button", name="核对，先不写库").click()
    expect(page.get_by_role("heading", name="核对结果：还没有写库")).to_be_visible()


def read_the_errors(visitor, folder) -> None:
    page = visitor.visit("/officer/")
    page.get_by_role("link", name="上传一张企业表").click()
    visitor.look()
    upload(visitor, table(folder / "企业摸底表.xlsx", WRONG))
    expect(page.get_by_text("没认出来").first).to_be_visible()
    visitor.look("officer-columns")
    check(visitor)
    problems = page.locator(".problems")
    expect(problems).to_contain_text("约五千")
    expect(problems).to_contain_text("E8")
    visitor.look("officer-errors")
    with page.expect_download() as download:
        page.get_by_role("link", name="XLSX", exact=True).click()
    report = python_calamine.CalamineWorkbook.from_path(download.value.path())
    sheets = [report.get_sheet_by_name(name) for name in report.sheet_names]
    assert "约五千" in str([sheet.to_python() for sheet in sheets])
    assert not Enterprise.objects.exists()


def commit_the_better_one(visitor, folder) -> None:
    page = visitor.page
    page.get_by_role("link", name="改好表，重新上传").click()
    upload(visitor, table(folder / "企业摸底表（改）.xlsx", {}))
    expect(page.get_by_text("已按上次的认法填好")).to_be_visible()
    check(visitor)
    page.get_by_role("button", name=f"确认导入 {FIRMS} 行").click()
    expect(page.get_by_text("导入完成").first).to_be_visible()
    expect(page.get_by_text("都已按新数据算好")).to_be_visible()
    visitor.look()


def look_around(visitor) -> None:
    page = visitor.page
    page.get_by_role("link", name="去企业库看").click()
    expect(page.get_by_text(f"共 {FIRMS} 家")).to_be_visible()
    visitor.look("officer-registry")
    page.get_by_label("规模").select_option("small")
    page.get_by_role("button", name="筛选").click()
    visitor.look()
    page.get_by_label("存为常用筛选").fill("小型企业")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("link", name="小型企业", exact=True)).to_be_visible()
    visitor.look()
    with page.expect_download() as download:
        page.get_by_role("link", name="XLSX", exact=True).click()
    book = python_calamine.CalamineWorkbook.from_path(download.value.path())
    shown = page.locator("tbody tr").count()
    assert 0 < shown <= len(book.get_sheet_by_index(0).to_python())
    visitor.visit("/officer/registry/?q=" + firm_name(7))
    page.get_by_role("link", name=firm_name(7), exact=True).click()
    expect(page.get_by_role("heading", name=firm_name(7))).to_be_visible()
    visitor.look()
    visitor.visit("/officer/pool/", "officer-pool")


def undo(visitor) -> None:
    page = visitor.visit("/officer/imports/")
    page.get_by_role("link", name="企业摸底表（改）.xlsx").click()
    page.get_by_text("撤回这次导入").click()
    visitor.look("officer-undo")
    page.get_by_role("button", name="整份撤回").click()
    expect(page.get_by_role("heading", name="已整份撤回")).to_be_visible()
    visitor.look()
    visitor.visit("/officer/registry/")
    expect(page.get_by_text("共 0 家")).to_be_visible()


def test_from_a_file_with_errors_to_the_registry_and_back(visitor, county, tmp_path):
    visitor.sign_in(county.username)
    read_the_errors(visitor, tmp_path)
    commit_the_better_one(visitor, tmp_path)
    assert Enterprise.objects.filter(territory=COUNTY).count() == FIRMS
    look_around(visitor)
    undo(visitor)
    assert not Enterprise.objects.filter(closed_at=None).exists()


def test_a_claim_is_confirmed_and_the_firm_opens(visits, county):
    firm = EnterpriseFactory(name=firm_name(1), uscc=code(1), territory=COUNTY)
    accountant = UserFactory(name="虚构会计")
    sign_up_enterprise(
        name=firm.name, uscc=code(1), territory=COUNTY, note="会计", user=accountant
    )
    waiting = visits()
    waiting.sign_in(accountant.username)
    waiting.visit("/account/")
    waiting.visit("/enterprise/")
    expect(waiting.page.get_by_role("heading", name="这一页您不能打开")).to_be_visible()

    desk = visits()
    desk.sign_in(county.username)
    page = desk.visit("/officer/")
    page.get_by_role("link", name="认领申请").first.click()
    desk.look()
    page.get_by_role("link", name=firm.name).click()
    desk.look()
    page.get_by_role("button", name="确认是本企业人员").click()
    desk.look()

    waiting.visit("/enterprise/")
    expect(waiting.page.get_by_role("heading", name=firm.name)).to_be_visible()


def test_the_next_county_sees_nothing_of_it(visits, county):
    batch = committed(lines(firm_line(1, COUNTY)), acting(county))
    firm = Enterprise.objects.get(uscc=code(1))
    desk = visits()
    desk.sign_in(officer(NEXT).username)

    for address in ("", "?q=" + firm.name, "?q=" + code(1), "?place=" + COUNTY):
        page = desk.visit("/officer/registry/" + address)
        expect(page.get_by_text("共 0 家")).to_be_visible()
        expect(page.get_by_role("link", name=firm.name, exact=True)).to_have_count(0)
    page = desk.visit("/officer/imports/")
    expect(page.get_by_text("本单位共 0 次导入")).to_be_visible()
    for address in (
        f"/officer/registry/{firm.pk}/",
        f"/officer/registry/{firm.pk}/facts/",
        f"/officer/registry/{firm.pk}/identity/",
        f"/officer/imports/{batch.pk}/",
    ):
        page = desk.visit(address)
        expect(page.get_by_role("heading", name="这一页您不能打开")).to_be_visible()
        expect(page.get_by_role("main")).not_to_contain_text(firm.name)


@pytest.mark.parametrize(
    "path", ["", "registry/", "pool/", "pool/expiring/", "imports/", "imports/new/"]
)
def test_main_pages_on_a_phone(path, phone, county):
    EnterpriseFactory(name=firm_name(1), uscc=code(1), territory=COUNTY)
    phone.sign_in(county.username)
    phone.visit("/officer/" + path)


def test_a_file_is_led_through_on_a_phone(phone, county, tmp_path):
    phone.sign_in(county.username)
    upload(phone, table(tmp_path / "表.xlsx", WRONG))
    phone.look()
    check(phone)
    phone.look()


def test_a_new_office_begins_on_a_phone(phone, county):
    phone.sign_in(county.username)
    page = phone.visit("/officer/")
    page.get_by_role("link", name="上传一张企业表").click()
    expect(page.get_by_label("表格文件")).to_be_visible()
