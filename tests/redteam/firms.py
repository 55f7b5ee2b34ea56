"""Made-up honest firms: figures of one trade, papers, rights, texts. Nothing is real.

A firm is kept in plain parts that a situation or a forgery changes before the
application is built; amounts are in 元.
"""

import dataclasses
import datetime
import hashlib
import math
import random
from decimal import Decimal

from tests.redteam.wording import TRADES, narrative
from tidu.casework.integrity.applications import (
    Application,
    Auditor,
    Contact,
    ContactKind,
    Figure,
    FigureSource,
    FiledDocument,
    Narrative,
    Obtained,
    Right,
)
from tidu.rules.library import default_library

FILED = datetime.date(2026, 5, 10)
LAST = 2025
REVENUE_BAR, RND_BAR = 50_000_000, 3_000_000  # made-up bars of a made-up round
MONEY = (
    "revenue",
    "main_revenue",
    "rnd_expense",
    "net_profit",
    "total_assets",
    "total_liabilities",
)
_SURNAMES = [
    "启明",
    "瑞丰",
    "恒岳",
    "拓远",
    "德邻",
    "清越",
    "云帆",
    "砺锋",
    "正源",
    "晨曜",
    "安澜",
    "知行",
    "广涵",
    "锦程",
    "立新",
    "衡远",
]
_SECOND = ["智", "精", "达", "科", "联", "创", "微", "利", "特", "盛"]
_TYPES = ["材料", "科技", "机械", "电子", "装备", "仪表"]


@dataclasses.dataclass
class Firm:
    """The parts of an application, and what is true of it."""

    case: str
    name: str
    industry: str
    filed_on: datetime.date
    phone: str
    address: str
    contacts: list[Contact]
    texts: dict[str, str]
    rights: list[Right]
    figures: dict[tuple[str, int], int]
    elsewhere: list[Figure]
    documents: list[FiledDocument]
    auditor: Auditor
    group: str | None = None
    former_names: tuple[str, ...] = ()
    merged: bool | None = None
    restated: bool = False
    situation: str = "ordinary"
    forged: str | None = None  # the kind, as the table calls it
    hard: bool = False
    copied_from: bool = False  # honest, and somebody else's forgery was copied from it

    def application(self) -> Application:
        """What the detector gets to see."""
        facts = default_library().national.facts
        declared = [
            Figure(
                facts[fact],
                year,
                Decimal(value),
                merged=self.merged,
                restated=self.restated,
            )
            for (fact, year), value in self.figures.items()
        ]
        return Application(
            case=self.case,
            enterprise=f"99{self.case[1:]}",
            name=self.name,
            filed_on=self.filed_on,
            former_names=self.former_names,
            group=self.group,
            industry=self.industry,
            contacts=(
                Contact(ContactKind.PHONE, self.phone),
                Contact(ContactKind.ADDRESS, self.address),
                *self.contacts,
            ),
            narratives=tuple(Narrative(*each) for each in self.texts.items()),
            rights=tuple(self.rights),
            figures=(*declared, *self.elsewhere),
            auditor=self.auditor,
            documents=tuple(self.documents),
        )


def firm(dice: random.Random, number: int) -> Firm:
    """An ordinary honest firm."""
    industry = dice.choice(sorted(TRADES))
    trade = dice.choice(_SURNAMES) + dice.choice(_SECOND)
    figures = _figures(dice, industry)
    filed = FILED + datetime.timedelta(days=dice.randint(-20, 20))
    made = Firm(
        case=f"A{number:05d}",
        name=f"虚构{trade}{dice.choice(_TYPES)}{number}有限公司",
        industry=industry,
        filed_on=filed,
        phone=f"1200{dice.randint(0, 9_999_999):07d}",
        address=f"虚构市{dice.choice('东南西北')}区{dice.randint(1, 400)}路{dice.randint(1, 999)}号{dice.randint(1, 30)}幢",
        contacts=[],
        texts={
            "主导产品": narrative(dice, industry, dice.randint(350, 900)),
            "创新能力": narrative(dice, industry, dice.randint(350, 900)),
        },
        rights=[_right(dice, filed) for _ in range(dice.randint(3, 18))],
        figures=figures,
        elsewhere=elsewhere(dice, figures),
        documents=[
            paper(dice, title)
            for title in ("审计报告", "销售合同", "检测报告", "查新报告", "承诺书")
        ],
        auditor=auditor(dice.randint(0, 119)),
    )
    if dice.random() < 0.25:  # books in 万元
        made.figures = {
            key: value if key[0] in {"employees", "rnd_staff"} else round(value, -4)
            for key, value in figures.items()
        }
    return made


