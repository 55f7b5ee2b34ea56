"""What a build adds to the code: compiled messages, assets, and the packs in a wheel.

Run as a script it compiles the messages alone.
"""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parent
MESSAGES = ROOT / "src/tidu/locale/en/LC_MESSAGES"
PACKS = ("national", "demo_province")


def compile_messages(folder: Path = MESSAGES) -> None:
    """Write a ``.mo`` beside each ``.po``; where there is no source, do nothing."""
    for source in folder.glob("*.po"):
        with source.open("rb") as text:
            catalog = read_po(text, locale="en", domain=source.stem, abort_invalid=True)
        with source.with_suffix(".mo").open("wb") as binary:
            write_mo(binary, catalog)


class BuildHook(BuildHookInterface[Any]):
    """Called by hatchling for wheels and for editable installs."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        compile_messages()
        if version == "standard":  # an editable install reads packs/ where it stands
            runpy.run_path(str(ROOT / "build_assets.py"))["sync"]()
            build_data["force_include"].update(
                {f"packs/{name}": f"tidu/packs/{name}" for name in PACKS}
            )


if __name__ == "__main__":
    compile_messages()
