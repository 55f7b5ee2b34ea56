"""Recognition lists: upload, sure matches, those to decide, strangers, record, undo."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tidu.accounts.actors import Actor
from tidu.accounts.permissions import may_act_for_authority
from tidu.intake import UnreadableFile
from tidu.intake.writing import normal
from tidu.registry.actions import record_export
from tidu.registry.enums import ListedFound, SameFirm
from tidu.registry.models import Enterprise
from tidu.registry.name_matching import Reason
from tidu.registry.permissions import may_import
from tidu.registry.queries import enterprises_of
from tidu.registry.title_list_models import ListedName, TitleList
from tidu.registry.title_lists import actions
from tidu.registry.title_lists.jobs import RUNNING, SILENCE
from tidu.registry.title_lists.permissions import (
    list_is_committed,
    list_is_open,
    may_see_list,
    may_work_on_list,
)
from tidu.web.context import speaks_english
from tidu.web.downloads import FORMS, download
from tidu.web.officer.title_list_forms import TitleListForm
from tidu.web.pages import Asked, page
from tidu.web.paging import leaf_through
from tidu.web.wording import place_word

_FOUND = {each.value: each for each in ListedFound}
_FIRM, _CODE = "firm-", "code-"
_SAID = 5
_WIDTHS = (6, 34, 14, 12, 14, 34, 21, 12, 12, 14, 8)


@dataclasses.dataclass(frozen=True, slots=True)
class CandidateRow:
    """A firm that may be meant, with what speaks for it."""

    firm: Enterprise
    score: float
    reasons: list[str]
    value: str


@dataclasses.dataclass(frozen=True, slots=True)
class NameRow:
    """A listed name with whom it may mean. ``value``: the choice made."""

    listed: ListedName
    candidates: list[CandidateRow]
    value: str

    @property
    def own(self) -> bool:
        """Whether a person named a firm that was not among the candidates."""
        values = {each.value for each in self.candidates}
        return self.value.startswith(_FIRM) and self.value not in values


@page(may=may_act_for_authority)
def title_lists(request: Asked) -> HttpResponse:
    own = TitleList.objects.filter(organisation=request.actor.organisation)
    leaf = leaf_through(own.select_related("uploaded_by"), request.GET)
    context = {"leaf": leaf, "may": may_import(request.actor)}
    return render(request, "officer/title_lists.html", context)


@page(may=may_import)
def title_list_new(request: Asked) -> HttpResponse:
    if request.method != "POST":
        return render(request, "officer/title_list_new.html", {"form": TitleListForm()})
    form = TitleListForm(request.POST, request.FILES)
    if form.is_valid():
        given = form.cleaned_data
        file = given.pop("file")
        try:
            titles = actions.upload_list(
                file=file, file_name=file.name, by=request.actor, **given
            )
            return redirect("title_list", titles.pk)
        except UnreadableFile as error:
            form.add_error("file", error.sentence(english=speaks_english()))
    return render(request, "officer/title_list_new.html", {"form": form}, status=422)


@page(may=may_act_for_authority)
def title_list(request: Asked, pk: int) -> HttpResponse:
    titles = _find(request, pk)
    counts = _counts(titles)
    chosen = _FOUND.get(request.GET.get("found", "")) or _first(counts)
    names = titles.names.filter(found=chosen).select_related("enterprise", "title")
    leaf = leaf_through(names, request.GET)
    context = {
        "titles": titles,
        "running": titles.state in RUNNING,
        "silent": _silent(titles),
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
    context = {"titles": titles, "silent": _silent(titles)}
    answer = render(request, "officer/_title_list_progress.html", context)
    if titles.state not in RUNNING:
        answer["HX-Refresh"] = "true"
    return answer


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
    if form not in FORMS:
        raise Http404
    titles = _find(request, pk)
    record_export(
        what="title_list",
        filters=f"list={pk}",
        count=titles.names.count(),
        form=form,
        by=request.actor,
    )
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
    return download(form, _("认定名单"), columns, _lines(titles), _WIDTHS)


def read_decisions(posted: QueryDict) -> dict[int, actions.Choice]:
    """``row-7=firm-12`` (that firm), ``new``, ``skip`` or nothing, by the row's id.

    ``rest``: what is chosen for rows of the page that say nothing.
    """
    rest = str(posted.get("rest", ""))
    chosen: dict[int, actions.Choice] = {}
    for name, value in posted.items():
        number = name.removeprefix("row-")
        if number == name or not number.isdecimal():
            continue
        firm = str(value).removeprefix(_FIRM)
        if firm != value and firm.isdecimal():
            chosen[int(number)] = (SameFirm.SAME, int(firm))
        elif (wanted := value or rest) in {SameFirm.NEW, SameFirm.SKIP, ""}:
            chosen[int(number)] = (str(wanted), None)
    return chosen


def read_codes(
    posted: QueryDict, actor: Actor
) -> tuple[dict[int, actions.Choice], list[str]]:
    """``code-7=9199…``: the firm of that code, by the row's id; codes nobody has."""
    typed = {
        int(number): code
        for name, value in posted.items()
        if (number := name.removeprefix(_CODE)) != name
        and number.isdecimal()
        and (code := normal(str(value)).upper())
    }
    firms = enterprises_of(actor).filter(closed_at=None, uscc__in=typed.values())
    known = dict(firms.values_list("uscc", "pk"))
    found: dict[int, actions.Choice] = {
        number: (SameFirm.SAME, known[code])
        for number, code in typed.items()
        if code in known
    }
    return found, [code for code in typed.values() if code not in known]


def name_rows(names: Iterable[ListedName]) -> list[NameRow]:
    """The rows of a page with their candidates, from one query."""
    names = list(names)
    ids = {each["firm"] for name in names for each in name.candidates}
    firms = Enterprise.objects.in_bulk(ids)
    english = speaks_english()
    rows = []
    for name in names:
        candidates = [
            CandidateRow(
                firm=firms[each["firm"]],
                score=each["score"],
                reasons=[
                    Reason(text, values).sentence(english=english)
                    for text, values in each["reasons"]
                ],
                value=f"{_FIRM}{each['firm']}",
            )
            for each in name.candidates
            if each["firm"] in firms
        ]
        same = name.choice == SameFirm.SAME
        value = f"{_FIRM}{name.enterprise_id}" if same else name.choice
        rows.append(NameRow(name, candidates, value))
    return rows


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


def _silent(titles: TitleList) -> bool:
    heard = titles.touched_at or titles.uploaded_at
    return titles.state in RUNNING and timezone.now() - heard > SILENCE / 2


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
