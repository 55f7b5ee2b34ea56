"""One folder, and its zip, that installs Tidu on a machine without a network.

Wheels of every runtime requirement with their hashes checked, Tidu's own with assets,
messages and packs inside, instructions, and the digest of every file. The wheels are
for the Python that runs this; ``--platform`` and ``--python-version`` name another, as
pip does (``--platform win_amd64 --python-version 3.12``).
"""

from __future__ import annotations

import argparse
import hashlib
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent
POSTGRES = ("psycopg", "psycopg-binary")  # what a province needs beside the runtime
PIN = re.compile(r"^([a-z0-9.-]+)==(?:.*\\\n)*.*\n", re.MULTILINE)

INSTALL = """\
梯度 Tidu {version}：离线安装包 / offline bundle

需要：Python {python}（含 venv），约 1.5GB 空间；不需要网络。
Needed: Python {python} with venv, about 1.5 GB of room; no network.

一、核对（可选） / check (optional)
    sha256sum --check SHA256SUMS            （Windows：certutil -hashfile 文件 SHA256）

二、安装 / install
    python3 -m venv tidu
    tidu/bin/python -m pip install --no-index --find-links wheels "tidu[postgres]"
    （Windows：把 tidu/bin/python 换成 tidu\\Scripts\\python）

三、试用：虚构的示范省 / try it: the fictional province
    TIDU_HOME=demo tidu/bin/tidu serve --demo
    打开 http://127.0.0.1:8000 ，账户和口令会显示在屏幕上。

四、正式使用 / run it
    TIDU_HOME=data tidu/bin/tidu serve
    TIDU_HOME=data tidu/bin/tidu doctor

升级：先 tidu backup，再把新的安装包装进另一个 venv，用 tidu upgrade --rehearse 预演。
Upgrade: tidu backup first, install the new bundle into another venv, then rehearse with
tidu upgrade --rehearse.
"""


def build(folder: Path, chosen: list[str]) -> Path:
    """Fill a folder and pack it; the zip. ``chosen``: pip's options for a platform."""
    shutil.rmtree(folder, ignore_errors=True)
    wheels = folder / "wheels"
    wheels.mkdir(parents=True)
    wanted = folder / "requirements.txt"
    wanted.write_text(requirements(), encoding="utf-8")
    run("-m", "hatchling", "build", "-t", "wheel", "-d", str(wheels))
    run(
        *("-m", "pip", "download", "--quiet", "--disable-pip-version-check"),
        *("--require-hashes", "--only-binary", ":all:", "--no-deps"),
        *("-r", str(wanted), "-d", str(wheels), *chosen),
    )
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    text = INSTALL.format(version=project["version"], python=python_of(chosen))
    (folder / "INSTALL.txt").write_text(text, encoding="utf-8")
    shutil.copy(ROOT / "LICENSE", folder)
    sums = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder)}\n"
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ]
    (folder / "SHA256SUMS").write_text("".join(sums), encoding="utf-8")
    return Path(shutil.make_archive(str(folder), "zip", folder.parent, folder.name))


def requirements() -> str:
    """The pins of the runtime, and of the PostgreSQL driver from the development's."""
    runtime = (ROOT / "requirements/runtime.txt").read_text(encoding="utf-8")
    development = (ROOT / "requirements/dev.txt").read_text(encoding="utf-8")
    driver = [found[0] for found in PIN.finditer(development) if found[1] in POSTGRES]
    return runtime + "".join(driver)


def python_of(chosen: list[str]) -> str:
    """The Python whose wheels are packed: 3.11."""
    if "--python-version" in chosen:
        return chosen[chosen.index("--python-version") + 1]
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def run(*arguments: str) -> None:
    """Run Python; where that fails, say so in one line and stop."""
    ran = subprocess.run([sys.executable, *arguments], cwd=ROOT, check=False)  # noqa: S603
    if ran.returncode:
        sys.exit(f"bundle: {' '.join(arguments[:3])} failed; see above")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where the bundle goes: build/bundle")
    asked, chosen = parser.parse_known_args()
    archive = build(asked.folder.absolute(), chosen)
    sys.stdout.write(f"{archive}  {archive.stat().st_size / 1024**2:.0f} MB\n")


if __name__ == "__main__":
    main()
