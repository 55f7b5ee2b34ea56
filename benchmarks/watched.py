"""Run a command and say what it took: ``python watched.py COMMAND…``.

Prints seconds and peak bytes of the command alone. The kernel counts the memory of the
process that starts another as the other's, so a big benchmark asks a small process.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time


def main() -> None:
    """Run it with its own stderr; its exit code is ours."""
    started = time.perf_counter()
    process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    sys.stdout.write(f"{time.perf_counter() - started} {usage.ru_maxrss * 1024}\n")
    sys.exit(os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
