"""The words and signs of outcomes, kinds and grades: the same on every output."""

from __future__ import annotations

from tidu.rules.language import N_, translate
from tidu.rules.outcomes import (
    MANUAL,
    MET,
    NOT_APPLICABLE,
    UNKNOWN,
    UNMET,
    Outcome,
)
from tidu.rules.rulesets import Kind, SourceGrade

SIGNS = {MET: "✓", UNMET: "✕", UNKNOWN: "?", MANUAL: "☰", NOT_APPLICABLE: "–"}
STYLES = {
    MET: "green",
    UNMET: "red",
    UNKNOWN: "yellow",
    MANUAL: "cyan",
    NOT_APPLICABLE: "dim",
}
_WORDS = {
    MET: N_("符合"),
    UNMET: N_("不符合"),
    UNKNOWN: N_("缺数据"),
    MANUAL: N_("待人工认定"),
    NOT_APPLICABLE: N_("不适用"),
}
_KINDS = {
    Kind.NEW: N_("新申报"),
    Kind.REVERIFICATION: N_("复核"),
    Kind.CHANGE: N_("变更"),
}
_GRADES = {
    SourceGrade.OFFICIAL: N_("已核对原文"),
    SourceGrade.RESTATED: N_("据转述，未核对原文"),
    SourceGrade.UNVERIFIED: N_("未核对"),
    SourceGrade.OURS: N_("Tidu 的估计"),
}
_SIZES = {
    "micro": N_("微型"),
    "small": N_("小型"),
    "medium": N_("中型"),
    "large": N_("大型"),
}
_PATHS = {
    "paper": N_("文书"),
    "money": N_("投入"),
    "years": N_("年限"),
    "blocked": N_("无办法"),
}
SHORT_NAMES = {
    "tech_sme": N_("科技"),
    "innovative_sme": N_("创新"),
    "srdi_sme": N_("专精"),
    "little_giant": N_("巨人"),
    "manufacturing_champion": N_("冠军"),
    "unicorn": N_("独角"),
    "high_tech_enterprise": N_("高企"),
    "sme_size": N_("规模"),
    "digital_level": N_("数字"),
}


def outcome_word(outcome: Outcome, *, english: bool) -> str:
    """The outcome in words: 符合, 不符合, 缺数据, 待人工认定, 不适用."""
    return translate(_WORDS[outcome], english)


def kind_word(kind: Kind, *, english: bool) -> str:
    """The kind of procedure in words."""
    return translate(_KINDS[kind], english)


def grade_word(grade: SourceGrade, *, english: bool) -> str:
    """How far a figure was checked, in words."""
    return translate(_GRADES[grade], english)


def size_word(size: str | None, *, english: bool) -> str:
    """The size class in words; a question mark while it is open."""
    return translate(_SIZES[size], english) if size else "?"


def short_name(scheme: str, *, english: bool) -> str:
    """A scheme's name for narrow columns: two characters."""
    return translate(SHORT_NAMES.get(scheme, scheme), english)


def path_word(path: str, *, english: bool) -> str:
    """The class of a path in words: 文书, 投入, 年限, 无办法."""
    return translate(_PATHS[path], english)
