"""Which files the project is made of."""

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "tidu"
MADE = {"build", "dist"}  # where make writes


def project_files() -> list[Path]:
    """Every file that is or would be committed, git's view where there is one."""
    if (ROOT / ".git").exists() and (git := shutil.which("git")):
        listing = subprocess.run(
            [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            check=True,
            capture_output=True,
        ).stdout.decode()
        paths = [ROOT / name for name in listing.split("\0") if name]
        return sorted(path for path in set(paths) if path.is_file())
    return sorted(path for path in ROOT.rglob("*") if path.is_file() and _ours(path))


def _ours(path: Path) -> bool:
    folders = path.relative_to(ROOT).parts[:-1]
    return not any(
        name in MADE
        or name == "__pycache__"
        or (name.startswith(".") and name != ".ci")
        for name in folders
    )


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def files_under(folder: str, suffix: str) -> list[Path]:
    """Project files below a folder (``""`` for all) that end with ``suffix``."""
    return [
        path
        for path in project_files()
        if name_of(path).startswith(folder) and path.name.endswith(suffix)
    ]
