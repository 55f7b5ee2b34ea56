"""Notices, objections, certificates and holders as everybody meets them."""

import datetime

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.factories import EnterpriseFactory
from tests.unit.casework.cases import desk, office
from tests.unit.casework.holders import (
    DAY,
    at_notice,
    certified,
    entry_of,
    held,
    let_it_end,
    noticed_round,
    objected,
    publish,
)
from tidu.casework.certifying import check_address
from tidu.casework.enums import DayKind, RevocationKind
from tidu.casework.holding import Grounds, revoke
from tidu.casework.notice_models import Objection, PublicNotice
from tidu.casework.objecting import answer_objection
from tidu.casework.queries import today
from tidu.registry.blobs import open_blob
from tidu.registry.models import HeldTitle
from tidu.web import throttle

pytestmark = pytest.mark.django_db
SAID = {
    "name": "虚构举报人",
    "contact": "13800001234",
    "text": "虚构：主营收入和审计报告不一致，请核对第三页的附表。",
}


@pytest.fixture(autouse=True)
def _fresh(settings):
    settings.CERTIFIES = frozenset({"srdi_sme"})
    cache.clear()


def listed(count=1):
    """A notice with so many firms."""
    opened = noticed_round()
    cases = [at_notice(opened) for _each in range(count)]
    return publish(opened), cases


# -- reading ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "moves"), [(DayKind.CALENDAR, True), (DayKind.WORKING, False)]
)
def test_a_last_day_that_moves_is_said_to_move(client, kind, moves):
    opened = noticed_round(notice_kind=kind)
    at_notice(opened)
    client.force_login(desk("province").user)
    page = reverse("notice_new", args=[opened.pk, "province_notice"])

    assert ("顺延到下一个工作日" in client.get(page).text) is moves

    page = reverse("public_notice", args=[publish(opened).pk])
    assert ("顺延到下一个工作日" in client.get(page).text) is moves


def test_a_notice_is_read_by_everybody(client):
    notice, (case,) = listed()

    assert notice.title in client.get(reverse("public_notices")).text
    page = client.get(reverse("public_notice", args=[notice.pk])).text

    assert case.enterprise.name in page
    assert f"{notice.ends_on}" in page
    assert reverse("object_to", args=[entry_of(case).pk]) in page


def test_a_notice_of_tomorrow_is_nobodys_yet(client):
    notice, _cases = listed()
    PublicNotice.objects.update(opens_on=today() + DAY, ends_on=today() + 9 * DAY)

    assert notice.title not in client.get(reverse("public_notices")).text
    assert client.get(reverse("public_notice", args=[notice.pk])).status_code == 404


def test_a_name_is_looked_for_in_the_lists(client):
    notice, (case,) = listed()

    url = reverse("public_notices")
    assert notice.title in client.get(url, {"q": case.enterprise.name}).text
    assert notice.title not in client.get(url, {"q": "没有这家"}).text
    assert "没有这样的公示" in client.get(url, {"q": "没有这家"}).text


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_lists_are_taken_away_as_files(client, form):
    notice, _cases = listed()
    held()

    for name, args in (
        ("public_notices", []),
        ("public_notice", [notice.pk]),
        ("holders", []),
    ):
        answer = client.get(reverse(name, args=args), {"download": form})
        assert answer.status_code == 200
        assert "attachment" in answer["Content-Disposition"]
        assert b"".join(answer.streaming_content)


@pytest.mark.parametrize("count", [1, 3])
def test_a_notice_takes_as_many_queries_for_one_firm_as_for_three(
    client, count, django_assert_num_queries
):
    notice, _cases = listed(count)

    with django_assert_num_queries(2):
        client.get(reverse("public_notice", args=[notice.pk]))
    with django_assert_num_queries(2):
        client.get(reverse("public_notices"))


# -- objecting ------------------------------------------------------------------------


def test_an_objection_gets_a_number_and_later_its_answer(client):
    _notice, (case,) = listed()
    url = reverse("object_to", args=[entry_of(case).pk])
    assert "选填" in client.get(url).text
    file = SimpleUploadedFile("证据.pdf", b"%PDF-1.7 fictional")

    answer = client.post(url, {**SAID, "file": file})
    made = Objection.objects.get()
    page = client.get(answer.url).text

    assert made.number in page
    assert "请记下来" in page
    assert made.blob.size == 18
    for secret in SAID.values():
        assert secret not in page
    answer_objection(
        objection=made, by=desk("province"), answer="经核查不属实", sustained=False
    )
    client.logout()
    page = client.get(reverse("objection_answer"), {"number": made.number.lower()}).text
    assert "经核查不属实" in page
    assert SAID["name"] not in page
    assert "请记下来" not in page


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({**SAID, "name": ""}, "您的真实姓名"),
        ({**SAID, "contact": ""}, "联系方式"),
        ({**SAID, "text": "不行"}, "反映的情况"),
        ({**SAID, "file": SimpleUploadedFile("x.pdf", b"<html>")}, "这种文件"),
    ],
)
def test_what_cannot_be_taken_is_said_and_kept(client, given, said):
    _notice, (case,) = listed()

    answer = client.post(reverse("object_to", args=[entry_of(case).pk]), given)

    assert answer.status_code == 422
    assert "error-summary" in answer.text
    assert said in answer.text
    assert given["text"] in answer.text
    assert not Objection.objects.exists()


def test_after_the_notice_nothing_is_taken(client):
    notice, (case,) = listed()
    let_it_end(notice)
    url = reverse("object_to", args=[entry_of(case).pk])

    assert "公示已于" in client.get(url).text
    assert "公示已于" in client.post(url, SAID).text
    assert not Objection.objects.exists()


