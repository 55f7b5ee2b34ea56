"""The Django app of the audit trail."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "tidu.audit"
    label = "audit"
    verbose_name = _("审计")

    def ready(self) -> None:
        from tidu.audit import jobs  # noqa: F401, PLC0415 - app ready
