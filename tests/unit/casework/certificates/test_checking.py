"""Genuine, altered, unknown, revoked, expired: of files, of codes, of lists."""

import asyncio
import datetime
import json
import random
import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.house.tree import ROOT
from tests.unit.casework.certificates.papers import (
    ADDRESS,
    AUTHORITY,
    CERTIFICATE,
    ON,
    changed,
)
from tidu.casework.certificates import pages
from tidu.casework.certificates.checking import CheckResult, check
from tidu.casework.certificates.contents import CertificateError, certificate_number
from tidu.casework.certificates.pages import _sign, certificate_page, typeset
from tidu.casework.certificates.revocations import (
    Revocation,
    RevocationListError,
    read_revocations,
    write_revocations,
)
from tidu.casework.certificates.signers import Trusted, decode, encode, signer_of
from tidu.casework.certificates.statements import (
    StatementError,
    read_statement,
    write_statement,
)

ISSUED = datetime.datetime(2027, 1, 10, 8, tzinfo=datetime.UTC)
WRONG_NUMBER = b'["k","990000-LG-2026-00012-82","","","","2026-01-01","",0]'
REVOKED = Revocation(CERTIFICATE.number, datetime.date(2026, 12, 20), "申报材料造假")


@pytest.fixture(scope="module")
def signer(tmp_path_factory):
    return signer_of(tmp_path_factory.mktemp("home"), AUTHORITY)


@pytest.fixture(scope="module")
def stranger(tmp_path_factory):
    return signer_of(tmp_path_factory.mktemp("other"), AUTHORITY)


@pytest.fixture(scope="module")
def page(signer):
    return certificate_page(CERTIFICATE, signer, ADDRESS)


@pytest.fixture(scope="module")
def text(signer):
    return write_statement(CERTIFICATE, signer, ADDRESS)


def result(evidence, signer, on=ON, revocations=None):
    return check(evidence, signer.trusted, revocations=revocations, on=on).result


def test_a_file_and_a_code_say_the_same(signer, page, text):
    of_file = check(page, signer.trusted, on=ON)

    assert of_file == check(text, signer.trusted, on=ON)
    assert of_file.result is CheckResult.GENUINE
    assert of_file.sentence() == (
        "证书是真的：启明市精微传动科技股份有限公司，专精特新“小巨人”企业，"
        "990000-LG-2026-00012-81，有效期2026-12-01–2029-11-30；"
        "签署者：示范省工业和信息化厅（虚构）；虚构，仅作示例；没有核对是否撤销"
    )
    assert of_file.sentence(english=True).startswith("the certificate is genuine")


def test_a_code_opens_the_check_page_and_is_short(text):
    assert text.startswith(f"{ADDRESS}990000-LG-2026-00012-81#1.")
    assert len(text) < 420


def test_a_code_without_a_check_page_is_checked_offline(signer):
    alone = write_statement(CERTIFICATE, signer)

    assert alone.startswith("TIDU:1.")
    assert result(alone, signer) is CheckResult.GENUINE
    assert result(alone.removeprefix("TIDU:"), signer) is CheckResult.GENUINE


def test_a_title_without_an_end_never_expires(signer):
    endless = write_statement(changed(valid_until=None, demonstration=False), signer)

    found = check(endless, signer.trusted, on=datetime.date(2999, 1, 1))

    assert found.result is CheckResult.GENUINE
    assert "有效期2026-12-01–；签署者" in found.sentence()
    assert "虚构，" not in found.sentence()


def test_the_last_day_is_valid_and_the_next_is_not(signer, page):
    assert result(page, signer, datetime.date(2029, 11, 30)) is CheckResult.GENUINE
    late = check(page, signer.trusted, on=datetime.date(2029, 12, 1))
    assert late.result is CheckResult.EXPIRED
    assert "已于2029-11-30到期" in late.sentence()


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")
def test_the_shell_of_the_page_verifies_a_code(signer, text, tmp_path):
    page = (ROOT / "docs/explanation/certificates.md").read_text("utf-8")
    (script,) = re.findall(r"```sh\n(.*?)```", page, re.DOTALL)
    (tmp_path / "token.txt").write_text(text.partition("#")[2] + "\n", "ascii")
    (tmp_path / "public.pem").write_bytes(signer.public)

    ran = subprocess.run(
        ["/bin/sh", "-ec", script], cwd=tmp_path, capture_output=True, check=True
    )

    said = ran.stdout.decode()
    assert said.startswith("Signature Verified Successfully")
    assert CERTIFICATE.name in said


