"""The Django app of the pages: templates and static files, no tables."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "tidu.web"
    label = "web"

    def ready(self) -> None:
        from tidu.web.sign_in import listen  # noqa: PLC0415 - app ready

        listen()
