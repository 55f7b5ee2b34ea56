"""Where an installation keeps what is its own: database, queue, files, secret."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def home() -> Path:
    """The installation's folder: ``TIDU_HOME``, else ``var`` where it was started."""
    return Path(os.environ.get("TIDU_HOME") or "var").absolute()


def secret_key() -> str:
    """The installation's secret: ``TIDU_SECRET_KEY``, else made once and kept."""
    if given := os.environ.get("TIDU_SECRET_KEY"):
        return given
    path = home() / "secret_key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_suffix(f".{os.getpid()}")
        new.touch(mode=0o600)
        new.write_text(secrets.token_urlsafe(48), encoding="ascii")
        try:
            os.link(new, path)  # the first of two processes wins
        except FileExistsError:
            pass
        finally:
            new.unlink()
    return path.read_text(encoding="ascii")
