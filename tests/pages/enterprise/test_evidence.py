"""Evidence on the page: taken in, listed, handed out safely, removed."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.factories import EnterpriseFactory, officer, owner_of
from tidu.registry.models import Evidence

PDF = b"%PDF-1.7\n" + b"x" * 100


def upload(client, content=PDF, name="审计报告.pdf", url=None, **data):
    given = {"file": SimpleUploadedFile(name, content), **data}
    return client.post(url or reverse("evidence"), given)


def test_a_file_is_taken_listed_linked_and_handed_out(signed_in, firm):
    answer = upload(signed_in, year="2025", keys=["revenue@2025"], title="审计报告")

    assert answer["Location"] == reverse("evidence")
    page = signed_in.get(reverse("evidence")).content.decode()
    assert "审计报告" in page
    assert "2025年营业收入" in page
    assert "共 1 份" in page
    found = firm.evidence.get()
    link = reverse("evidence_file", args=[found.pk])
    assert link in signed_in.get(reverse("facts")).content.decode()
    file = signed_in.get(link)
    assert b"".join(file.streaming_content) == PDF
    file.close()
    assert file["Content-Disposition"].startswith("attachment; ")
    assert file["X-Content-Type-Options"] == "nosniff"
    assert file["Content-Type"] == "application/pdf"


def test_a_name_cannot_break_out_of_the_header_or_the_folder(signed_in, firm):
    upload(signed_in, name='..\\..\\a";\r\nSet-Cookie: x=1.pdf')

    found = firm.evidence.get()
    file = signed_in.get(reverse("evidence_file", args=[found.pk]))
    file.close()
    assert "Set-Cookie" not in file
    assert "\r" not in file["Content-Disposition"]
    assert ".." not in file["Content-Disposition"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "空的"),
        (b"MZ\x90", "不能作佐证"),
        (b"<svg onload=alert(1)>", "不能作佐证"),
    ],
)
def test_a_refused_file_is_told_beside_the_field_and_the_rest_is_kept(
    signed_in, content, why
):
    answer = upload(signed_in, content, title="我写的名称")

    assert answer.status_code == 422
    assert why in "".join(answer.context["form"].errors["file"])
    assert "我写的名称" in answer.content.decode()
    assert not Evidence.objects.exists()


def test_a_bomb_is_refused(signed_in):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 30_000_000)

    answer = upload(signed_in, target.getvalue(), "bomb.xlsx")

    assert answer.status_code == 422
    assert "异常大" in answer.content.decode()


def test_a_figure_of_another_firm_cannot_be_named(signed_in):
    answer = upload(signed_in, keys=["valuation_usd"])

    assert answer.status_code == 422
    assert "keys" in answer.context["form"].errors


def test_a_removed_file_is_gone_from_list_and_address(signed_in, firm):
    upload(signed_in)
    found = firm.evidence.get()

    signed_in.post(reverse("evidence_remove", args=[found.pk]))

    assert "共 0 份" in signed_in.get(reverse("evidence")).content.decode()
    assert signed_in.get(reverse("evidence_file", args=[found.pk])).status_code == 404
    assert signed_in.get(reverse("evidence_remove", args=[found.pk])).status_code == 405


def test_numbers_of_other_firms_evidence_lead_nowhere(client, signed_in, firm):
    upload(signed_in)
    found = firm.evidence.get()
    other = EnterpriseFactory()
    stranger = owner_of(other)
    client.force_login(stranger)

    assert client.get(reverse("evidence_file", args=[found.pk])).status_code == 404
    assert client.post(reverse("evidence_remove", args=[found.pk])).status_code == 404
    client.force_login(officer("990101"))
    inside = reverse("firm_evidence_file", args=[other.pk, found.pk])
    assert client.get(inside).status_code == 404  # not of that firm
    file = client.get(reverse("firm_evidence_file", args=[firm.pk, found.pk]))
    file.close()
    assert file.status_code == 200


def test_figures_can_be_filed_with_their_evidence(signed_in, firm):
    upload(signed_in)
    found = firm.evidence.get()
    url = reverse("facts_edit", args=["economy"])
    page = signed_in.get(url)
    form = page.context["form"]
    data = {name: form.initial.get(name) or "" for name in form.fields}

    signed_in.post(
        url,
        {
            **data,
            "new_equity@2025": "500",
            "evidence": found.pk,
            "seen": page.context["seen"],
        },
    )

    assert firm.filings.first().entries["new_equity@2025"]["evidence"] == found.pk
    history = signed_in.get(reverse("facts_history", args=["new_equity@2025"]))
    assert found.title in history.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries(
    signed_in, firm, count, django_assert_num_queries
):
    for at in range(count):
        upload(signed_in, PDF + str(at).encode(), keys=["revenue@2025"])
    signed_in.get(reverse("evidence"))
    with django_assert_num_queries(7):
        signed_in.get(reverse("evidence"))


def test_the_list_can_be_downloaded(signed_in, firm):
    upload(signed_in, title="=1+1")

    text = signed_in.get(reverse("evidence") + "?download=csv").getvalue().decode()
    assert "'=1+1" in text
    assert firm.evidence.get().blob.sha256 in text
