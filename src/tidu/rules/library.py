"""Where the packs are, and which one applies to an enterprise's territory."""

from __future__ import annotations

import dataclasses
import functools
import os
from collections.abc import Mapping
from pathlib import Path

from tidu.rules.errors import PackError
from tidu.rules.facts import FactDictionary
from tidu.rules.overlays import lay_over
from tidu.rules.packs import Pack, load_pack
from tidu.rules.yamlio import load_block

_HERE = Path(__file__).resolve().parent.parent


@dataclasses.dataclass(frozen=True)
class Library:
    """The national pack and the provinces' packs laid over it, by territory."""

    national: Pack
    provinces: Mapping[str, Pack]

    @functools.cached_property
    def facts(self) -> FactDictionary:
        """Every fact some pack knows: what a file may contain."""
        found = dict(self.national.facts)
        for pack in self.provinces.values():
            found |= pack.facts
        return found

    def for_territory(self, territory: str | None) -> Pack:
        """The pack for a division code: its province's, else the national one."""
        return self.provinces.get((territory or "")[:2], self.national)


def pack_folders() -> list[Path]:
    """Folders to read: shipped packs, then those named in ``TIDU_PACKS``."""
    shipped = _HERE / "packs"
    if not shipped.is_dir():
        shipped = _HERE.parent.parent / "packs"
    named = [Path(each) for each in os.environ.get("TIDU_PACKS", "").split(os.pathsep)]
    return [
        *sorted(path.parent for path in shipped.glob("*/pack.yaml")),
        *(path for path in named if path.name),
    ]


@functools.cache
def default_library() -> Library:
    """The library of this installation; read once."""
    return load_library(pack_folders())


def load_library(folders: list[Path]) -> Library:
    """Read packs: exactly one national pack, any number of provinces' packs."""
    over = [f for f in folders if "extends" in load_block(f / "pack.yaml")]
    bases = [f for f in folders if f not in over]
    if len(bases) != 1:
        raise PackError(
            f"应恰有一个全国政策包，找到 {len(bases)} 个",
            place="、".join(map(str, folders)) or "packs",
            remedy="请检查安装，或环境变量 TIDU_PACKS",
        )
    national = load_pack(bases[0])
    provinces: dict[str, Pack] = {}
    for folder in over:
        pack = lay_over(national, folder)
        if pack.territory in provinces:
            raise PackError(
                f"区划 {pack.territory} 有两个地方包",
                place=str(folder),
                remedy="只保留一个",
            )
        provinces[pack.territory] = pack
    return Library(national, provinces)
