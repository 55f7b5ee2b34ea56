"""What an enterprise sees of services: the list, the form, its requests, what changed."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.factories import EnterpriseFactory, OfficeFactory, officer, owner_of
from tests.unit.casework.cases import LITTLE_GIANT, office
from tests.unit.casework.serving import asked, brought_to
from tidu.casework.serving.models import ServiceDocument, ServiceNotice, ServiceRequest
from tidu.rules import service_table as table

pytestmark = pytest.mark.django_db
ASK = "/enterprise/services/ask/management_diagnosis/"
GIVEN = {
    "need": "虚构：交期总误",
    "employees@2025": "180",
    "revenue@2025": "8,000",
    "concern": "虚构的烦恼",
    "field_of_management": "production",
    "contact_name": "虚构会计",
    "contact_phone": "000-0000",
    "before-measures_taken": "2",
}


@pytest.fixture
def firm():
    office("county")
    return EnterpriseFactory(name="示范虚构求助有限公司", facts=LITTLE_GIANT)


@pytest.fixture
def browser(client, firm):
    client.force_login(owner_of(firm))
    return client


def as_(client, actor):
    client.force_login(actor.user)
    return client


def text_of(answer):
    return answer.content.decode()


def test_the_list_says_of_each_service_whether_it_can_be_asked_for(browser):
    text = text_of(browser.get("/enterprise/services/"))

    assert "管理诊断" in text
    assert "国办发〔2024〕43号（二十三）" in text
    assert "没有规定时限" in text
    assert "10 个工作日内" in text  # the demonstration province states it
    assert "还没有申请过" in text


def test_the_form_is_filled_with_what_the_registry_knows(browser):
    text = text_of(browser.get(ASK))

    assert 'value="180"' in text
    assert "8,000" in text
    assert "没有身份条件" in text


def test_asking_makes_a_request_and_files_what_changed(browser, firm):
    answer = browser.post(ASK, GIVEN | {"revenue@2025": "9,000"})

    request = ServiceRequest.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == f"/enterprise/services/{request.pk}/"
    assert request.answers["field_of_management"] == "production"
    assert request.before == {"revenue": "90000000.00", "measures_taken": 2}
    firm.current.refresh_from_db()
    assert firm.current.entries["revenue@2025"]["value"] == "90000000.00"
    text = text_of(browser.get(answer["Location"]))
    assert "已提出，等指派" in text
    assert request.number in text


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("need", "", "这个字段是必填项"),
        ("concern", "", "这个字段是必填项"),
        ("employees@2025", "很多", "读不成"),
        ("field_of_management", "", "这个字段是必填项"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_is_kept(
    browser, field, typed, says
):
    answer = browser.post(ASK, GIVEN | {field: typed})

    assert answer.status_code == 422
    assert says in text_of(answer)
    assert "虚构会计" in text_of(answer)
    assert not ServiceRequest.objects.exists()


def test_a_condition_not_met_is_shown_with_its_clause_and_without_a_form(client):
    office("county")
    firm = EnterpriseFactory(facts=LITTLE_GIANT | {"holds_little_giant": False})
    client.force_login(owner_of(firm))
    address = "/enterprise/services/ask/talent_recommendation/"

    text = text_of(client.get(address))
    assert "不符合申请条件" in text
    assert "（十九）" in text
    assert "提出申请</button>" not in text

    given = {"need": "a", "person_field": "a", "programme": "b", "achievement": "c"}
    given |= {"contact_name": "a", "contact_phone": "1"}
    answer = client.post(address, given)
    assert answer.status_code == 422
    assert not ServiceRequest.objects.exists()


def test_what_is_unknown_is_named_and_keeps_the_form(client):
    office("county")
    firm = EnterpriseFactory(facts={"employees@2025": 20})
    client.force_login(owner_of(firm))

    text = text_of(client.get("/enterprise/services/ask/bridge_loan/"))

    assert "还缺" in text
    assert "有效的专精特新中小企业" in text
    assert "提出申请</button>" in text


def test_no_such_service_is_not_found(browser):
    assert browser.get("/enterprise/services/ask/nothing/").status_code == 404


def test_a_firm_replies_to_its_adviser(client):
    request, firm_by, _by = brought_to(table.WAITING)
    page = f"/enterprise/services/{request.pk}/"
    text = text_of(as_(client, firm_by).get(page))
    assert "虚构：请补合同" in text

    empty = client.post(page + "reply/", {"seen": request.counter, "text": ""})
    assert empty.status_code == 422
    done = client.post(page + "reply/", {"seen": request.counter, "text": "虚构：已补"})

    assert done.status_code == 302
    request.refresh_from_db()
    assert request.state == table.WORKING


def test_a_stale_page_is_told_who_was_first(client):
    request, firm_by, _by = brought_to(table.WAITING)
    page = f"/enterprise/services/{request.pk}/reply/"

    answer = as_(client, firm_by).post(page, {"seen": 1, "text": "虚构"})

    assert answer.status_code == 409
    assert "刚刚办理了这项服务" in text_of(answer)


def test_a_confirmed_outcome_asks_what_changed_and_closes(client):
    request, firm_by, _by = brought_to(table.ANSWERED)
    page = f"/enterprise/services/{request.pk}/"
    as_(client, firm_by).post(page + "confirm/", {"seen": request.counter})
    request.refresh_from_db()
    assert "有什么变化" in text_of(client.get(page))

    nothing = client.post(page + "tell/", {"seen": request.counter})
    assert nothing.status_code == 422
    assert "没有变化也请写明" in text_of(nothing)
    told = {"seen": request.counter, "measures_used": "3", "text": "虚构"}
    client.post(page + "tell/", told)

    request.refresh_from_db()
    assert (request.state, request.after) == (table.CLOSED, {"measures_used": 3})
    assert "数字由企业自己说" in text_of(client.get(page))


def test_a_paper_is_handed_in_once_uploaded(browser):
    browser.post(
        "/enterprise/services/ask/energy_diagnosis/",
        {
            "need": "虚构",
            "energy_used": "820",
            "largest_use": "虚构炉",
            "contact_name": "虚构",
            "contact_phone": "1",
        },
    )
    request = ServiceRequest.objects.get()
    page = f"/enterprise/services/{request.pk}/documents/"
    assert browser.post(page, {"document": "bills"}).status_code == 422

    file = SimpleUploadedFile("账单.pdf", b"%PDF-1.4 fictional")
    browser.post(page, {"document": "bills", "file": file})

    assert ServiceDocument.objects.get().document == "bills"
    assert "账单" in text_of(browser.get(f"/enterprise/services/{request.pk}/"))


def test_looking_at_a_request_ends_what_is_new(client):
    request, firm_by, _by = brought_to(table.WAITING)
    browser = as_(client, firm_by)
    assert "新消息" in text_of(browser.get("/enterprise/services/"))

    browser.get(f"/enterprise/services/{request.pk}/")

    assert "新消息" not in text_of(browser.get("/enterprise/services/"))
    assert not ServiceNotice.objects.filter(party="firm", seen_at=None).exists()


def test_notes_between_colleagues_are_not_for_the_firm(client):
    request, firm_by, _by = brought_to(table.HANDED_OVER)

    text = text_of(as_(client, firm_by).get(f"/enterprise/services/{request.pk}/"))

    assert "移交给另一位专员" in text
    assert "虚构的交接" not in text


def test_other_firms_and_officers_are_refused(client):
    request, _by = asked()
    stranger = EnterpriseFactory(facts=LITTLE_GIANT)
    client.force_login(owner_of(stranger))
    assert client.get(f"/enterprise/services/{request.pk}/").status_code == 404
    assert (
        client.post(f"/enterprise/services/{request.pk}/withdraw/").status_code == 404
    )
    client.force_login(officer("990102"))
    assert client.get("/enterprise/services/").status_code == 403
    assert client.get(f"/officer/services/{request.pk}/").status_code == 403


def test_the_list_is_handed_out_as_a_file(client):
    request, firm_by = asked()

    answer = as_(client, firm_by).get("/enterprise/services/?download=csv")

    text = b"".join(answer.streaming_content).decode()
    assert request.number in text
    assert "专属服务包" in text


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_asks_as_often_for_three_as_for_one(
    count, client, django_assert_max_num_queries
):
    OfficeFactory(territory="990100")
    request, firm_by = asked()
    for number in range(count - 1):
        request.pk, request.number = None, f"F{number}"
        request.save(force_insert=True)
    browser = as_(client, firm_by)
    browser.get("/enterprise/services/")

    with django_assert_max_num_queries(12) as found:
        browser.get("/enterprise/services/")

    assert len(found) == 6