def test_every_byte_of_the_file_counts(signer, page):
    dice = random.Random(7)  # noqa: S311 - no secret
    places = {0, len(page) - 1, page.index(b"/Contents <") + 14, page.rindex(b"000>")}
    places |= {dice.randrange(len(page)) for _ in range(60)}
    for place in sorted(places):
        changed_page = bytearray(page)
        changed_page[place] ^= 1 << dice.randrange(7)
        found = check(bytes(changed_page), signer.trusted, on=ON)
        assert found.result in {CheckResult.ALTERED, CheckResult.UNREADABLE}
        assert "不能作为依据" in found.sentence()


def test_a_signature_that_contradicts_itself_is_found(signer, page):
    kind = b"2A864886F70D010701"  # the attribute that says what was signed
    at = page.rindex(kind)

    other = page[:at] + kind[:-1] + b"2" + page[at + len(kind) :]

    assert result(other, signer) is CheckResult.ALTERED


def test_a_signed_file_that_is_no_certificate_is_unreadable(signer, monkeypatch):
    monkeypatch.setattr(pages, "FIELD", "Contract")

    assert result(certificate_page(CERTIFICATE, signer), signer) is (
        CheckResult.UNREADABLE
    )


def test_what_is_added_to_the_file_is_found(signer, page):
    assert result(page + b"\n% more", signer) is CheckResult.ALTERED
    assert result(page[:-40], signer) is CheckResult.UNREADABLE


def test_an_unsigned_page_is_no_certificate(signer, text):
    unsigned = typeset(CERTIFICATE, text, ADDRESS)

    assert unsigned.startswith(b"%PDF-2.0")
    assert result(unsigned, signer) is CheckResult.UNREADABLE
    assert result(b"", signer) is CheckResult.UNREADABLE


def test_another_signer_of_the_same_name_is_unknown(signer, stranger):
    forged = certificate_page(CERTIFICATE, stranger, ADDRESS)

    found = check(forged, signer.trusted, on=ON)

    assert found.result is CheckResult.UNKNOWN_SIGNER
    assert (found.statement, found.signer) == (None, "")
    assert result(write_statement(CERTIFICATE, stranger), signer) is (
        CheckResult.UNKNOWN_SIGNER
    )


def test_two_files_of_one_signer_cannot_lend_each_other_their_code(signer, text):
    other = changed(number=certificate_number("990000", "LG", 2026, 13))
    mixed = _sign(typeset(other, text), other, text, signer)

    assert result(mixed, signer) is CheckResult.ALTERED


def test_a_code_whose_content_was_changed_is_found(signer, text):
    head, _, token = text.partition("#")
    version, content, signature = token.split(".")
    fields = json.loads(decode(content))
    fields[2] = "启明市精微传动科技集团有限公司"
    forged = encode(json.dumps(fields, ensure_ascii=False).encode())

    assert result(f"{head}#{version}.{forged}.{signature}", signer) is (
        CheckResult.ALTERED
    )


def test_a_code_behind_another_number_is_found(signer, text):
    other = text.replace("00012-81#", "00013-78#")

    assert result(other, signer) is CheckResult.ALTERED


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "hello",
        "https://tidu.example/c/990000-LG-2026-00012-81",
        "TIDU:1.a.b",
        "TIDU:1.bnVsbA.YQ",
        f"TIDU:1.{encode(b'[1,2]')}.YQ",
        f"TIDU:1.{encode(WRONG_NUMBER)}.YQ",
    ],
)
def test_what_is_no_code_is_unreadable(signer, wrong):
    assert result(wrong, signer) is CheckResult.UNREADABLE


def test_a_code_of_a_later_version_is_not_guessed_at(signer, text):
    with pytest.raises(StatementError, match="版本2不认识"):
        read_statement(text.replace("#1.", "#2."), signer.trusted)


