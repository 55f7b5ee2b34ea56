"""The Django app of people and organisations."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "tidu.accounts"
    label = "accounts"
    verbose_name = _("用户与单位")

    def ready(self) -> None:
        """Register the tables that stand in a module of their own."""
        from tidu.accounts import token_models  # noqa: F401, PLC0415 - app ready
