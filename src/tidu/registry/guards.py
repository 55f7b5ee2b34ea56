"""May this happen now? Looks at the state of things, never at who asks."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tidu.accounts.verdicts import Verdict, no, yes
from tidu.registry.enums import RUNNING, ImportState
from tidu.registry.import_models import ImportBatch
from tidu.registry.models import Enterprise

_READY_TO_CHECK = (
    ImportState.UPLOADED,
    ImportState.CHECKED,
    ImportState.UNREADABLE,
)


def import_may_be_checked(batch: ImportBatch) -> Verdict:
    """Before anything of it is written, and while no job is at it."""
    if batch.state in _READY_TO_CHECK:
        return yes()
    if batch.state == ImportState.FAILED and batch.summary.get("job") == "checking":
        return yes()
    return _wrong(batch)


def import_may_be_committed(batch: ImportBatch) -> Verdict:
    """Once it is checked, and something in it can be written."""
    if batch.state != ImportState.CHECKED:
        return _wrong(batch)
    if not batch.readable:
        return no(_("这份表里没有可以导入的行，请改正后重新上传"))
    return yes()


def import_may_be_undone(batch: ImportBatch) -> Verdict:
    """Once it is committed, or has stopped in the middle of that."""
    if batch.state == ImportState.COMMITTED:
        return yes()
    if batch.state == ImportState.FAILED and batch.summary.get("job") == "committing":
        return yes()
    return _wrong(batch)


def import_may_be_resumed(batch: ImportBatch) -> Verdict:
    """Where its job has stopped."""
    return yes() if batch.state == ImportState.FAILED else _wrong(batch)


def import_may_be_discarded(batch: ImportBatch) -> Verdict:
    """As long as nothing of it is written."""
    return import_may_be_checked(batch)


def enterprise_is_open(enterprise: Enterprise) -> Verdict:
    """Neither closed nor merged into another."""
    if enterprise.merged_into_id:
        return no(_("这条记录已并入另一家企业"))
    if enterprise.closed_at:
        return no(_("这家企业已出库：{reason}").format(reason=enterprise.closed_reason))
    return yes()


def _wrong(batch: ImportBatch) -> Verdict:
    if batch.state in RUNNING:
        return no(_("这次导入正在处理，请等它完成"))
    said = _("这次导入的状态是“{state}”，不能这样做")
    return no(said.format(state=batch.get_state_display()))
