"""Evidence files: known by content, kept once, traps refused, taken off with a trace."""

import hashlib
import io
import zipfile

import pytest

from tests.factories import EnterpriseFactory, acting, officer, owner_of
from tidu.accounts.enums import Role
from tidu.accounts.verdicts import Refused
from tidu.audit.models import Event
from tidu.registry import file_kinds
from tidu.registry.blobs import blob_path
from tidu.registry.evidence import (
    add_evidence,
    download_name,
    evidence_of,
    remove_evidence,
)
from tidu.registry.file_kinds import EvidenceError, kind_of, safe_title
from tidu.registry.models import Blob, Evidence

PDF = b"%PDF-1.7\n" + b"0" * 100


def office_file(member="xl/workbook.xml", more=(), content=b"<x/>") -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr(member, content)
        for name, inner in more:
            archive.writestr(name, inner)
    return target.getvalue()


def kind(content: bytes) -> str:
    return kind_of(io.BytesIO(content), len(content)).suffix


@pytest.mark.parametrize(
    ("content", "suffix"),
    [
        (PDF, "pdf"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 20, "png"),
        (b"\xff\xd8\xff\xe0" + b"0" * 20, "jpg"),
        (office_file(), "xlsx"),
        (office_file("word/document.xml"), "docx"),
        (office_file("OFD.xml"), "ofd"),
    ],
)
def test_a_kind_is_known_by_content(content, suffix):
    assert kind(content) == suffix


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "空的"),
        (b"MZ\x90\x00 program", "不能作佐证"),
        (b"<html><script>alert(1)</script>", "不能作佐证"),
        (b"GIF89a", "不能作佐证"),
        (b"PK\x03\x04 broken", "损坏"),
        (office_file("readme.txt"), "压缩包"),
        (office_file(more=[("../../etc/passwd", b"x")]), "路径"),
        (office_file(more=[("/absolute", b"x")]), "路径"),
        (office_file(more=[("C:\\windows\\x", b"x")]), "路径"),
        (office_file(more=[("a\\..\\..\\x", b"x")]), "路径"),
        (office_file(more=[("xl/vbaProject.bin", b"x")]), "宏"),
        (office_file(content=b"0" * 20_000_000), "异常大"),
    ],
)
def test_other_files_and_traps_are_refused(content, why):
    with pytest.raises(EvidenceError, match=why):
        kind(content)


def test_an_archive_of_very_many_members_is_refused(monkeypatch):
    monkeypatch.setattr(file_kinds, "_MEMBERS", 10)
    with pytest.raises(EvidenceError, match="异常大"):
        kind(office_file(more=[(f"xl/{n}", b"") for n in range(10)]))


def test_a_file_that_is_too_large_is_told_in_megabytes():
    with pytest.raises(EvidenceError, match="21 MB，最大 20 MB"):
        kind_of(io.BytesIO(PDF), 20 * 1024 * 1024 + 1)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\审计报告.pdf", "审计报告.pdf"),
        ("a\x00b\r\n.pdf", "ab.pdf"),
        ("fdp\u202e.exe", "fdp.exe"),
        ("...", "备用"),
        ("", "备用"),
        ("长" * 300, "长" * 120),
    ],
)
def test_a_name_is_only_ever_a_title(name, title):
    assert safe_title(name, "备用") == title


@pytest.fixture
def firm(db):
    return EnterpriseFactory(facts={"revenue@2025": "60000000.00"})


def add(firm, by, content=PDF, name="审计报告.pdf", **more):
    return add_evidence(
        enterprise=firm,
        file=io.BytesIO(content),
        file_name=name,
        size=len(content),
        by=by,
        **more,
    )


def test_bytes_are_kept_under_their_digest(firm):
    evidence = add(firm, acting(owner_of(firm)), keys=["revenue@2025"])

    digest = hashlib.sha256(PDF).hexdigest()
    assert evidence.blob.sha256 == digest
    assert blob_path(digest).read_bytes() == PDF
    assert blob_path(digest).parent.name == digest[2:4]
    assert evidence.keys == ["revenue@2025"]
    assert download_name(evidence) == "审计报告.pdf"
    assert not list(blob_path(digest).parents[2].glob(".*.part"))
    assert Event.objects.get(action="registry.evidence_added").data["sha256"] == digest


def test_two_firms_share_the_bytes_and_not_the_evidence(firm):
    other = EnterpriseFactory()
    add(firm, acting(owner_of(firm)))
    add(other, acting(owner_of(other)))

    assert Blob.objects.count() == 1
    assert [evidence_of(each).count() for each in (firm, other)] == [1, 1]


def test_the_same_file_twice_is_told(firm):
    by = acting(owner_of(firm))
    add(firm, by, title="2025年审计报告")
    with pytest.raises(EvidenceError, match="2025年审计报告"):
        add(firm, by)
    assert Evidence.objects.count() == 1


def test_bytes_lost_from_the_disk_are_written_again(firm):
    first = add(firm, acting(owner_of(firm)))
    blob_path(first.blob.sha256).unlink()
    other = EnterpriseFactory()

    add(other, acting(owner_of(other)))

    assert blob_path(first.blob.sha256).read_bytes() == PDF


def test_evidence_is_marked_as_removed_and_its_bytes_stay(firm):
    by = acting(owner_of(firm))
    evidence = add(firm, by)

    remove_evidence(evidence=evidence, by=by)
    remove_evidence(evidence=evidence, by=by)

    assert not evidence_of(firm).exists()
    assert blob_path(evidence.blob.sha256).exists()
    assert Event.objects.filter(action="registry.evidence_removed").count() == 1


def test_strangers_and_observers_add_and_remove_nothing(firm):
    evidence = add(firm, acting(owner_of(firm)))
    for by in (
        acting(owner_of(EnterpriseFactory())),
        acting(officer("990102")),
        acting(officer("990101", Role.OBSERVER)),
    ):
        with pytest.raises(Refused):
            add(firm, by, content=PDF + b"1")
        with pytest.raises(Refused):
            remove_evidence(evidence=evidence, by=by)
