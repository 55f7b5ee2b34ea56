"""Signals before an office: the order of reading, the file, looks, cohorts, whose."""

import csv
import io

import pytest
from django.urls import reverse

from tests.factories import acting, member, officer, owner_of
from tests.unit.casework.cases import SRDI, call, desk, office
from tests.unit.casework.reviews import expert
from tests.unit.casework.signal_cases import PDF, PHONE, TEXT, apply, mill
from tidu.accounts.enums import Role
from tidu.audit.models import Event
from tidu.casework.integrity.kinds import SignalKind
from tidu.casework.models import Case
from tidu.casework.screening import screen_round
from tidu.casework.signal_models import CaseSignal, KnownTie, Look

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened():
    for level in ("county", "city", "province"):
        office(level)
    return call()


def at_desk(client, level="province", role=Role.OFFICER):
    user = member(office(level), role)
    client.force_login(user)
    return acting(user)


def read(opened):
    return screen_round(
        opened=opened, by=acting(member(opened.organisation, Role.OFFICER))
    )


def sharing(opened, count, content=PDF):
    """Cases in which one file was handed in."""
    return [apply(opened, files=[content])[0] for _ in range(count)]


def names(answer):
    return [row.flagged.case.enterprise.name for row in answer.context["rows"]]


# -- the order of reading ---------------------------------------------------------


def test_the_head_comes_first_and_says_how_many_more(client, opened):
    mill(opened)
    read(opened)
    at_desk(client)
    url = reverse("round_signals", args=[opened.pk])

    answer = client.get(url)

    assert len(answer.context["rows"]) == 1  # 5 % of four, rounded up
    assert "另有 3 份线索较轻" in answer.text
    rest = client.get(url, {"rest": "yes"})
    assert len(rest.context["rows"]) == 3
    assert not {*names(answer)} & {*names(rest)}
    assert PHONE not in answer.text + rest.text


def test_filters_stand_in_the_address(client, opened):
    mill(opened)
    read(opened)
    at_desk(client)

    def found(**query):
        url = reverse("round_signals", args=[opened.pk])
        return len(client.get(url, query).context["rows"])

    assert found(kind=SignalKind.SHARED_CONTACT) == 1
    assert found(kind=SignalKind.REUSED_DOCUMENT) == 0
    assert found(looked="no") == 1
    assert found(looked="yes", rest="yes") == 0
    assert found(kind="nothing", looked="never", page="x") == 1


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_list_is_downloaded_and_that_is_noted(client, opened, form):
    mill(opened)
    read(opened)
    at_desk(client)

    answer = client.get(reverse("signals_export", args=[opened.pk, form]))

    content = b"".join(answer.streaming_content)
    assert PHONE.encode() not in content
    if form == "csv":
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
        assert len(rows) == 2
        assert rows[1][4] == SignalKind.SHARED_CONTACT.label()
    assert Event.objects.filter(action="registry.exported").exists()
    url = reverse("signals_export", args=[opened.pk, "pdf"])
    assert client.get(url).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries(
    count, client, opened, django_assert_num_queries
):
    sharing(opened, count + 1)
    read(opened)
    at_desk(client)
    url = reverse("round_signals", args=[opened.pk])
    client.get(url)

    with django_assert_num_queries(13):
        answer = client.get(url, {"rest": "yes"})

    assert len(answer.context["rows"]) == count


@pytest.mark.parametrize("count", [1, 3])
def test_the_rounds_take_the_same_queries(
    count, client, opened, django_assert_num_queries
):
    for _ in range(count - 1):
        call()
    mill(opened)
    read(opened)
    at_desk(client)
    client.get(reverse("signals"))

    with django_assert_num_queries(7):
        answer = client.get(reverse("signals"))

    assert len(answer.context["rows"]) == count
    file = client.get(reverse("signals"), {"download": "csv"})
    assert opened.title in b"".join(file.streaming_content).decode()


def test_a_round_is_read_when_its_office_asks(client, opened):
    mill(opened)
    at_desk(client)
    url = reverse("round_signals", args=[opened.pk])
    assert "还没有核查" in client.get(url).text

    answer = client.post(reverse("round_screen", args=[opened.pk]), follow=True)

    assert opened.screenings.get().read == 4
    assert "读了 4 份申报" in answer.text
    at_desk(client, "county")
    again = client.post(reverse("round_screen", args=[opened.pk]))
    assert again.status_code == 403
    at_desk(client, role=Role.OBSERVER)
    again = client.post(reverse("round_screen", args=[opened.pk]))
    assert again.status_code == 403


# -- whose ------------------------------------------------------------------------


