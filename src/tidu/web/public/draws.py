"""Draws for everybody: what was promised, what came out, and how to check it."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from tidu.accounts.permissions import anybody
from tidu.casework.inspection_models import InspectionDraw
from tidu.casework.public_draws import (
    expert_draws,
    list_of,
    public_rounds,
    published,
    rounds_with_draws,
    site_draws,
)
from tidu.web.pages import Asked, page
from tidu.web.paging import leaf_through
from tidu.web.wording import scheme_word


@page(may=anybody)
def draws(request: Asked) -> HttpResponse:
    """Rounds in which something was drawn."""
    leaf = leaf_through(rounds_with_draws(), request.GET)
    rows = [(each, scheme_word(each.scheme)) for each in leaf.items]
    context = {"leaf": leaf, "rows": rows, "tab": "draws"}
    return render(request, "public/draws.html", context)


@page(may=anybody)
def draws_of_round(request: Asked, pk: int) -> HttpResponse:
    """Every draw of a round, with its commitment, its seed and its counts."""
    opened = get_object_or_404(public_rounds(), pk=pk)
    context = {
        "opened": opened,
        "scheme": scheme_word(opened.scheme),
        "experts": expert_draws(opened),
        "sites": [(each, rule_word(each.draw.rule)) for each in site_draws(opened)],
        "tab": "draws",
    }
    return render(request, "public/draws_of_round.html", context)


@page(may=anybody)
def site_draw(request: Asked, pk: int) -> JsonResponse:  # noqa: ARG001 - a view
    """All that repeats a draw of inspections, as a file."""
    draw = _draw(pk)
    answer = JsonResponse(published(draw), json_dumps_params={"ensure_ascii": False})
    answer["Content-Disposition"] = f'attachment; filename="inspection-{pk}.json"'
    return answer


@page(may=anybody)
def site_draw_list(request: Asked, pk: int) -> HttpResponse:  # noqa: ARG001 - a view
    """The frozen list, byte for byte as its digest was taken."""
    draw = _draw(pk)
    answer = HttpResponse(list_of(draw), content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="inspection-{pk}.txt"'
    return answer


def rule_word(rule: dict[str, int]) -> str:
    """How many were to be drawn, in words."""
    if "share" in rule:
        return _("每个区县抽 {share}%，不足一家按一家").format(share=rule["share"])
    return _("一共抽 {count} 家").format(count=rule.get("count", 0))


def _draw(pk: int) -> InspectionDraw:
    rows = InspectionDraw.objects.filter(round__in=public_rounds())
    return get_object_or_404(rows, pk=pk)
