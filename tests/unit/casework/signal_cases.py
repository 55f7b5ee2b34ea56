"""Rounds whose cases have something in common: all fictional."""

from __future__ import annotations

import io
import itertools
from decimal import Decimal
from typing import Any

from tests.unit.casework.cases import SRDI, fill, firm
from tidu.casework.actions import attach, fill_in, list_rights, start_case, submit_case
from tidu.casework.models import Case, Round
from tidu.registry.evidence import add_evidence
from tidu.registry.models import Enterprise

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n"
AGENT = "虚构企业服务中心"
PHONE = "000-00008888"
TEXT = (
    "本企业专注精密零件制造，主导产品用于下游整机装配，替代了同类进口产品。企业建有市级技术中心，"
    "与高校联合攻关，掌握热处理和表面强化两项关键工艺，产品一致性达到先进水平，主要客户为本省整机企业。"
)


def own_figures() -> dict[str, Any]:
    """Figures that meet the standard, and whose amounts no other firm has.

    Those of the first firm are ``SRDI`` itself.
    """
    at = Enterprise.objects.count()
    money = [key for key, value in SRDI.items() if str(value).endswith("00000.00")]
    return SRDI | {
        key: f"{Decimal(SRDI[key]) * (1500 + at * step % 61) / 1500:.2f}"
        for key, step in zip(money, itertools.count(7, 6), strict=False)
    }


def apply(
    opened: Round, *, facts: dict[str, Any] | None = None, **parts: Any
) -> tuple[Case, Any]:
    """A submitted case; ``rights``, ``files`` (bytes) and what ``fill_in`` takes."""
    place = {"territory": parts.pop("territory")} if "territory" in parts else {}
    enterprise, by = firm(facts or own_figures(), **place)
    case = start_case(opened=opened, enterprise=enterprise, by=by)
    complete(case, by, **parts)
    submit_case(case=case, by=by, seen=case.counter)
    return case, by


def complete(case: Case, by: Any, **parts: Any) -> None:
    """Say everything, with these parts instead of plain ones."""
    rights, files = parts.pop("rights", None), parts.pop("files", ())
    fill(case, by)
    given = {
        "contact_name": "虚构会计",
        "contact_phone": f"000-{case.pk:08d}",
        "narrative": "虚构",
        **parts,
    }
    fill_in(case=case, by=by, **given)
    if rights:
        list_rights(case=case, rights=rights, by=by)
    for at, content in enumerate(files):
        evidence = add_evidence(
            enterprise=case.enterprise,
            file=io.BytesIO(content),
            file_name=f"paper{at}.pdf",
            size=len(content),
            title=f"虚构材料{at}",
            by=by,
        )
        attach(case=case, evidence=evidence, by=by)


def mill(opened: Round, count: int = 4, **parts: Any) -> list[Case]:
    """Cases for which one agent gave one telephone."""
    return [
        apply(opened, agent_name=AGENT, agent_phone=PHONE, **parts)[0]
        for _ in range(count)
    ]
