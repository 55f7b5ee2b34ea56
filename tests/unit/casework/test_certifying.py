"""A decision gives a title with its days, and a certificate that can be checked."""

import datetime

import pytest

from tests.unit.casework.cases import ON, call, desk, judge_all
from tests.unit.casework.holders import (
    at_notice,
    certified,
    held,
    let_it_end,
    noticed_round,
    publish,
)
from tidu.audit.models import Event
from tidu.casework.certificates.checking import CheckResult, check
from tidu.casework.certificates.contents import CertificateError
from tidu.casework.certificates.revocations import read_revocations
from tidu.casework.certifying import certify, issue, revocation_list, signer
from tidu.casework.deciding import pass_case, report_result
from tidu.casework.enums import RevocationKind
from tidu.casework.holding import Grounds, revoke
from tidu.casework.models import Case
from tidu.casework.queries import today
from tidu.casework.title_models import IssuedCertificate
from tidu.registry.blobs import open_blob
from tidu.registry.models import Enterprise, HeldTitle
from tidu.registry.queries import current_facts
from tidu.rules.rulesets import Kind

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def decides(settings):
    settings.CERTIFIES = frozenset({"srdi_sme"})


def content(certificate) -> bytes:
    with open_blob(certificate.blob) as file:
        return file.read()


def test_a_certified_case_has_its_title_of_three_years():
    title = certified()

    on = today()
    assert title.valid_from == on
    assert title.valid_until == on.replace(year=on.year + 3) - datetime.timedelta(1)
    assert current_facts(title.enterprise).get("holds_srdi") is True
    assert title.source.endswith(title.certificate.case.number)


def test_its_certificate_is_genuine_and_says_the_same():
    title = certified()
    found = check(content(title.certificate), signer().trusted, on=today())

    assert found.result is CheckResult.GENUINE
    assert found.statement.number == title.certificate.number
    assert found.statement.name == title.enterprise.name
    assert found.statement.valid_until == title.valid_until
    event = Event.objects.get(action="casework.certificate_issued")
    assert event.data["sha256"] == title.certificate.blob.sha256


def test_numbers_follow_one_another():
    opened = noticed_round()
    numbers = [certified(opened).certificate.number for _each in range(2)]

    year = today().year
    assert [each[:-3] for each in numbers] == [
        f"990000-ZJ-{year}-00001",
        f"990000-ZJ-{year}-00002",
    ]


def test_an_altered_file_does_not_pass():
    page = bytearray(content(certified().certificate))
    at = page.index(b"/ByteRange") - 40
    page[at] ^= 1

    found = check(bytes(page), signer().trusted, on=today())
    assert found.result in {CheckResult.ALTERED, CheckResult.UNREADABLE}


def test_the_list_of_revocations_reaches_the_check():
    title = certified()
    grounds = Grounds(RevocationKind.FALSIFICATION, "虚构的核查结果", "第十六条")
    revoke(title=title, grounds=grounds, by=desk("province"))

    listed = read_revocations(revocation_list(), signer().trusted)
    found = check(
        content(title.certificate), signer().trusted, revocations=listed, on=today()
    )

    assert found.result is CheckResult.REVOKED
    assert "虚构的核查结果" in found.reason


def test_an_installation_that_only_recommends_makes_none(settings):
    settings.CERTIFIES = frozenset()
    opened = noticed_round()
    assert opened.decides is False
    case = at_notice(opened)
    let_it_end(publish(opened))
    by = desk("province")
    judge_all(case, by)
    pass_case(case=case, by=by, seen=case.counter)
    pass_case(case=case, by=by, seen=case.counter)
    assert case.state == "recommended"

    report_result(
        case=case, by=by, seen=case.counter, certified=True, source="虚构文号"
    )

    assert case.state == "certified"
    assert not IssuedCertificate.objects.exists()
    assert not HeldTitle.objects.exists()  # it comes with the official list


def test_without_a_credit_code_nothing_is_decided():
    opened = noticed_round()
    case = at_notice(opened)
    let_it_end(publish(opened))
    Enterprise.objects.update(uscc=None)
    by = desk("province")
    case = Case.objects.get(pk=case.pk)
    judge_all(case, by)
    pass_case(case=case, by=by, seen=case.counter)

    with pytest.raises(CertificateError, match="统一社会信用代码"):
        pass_case(case=case, by=by, seen=case.counter)

    case.refresh_from_db()
    assert case.state == "decision"
    assert not HeldTitle.objects.exists()


def test_a_reverification_goes_on_where_the_title_ends():
    opened = call("province", kind=Kind.REVERIFICATION, on=ON)
    case = at_notice(opened)
    last = today() + datetime.timedelta(days=60)
    held(enterprise=case.enterprise, until=last)

    title = certify(case=case, on=today(), by=desk("province"))

    assert title.valid_from == last + datetime.timedelta(days=1)
    assert case.enterprise.titles.count() == 3


def test_a_reverification_after_the_end_begins_with_the_decision():
    case = at_notice(call("province", kind=Kind.REVERIFICATION, on=ON))
    held(enterprise=case.enterprise, until=today() - datetime.timedelta(days=3))

    assert certify(case=case, on=today(), by=desk("province")).valid_from == today()


def test_one_title_has_one_certificate():
    title = certified()
    case = title.certificate.case

    with pytest.raises(Exception, match=r"(?i)unique"):
        issue(case=case, title=title, rule_set=None, on=today(), by=desk("province"))
