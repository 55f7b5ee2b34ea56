"""The Django app of the registry."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegistryConfig(AppConfig):
    name = "tidu.registry"
    label = "registry"
    verbose_name = _("企业库")

    def ready(self) -> None:
        """Register the tables and the jobs of imports, which stand in own modules."""
        from tidu.registry import (  # noqa: PLC0415 - app ready
            claim_models,  # noqa: F401
            collection_models,  # noqa: F401
            duplicate_models,  # noqa: F401
            import_models,  # noqa: F401
            title_list_models,  # noqa: F401
        )
        from tidu.registry.imports import jobs  # noqa: F401, PLC0415 - app ready
        from tidu.registry.title_lists import (  # noqa: PLC0415 - app ready
            jobs as list_jobs,  # noqa: F401
        )
