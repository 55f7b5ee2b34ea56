"""Fill in and correct the figures of one group; a correction is a further filing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from tidu.eligibility.actions import refresh_standings
from tidu.registry.actions import file_facts
from tidu.registry.enums import FilingSource
from tidu.registry.evidence import evidence_of
from tidu.registry.permissions import may_file_for
from tidu.registry.queries import current_facts
from tidu.rules.naming import name_keys
from tidu.web.context import speaks_english
from tidu.web.enterprise.facts_form import FactsForm
from tidu.web.enterprise.figures import group_label, in_group, pack_of
from tidu.web.enterprise.firm import Firm
from tidu.web.pages import Asked


def edit(request: Asked, firm: Firm, group: str) -> HttpResponse:
    """The form of one group; who filed meanwhile is told before anything is saved."""
    may_file_for(request.actor, firm.enterprise).or_refuse()
    form = _form(request, firm, group)
    if request.method == "POST" and form.is_valid():
        if not (late := _filed_meanwhile(firm, form)):
            return _save(request, firm, group, form)
        form.add_error(None, late)
    context = {
        "firm": firm,
        "tab": "facts",
        "group": group,
        "label": group_label(group),
        "form": form,
        "seen": _newest(firm),
    }
    status = 422 if form.is_bound else 200
    return render(request, "enterprise/facts_edit.html", context, status=status)


def _form(request: Asked, firm: Firm, group: str) -> FactsForm:
    pack = pack_of(firm.enterprise)
    asked = in_group(pack, group)
    if not asked:
        raise Http404
    return FactsForm(
        request.POST if request.method == "POST" else None,
        facts=asked,
        on=timezone.localdate(),
        current=current_facts(firm.enterprise),
        pack=pack,
        evidence=list(evidence_of(firm.enterprise)),
        english=speaks_english(),
    )


def source_of(firm: Firm) -> FilingSource:
    """What stands behind a figure somebody types: the enterprise, or its authority."""
    return FilingSource.CORRECTION if firm.by_authority else FilingSource.ENTERPRISE


def save_figures(
    request: Asked,
    firm: Firm,
    entries: dict[str, Any],
    reason: str,
    source: FilingSource | None = None,
) -> None:
    """File the figures, work out the standings again, and tell what does not count.

    ``source``: what stands behind them, where it is not simply who typed them.
    """
    source = source or source_of(firm)
    filing = file_facts(
        enterprise=firm.enterprise,
        entries=entries,
        source=source,
        by=request.actor,
        reason=reason,
    )
    refresh_standings([firm.enterprise], on=timezone.localdate())
    text = _("已保存 {count} 个数，梯度已重新计算")
    messages.success(request, text.format(count=len(entries)))
    now = firm.enterprise.current.entries
    beaten = [
        key
        for key, entry in entries.items()
        if key in now
        and now[key]["filing"] != filing.pk
        and now[key]["value"] != entry["value"]
    ]
    if beaten:
        words = pack_of(firm.enterprise).words
        text = _("{names}另有更强的来源，仍以它为准；您填的数留在旁边供核对")
        names = name_keys(beaten, words, english=speaks_english())
        messages.warning(request, text.format(names=names))


def _save(request: Asked, firm: Firm, group: str, form: FactsForm) -> HttpResponse:
    save_figures(request, firm, form.changes, form.cleaned_data["reason"].strip())
    return redirect(f"{firm.url('facts')}?group={group}#{group}")


def _newest(firm: Firm) -> str:
    newest = (
        firm.enterprise.filings.order_by("-pk").values_list("pk", flat=True).first()
    )
    return str(newest or "")


def _filed_meanwhile(firm: Firm, form: FactsForm) -> str:
    """Say who changed one of the same figures since the form was opened, if anybody."""
    seen = form.cleaned_data["seen"]
    later = firm.enterprise.filings.filter(pk__gt=int(seen) if seen.isdecimal() else 0)
    for filing in later:
        same = sorted(set(filing.entries) & set(form.changes))
        if same and seen.isdecimal():
            words = pack_of(firm.enterprise).words
            text = _("{who}刚改过{names}。请核对下面的数，确认要改再保存一次")
            names = name_keys(same, words, english=speaks_english())
            return text.format(who=filing.filed_by, names=names)
    return ""
