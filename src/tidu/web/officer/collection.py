"""A collection round: open it, chase, take files back, close it."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tidu.accounts.permissions import may_act_for_authority
from tidu.eligibility.explorer import Listing
from tidu.intake import UnreadableFile
from tidu.registry.collecting import actions
from tidu.registry.collecting.contact_lists import read_contact_list
from tidu.registry.collecting.lacking import bring_up_to_date
from tidu.registry.collecting.permissions import (
    may_see_round,
    may_work_on_round,
    round_is_open,
)
from tidu.registry.collecting.queries import (
    OPEN,
    chase_list,
    counts_of,
    counts_of_all,
    in_state,
    rounds_of,
    state_of,
)
from tidu.registry.collection_models import CollectionFirm, CollectionRound
from tidu.registry.enums import FilingSource, ImportState, ReturnState
from tidu.registry.imports.files import keep_table, named_file
from tidu.registry.permissions import may_import
from tidu.web.context import speaks_english
from tidu.web.officer.collection_forms import (
    ContactForm,
    ContactListForm,
    ReminderForm,
    ReturnForm,
    RoundForm,
)
from tidu.web.officer.collection_words import (
    by_year,
    chase_row,
    days_late,
    days_left,
    phone_for,
)
from tidu.web.pages import Asked, page
from tidu.web.paging import address, leaf_through

_STATES = {each.value: each for each in ReturnState}


@page(may=may_act_for_authority)
def rounds(request: Asked) -> HttpResponse:
    own = rounds_of(request.actor).select_related("opened_by")
    leaf = leaf_through(own, request.GET)
    counts = counts_of_all(leaf.items)
    cards = [(each, counts[each.pk], days_late(each)) for each in leaf.items]
    context = {"leaf": leaf, "cards": cards, "may": may_import(request.actor)}
    return render(request, "officer/collections.html", context)


@page(may=may_import)
def round_new(request: Asked) -> HttpResponse:
    if request.method != "POST":
        form = RoundForm(request.actor, _filters(request.GET))
        return render(request, "officer/collection_new.html", {"form": form})
    form = RoundForm(request.actor, request.POST.get("filters", ""), request.POST)
    if form.is_valid():
        try:
            return redirect("collection", _open(request, form).pk)
        except actions.RoundTooLarge as error:
            form.add_error("scope", str(error))
    return render(request, "officer/collection_new.html", {"form": form}, status=422)


def _filters(asked: QueryDict) -> str:
    """The registry's filters in an address, without what means nothing."""
    listing = Listing.of({name: str(value) for name, value in asked.items()})
    return address(QueryDict(), **listing.filters).lstrip("?")


def _open(request: Asked, form: RoundForm) -> CollectionRound:
    given = form.cleaned_data
    filters = form.chosen_filters()
    listing = Listing.of(dict(parse_qsl(filters)))
    firms = listing.enterprises(request.actor).filter(closed_at=None)
    return actions.open_round(
        firms=firms,
        by=request.actor,
        filters=filters,
        **{k: v for k, v in given.items() if k not in {"scope", "filters"}},
    )


@page(may=may_act_for_authority)
def round_one(request: Asked, pk: int) -> HttpResponse:
    opened = find_round(request, pk)
    behind = bring_up_to_date(opened)
    firms = chase_list(opened)
    chosen = _STATES.get(request.GET.get("state", ""))
    leaf = leaf_through(in_state(firms, chosen) if chosen else firms, request.GET)
    counts = counts_of(opened)
    returns = opened.returns.select_related("batch")
    context = {
        "round": opened,
        "leaf": leaf,
        "rows": [chase_row(each, opened, request.actor) for each in leaf.items],
        "counts": [(each, each.label, counts[each]) for each in ReturnState],
        "total": sum(counts.values()),
        "open": sum(counts[each] for each in OPEN),
        "chosen": chosen,
        "behind": behind,
        "late": days_late(opened),
        "left": days_left(opened),
        "waiting": returns.filter(batch__state=ImportState.CHECKED).count(),
        "may": may_work_on_round(request.actor, opened) and round_is_open(opened),
        "reminder": ReminderForm(initial={"on": timezone.localdate()}),
    }
    return render(request, "officer/collection.html", context)


@page(may=may_act_for_authority)
@require_POST
def round_remind(request: Asked, pk: int) -> HttpResponse:
    opened = find_round(request, pk)
    form = ReminderForm(request.POST)
    wanted = [int(each) for each in request.POST.getlist("firm") if each.isdecimal()]
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, str(errors[0]))
    elif not wanted:
        messages.warning(request, _("没有勾选企业；请先在表里勾选催过的企业"))
    else:
        firms = CollectionFirm.objects.filter(pk__in=wanted)
        count = actions.remind(
            opened=opened, firms=firms, by=request.actor, **form.cleaned_data
        )
        messages.success(request, _("已记下：催过 {count} 家").format(count=count))
    back = request.POST.get("back", "")[:200]
    return redirect(f"{request.path.removesuffix('remind/')}?{back.lstrip('?')}")


