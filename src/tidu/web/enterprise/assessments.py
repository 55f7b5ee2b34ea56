"""Assessments kept for the record: save one, list them, replay each to the letter."""

from __future__ import annotations

import dataclasses
from typing import Any

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from tidu.eligibility.actions import assess_enterprise
from tidu.eligibility.models import Assessment
from tidu.eligibility.replaying import Replay, replay_of
from tidu.registry.fact_values import facts_from
from tidu.registry.permissions import may_file_for
from tidu.rules.library import default_library
from tidu.rules.naming import name_key, show_fact
from tidu.rules.outcomes import Outcome
from tidu.rules.rulesets import Kind
from tidu.web.context import speaks_english
from tidu.web.downloads import download
from tidu.web.enterprise.figures import pack_of
from tidu.web.enterprise.firm import Firm
from tidu.web.findings import OutcomeMark, mark
from tidu.web.pages import Asked
from tidu.web.paging import leaf_through
from tidu.web.wording import found_word

PER_PAGE = 10  # each one shown is replayed


@dataclasses.dataclass(frozen=True, slots=True)
class Kept:
    """One assessment in the list, replayed."""

    assessment: Assessment
    outcomes: list[tuple[str, OutcomeMark]]
    replay: Replay


def assessments(request: Asked, firm: Firm) -> HttpResponseBase:
    """The list; a POST keeps where the enterprise stands today."""
    if request.method == "POST":
        may_file_for(request.actor, firm.enterprise).or_refuse()
        assess_enterprise(
            enterprise=firm.enterprise,
            on=timezone.localdate(),
            kind=Kind.NEW,
            by=request.actor,
        )
        messages.success(request, _("已存为评估记录：数据、标准和程序版本都已固定"))
        return redirect(firm.url("assessments"))
    found = firm.enterprise.assessments.all()
    if form := request.GET.get("download"):
        return _download(firm, form)
    leaf = leaf_through(found, request.GET)
    context = {
        "firm": firm,
        "tab": "assessments",
        "leaf": leaf,
        "kept": [_kept(firm, each) for each in leaf.items],
    }
    return render(request, "enterprise/assessments.html", context)


def assessment(request: Asked, firm: Firm, assessment: int) -> HttpResponseBase:
    """One assessment as it was made, and whether a replay gives the same today."""
    english = speaks_english()
    found = get_object_or_404(firm.enterprise.assessments, pk=assessment)
    words = pack_of(firm.enterprise).words
    known = facts_from(found.entries, default_library().facts)
    context = {
        "firm": firm,
        "tab": "assessments",
        "kept": _kept(firm, found),
        "schemes": _schemes(firm, found, english=english),
        "facts": [
            (
                name_key(key, words, english=english),
                show_fact(key, value, words, english=english),
                found_word(known.sources.get(key, ""), english=english),
            )
            for key, value in sorted(known.items())
            if key.partition("@")[0] in words.facts
        ],
    }
    return render(request, "enterprise/assessment.html", context)


def _kept(firm: Firm, found: Assessment) -> Kept:
    english = speaks_english()
    pack = pack_of(firm.enterprise)
    outcomes = [
        (
            pack.schemes[scheme].label.say(english=english),
            mark(Outcome(entry["outcome"]), english=english),
        )
        for scheme, entry in found.result.items()
        if scheme in pack.schemes and pack.schemes[scheme].tier > 0
    ]
    return Kept(found, outcomes, replay_of(found))


def _schemes(firm: Firm, found: Assessment, *, english: bool) -> list[dict[str, Any]]:
    """The frozen result, word for word as it was kept (in Chinese)."""
    pack = pack_of(firm.enterprise)
    tiers = {each.id: each.tier for each in pack.schemes.values()}

    def order(scheme: str) -> tuple[bool, int]:
        tier = tiers.get(scheme, 0)
        return tier <= 0, tier

    return [
        {
            "label": pack.schemes[scheme].label.say(english=english)
            if scheme in pack.schemes
            else scheme,
            "outcome": mark(Outcome(entry["outcome"]), english=english),
            "rule_set": entry["rule_set"] or "",
            "rows": [
                (mark(Outcome(row["outcome"]), english=english), row)
                for row in entry["criteria"]
            ],
        }
        for scheme, entry in sorted(
            found.result.items(), key=lambda each: order(each[0])
        )
    ]


def _download(firm: Firm, form: str) -> HttpResponseBase:
    heads = [
        _("评估时间"),
        _("评估人"),
        _("按哪一天"),
        _("标准包"),
        _("程序版本"),
        _("重算结果"),
    ]
    rows = [
        [
            timezone.localtime(each.made_at),
            each.made_by,
            each.on.isoformat(),
            f"{each.pack_id} {each.pack_digest[:12]}",
            each.program_version,
            replay_of(each).sentence,
        ]
        for each in firm.enterprise.assessments.all()
    ]
    return download(form, _("评估记录"), heads, rows)
