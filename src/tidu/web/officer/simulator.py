"""The simulator: one threshold changed, who moves in and out."""

from __future__ import annotations

import dataclasses
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from tidu.accounts.permissions import may_act_for_authority, may_work_for_authority
from tidu.bulk.manifest import SnapshotError
from tidu.bulk.scenarios import ScenarioError, quantity_text
from tidu.eligibility.jobs import make_snapshot
from tidu.eligibility.simulations import Simulation, Threshold, run, thresholds
from tidu.eligibility.snapshots import announce, making, snapshot_of
from tidu.rules.outcomes import MET
from tidu.rules.wording import grade_word
from tidu.web.context import speaks_english
from tidu.web.pages import Asked, page
from tidu.web.wording import industries, place_word, scheme_word

_LONGEST = 30


@dataclasses.dataclass(frozen=True, slots=True)
class Point:
    """One threshold of the curve, and the firms that meet the standard with it."""

    threshold: str
    firms: int
    share: int
    current: bool


@page(may=may_act_for_authority)
def simulator(request: Asked) -> HttpResponse:
    on = timezone.localdate()
    scope = request.actor.scope or ""
    path, busy = snapshot_of(scope), making(scope)
    known = {f"{each.scheme}.{each.value}": each for each in thresholds(on)}
    asked = known.get(request.GET.get("value", ""))
    quantity = request.GET.get("quantity", "").strip()[:_LONGEST]
    context: dict[str, Any] = {
        "known": _groups(list(known.values())),
        "asked": asked,
        "chosen": request.GET.get("value", ""),
        "quantity": quantity,
        "ready": path is not None,
        "making": busy,
        "may": may_work_for_authority(request.actor),
    }
    if path and asked and quantity:
        try:
            context |= _result(run(path, asked, quantity, on))
        except (ScenarioError, SnapshotError) as error:
            context["error"] = str(error)
    return render(request, "officer/simulator.html", context)


@page(may=may_work_for_authority)
@require_POST
def simulator_prepare(request: Asked) -> HttpResponse:
    scope = request.actor.scope or ""
    if making(scope) is None:
        announce(scope, 0, 0)
        transaction.on_commit(lambda: make_snapshot(scope))
    return redirect("simulator")


@page(may=may_act_for_authority)
def simulator_progress(request: Asked) -> HttpResponse:
    busy = making(request.actor.scope or "")
    answer = render(request, "officer/_simulator_progress.html", {"making": busy})
    if busy is None:
        answer["HX-Refresh"] = "true"
    return answer


def _groups(found: list[Threshold]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The thresholds by scheme: what the drop-down offers."""
    english = speaks_english()
    groups: dict[str, list[tuple[str, str]]] = {}
    for each in found:
        label = (
            f"{each.decides.say(english=english)}：{each.number.text}（{each.clause}，"
        )
        label += f"{grade_word(each.grade, english=english)}）"
        option = (f"{each.scheme}.{each.value}", label)
        groups.setdefault(scheme_word(each.scheme), []).append(option)
    return list(groups.items())


def _result(found: Simulation) -> dict[str, Any]:
    moves = found.moves
    branches = moves.groups["industry"].items()
    return {
        "result": found,
        "moves": moves,
        "by_place": [(place_word(code), a, b) for code, a, b in found.places],
        "by_industry": [(_division(key), a, b) for key, (a, b) in branches],
        "points": _points(found),
    }


def _division(key: str | None) -> str:
    """A division of industries by its two digits."""
    if not key:
        return "?"
    name = next((n for c, n in industries().items() if c[1:] == key), "")
    return f"{key} {name}".strip()


def _points(found: Simulation) -> list[Point]:
    if found.curve is None:
        return []
    sweep = found.curve.sweep
    counts = [each.get(MET, 0) for each in found.curve.counts]
    most = max(counts) or 1
    return [
        Point(
            quantity_text(sweep.threshold(at), sweep.unit),
            count,
            count * 100 // most,
            sweep.threshold(at) == found.curve.current,
        )
        for at, count in enumerate(counts)
    ]
