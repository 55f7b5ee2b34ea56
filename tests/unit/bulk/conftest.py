"""Run the command line in this process, as a shell would."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable

import pytest

from tidu.cli.main import run


@dataclasses.dataclass
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str


@pytest.fixture
def tidu(capsys, monkeypatch) -> Callable[..., Ran]:
    """Call ``tidu`` with arguments."""

    def call(*arguments: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["tidu", *map(str, arguments)])
        code = 0
        try:
            run()
        except SystemExit as ended:
            code = int(ended.code or 0)
        found = capsys.readouterr()
        return Ran(code, found.out, found.err)

    return call
