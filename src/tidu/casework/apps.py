"""The Django app of rounds and cases."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CaseworkConfig(AppConfig):
    name = "tidu.casework"
    label = "casework"
    verbose_name = _("认定办理")

    def ready(self) -> None:
        from tidu.casework import (  # noqa: PLC0415 - app ready
            inspecting,
            inspection_models,
            review_models,
            review_results,
        )

        assert inspection_models
        assert review_models
        review_results.listen()
        inspecting.listen()