def test_a_territory_sees_its_own_firms_and_no_other(client, opened):
    office("county")
    mine = mill(opened, 2)
    theirs = mill(opened, 2, territory="990102")
    read(opened)
    at_desk(client, "county")

    pages = [
        client.get(reverse("round_signals", args=[opened.pk]), {"rest": rest})
        for rest in ("", "yes")
    ]
    cohort = client.get(reverse("round_cohort", args=[opened.pk]))
    file = client.get(reverse("case_file", args=[mine[0].pk]))

    seen = {name for each in pages for name in names(each)}
    assert seen == {each.enterprise.name for each in mine}
    for answer in (*pages, cohort, file):
        for case in theirs:
            assert case.enterprise.name not in answer.text
    assert "另有 2 份在别的区划" in file.text
    assert "别的区划另有 2 份" in cohort.text
    assert mine[1].enterprise.name in file.text


def test_a_text_of_another_territory_is_not_shown(client, opened):
    mine, _by = apply(opened, narrative=TEXT)
    other = TEXT.replace("精密零件", "特殊部件").replace("本企业", "他处企业")
    apply(opened, narrative=other, territory="990102")
    read(opened)
    at_desk(client, "county")

    answer = client.get(reverse("case_file", args=[mine.pk]))

    assert SignalKind.SIMILAR_NARRATIVE.label() in answer.text
    assert "他处企业" not in answer.text


@pytest.mark.parametrize("page", ["round_signals", "round_cohort"])
def test_other_places_enterprises_experts_and_the_public_see_nothing(
    client, opened, page
):
    case = mill(opened)[0]
    read(opened)
    url = reverse(page, args=[opened.pk])
    assert client.get(url).status_code == 302
    for user in (
        owner_of(case.enterprise),
        officer("980000"),
        expert().user,
    ):
        client.force_login(user)
        assert client.get(url).status_code == 403


def test_the_applicant_is_told_nothing_of_them(client, opened):
    case = mill(opened)[0]
    read(opened)
    client.force_login(owner_of(case.enterprise))

    for url in (reverse("case", args=[case.pk]), reverse("cases")):
        text = client.get(url).text
        assert "线索" not in text
        assert SignalKind.SHARED_CONTACT.label() not in text


def test_an_authority_above_sees_the_rounds_below(client, opened):
    below = call("county")
    mill(below)
    read(below)
    at_desk(client)

    assert below.title in client.get(reverse("signals")).text
    answer = client.get(reverse("round_signals", args=[below.pk]))
    assert len(answer.context["rows"]) == 1
    assert not answer.context["may"]


# -- the file ---------------------------------------------------------------------


def test_the_file_says_whether_it_was_read(client, opened):
    case, _by = apply(opened)
    at_desk(client, "county")
    url = reverse("case_file", args=[case.pk])
    assert "还没有核查。" in client.get(url).text

    read(opened)

    text = client.get(url).text
    assert "没有发现线索" in text
    assert "没有线索。" in text


def test_a_signal_stands_with_its_reasons_and_beside_its_clause(client, opened):
    case, _by = apply(opened, files=[PDF])
    document = case.documents.get()
    at_desk(client, "county")
    first = client.get(reverse("case_file", args=[case.pk])).context["lines"][0]
    document.criterion = first.row.anchor.partition("-")[2]
    document.save()
    apply(opened, files=[PDF])
    read(opened)

    answer = client.get(reverse("case_file", args=[case.pk]))

    (block,) = answer.context["signals"]
    for said in (block.flag.why, block.flag.may_be, block.flag.check):
        assert said in answer.text
    assert block.flag.compared in answer.text
    assert block.evidence == ()  # the sentence has named the file
    beside = [each for each in answer.context["lines"] if each.flags]
    assert [each.row.anchor for each in beside] == [first.row.anchor]


def test_figures_are_named_beside_the_clause_that_reads_them(client, opened):
    odd = SRDI | {
        "revenue@2025": "81234567.00",
        "main_revenue@2025": "76543210.00",
        "total_assets@2025": "91234567.00",
        "total_liabilities@2025": "41234567.00",
    }
    first, _by = apply(opened, facts=odd)
    apply(opened, facts=odd)
    read(opened)
    at_desk(client, "county")

    answer = client.get(reverse("case_file", args=[first.pk]))

    (block,) = answer.context["signals"]
    assert block.flag.what == SignalKind.COPIED_FIGURES.label()
    assert ("2025年营业收入", "8,123.4567万元") in block.evidence
    beside = [each for each in answer.context["lines"] if each.flags]
    assert len(beside) > 1


