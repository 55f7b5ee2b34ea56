"""Facts of a request → facts of ours, through the same intake as every file."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from tidu.api.problems import Unacceptable
from tidu.intake import UnreadableFile, read_record
from tidu.rules.facts import Facts
from tidu.rules.library import default_library


def read_facts(
    record: Mapping[str, Any], *, on: datetime.date, english: bool
) -> tuple[Facts, list[str]]:
    """The facts and the warnings; Unacceptable (422) names every field in error."""
    try:
        intake = read_record(
            record,
            default_library().facts,
            on=on,
            name=_("请求"),
            english=english,
        )
    except UnreadableFile as error:
        raise Unacceptable(str(error)) from error
    errors = {
        each.column or "facts": each.sentence(english=english) for each in intake.errors
    }
    if errors:
        raise Unacceptable(_("有的数据读不懂，请改正后再发"), errors=errors)
    warnings = [each.sentence(english=english) for each in intake.warnings]
    return intake.rows[0].facts, [*warnings, *intake.readings]
