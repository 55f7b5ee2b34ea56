"""The Django app of rounds and cases."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CaseworkConfig(AppConfig):
    name = "tidu.casework"
    label = "casework"
    verbose_name = _("认定办理")

    def ready(self) -> None:
        from tidu.casework import (  # noqa: PLC0415 - app ready
            certifying,
            clock_jobs,
            clock_models,
            exclusions,
            forecasting,
            inspecting,
            inspection_models,
            notice_models,
            noticing,
            review_models,
            review_results,
            screening_jobs,
            signal_models,
            title_jobs,
            title_models,
        )
        from tidu.casework.serving import jobs, models  # noqa: PLC0415 - app ready

        assert clock_jobs
        assert clock_models
        assert inspection_models
        assert notice_models
        assert review_models
        assert screening_jobs
        assert signal_models
        assert title_models
        assert title_jobs
        assert forecasting
        assert jobs
        assert models
        noticing.listen()
        certifying.listen()
        exclusions.listen()
        review_results.listen()
        inspecting.listen()
