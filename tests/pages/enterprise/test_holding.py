"""A firm's own titles: certificate, yearly update, changes, what stands in the way."""

import datetime

import pytest
from django.urls import reverse

from tests.factories import EnterpriseFactory, owner_of
from tests.unit.casework.cases import firm
from tests.unit.casework.holders import DAY, certified, held
from tidu.accounts.enums import Role
from tidu.casework.queries import today
from tidu.casework.title_models import AnnualUpdate, Bar, ChangeReport, LostRight

pytestmark = pytest.mark.django_db


@pytest.fixture
def enterprise(client):
    """A firm with its owner signed in."""
    made, by = firm()
    client.force_login(by.user)
    return made


def owing(enterprise):
    """A title of last year: this year's update counts."""
    start = datetime.date(today().year - 1, 2, 1)
    until = today() + 500 * DAY
    return held(enterprise=enterprise, since=start, until=until, entered=start)


def test_the_page_shows_titles_and_what_they_ask(client, enterprise):
    title = owing(enterprise)
    LostRight.objects.create(
        title=title, since=today(), reason="虚构", clause="第十四条", made_by="虚构"
    )
    Bar.objects.create(
        enterprise=enterprise,
        scheme="little_giant",
        begins_on=today(),
        reason="虚构的理由",
        made_by="虚构",
    )

    page = client.get(reverse("holding")).text

    assert f"确认 {today().year} 年更新" in page
    assert "失去复核资格" in page
    assert "虚构的理由" in page
    assert "年度更新" in client.get(reverse("enterprise_home")).text


def test_an_update_is_confirmed_once(client, enterprise):
    title = owing(enterprise)
    url = reverse("holding_update", args=[title.pk])

    assert client.get(url).status_code == 405
    assert client.post(url).url == reverse("holding")
    assert client.post(url).status_code == 403
    assert AnnualUpdate.objects.get().year == today().year
    assert f"确认 {today().year} 年更新" not in client.get(reverse("holding")).text


def test_a_change_is_reported_and_marked_when_late(client, enterprise):
    owing(enterprise)
    given = {
        "kind": "rename",
        "happened_on": (today() - 200 * DAY).isoformat(),
        "text": "虚构的更名",
    }

    page = client.post(reverse("holding"), given, follow=True).text

    assert "已记为逾期" in page
    assert ChangeReport.objects.get().late


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"text": ""}, "说明"),
        ({"happened_on": "3000-01-01"}, "还没有发生"),
        ({"kind": "divorce"}, "变化"),
    ],
)
def test_a_bad_report_is_told_and_kept(client, enterprise, change, said):
    given = {"kind": "move", "happened_on": today().isoformat(), "text": "虚构的迁移"}

    answer = client.post(reverse("holding"), given | change)

    assert answer.status_code == 422
    assert said in answer.text
    assert not ChangeReport.objects.exists()


def test_a_certificate_is_the_firms_own(client, settings):
    settings.CERTIFIES = frozenset({"srdi_sme"})
    title = certified()
    url = reverse("holding_certificate", args=[title.pk])
    client.force_login(owner_of(title.enterprise, Role.FILER))
    assert b"".join(client.get(url)).startswith(b"%PDF")
    assert title.certificate.number in client.get(reverse("holding")).text

    client.force_login(owner_of(EnterpriseFactory()))
    assert client.get(url).status_code == 404
    update = reverse("holding_update", args=[title.pk])
    assert client.post(update).status_code == 404


def test_a_firm_without_titles_is_told(client, enterprise):
    assert "还没有称号" in client.get(reverse("holding")).text
