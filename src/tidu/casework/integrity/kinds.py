"""A signal: what was seen in a case, what may honestly explain it, what to check next.

A signal has no outcome, no points and no clause: nothing can be decided by it. Its
strength only says in which order an officer reads.
"""

from __future__ import annotations

import dataclasses
import enum
import itertools
from collections.abc import Iterable, Mapping
from typing import Any

from tidu.rules.language import N_, say, translate

LEAST_STRENGTH = 0.2
MOST_STRENGTH = 0.98
RELATED_LISTED = 50  # an officer reads no longer list; the cluster has them all


class SignalKind(enum.StrEnum):
    """What is seen."""

    SHARED_CONTACT = "shared_contact"
    SIMILAR_NARRATIVE = "similar_narrative"
    LATE_TRANSFER = "late_transfer"
    DIFFERING_FIGURE = "differing_figure"
    FAR_FROM_PEERS = "far_from_peers"
    AUDITOR_CONCENTRATION = "auditor_concentration"
    REUSED_DOCUMENT = "reused_document"
    COPIED_FIGURES = "copied_figures"

    def label(self, *, english: bool = False) -> str:
        """The kind's short name."""
        return translate(LABELS[self], english)

    def compared(self, *, english: bool = False) -> str:
        """What a case is compared with."""
        return translate(COMPARED[self], english)


LABELS: Mapping[SignalKind, str] = {
    SignalKind.SHARED_CONTACT: N_("多家共用的电话或地址"),
    SignalKind.SIMILAR_NARRATIVE: N_("雷同的文字材料"),
    SignalKind.LATE_TRANSFER: N_("临近申报转入的知识产权"),
    SignalKind.DIFFERING_FIGURE: N_("前后或与外部来源不一致的数据"),
    SignalKind.FAR_FROM_PEERS: N_("远离同行业的比率"),
    SignalKind.AUDITOR_CONCENTRATION: N_("同一审计机构的异常集中"),
    SignalKind.REUSED_DOCUMENT: N_("无关企业间重复使用的文件"),
    SignalKind.COPIED_FIGURES: N_("企业之间相同的成组数据"),
}


COMPARED: Mapping[SignalKind, str] = {
    SignalKind.SHARED_CONTACT: N_("本批各家填写的电话和地址；同一集团算一家"),
    SignalKind.SIMILAR_NARRATIVE: N_("本批各家的自述和条款说明，企业名称不计"),
    SignalKind.LATE_TRANSFER: N_("本企业知识产权清单上的转入日期和申报日期"),
    SignalKind.DIFFERING_FIGURE: N_(
        "本企业以前提交的申报，以及导入的税务数据和年度报告"
    ),
    SignalKind.FAR_FROM_PEERS: N_("本批同行业企业的中位数"),
    SignalKind.AUDITOR_CONCENTRATION: N_("本批其他审计机构的客户"),
    SignalKind.REUSED_DOCUMENT: N_("本批各家所交文件，逐字节比较"),
    SignalKind.COPIED_FIGURES: N_("本批各家填报的金额及其比例"),
}
"""What each kind compares a case with."""


@dataclasses.dataclass(frozen=True, slots=True)
class Named:
    """A name that has its own form in each language, as a fact of the packs has."""

    chinese: str
    english: str


@dataclasses.dataclass(frozen=True, slots=True)
class Said:
    """A sentence with ``{named}`` places and what fills them, in both languages."""

    msgid: str
    values: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    def sentence(self, *, english: bool = False) -> str:
        """The sentence in one language."""
        values = {name: _in(value, english) for name, value in self.values.items()}
        return say(self.msgid, english, **values)


def _in(value: Any, english: bool) -> Any:
    if isinstance(value, Named):
        return value.english if english else value.chinese
    if isinstance(value, Said):
        return value.sentence(english=english)
    if isinstance(value, tuple):
        return tuple(_in(each, english) for each in value)
    return value


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    """Where in a case something stands, as ``figures/revenue@2025``, and what it is.

    ``where`` begins with the field of the application: contacts, narratives, rights,
    figures, auditor or documents.
    """

    case: str
    where: str
    shown: str


@dataclasses.dataclass(frozen=True, slots=True)
class Tie:
    """The thing that two or more cases have in common: a phone, a file, an auditor."""

    key: str
    label: Said


@dataclasses.dataclass(frozen=True, slots=True)
class Signal:
    """Something in one case that a human should look at.

    ``strength`` above 0 and below 1, for the order of reading only. ``related`` are
    case ids. ``tie`` is what connects the case with them, where something does.
    """

    case: str
    kind: SignalKind
    strength: float
    related: tuple[str, ...]
    places: tuple[Place, ...]
    seen: Said
    may_be: Said
    check: Said
    tie: Tie | None = None

    def sentence(self, *, english: bool = False) -> str:
        """What was seen, what may honestly explain it, and what to check next."""
        return say(
            N_("{seen}。可能的正常原因：{may_be}。建议核实：{check}。"),
            english,
            seen=self.seen.sentence(english=english),
            may_be=self.may_be.sentence(english=english),
            check=self.check.sentence(english=english),
        )


def others(case: str, cases: Iterable[str]) -> tuple[str, ...]:
    """The other cases, only the first RELATED_LISTED; sentences give their count."""
    return tuple(
        itertools.islice((each for each in cases if each != case), RELATED_LISTED)
    )


def ramp(value: float, low: float, high: float) -> float:
    """Strength from LEAST_STRENGTH at ``low`` to MOST_STRENGTH at ``high``.

    ``high`` lies above ``low``, or below it where less is stronger.
    """
    share = min(max((value - low) / (high - low), 0.0), 1.0)
    return LEAST_STRENGTH + (MOST_STRENGTH - LEAST_STRENGTH) * share
