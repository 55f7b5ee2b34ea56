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
            exclusions,
            inspecting,
            inspection_models,
            notice_models,
            noticing,
            review_models,
            review_results,
            title_jobs,
            title_models,
        )
        from tidu.casework.serving import jobs, models  # noqa: PLC0415 - app ready

        assert inspection_models
        assert notice_models
        assert review_models
        assert title_models
        assert title_jobs
        assert jobs
        assert models
        noticing.listen()
        certifying.listen()
        exclusions.listen()
        review_results.listen()
        inspecting.listen()
