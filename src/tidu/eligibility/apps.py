"""The Django app of assessments."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EligibilityConfig(AppConfig):
    name = "tidu.eligibility"
    label = "eligibility"
    verbose_name = _("评估")

    def ready(self) -> None:
        """Register the jobs."""
        from tidu.eligibility import jobs  # noqa: F401, PLC0415 - app ready
