"""``tidu serve`` and ``tidu worker``: the processes of an installation."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from types import FrameType
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command

from tidu.rules.errors import TiduError


class SiteError(TiduError):
    """The site cannot be run; the sentence says why and what to do."""


def start_django() -> None:
    """Load Django with the installation's settings."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tidu.project.settings")
    django.setup()


def prepare() -> None:
    """Bring folders, tables and static files up to date; repeating does no harm."""
    for folder in (settings.HOME, settings.EVIDENCE_FOLDER, settings.STATIC_ROOT):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)


def load_demonstration() -> None:
    """Bring up the fictional province in an empty installation, and say who signs in.

    Every page says from then on that all is fictional.
    """
    os.environ["TIDU_DEMONSTRATION"] = "1"
    os.environ.setdefault("TIDU_CERTIFIES", "srdi_sme,innovative_sme")
    start_django()
    prepare()
    from tidu.cli import demonstration  # noqa: PLC0415 - app ready

    demonstration.load_demonstration()
    demonstration.print_accounts()


def serve(host: str, port: int, threads: int) -> None:
    """Web server, worker and scheduler in one process, until it is told to stop."""
    start_django()
    prepare()
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415 - app ready
    from waitress.server import create_server  # noqa: PLC0415 - app ready

    try:
        server: Any = create_server(
            get_wsgi_application(), host=host, port=port, threads=threads, ident="tidu"
        )
    except OSError as error:
        raise SiteError(
            f"{host}:{port} 不能使用（{error.strerror}）；"
            f"请关掉占用这个端口的程序，或用 --port 换一个"
        ) from error
    consumer = _consumer()
    consumer.start()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        threading.Thread(target=server.close, daemon=True).start()
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    sys.stdout.write(f"梯度已启动：http://{host}:{port}/  （按 Ctrl+C 停止）\n")
    sys.stdout.flush()
    try:
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        consumer.stop(graceful=True)


def work() -> None:
    """Worker and scheduler alone, for an installation whose pages run elsewhere."""
    start_django()
    consumer = _consumer()
    stopped = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stopped.set())
    consumer.start()
    sys.stdout.write("梯度的后台任务已启动（按 Ctrl+C 停止）\n")
    sys.stdout.flush()
    stopped.wait()
    consumer.stop(graceful=True)


def _consumer() -> Any:
    """huey's consumer, with the signals left to us."""
    from huey.contrib.djhuey import HUEY  # noqa: PLC0415 - app ready

    logging.getLogger("huey").setLevel(logging.WARNING)
    call_command("check", verbosity=0)
    consumer = HUEY.create_consumer(**settings.HUEY["consumer"])
    consumer._set_signal_handlers = lambda: None  # noqa: SLF001 - the server owns signals
    return consumer
