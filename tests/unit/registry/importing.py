"""Uploads for tests: small tables of fictional firms, run to where a test wants them."""

import datetime
import io

from django.test import TestCase

from tests.factories import acting, officer
from tidu.accounts.actors import Actor
from tidu.intake.credit_codes import ALPHABET, check_digit
from tidu.registry.enums import FilingSource
from tidu.registry.import_models import ImportBatch
from tidu.registry.imports.actions import check_import, commit_import, upload_import

ON = datetime.date(2026, 6, 30)
HEAD = "统一社会信用代码,企业名称,行政区划代码,2025年营业收入(万元),2025年从业人员"


def code(number: int) -> str:
    """A well-formed credit code of a firm that does not exist."""
    body = "91990100" + "".join(
        ALPHABET[number // 31**at % 31] for at in range(8, -1, -1)
    )
    return body + check_digit(body)


def firm_line(number: int, territory: str = "990101", revenue: str = "6000") -> str:
    return f"{code(number)},示范虚构导入{number}号有限公司,{territory},{revenue},50"


def table(*lines: str) -> bytes:
    return "\n".join([HEAD, *lines, ""]).encode()


def upload(content: bytes, by: Actor, name: str = "firms.csv", **given) -> ImportBatch:
    return upload_import(
        file=io.BytesIO(content),
        file_name=name,
        source=given.get("source", FilingSource.IMPORT),
        on=ON,
        territory=given.get("territory", by.organisation.territory),
        by=by,
    )


def run(action, **given) -> None:
    """Do an action and the jobs it asks for."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        action(**given)


def checked(content: bytes, by: Actor, **given) -> ImportBatch:
    batch = upload(content, by, **given)
    run(check_import, batch=batch, choices=given.get("choices", {}), by=by)
    batch.refresh_from_db()
    return batch


def committed(content: bytes, by: Actor, **given) -> ImportBatch:
    batch = checked(content, by, **given)
    run(commit_import, batch=batch, by=by)
    batch.refresh_from_db()
    return batch


def somebody(territory: str = "990101") -> Actor:
    return acting(officer(territory))