def test_nobody_objects_without_end(client):
    _notice, (case,) = listed()
    url = reverse("object_to", args=[entry_of(case).pk])
    for _try in range(throttle.TRIES):
        client.post(url, {})

    answer = client.post(url, SAID)

    assert answer.status_code == 429
    assert "十分钟以后再试" in answer.text
    assert not Objection.objects.exists()


def test_numbers_are_not_guessed_without_end(client):
    _case, made = objected()
    url = reverse("objection_answer")
    for _try in range(throttle.TRIES):
        assert "没有这个查询号" in client.get(url, {"number": "A" * 12}).text

    answer = client.get(url, {"number": made.number})

    assert answer.status_code == 429
    assert made.enterprise.name not in answer.text


# -- certificates --------------------------------------------------------------------


def standing(client, number):
    return client.get(reverse("certificate_page", args=[number])).text


def test_a_certificate_is_checked_by_its_number(client):
    title = certified()
    number = title.certificate.number

    page = standing(client, number)
    assert "有效" in page
    assert title.enterprise.name in page

    HeldTitle.objects.filter(pk=title.pk).update(
        valid_from=today() - 9 * DAY, valid_until=today() - DAY
    )
    assert f"已于 {today() - DAY} 到期" in standing(client, number)


def test_a_revoked_one_says_since_when_and_why(client):
    title = certified()
    grounds = Grounds(RevocationKind.FALSIFICATION, "虚构的核查结果", "第十六条")
    revoke(title=title, grounds=grounds, by=desk("province"))

    page = standing(client, title.certificate.number)

    assert f"已于 {today()} 撤销" in page
    assert "虚构的核查结果" in page
    holders = client.get(reverse("holders"), {"state": "revoked"}).text
    assert "虚构的核查结果" in holders
    assert title.enterprise.name not in client.get(reverse("holders")).text


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("990000-ZJ-2026-00001-83", "没有发过这个编号"),
        ("990000-ZJ-2026-00001-84", "编号输错了"),
        ("<b>", "编号输错了"),
    ],
)
def test_a_strange_number_is_called_strange(client, number, said):
    page = client.get(reverse("certificate_check"), {"number": number})

    assert said in page.text
    assert "<b>" not in page.text.replace("<b><", "")


def test_a_file_is_checked_by_its_signature(client):
    title = certified()
    with open_blob(title.certificate.blob) as file:
        content = file.read()
    url = reverse("certificate_check")

    good = client.post(url, {"file": SimpleUploadedFile("a.pdf", content)})
    bad = client.post(url, {"file": SimpleUploadedFile("a.pdf", b"%PDF-1.7 x")})
    none = client.post(url, {})

    assert "证书是真的" in good.text
    assert "不能作为依据" in bad.text
    assert none.status_code == 422


def test_whoever_checks_offline_gets_key_and_list(client):
    pem = client.get(reverse("signing_certificates")).content
    listed_ = client.get(reverse("revoked_certificates")).json()

    assert pem.startswith(b"-----BEGIN CERTIFICATE-----")
    assert b"PRIVATE" not in pem
    assert listed_["revoked"] == []


def test_the_code_leads_to_the_page(settings, client):
    settings.SITE_ADDRESS = "https://sme.example/"

    assert check_address() == "https://sme.example/certificates/"
    assert reverse("certificate_page", args=["N"]) == "/certificates/N/"


# -- holders ---------------------------------------------------------------------------


def test_holders_are_filtered(client):
    here = held(territory="990101")
    there = held("little_giant", territory="990203")
    held("high_tech_enterprise", name="示范虚构别的称号有限公司")
    url = reverse("holders")

    def names(**query):
        text = client.get(url, query).text
        return [t.enterprise.name in text for t in (here, there)]

    assert names() == [True, True]
    assert names(scheme="srdi_sme") == [True, False]
    assert names(place="990200") == [False, True]
    assert names(q=here.enterprise.name) == [True, False]
    assert names(place="x", state="x") == [True, True]
    assert "别的称号" not in client.get(url).text


def test_ended_titles_stand_apart(client):
    ended = held(until=datetime.date(2026, 1, 1))

    assert ended.enterprise.name not in client.get(reverse("holders")).text
    page = client.get(reverse("holders"), {"state": "expired"}).text
    assert ended.enterprise.name in page


@pytest.mark.parametrize("count", [1, 3])
def test_holders_take_as_many_queries_for_one_as_for_three(
    client, count, django_assert_num_queries
):
    for _each in range(count):
        held(enterprise=EnterpriseFactory())

    with django_assert_num_queries(3):
        client.get(reverse("holders"))


def test_a_complaint_reaches_the_office(client):
    title = held()
    office("province")
    url = reverse("complain", args=[title.pk])
    assert title.enterprise.name in client.get(url).text

    answer = client.post(url, SAID)

    made = Objection.objects.get()
    assert made.title == title
    assert made.number in answer.url


def test_without_an_office_a_complaint_is_sent_elsewhere(client):
    answer = client.post(reverse("complain", args=[held().pk]), SAID)

    assert answer.status_code == 422
    assert "请向当地主管部门举报" in answer.text


@pytest.mark.parametrize("name", ["public_notices", "holders", "certificate_check"])
def test_pages_are_there_in_english(client, name):
    listed()
    client.cookies["django_language"] = "en"

    assert "Certified enterprises" in client.get(reverse(name)).text