@page(may=may_act_for_authority)
@require_POST
def round_close(request: Asked, pk: int) -> HttpResponse:
    opened = find_round(request, pk)
    bring_up_to_date(opened, None)
    actions.close_round(opened=opened, by=request.actor)
    return redirect("collection", pk)


@page(may=may_act_for_authority)
def round_firm(request: Asked, pk: int, firm: int) -> HttpResponse:
    opened = find_round(request, pk)
    bring_up_to_date(opened)
    each = get_object_or_404(chase_list(opened), pk=firm)
    contact = getattr(each.enterprise, "contact", None)
    form = ContactForm(
        request.POST or None,
        initial={"name": contact.name, "phone": contact.phone} if contact else {},
    )
    if request.method == "POST" and form.is_valid():
        actions.note_contact(
            opened=opened, firm=each.enterprise, by=request.actor, **form.cleaned_data
        )
        messages.success(request, _("联系人已保存"))
        return redirect("collection_firm", pk, firm)
    context = {
        "round": opened,
        "firm": each,
        "state": state_of(each),
        "contact": contact,
        "phone": phone_for(request.actor, contact.phone) if contact else "",
        "years": by_year(
            each.lacking, each.enterprise.territory, english=speaks_english()
        ),
        "reminders": each.reminders.all(),
        "form": form,
        "may": may_work_on_round(request.actor, opened),
    }
    status = 422 if form.errors else 200
    return render(request, "officer/collection_firm.html", context, status=status)


@page(may=may_act_for_authority)
def round_returns(request: Asked, pk: int) -> HttpResponse:
    opened = find_round(request, pk)
    form = ReturnForm()
    refused: list[str] = []
    if request.method == "POST":
        may_work_on_round(request.actor, opened).or_refuse()
        form = ReturnForm(request.POST, request.FILES)
        if form.is_valid():
            refused = _take_back(request, opened, form.cleaned_data)
            if not refused:
                return redirect("collection_returns", pk)
    rows = opened.returns.select_related("batch", "batch__uploaded_by")
    leaf = leaf_through(rows, request.GET)
    context = {
        "round": opened,
        "form": form,
        "refused": refused,
        "leaf": leaf,
        "clean": _clean(opened),
        "may": may_work_on_round(request.actor, opened) and round_is_open(opened),
    }
    status = 422 if form.errors or refused else 200
    return render(request, "officer/collection_returns.html", context, status=status)


@page(may=may_act_for_authority)
@require_POST
def round_commit(request: Asked, pk: int) -> HttpResponse:
    opened = find_round(request, pk)
    count = actions.commit_clean(opened=opened, by=request.actor)
    messages.success(request, _("{count} 份表正在导入").format(count=count))
    return redirect("collection_returns", pk)


@page(may=may_act_for_authority)
def round_contacts(request: Asked, pk: int) -> HttpResponse:
    opened = find_round(request, pk)
    may_work_on_round(request.actor, opened).or_refuse()
    form = ContactListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            noted, strange = _note_contacts(request, opened, form.cleaned_data["file"])
            context = {"round": opened, "noted": noted, "strange": strange[:200]}
            return render(request, "officer/collection_contacts.html", context)
        except UnreadableFile as error:
            form.add_error("file", error.sentence(english=speaks_english()))
    context = {"round": opened, "form": form}
    status = 422 if form.errors else 200
    return render(request, "officer/collection_contacts.html", context, status=status)


def _note_contacts(
    request: Asked, opened: CollectionRound, file: Any
) -> tuple[int, list[str]]:
    blob, name = keep_table(file, file.name)
    with named_file(blob, name) as path:
        rows = read_contact_list(path, opened.on)
    return actions.note_contacts(opened=opened, rows=rows, by=request.actor)


def _take_back(
    request: Asked, opened: CollectionRound, given: dict[str, Any]
) -> list[str]:
    """Take in each file; the sentences of those that cannot be read."""
    refused = []
    for file in given["returned"]:
        try:
            actions.take_back(
                opened=opened,
                file=file,
                file_name=file.name,
                source=FilingSource(given["source"]),
                by=request.actor,
            )
        except UnreadableFile as error:
            refused.append(error.sentence(english=speaks_english()))
    return refused


def _clean(opened: CollectionRound) -> int:
    """How many returned files could be committed without another look."""
    checked = opened.returns.filter(
        batch__state=ImportState.CHECKED, batch__errors=0, batch__readable__gt=0
    )
    summaries = checked.values_list("batch__summary", flat=True)
    return sum(not each.get("waiting") for each in summaries)


def find_round(request: Asked, pk: int) -> CollectionRound:
    """The round, for those who may see it."""
    rows = CollectionRound.objects.select_related("organisation", "opened_by")
    opened = get_object_or_404(rows, pk=pk)
    may_see_round(request.actor, opened).or_refuse()
    return opened