def test_a_code_that_would_not_be_readable_is_refused(signer):
    with pytest.raises(CertificateError, match="放不进二维码"):
        write_statement(changed(name="长" * 300), signer)


def test_a_revocation_is_said_plainly(signer, page, text):
    listed = read_revocations(
        write_revocations([REVOKED], signer, ISSUED), signer.trusted
    )

    found = check(page, signer.trusted, revocations=listed, on=ON)

    assert found == check(text, signer.trusted, revocations=listed, on=ON)
    assert found.result is CheckResult.REVOKED
    assert found.sentence() == (
        "启明市精微传动科技股份有限公司的专精特新“小巨人”企业（990000-LG-2026-00012-81）"
        "已于2026-12-20撤销，原因：申报材料造假；签署者：示范省工业和信息化厅（虚构）；"
        "虚构，仅作示例"
    )


def test_a_list_without_the_number_says_as_of_when(signer, page):
    listed = read_revocations(write_revocations([], signer, ISSUED), signer.trusted)

    found = check(page, signer.trusted, revocations=listed, on=ON)

    assert found.result is CheckResult.GENUINE
    assert found.sentence().endswith("；截至2027-01-10没有撤销")


def test_a_list_speaks_for_its_own_signer_only(signer, stranger, page):
    trusted = Trusted.read(signer.public + stranger.public)
    theirs = read_revocations(write_revocations([REVOKED], stranger, ISSUED), trusted)

    found = check(page, trusted, revocations=theirs, on=ON)

    assert (found.result, found.list_issued) == (CheckResult.GENUINE, None)


def test_a_list_is_readable_json_in_order(signer):
    other = Revocation("990000-LG-2026-00001-01", REVOKED.on, "企业申请")
    content = json.loads(write_revocations([REVOKED, other], signer, ISSUED))

    assert [each["number"] for each in content["revoked"]] == [
        other.number,
        REVOKED.number,
    ]
    assert content["authority"] == AUTHORITY


def test_a_list_that_was_changed_is_refused(signer, stranger):
    good = write_revocations([REVOKED], signer, ISSUED)
    for bad, said in [
        (good.replace("造假".encode(), "有误".encode()), "被改动过"),
        (good.replace(b"2026-12-20", b"2026-12-21"), "被改动过"),
        (write_revocations([REVOKED], stranger, ISSUED), "不认识的密钥"),
        (good.replace(b"revocations-1", b"revocations-9"), "读不懂"),
        (b"[]", "读不懂"),
        (b"{}", "读不懂"),
        (b"not json", "读不懂"),
    ]:
        with pytest.raises(RevocationListError, match=said):
            read_revocations(bad, signer.trusted)


def test_a_revocation_without_a_reason_cannot_be_exported(signer):
    with pytest.raises(RevocationListError, match="撤销没有写原因"):
        write_revocations([Revocation("一", REVOKED.on, " ")], signer, ISSUED)
    with pytest.raises(RevocationListError, match="没有时区"):
        write_revocations([], signer, datetime.datetime(2027, 1, 1))  # noqa: DTZ001


def test_what_does_not_fit_on_one_page_is_refused(signer):
    with pytest.raises(CertificateError, match="放不进一页"):
        certificate_page(changed(basis="《很长的办法》" * 60), signer)


def test_several_threads_typeset_at_once(signer):
    with ThreadPoolExecutor(4) as pool:
        pages_made = list(
            pool.map(lambda _: certificate_page(CERTIFICATE, signer), range(8))
        )

    assert {result(each, signer) for each in pages_made} == {CheckResult.GENUINE}


def test_a_page_without_an_end_or_a_check_page_is_typeset(signer):
    page = certificate_page(changed(valid_until=None, demonstration=False), signer)

    assert result(page, signer) is CheckResult.GENUINE


def test_where_a_loop_runs_it_is_signed_and_checked_all_the_same(signer):
    async def inside():
        return result(certificate_page(CERTIFICATE, signer), signer)

    with ThreadPoolExecutor(1) as pool:  # this thread may have a loop already
        found = pool.submit(lambda: asyncio.run(inside())).result()

    assert found is CheckResult.GENUINE
