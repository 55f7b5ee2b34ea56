"""Papers: a Typst template and its data → a PDF/A with the fonts inside."""

from __future__ import annotations

import datetime
import functools
import json
import threading
from pathlib import Path
from typing import Any

from tidu.rules.errors import TiduError
from tidu.rules.language import N_

_ONE_AT_A_TIME = threading.Lock()  # the compiler refuses a second thread
_ARCHIVE = ["a-4"]  # PDF/A-4, as PDF 2.0 is what signing writes


class TypesetError(TiduError):
    """The data does not fit the template."""


def typeset(template: Path, data: dict[str, Any], at: datetime.datetime) -> bytes:
    """The paper as PDF/A; ``at`` is its date. Raises TypesetError."""
    import typst  # noqa: PLC0415 - slow import

    text = json.dumps(data, ensure_ascii=False)
    with _ONE_AT_A_TIME:
        try:
            made = _compiler(template).compile(
                format="pdf",
                sys_inputs={"data": text},
                pdf_standards=_ARCHIVE,
                timestamp=at,
            )
        except typst.TypstError as error:
            raise TypesetError(N_("内容排不进这张纸；请缩短过长的名称")) from error
    return bytes(made)


@functools.cache
def _compiler(template: Path) -> Any:
    import pylopdf_fonts_zh_cn  # noqa: PLC0415 - slow import
    import typst  # noqa: PLC0415 - slow import

    fonts = Path(pylopdf_fonts_zh_cn.__file__).parent
    return typst.Compiler(
        str(template), font_paths=[str(fonts)], ignore_system_fonts=True
    )