def dice_of(seed: str) -> random.Random:
    return random.Random(seed)  # noqa: S311 - no secret


def auditor(number: int) -> Auditor:
    return Auditor(f"F{number:03d}", f"虚构第{number}会计师事务所")


def paper(dice: random.Random, title: str) -> FiledDocument:
    return FiledDocument(hashlib.sha256(dice.randbytes(16)).hexdigest(), title)


def _right(dice: random.Random, filed: datetime.date) -> Right:
    number = f"ZL99{dice.randint(0, 10**9):09d}"
    kind = dice.random()
    if kind < 0.05:
        return Right(number)  # origin unknown
    if kind < 0.15:  # bought, nearly always long ago
        days = int(dice.uniform(150, 2500))
        bought = filed - datetime.timedelta(days=days)
        seller = f"虚构第{dice.randint(1, 40)}大学"
        return Right(number, Obtained.TRANSFERRED, bought, seller)
    return Right(number, Obtained.APPLIED)


def _figures(dice: random.Random, industry: str) -> dict[tuple[str, int], int]:
    trade = dice_of(industry)
    per_head = trade.uniform(450_000, 1_300_000)
    rnd_share = trade.uniform(0.04, 0.08)
    if industry.startswith("I"):
        rnd_share, per_head = 0.16, 420_000
    revenue = dice.lognormvariate(math.log(70_000_000), 0.8)
    head = per_head * dice.lognormvariate(0, 0.35)
    share = min(rnd_share * dice.lognormvariate(0, 0.35), 0.6)
    margin = dice.gauss(0.08, 0.06)
    debt = min(max(dice.gauss(0.45, 0.14), 0.08), 0.93)
    turnover = dice.lognormvariate(0.1, 0.3)
    staff = min(dice.lognormvariate(math.log(0.2), 0.3), 0.8)
    found: dict[tuple[str, int], int] = {}
    for year in (LAST, LAST - 1):
        values = {
            "revenue": revenue,
            "main_revenue": revenue * dice.uniform(0.86, 1),
            "rnd_expense": revenue * share * dice.lognormvariate(0, 0.1),
            "net_profit": revenue * (margin + dice.gauss(0, 0.01)),
            "total_assets": revenue * turnover * dice.lognormvariate(0, 0.05),
            "employees": max(revenue / head, 5),
        }
        values["total_liabilities"] = values["total_assets"] * debt
        values["rnd_staff"] = max(values["employees"] * staff, 1)
        found |= {(fact, year): round(value) for fact, value in values.items()}
        revenue /= dice.lognormvariate(0.12, 0.18)
    return found


def elsewhere(dice: random.Random, figures: dict[tuple[str, int], int]) -> list[Figure]:
    """Tax, annual report and earlier filing, as they follow honestly from figures."""
    facts = default_library().national.facts
    found = []
    for source, names, noise, likely in (
        (FigureSource.TAX, ("revenue",), 0.02, 0.8),
        (
            FigureSource.ANNUAL_REPORT,
            ("revenue", "total_assets", "employees"),
            0.004,
            0.7,
        ),
        (FigureSource.EARLIER_FILING, ("revenue", "rnd_expense"), 0.0, 0.35),
    ):
        if dice.random() < likely:
            year = LAST - 1 if source is FigureSource.EARLIER_FILING else LAST
            for name in names:
                value = figures[name, year] * (1 + dice.gauss(0, noise))
                found.append(Figure(facts[name], year, Decimal(round(value)), source))
    return found
