"""The Django app of assessments."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EligibilityConfig(AppConfig):
    name = "tidu.eligibility"
    label = "eligibility"
    verbose_name = _("评估")

    def ready(self) -> None:
        """Register the jobs and the tables of lists."""
        from tidu.eligibility import (  # noqa: PLC0415 - app ready
            jobs,
            pay_list_models,
        )

        assert jobs
        assert pay_list_models
