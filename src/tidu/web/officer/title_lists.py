"""Recognition lists: upload, sure matches, those to decide, strangers, record, undo."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tidu.accounts.permissions import may_act_for_authority
from tidu.registry.enums import ListedFound, SameFirm
from tidu.registry.permissions import may_import
from tidu.registry.title_list_models import TitleList
from tidu.registry.title_lists import actions
from tidu.registry.title_lists.jobs import RUNNING, SILENCE
from tidu.registry.title_lists.permissions import (
    list_is_committed,
    list_is_open,
    may_see_list,
    may_work_on_list,
)
from tidu.web.officer.exports import TakenOut, exported
from tidu.web.officer.kept_files import bring_in, is_silent, own_files, progress
from tidu.web.officer.listed_names import name_rows, read_codes, read_decisions
from tidu.web.officer.title_list_forms import TitleListForm
from tidu.web.pages import Asked, page
from tidu.web.paging import leaf_through
from tidu.web.wording import place_word

_FOUND = {each.value: each for each in ListedFound}
_SAID = 5
_WIDTHS = (6, 34, 14, 12, 14, 34, 21, 12, 12, 14, 8)


@page(may=may_act_for_authority)
def title_lists(request: Asked) -> HttpResponse:
    return own_files(request, TitleList.objects.all(), "officer/title_lists.html")


@page(may=may_import)
def title_list_new(request: Asked) -> HttpResponse:
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    return bring_in(
        request,
        TitleListForm(*posted),
        "officer/title_list_new.html",
        upload=actions.upload_list,
        to="title_list",
    )


@page(may=may_act_for_authority)
def title_list(request: Asked, pk: int) -> HttpResponse:
    titles = _find(request, pk)
    counts = _counts(titles)
    chosen = _FOUND.get(request.GET.get("found", "")) or _first(counts)
    names = titles.names.filter(found=chosen).select_related("enterprise", "title")
    leaf = leaf_through(names, request.GET)
    context = {
        **_job(titles),
        "tabs": [(each, each.label, counts["found", each]) for each in ListedFound],
        "chosen": chosen,
        "leaf": leaf,
        "rows": name_rows(leaf.items),
        "decided": counts["choice", SameFirm.SAME],
        "entering": counts["choice", SameFirm.NEW],
        "undecided": counts["choice", ""],
        "certain": counts["certain", ""],
        "may": may_work_on_list(request.actor, titles),
        "open": list_is_open(titles),
        "committed": list_is_committed(titles),
    }
    return render(request, "officer/title_list.html", context)


@page(may=may_act_for_authority)
def title_list_progress(request: Asked, pk: int) -> HttpResponse:
    titles = _find(request, pk)
    template = "officer/_title_list_progress.html"
    return progress(request, template, _job(titles), running=titles.state in RUNNING)


@page(may=may_act_for_authority)
@require_POST
def title_list_certain(request: Asked, pk: int) -> HttpResponse:
    count = actions.decide_certain(titles=_find(request, pk), by=request.actor)
    messages.success(request, _("已认定 {count} 家").format(count=count))
    return redirect("title_list", pk)


@page(may=may_act_for_authority)
@require_POST
def title_list_decide(request: Asked, pk: int) -> HttpResponse:
    titles = _find(request, pk)
    chosen = read_decisions(request.POST)
    by_code, strange = read_codes(request.POST, request.actor)
    count = actions.decide_names(
        titles=titles, chosen=chosen | by_code, by=request.actor
    )
    messages.success(request, _("已保存 {count} 行的认定").format(count=count))
    if strange:
        said = _("本区划的库里没有这些代码，那几行没有定：{codes}")
        messages.error(request, said.format(codes="、".join(strange[:_SAID])))
    back = request.POST.get("back", "")[:100]
    return redirect(f"{reverse('title_list', args=[pk])}?{back.lstrip('?')}")


@page(may=may_act_for_authority)
@require_POST
def title_list_commit(request: Asked, pk: int) -> HttpResponse:
    actions.commit_list(titles=_find(request, pk), by=request.actor)
    return redirect("title_list", pk)


@page(may=may_act_for_authority)
@require_POST
def title_list_undo(request: Asked, pk: int) -> HttpResponse:
    actions.undo_list(titles=_find(request, pk), by=request.actor)
    return redirect("title_list", pk)


@page(may=may_act_for_authority)
@require_POST
def title_list_discard(request: Asked, pk: int) -> HttpResponse:
    actions.discard_list(titles=_find(request, pk), by=request.actor)
    return redirect("title_list", pk)


@page(may=may_act_for_authority)
def title_list_result(request: Asked, pk: int, form: str) -> HttpResponseBase:
    """Every row of the list with what became of it."""
    titles = _find(request, pk)
    columns = [
        _("行"),
        _("名单上的名称"),
        _("地区"),
        _("比对"),
        _("认定"),
        _("库里的企业"),
        _("统一社会信用代码"),
        _("有效期自"),
        _("有效期至"),
        _("认定人"),
        _("已登记"),
    ]
    count = titles.names.count()
    taken = TakenOut(_("认定名单"), columns, _lines(titles), count, _WIDTHS)
    return exported(request, form, taken, what="title_list", filters=f"list={pk}")


def _counts(titles: TitleList) -> Counter[tuple[str, str]]:
    """How many rows were found how, and decided how."""
    counts: Counter[tuple[str, str]] = Counter()
    for found, choice in titles.names.order_by().values_list("found", "choice"):
        counts["found", found] += 1
        counts["choice", choice] += 1
        counts[found, choice] += 1
    return counts


def _first(counts: Counter[tuple[str, str]]) -> ListedFound:
    """The first tab that has something to decide, else the first that has rows."""
    for each in (ListedFound.CERTAIN, ListedFound.CANDIDATES, ListedFound.NONE):
        if counts[each, ""]:
            return each
    return next((e for e in ListedFound if counts["found", e]), ListedFound.CERTAIN)


def _job(titles: TitleList) -> dict[str, Any]:
    running = titles.state in RUNNING
    silent = is_silent(titles, running=running, silence=SILENCE)
    return {"titles": titles, "running": running, "silent": silent}


def _lines(titles: TitleList) -> Iterator[list[Any]]:
    rows = titles.names.select_related("enterprise", "title")
    for each in rows.iterator(chunk_size=1000):
        firm = each.enterprise
        yield [
            each.row,
            each.name,
            each.place or place_word(each.division),
            each.get_found_display(),
            each.get_choice_display(),
            firm.name if firm else "",
            (firm.uscc or "") if firm else "",
            each.valid_from or titles.valid_from,
            each.valid_until or titles.valid_until,
            each.decided_by,
            bool(each.title_id),
        ]


def _find(request: Asked, pk: int) -> TitleList:
    rows = TitleList.objects.select_related("organisation", "uploaded_by")
    titles = get_object_or_404(rows, pk=pk)
    may_see_list(request.actor, titles).or_refuse()
    return titles
