"""What a build adds to the code: compiled messages, and the packs in a wheel.

Run as a script it compiles the messages alone.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parent
MESSAGES = ROOT / "src/tidu/locale/en/LC_MESSAGES/tidu.po"
PACKS = ("national", "demo_province")


def compile_messages(source: Path = MESSAGES) -> None:
    """Write ``tidu.mo`` beside ``tidu.po``; where there is no source, do nothing."""
    if not source.exists():
        return
    with source.open("rb") as text:
        catalog = read_po(text, locale="en", domain="tidu", abort_invalid=True)
    with source.with_suffix(".mo").open("wb") as binary:
        write_mo(binary, catalog)


class BuildHook(BuildHookInterface[Any]):
    """Called by hatchling for wheels and for editable installs."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        compile_messages()
        if version == "standard":  # an editable install reads packs/ where it stands
            build_data["force_include"].update(
                {f"packs/{name}": f"tidu/packs/{name}" for name in PACKS}
            )


if __name__ == "__main__":
    compile_messages()
