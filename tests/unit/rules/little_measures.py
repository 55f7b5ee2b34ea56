"""A small pack with measures, written by each test, and mechanisms made without one."""

from __future__ import annotations

import datetime
import functools
import textwrap
from decimal import Decimal
from pathlib import Path
from typing import Any

from tidu.rules import nodes
from tidu.rules.amounts import AmountRule, Leaf, Line, Nature, Per
from tidu.rules.library import default_library
from tidu.rules.measures import Area, Measure, Mechanism, MechanismKind, StartWay
from tidu.rules.packs import Pack
from tidu.rules.rulesets import Kind, RuleSet, SourceGrade, Window
from tidu.rules.vocabulary import Text

ALWAYS = Window(frozenset(Kind), datetime.date.min, datetime.date(9999, 12, 31))

HEAD = """\
id: little
label: 小包
english: Little pack
issuers: [某部]
review: {checked: 2026-01-01, every_days: 3650, by: Tidu}
"""
FACTS = """\
loan: {label: 贷款额, english: Loan, type: money, period: now, form_unit: 万元}
profit: {label: 利润, english: Profit, type: money, period: year, negative: true}
years: {label: 年限, english: Years, type: number, period: now, form_unit: 年}
share: {label: 占比, english: Share, type: ratio, period: now, form_unit: "%"}
titled: {label: 有称号, english: Titled, type: boolean, period: now}
export_usd: {label: 出口额, english: Exports, type: money, period: now, dollars: true}
"""
MECHANISM = """\
label: 措施六
english: Measure six
for: srdi
clause: （六）
agencies: [{label: 某部, english: Ministry}]
mechanisms:
  - id: subsidy
    kind: grant
    area: money
    label: 贴息
    english: Interest subsidy
    gives: 贴息
    gives_english: interest subsidy
    source: {document: some, number: 某发〔2026〕1号, clause: 一, grade: restated}
    applies: [{from: 2026-01-01, until: 2027-01-01}]
    agency: 某局
    agency_english: bureau
    start: apply
"""


@functools.cache
def pack_of() -> Pack:
    return default_library().national


def mechanism_of(name: str, worth: Decimal | None, **others: Any) -> Mechanism:
    """A grant everybody may have, of a fixed amount."""
    amount = None
    if worth is not None:
        leaf = Leaf(nodes.Number(worth, "元", f"{worth}元"), floor=True)
        line = Line("paid", Text("金额", "amount"), leaf, "元")
        amount = AmountRule(Nature.PAID, Per.ONCE, (line,))
    label = Text(name, name)
    return Mechanism(
        id=name,
        kind=MechanismKind.GRANT,
        area=Area.MONEY,
        measure="m06",
        label=label,
        gives=label,
        rule_set=RuleSet(
            name, "m06", label, "d", "号", "一", SourceGrade.OFFICIAL, (ALWAYS,), {}, ()
        ),
        agency=label,
        start=StartWay.APPLY,
        amount=amount,
        **others,
    )


def measure_of(mechanism: Mechanism) -> Measure:
    return Measure("m06", 6, mechanism.label, "sme", (), "（六）", (mechanism,))


def write_pack(folder: Path, mechanism: str = "", head: str = MECHANISM) -> Path:
    """A pack folder with one measure; ``mechanism``: further lines of its mechanism."""
    for name in ("facts", "measures", "mechanisms", "documents"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "pack.yaml").write_text(HEAD, "utf-8")
    (folder / "facts/some.yaml").write_text(FACTS, "utf-8")
    lines = textwrap.indent(textwrap.dedent(mechanism), "    ")
    (folder / "measures/m06.yaml").write_text(head + lines, "utf-8")
    return folder
