"""What makes a few fictional applications look forged, and a few only seem so.

The signals themselves are not written here: the job of the site finds them.
"""

from __future__ import annotations

import datetime
import io
from typing import Any

from tidu.accounts.actors import Actor
from tidu.casework.actions import attach, list_rights
from tidu.casework.documents import papers_of
from tidu.casework.enums import LookOutcome, RightOrigin
from tidu.casework.integrity.kinds import SignalKind
from tidu.casework.looking import note_look
from tidu.casework.models import Case, Round
from tidu.casework.queries import standing_of
from tidu.casework.rights import GivenRight
from tidu.casework.screening_jobs import screen_for
from tidu.casework.signal_models import CaseSignal
from tidu.registry.evidence import add_evidence

MILL = {10: 0, 13: 1, 16: 2, 25: None, 28: None, 31: None}
"""Who used one agent, and which telling of one text, by the place in the list."""
PARK = frozenset({2, 4, 7, 14})
BUYERS = frozenset({11, 23})
ONE_REPORT = frozenset({5, 17})
COPIED = {35: 34}
RND_HEAVY = 29
TWICE = 41
"""Applies in both rounds, with other figures in the first."""

_SHORT = "虚构：本企业多年从事这一细分市场，产品为下游整机配套。"
_TOLD = (
    (
        "虚构：{name}专注精密零件制造，主导产品用于下游整机装配，替代了同类进口产品。企业建有市级技术中心，"
        "与高校联合攻关，掌握热处理和表面强化两项关键工艺，产品一致性达到国内先进水平，主要客户为本省整机企业，"
        "近三年销售逐年增长，质量事故为零。"
    ),
    (
        "虚构：{name}专注精密部件生产，主导产品用于下游整机组装，替代了同类国外产品。企业建有市级研发中心，"
        "与院校联合攻关，掌握热处理和表面强化两项核心工艺，产品稳定性达到国内领先水平，主要客户为本省整机厂家，"
        "近三年销售逐年上升，质量事故为零。"
    ),
    (
        "虚构：{name}深耕精密零件制造，主导产品用于下游设备装配，替代了同类进口产品。公司建有市级技术中心，"
        "与高校联合攻关，掌握热处理和表面强化两项关键技术，产品一致性达到国内先进水准，主要客户为本省整机企业，"
        "近三年销量逐年增长，质量事故为零。"
    ),
)
_PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n% fictional test report\n"
_SELLER = "虚构知识产权运营有限公司"
_STEPS = (7, 11, 13, 17, 19, 23, 29, 31, 37)
_WIDE, _PARTS = 61, 1500  # two per cent up or down, no two firms the same


def told_by(at: int, name: str) -> dict[str, str]:
    """What the application at a place of the list says beside contact and phone."""
    telling = MILL.get(at)
    found = {
        "narrative": _SHORT if telling is None else _TOLD[telling].format(name=name),
        "auditor_name": f"虚构第{'一二三四'[at % 4]}会计师事务所",
        "contact_address": f"示范市虚构路{at + 1}号",
    }
    if at in MILL:
        found |= {"agent_name": "虚构企业服务中心", "agent_phone": "000-00008888"}
    if at in PARK:
        found["contact_address"] = "示范市虚构大道1号示范孵化园A座"
    return found


def figures_of(at: int, last: int) -> dict[str, str]:
    """Amounts in 元 that no two firms share, but for who copied them."""
    at = COPIED.get(at, at)
    wanted = {
        f"revenue@{last}": 80_000,
        f"revenue@{last - 1}": 70_000,
        f"revenue@{last - 2}": 60_000,
        f"main_revenue@{last}": 76_000,
        f"main_revenue@{last - 1}": 66_000,
        f"total_assets@{last}": 90_000,
        f"total_liabilities@{last}": 40_000,
        f"rnd_expense@{last}": 31_000 if at == RND_HEAVY else 7_500,
        f"rnd_expense@{last - 1}": 6_600,
    }
    found = {}
    for (key, thousands), step in zip(wanted.items(), _STEPS, strict=True):
        part = (at * step) % _WIDE - _WIDE // 2
        found[key] = f"{thousands * (_PARTS + part) // _PARTS}000.00"
    return found


def add_papers(case: Case, by: Actor, at: int, today: datetime.date) -> None:
    """List what intellectual property the application counts on; attach a report."""
    bought = today - datetime.timedelta(days=75)
    rights = [
        GivenRight(f"ZL990000{at:02d}{n:03d}", RightOrigin.APPLIED) for n in range(4)
    ]
    if at in BUYERS:
        rights[1:] = [
            GivenRight(each.number, RightOrigin.TRANSFERRED, bought, _SELLER)
            for each in rights[1:]
        ]
    list_rights(case=case, rights=rights, by=by)
    if at in ONE_REPORT:
        evidence = add_evidence(
            enterprise=case.enterprise,
            file=io.BytesIO(_PDF),
            file_name="report.pdf",
            size=len(_PDF),
            title="产品检测报告（虚构）",
            by=by,
        )
        for paper in papers_of(case, standing_of(case))[:1]:
            for each in paper.criteria:
                attach(case=case, evidence=evidence, by=by, criterion=each.id)


def read_round(opened: Round, by: Actor) -> None:
    """Have the round screened as an office would, and note one look."""
    assert by.membership is not None
    screen_for(opened.pk, by.membership.pk)
    found: Any = CaseSignal.objects.filter(
        screening__round=opened,
        kind=SignalKind.SHARED_CONTACT,
        tie_key__contains="8888",
    ).select_related("case__round__organisation", "case__enterprise")
    if signal := found.order_by("case_id").first():
        note_look(
            signal=signal,
            outcome=LookOutcome.ASKED,
            note="电话由代办机构接听，已请企业说明材料由谁编写（虚构）",
            by=by,
        )
