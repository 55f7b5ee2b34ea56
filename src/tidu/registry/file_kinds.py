"""What kind of file is this? By its content, never by its name; traps are refused."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
import zipfile
from typing import BinaryIO

from django.utils.translation import gettext as _

from tidu.rules.errors import TiduError

LARGEST = 20 * 1024 * 1024  # bytes of one piece of evidence
_UNPACKED = 300 * 1024 * 1024
_RATIO = 200  # unpacked bytes for a packed one; office files have 5 to 30
_SMALL = 5 * 1024 * 1024  # below this a high ratio does no harm
_MEMBERS = 5000
_START = 1024
_LONGEST_NAME = 120


class EvidenceError(TiduError):
    """A file cannot be taken as evidence: why, and what is accepted."""


@dataclasses.dataclass(frozen=True, slots=True)
class FileKind:
    """One kind of file that is accepted."""

    suffix: str
    media_type: str


PDF = FileKind("pdf", "application/pdf")
PNG = FileKind("png", "image/png")
JPEG = FileKind("jpg", "image/jpeg")
_OFFICE = "application/vnd.openxmlformats-officedocument"
XLSX = FileKind("xlsx", f"{_OFFICE}.spreadsheetml.sheet")
DOCX = FileKind("docx", f"{_OFFICE}.wordprocessingml.document")
OFD = FileKind("ofd", "application/ofd")
KINDS = (PDF, PNG, JPEG, XLSX, DOCX, OFD)

_STARTS = (
    (b"%PDF-", PDF),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
)
_ARCHIVES = (("xl/workbook.xml", XLSX), ("word/document.xml", DOCX), ("OFD.xml", OFD))
_MACRO = re.compile(r"vbaproject\.bin$", re.IGNORECASE)


def kind_of(file: BinaryIO, size: int) -> FileKind:
    """The kind of an uploaded file, read from its start and, for archives, its list.

    Raises EvidenceError: empty, too large, not of these kinds, damaged, an archive
    that would unpack to far more than it is, or one with paths that lead outside.
    """
    if size == 0:
        raise EvidenceError(_("文件是空的；请检查是否选对了文件"))
    if size > LARGEST:
        text = _("文件有 {size} MB，最大 {most} MB；请压缩图片或分成几个文件")
        megabyte = 1024 * 1024
        raise EvidenceError(
            text.format(size=-(-size // megabyte), most=LARGEST // megabyte)
        )
    file.seek(0)
    start = file.read(_START)
    file.seek(0)
    for magic, kind in _STARTS:
        if start.startswith(magic):
            return kind
    if start.startswith(b"PK\x03\x04"):
        return _archive(file)
    raise EvidenceError(
        _("这种文件不能作佐证；请上传 PDF、PNG、JPG、XLSX、DOCX 或 OFD")
    )


def _archive(file: BinaryIO) -> FileKind:
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise EvidenceError(_("文件已损坏，打不开；请重新导出后上传")) from error
    finally:
        file.seek(0)
    _check_members(members)
    names = {each.filename for each in members}
    if any(_MACRO.search(name) for name in names):
        raise EvidenceError(_("文件里有宏；请另存为不带宏的文件，或导出为 PDF"))
    for name, kind in _ARCHIVES:
        if name in names:
            return kind
    raise EvidenceError(
        _("压缩包不能作佐证；请解开后上传 PDF、PNG、JPG、XLSX、DOCX 或 OFD")
    )


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    """Refuse what an archive's list says is a trap; nothing is unpacked for that."""
    unpacked = sum(each.file_size for each in members)
    packed = sum(each.compress_size for each in members)
    swollen = unpacked > _SMALL and unpacked > packed * _RATIO
    if len(members) > _MEMBERS or unpacked > _UNPACKED or swollen:
        raise EvidenceError(_("文件解开后异常大，不能接受；请导出为 PDF 再上传"))
    for each in members:
        parts = each.filename.replace("\\", "/").split("/")
        if ".." in parts or not parts[0] or ":" in parts[0]:
            raise EvidenceError(_("文件内部的路径不正常，不能接受；请重新导出后上传"))


def safe_title(name: str, fallback: str) -> str:
    """A file's name to show: no folders, no invisible or control characters."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(
        char
        for char in base
        if unicodedata.category(char)[0] not in {"C", "Z"} or char == " "
    )
    return shown.strip(" .")[:_LONGEST_NAME] or fallback