def test_a_look_is_noted_on_the_file(client, opened):
    case = mill(opened)[0]
    read(opened)
    signal = case.signals.get()
    at_desk(client, "county")
    url = reverse("case_look", args=[case.pk, signal.pk])
    field = f"look-{signal.pk}"

    wrong = client.post(url, {f"{field}-outcome": "asked", f"{field}-note": " "})
    assert wrong.status_code == 422
    assert not Look.objects.exists()

    given = {f"{field}-outcome": "asked", f"{field}-note": "虚构：已请企业说明"}
    answer = client.post(url, given, follow=True)

    assert "虚构：已请企业说明" in answer.text
    assert "要求说明" in answer.text
    assert Case.objects.get(pk=case.pk).state == case.state
    listed = client.get(reverse("round_signals", args=[opened.pk]), {"looked": "asked"})
    assert "看过：要求说明" in listed.text
    for territory, role in (("990102", Role.OFFICER), ("990101", Role.OBSERVER)):
        client.force_login(officer(territory, role))
        assert client.post(url, given).status_code == 403
    assert Look.objects.count() == 1


def test_a_good_reason_is_kept_and_taken_back(client, opened):
    case = mill(opened)[0]
    read(opened)
    signal = case.signals.get()
    at_desk(client)
    field = f"look-{signal.pk}"
    client.post(
        reverse("case_look", args=[case.pk, signal.pk]),
        {
            f"{field}-outcome": "cleared",
            f"{field}-note": "虚构：代理记账",
            f"{field}-known_as": "accountant",
        },
    )
    known = KnownTie.objects.get()
    page = reverse("round_signals", args=[opened.pk])
    assert "代理记账会计的电话" in client.get(page).text
    assert PHONE not in client.get(page).text

    forget = reverse("known_forget", args=[opened.pk, known.pk])
    at_desk(client, "county")
    assert client.post(forget).status_code == 403
    at_desk(client)
    client.post(forget)
    assert not KnownTie.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_file_takes_the_same_queries_for_any_number_of_related_cases(
    count, client, opened, django_assert_num_queries
):
    case = sharing(opened, count + 1)[0]
    read(opened)
    at_desk(client, "county")
    url = reverse("case_file", args=[case.pk])
    client.get(url)

    with django_assert_num_queries(24):
        answer = client.get(url)

    assert len(answer.context["signals"][0].related) == count


# -- cohorts ----------------------------------------------------------------------


def test_a_cohort_is_drawn_and_listed(client, opened):
    cases = mill(opened)
    read(opened)
    at_desk(client)
    url = reverse("round_cohort", args=[opened.pk])

    answer = client.get(url)

    (cohort,) = answer.context["leaf"].items
    assert {*cohort.cases} == {*cases}
    chart = answer.context["chart"]
    edges, points, things = chart.options["series"]
    assert len(points["data"]) == 4
    assert len(things["data"]) == 1
    assert len(edges["data"]) == 3 * 4  # two ends and a gap
    assert answer.context["left"] == 0
    assert client.get(url).context["chart"].options == chart.options
    assert PHONE not in answer.text
    assert "00000008888" not in answer.text
    none = client.get(url, {"kind": SignalKind.REUSED_DOCUMENT})
    assert none.context["chart"] is None
    assert "没有这一种" in none.text


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_cohorts_are_downloaded(client, opened, form):
    mill(opened)
    read(opened)
    at_desk(client)

    answer = client.get(reverse("cohort_export", args=[opened.pk, form]))

    content = b"".join(answer.streaming_content)
    if form == "csv":
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
        assert len(rows) == 5
    url = reverse("cohort_export", args=[opened.pk, "pdf"])
    assert client.get(url).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_cohorts_take_the_same_queries(
    count, client, opened, django_assert_num_queries
):
    for number in range(count):
        sharing(opened, 2, PDF + bytes([number]))
    read(opened)
    at_desk(client)
    url = reverse("round_cohort", args=[opened.pk])
    client.get(url)

    with django_assert_num_queries(7):
        answer = client.get(url)

    assert len(answer.context["leaf"].items) == count


def test_nothing_is_drawn_before_a_run(client, opened):
    at_desk(client)

    answer = client.get(reverse("round_cohort", args=[opened.pk]))

    assert answer.context["chart"] is None
    assert "还没有核查" in answer.text


def test_every_kind_says_what_it_compares():
    for kind in SignalKind:
        assert kind.compared() != kind.compared(english=True)
        assert kind.label() in {
            label for _value, label in CaseSignal._meta.get_field("kind").choices
        }


def test_the_queue_of_cases_leads_to_them(client, opened):
    assert desk("county").organisation
    at_desk(client, "county")

    assert reverse("signals") in client.get(reverse("queue")).text
