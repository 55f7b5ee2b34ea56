"""Figures of a fictional firm from which nothing is missing."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from tidu.accounts.actors import Actor
from tidu.eligibility.actions import refresh_standings
from tidu.registry.actions import file_facts
from tidu.registry.enums import FilingSource
from tidu.registry.models import Enterprise


def file_complete(
    firm: Enterprise,
    by: Actor,
    today: datetime.date,
    more: Mapping[str, Any] = MappingProxyType({}),
) -> None:
    """File made-up figures that leave nothing of a standard open; ``more``: others."""
    last = today.year - 1
    calm = ("abnormal_list", "serious_dishonesty", "major_accident", "falsification")
    wanted: dict[str, Any] = {
        **dict.fromkeys((*calm, "prohibited_product", "holds_tech_sme"), False),
        f"revenue@{last}": "80000000.00",
        f"revenue@{last - 1}": "70000000.00",
        f"revenue@{last - 2}": "60000000.00",
        f"main_revenue@{last}": "76000000.00",
        f"total_assets@{last}": "90000000.00",
        f"total_liabilities@{last}": "40000000.00",
        f"rnd_expense@{last}": "7500000.00",
        f"rnd_expense@{last - 1}": "6600000.00",
        f"new_equity@{last}": "0.00",
        f"new_equity@{last - 1}": "0.00",
        f"employees@{last}": 180,
        f"srdi_score@{today.year}": "71",
        "holds_innovative_sme": True,
        "class1_ip": 6,
        "class1_ip_in_use": 5,
        "rnd_institution": "province",
        "science_award": "none",
        "niche_years": 8,
        **more,
    }
    file_facts(
        enterprise=firm,
        entries={key: {"value": value} for key, value in wanted.items()},
        source=FilingSource.ENTERPRISE,
        by=by,
        reason="虚构的示范数据",
    )
    firm.refresh_from_db()
    refresh_standings([firm], on=today)
