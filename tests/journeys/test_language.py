"""Everybody can read in English and come back: no text is left behind.

Names, official wording and clause numbers stay as they are; every heading, label,
button, link of a menu and lead sentence is English.
"""

import re

import pytest
from playwright.sync_api import expect

from tests.factories import EnterpriseFactory, OfficeFactory, officer, owner_of
from tests.unit.registry.importing import code
from tidu.accounts.enums import Role

pytestmark = pytest.mark.django_db(transaction=True)
SPOKEN = (
    "h1, h2, h3, legend, label, summary h2, th, button, .btn, .chip, .tabs a, "
    ".site-nav a, .page-lead, .help, .empty, .import-steps li, .error-summary, "
    ".demo-mark, .site-foot, "
    "optgroup[label], [aria-label]"
)
CHINESE = re.compile(r"[\u4e00-\u9fff]+")
TYPED = re.compile(
    r"[\d,.]+(万元|亿|年\d+月\d+日|年营业收入（万元）)|不详|中文|万元|企业名称|有限|股份"
)
"""What stays as people type it: amounts, days, a column's name."""
QUOTED = re.compile(r"〔\d{4}〕|附件|第.+条|示范|虚构|工信|国科|表$")
"""Numbers and names of documents, names of firms and people."""
SPEECH = """selector => [...document.querySelectorAll(selector)]
    .filter(each => !each.closest('[lang^=zh]:not(html)'))
    .flatMap(each => [each.innerText, each.label, each.getAttribute('aria-label')])
    .filter(Boolean)"""

PUBLIC = [
    "/",
    "/check/",
    "/check/file/",
    "/policies/",
    "/policies/srdi_sme/",
    "/policies/srdi_sme/2022-08-01/",
    "/policies/srdi_sme/2022-08-01/to/2026-04-01/",
    "/sign-up/",
    "/account/login/",
    "/account/password/reset/",
    "/no-such-page/",
]
ENTERPRISE = [
    "/enterprise/",
    "/enterprise/ladder/",
    "/enterprise/ladder/what-if/",
    "/enterprise/facts/",
    "/enterprise/facts/edit/economy/",
    "/enterprise/facts/edit/conduct/",
    "/enterprise/facts/upload/",
    "/enterprise/evidence/",
    "/enterprise/assessments/",
    "/account/",
    "/account/people/",
    "/officer/",
]

OFFICER = [
    "/officer/",
    "/officer/registry/",
    "/officer/registry/duplicates/",
    "/officer/pool/",
    "/officer/pool/?group=both",
    "/officer/pool/expiring/",
    "/officer/pool/silent/",
    "/officer/imports/",
    "/officer/imports/new/",
    "/officer/claims/",
    "/officer/collection/",
    "/officer/title-lists/",
    "/officer/monthly/",
    "/officer/simulator/",
    "/account/people/",
]


def left_in_chinese(page) -> list[str]:
    """What a page says in Chinese though it is asked for English."""
    said = page.evaluate(SPEECH, SPOKEN)
    lines = {line for text in said for line in text.splitlines()}
    return sorted(
        each
        for each in lines
        if CHINESE.search(TYPED.sub("", each)) and not QUOTED.search(each)
    )


def read_and_come_back(visitor, paths: list[str]) -> None:
    """Look at each page in English, then switch back and see Chinese again."""
    left = {}
    for path in paths:
        page = visitor.visit(path)
        if found := left_in_chinese(page):
            left[path] = found
    assert left == {}
    page.get_by_role("button", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(page.get_by_role("button", name="English")).to_be_visible()
    visitor.look()


def switch(visitor, path: str = "/") -> None:
    page = visitor.visit(path)
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


@pytest.fixture
def office():
    return OfficeFactory(name="甲水县中小企业主管部门（虚构）", territory="990221")


def test_public_pages(visitor, office):
    switch(visitor)
    read_and_come_back(visitor, PUBLIC)


def test_enterprise_pages(visitor, office):
    firm = EnterpriseFactory(
        uscc=code(1),
        territory="990221",
        facts={"revenue@2025": "60880000.00", "employees@2025": 120},
    )
    visitor.sign_in(owner_of(firm).username)
    switch(visitor, "/enterprise/")
    read_and_come_back(visitor, ENTERPRISE)


def test_officer_pages(visitor):
    EnterpriseFactory(uscc=code(1), territory="990221")
    visitor.sign_in(officer("990221", Role.ADMINISTRATOR).username)
    switch(visitor, "/officer/")
    read_and_come_back(visitor, OFFICER)


def test_enterprise_pages_on_a_phone(phone, office):
    firm = EnterpriseFactory(
        uscc=code(1), territory="990221", facts={"revenue@2025": "60880000.00"}
    )
    phone.sign_in(owner_of(firm).username)
    for path in ENTERPRISE:
        phone.visit(path)
