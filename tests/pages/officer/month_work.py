"""What the work of a month needs: small lists, posts with their jobs, downloads."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase

NAME = "示范恒智精密机械有限公司"


def csv(*lines: str, name: str = "名单.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, "\n".join([*lines, ""]).encode())


def post(page, url, data=None):
    """Post, and do the jobs it asks for."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        return page.post(url, data or {})


def content(answer) -> bytes:
    return b"".join(answer.streaming_content)
