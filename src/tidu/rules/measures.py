"""The measures and their mechanisms: what a text grants or orders, as data.

A measure of 国办发〔2024〕43号 holds mechanisms of twelve kinds. A mechanism says who
may have it (criteria of a rule set), how much (:mod:`tidu.rules.amounts`), from whom,
and what it cannot be had together with.
"""

from __future__ import annotations

import dataclasses
import datetime
import enum
from collections.abc import Mapping
from decimal import Decimal

from tidu.rules.amounts import AmountRule
from tidu.rules.rulesets import RuleSet, Window
from tidu.rules.vocabulary import NO_TEXT, Text


class MechanismKind(enum.StrEnum):
    """What sort of thing is granted or ordered."""

    GATE = "gate"
    PREFERENCE = "preference"
    TERMS = "terms"
    GRANT = "grant"
    COHORT = "cohort"
    CERTIFY = "certify"
    SERVICE = "service"
    SUPERVISE = "supervise"
    CATALOGUE = "catalogue"
    MATCH = "match"
    EVENT = "event"
    INDICATOR = "indicator"

    @property
    def label(self) -> Text:
        return KIND_LABELS[self]

    @property
    def for_the_firm(self) -> bool:
        """Whether an enterprise can have it, rather than an authority do it."""
        return self not in {MechanismKind.SUPERVISE, MechanismKind.INDICATOR}


KIND_LABELS = {
    MechanismKind.GATE: Text("资格", "access"),
    MechanismKind.PREFERENCE: Text("优先", "preference"),
    MechanismKind.TERMS: Text("优惠条件", "terms"),
    MechanismKind.GRANT: Text("奖补", "grant"),
    MechanismKind.COHORT: Text("名单", "cohort"),
    MechanismKind.CERTIFY: Text("认定", "certification"),
    MechanismKind.SERVICE: Text("服务", "service"),
    MechanismKind.SUPERVISE: Text("监管", "supervision"),
    MechanismKind.CATALOGUE: Text("目录", "catalogue"),
    MechanismKind.MATCH: Text("对接", "matching"),
    MechanismKind.EVENT: Text("活动", "event"),
    MechanismKind.INDICATOR: Text("评估", "evaluation"),
}


class Area(enum.StrEnum):
    """The part of a firm's package a mechanism stands in."""

    TAX = "tax"
    MONEY = "money"
    FINANCE = "finance"
    INNOVATION = "innovation"
    IP = "ip"
    QUALITY = "quality"
    DIGITAL = "digital"
    GREEN = "green"
    ABROAD = "abroad"
    MARKET = "market"
    TALENT = "talent"
    LAND = "land"
    MANAGEMENT = "management"
    ENVIRONMENT = "environment"
    CULTIVATION = "cultivation"

    @property
    def label(self) -> Text:
        return AREA_LABELS[self]


AREA_LABELS = {
    Area.TAX: Text("税收", "Tax"),
    Area.MONEY: Text("财政资金", "Public money"),
    Area.FINANCE: Text("融资、上市和保险", "Finance, listing, insurance"),
    Area.INNOVATION: Text("科技创新", "Innovation"),
    Area.IP: Text("知识产权", "Intellectual property"),
    Area.QUALITY: Text("质量、标准和品牌", "Quality, standards, brands"),
    Area.DIGITAL: Text("数字化", "Digital"),
    Area.GREEN: Text("绿色低碳", "Green"),
    Area.ABROAD: Text("国际化", "Going abroad"),
    Area.MARKET: Text("大中小企业融通", "Large with small"),
    Area.TALENT: Text("人才和用工", "People"),
    Area.LAND: Text("用地", "Land"),
    Area.MANAGEMENT: Text("管理", "Management"),
    Area.ENVIRONMENT: Text("发展环境", "Environment"),
    Area.CULTIVATION: Text("梯度培育", "Tier by tier"),
}


class StartWay(enum.StrEnum):
    """How an enterprise sets it going."""

    APPLY = "apply"
    AUTO = "auto"
    TAX_RETURN = "tax_return"
    SERVICE = "service"
    ASK = "ask"
    NONE = "none"

    @property
    def label(self) -> Text:
        return START_LABELS[self]


START_LABELS = {
    StartWay.APPLY: Text("向主管部门申报", "apply to the authority"),
    StartWay.AUTO: Text("免申即享，不必申报", "without applying"),
    StartWay.TAX_RETURN: Text(
        "由税务机关办理，在申报表中享受", "with the tax authority, in the tax return"
    ),
    StartWay.SERVICE: Text("提出服务申请", "ask for the service"),
    StartWay.ASK: Text("向经办部门咨询", "ask the agency"),
    StartWay.NONE: Text("由主管部门办理，企业不必做什么", "done by the authority"),
}


class Strength(enum.StrEnum):
    """Whether a text grants something or only encourages it."""

    GRANT = "grant"
    ENCOURAGE = "encourage"


class Confidence(enum.StrEnum):
    """How sure an answer is: fourth field beside eligible, amount and priority."""

    CHECKED = "checked"
    TO_CHECK = "to_check"
    OPEN = "open"
    PLACE = "place"

    @property
    def label(self) -> Text:
        return CONFIDENCE_LABELS[self]


CONFIDENCE_LABELS = {
    Confidence.CHECKED: Text("依据已核对原文", "checked against the official text"),
    Confidence.TO_CHECK: Text("依据未核对原文", "not checked against the text"),
    Confidence.OPEN: Text("还缺数据", "figures missing"),
    Confidence.PLACE: Text("看地方规定", "depends on the place"),
}


@dataclasses.dataclass(frozen=True, slots=True)
class Limit:
    """What the national text allows a place to state: both ends may be open."""

    least: Decimal | None
    most: Decimal | None
    unit: str
    clause: str


@dataclasses.dataclass(frozen=True, slots=True)
class Mechanism:
    """One thing a measure grants or orders.

    ``rule_set`` holds the criteria of who may have it, and the windows in which it
    applies; ``gives`` says what is had, in words. ``slot``: a place may fill it;
    ``fills``: the slot it fills, in ``territory`` (division code) only. ``service``:
    the case type its button starts. ``choose_one`` and ``not_with`` exclude others;
    ``detailed_by``: mechanisms that say the same with conditions and amounts.
    """

    id: str
    kind: MechanismKind
    area: Area
    measure: str
    label: Text
    gives: Text
    rule_set: RuleSet
    agency: Text
    start: StartWay
    strength: Strength = Strength.GRANT
    audience: str = ""
    slot: str = ""
    fills: str = ""
    territory: str = ""
    limits: Mapping[str, Limit] = dataclasses.field(default_factory=dict)
    amount: AmountRule | None = None
    priority: Text = NO_TEXT
    points: Decimal | None = None
    choose_one: str = ""
    not_with: tuple[str, ...] = ()
    detailed_by: tuple[str, ...] = ()
    service: str = ""
    materials: tuple[Text, ...] = ()
    note: Text = NO_TEXT
    place: str = ""

    def window(self, on: datetime.date) -> Window | None:
        """The window a day falls into; None before, between and after."""
        for each in self.rule_set.windows:
            if each.start <= on < each.end:
                return each
        return None


@dataclasses.dataclass(frozen=True, slots=True)
class Measure:
    """One of the 26 measures, with what it grants and orders."""

    id: str
    number: int
    label: Text
    audience: str
    agencies: tuple[Text, ...]
    clause: str
    mechanisms: tuple[Mechanism, ...]
    note: Text = NO_TEXT
    place: str = ""
