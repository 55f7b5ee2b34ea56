"""What a build adds to the code: compiled messages, assets, and the packs in a wheel.

Run as a script it compiles the messages alone.
"""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parent
MESSAGES = ROOT / "src/tidu/locale/en/LC_MESSAGES"
PACKS = ("national", "demo_province")


def compile_messages(folder: Path = MESSAGES) -> None:
    """Write ``tidu.mo`` from ``tidu.po``, ``django.mo`` from the files in ``django/``.

    Where there is no source, do nothing.
    """
    for domain, sources in (
        ("tidu", [folder / "tidu.po"]),
        ("django", sorted((folder / "django").glob("*.po"))),
    ):
        catalog = Catalog(locale="en", domain=domain, charset="utf-8")
        for source in filter(Path.exists, sources):
            with source.open("rb") as text:
                for message in read_po(text, locale="en", abort_invalid=True):
                    if message.id and message.string:
                        catalog[message.id] = message
        if len(catalog):
            with (folder / f"{domain}.mo").open("wb") as binary:
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
