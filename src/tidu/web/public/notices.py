"""Notices for everybody: the list, one notice to read and print, an objection to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db.models import BooleanField, Count, ExpressionWrapper
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tidu.accounts.permissions import anybody
from tidu.casework.notice_models import NoticeEntry, Objection, PublicNotice
from tidu.casework.objecting import file_objection, may_object
from tidu.casework.public_draws import drawn_in
from tidu.casework.queries import today
from tidu.registry.file_kinds import EvidenceError
from tidu.registry.told import Told
from tidu.rules.errors import TiduError
from tidu.web.context import speaks_english
from tidu.web.downloads import FORMS, download
from tidu.web.pages import Asked, page
from tidu.web.paging import leaf_through
from tidu.web.plain_forms import PlainForm
from tidu.web.throttle import too_many
from tidu.web.wording import place_word, scheme_word

_SHORTEST = 20  # characters; less cannot be checked


class ObjectionForm(PlainForm):
    """Who says it, how to reach them, what, and evidence."""

    name = forms.CharField(
        label=gettext_lazy("您的真实姓名或单位名称"),
        max_length=50,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=gettext_lazy("只有负责核查的单位能看到，不会公开，也不会告诉企业。"),
    )
    contact = forms.CharField(
        label=gettext_lazy("联系方式"),
        max_length=100,
        help_text=gettext_lazy("电话或邮箱，核查时要向您了解情况。"),
    )
    text = forms.CharField(
        label=gettext_lazy("反映的情况"),
        min_length=_SHORTEST,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=gettext_lazy("写明哪一项不实、依据是什么、怎样核实。"),
    )
    file = forms.FileField(
        label=gettext_lazy("证据"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(
            attrs={"accept": ".pdf,.png,.jpg,.jpeg,.xlsx,.docx,.ofd"}
        ),
        help_text=gettext_lazy("PDF、PNG、JPG、XLSX、DOCX 或 OFD，最大 20 MB。"),
    )

    def __init__(self, *args: Any, shown_to_firm: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if shown_to_firm:
            self.fields["text"].help_text = _(
                "写明哪一项不实、依据是什么、怎样核实。这段话会转给企业，让它说明一次；"
                "不想让企业认出您的，不要写只有您知道的事。"
            )

    def told(self) -> Told:
        """What was filled in, as the action takes it."""
        given = self.cleaned_data
        file = given["file"]
        return Told(
            name=given["name"],
            contact=given["contact"],
            text=given["text"],
            file=file.file if file else None,
            file_name=file.name if file else "",
            size=file.size if file else 0,
        )


@page(may=anybody)
def public_notices(request: Asked) -> HttpResponseBase:
    """All notices that have begun, those that stand on top."""
    on, asked = today(), request.GET
    found = (
        PublicNotice.objects.filter(opens_on__lte=on)
        .select_related("organisation", "round")
        .annotate(count=Count("entries", distinct=True))
    )
    if asked.get("state") == "open":
        found = found.filter(ends_on__gte=on)
    if words := asked.get("q", "").strip():
        listed = NoticeEntry.objects.filter(name__icontains=words)
        found = found.filter(pk__in=listed.values("notice"))
    found = found.order_by("-ends_on", "-pk")
    if (form := asked.get("download")) in FORMS:
        heads = [_("标题"), _("主管部门"), _("公示开始"), _("公示截止"), _("家数")]
        rows = (
            [
                each.title,
                each.organisation.name,
                each.opens_on,
                each.ends_on,
                each.count,
            ]
            for each in found
        )
        return download(str(form), _("公示"), heads, rows)
    context = {"leaf": leaf_through(found, asked), "on": on, "tab": "notices"}
    return render(request, "public/notices.html", context)


@page(may=anybody)
def public_notice(request: Asked, pk: int) -> HttpResponseBase:
    """One notice with its firms, as it is read and printed."""
    notice = _notice(pk)
    entries = list(notice.entries.select_related("case"))
    if (form := request.GET.get("download")) in FORMS:
        return _file(str(form), notice, entries)
    context = {
        "notice": notice,
        "entries": entries,
        "on": today(),
        "scheme": scheme_word(notice.round.scheme),
        "tab": "notices",
    }
    return render(request, "public/notice.html", context)


@page(may=anybody)
def object_to(request: Asked, entry: int) -> HttpResponse:
    """Object to a firm on a notice."""
    rows = NoticeEntry.objects.select_related(
        "notice__organisation", "case__round", "case__enterprise"
    )
    found = get_object_or_404(rows, pk=entry, notice__opens_on__lte=today())
    verdict = may_object(found, today())
    context = {
        "entry": found,
        "notice": found.notice,
        "verdict": verdict,
        "tab": "notices",
    }
    return objection_page(
        request,
        "public/object.html",
        context,
        lambda told: file_objection(entry=found, told=told),
    )


def objection_page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    take: Any,
    *,
    answers: str = "objection_answer",
) -> HttpResponse:
    """The form of an objection or a complaint: shown, refused, or taken.

    ``answers``: the page that the number leads to. What is objected to a case on a
    notice is told to its firm, a complaint is not.
    """
    told = "entry" in context
    if request.method != "POST":
        return render(
            request, template, {**context, "form": ObjectionForm(shown_to_firm=told)}
        )
    if too_many(request, "objection"):
        return render(request, "public/objection_later.html", context, status=429)
    form = ObjectionForm(request.POST, request.FILES, shown_to_firm=told)
    if form.is_valid():
        try:
            made = take(form.told())
        except EvidenceError as error:
            form.add_error("file", str(error))
        except TiduError as error:
            form.add_error(None, error.sentence(english=speaks_english()))
        else:
            request.session["objection"] = made.number
            return redirect(f"{reverse(answers)}?number={made.number}")
    return render(request, template, {**context, "form": form}, status=422)


@page(may=anybody)
def objection_answer(request: Asked) -> HttpResponse:
    """Look up what became of an objection, by its number; nobody's name is shown."""
    number = "".join(request.GET.get("number", "").split()).upper()[:24]
    if number and too_many(request, "objection_answer"):
        return render(request, "public/objection_later.html", {}, status=429)
    found = (
        Objection.objects.select_related("enterprise", "office", "entry", "title")
        .filter(number=number)
        .first()
        if number
        else None
    )
    new = bool(found) and request.session.get("objection") == number
    context = {"number": number, "found": found, "new": new, "tab": "answers"}
    return render(request, "public/objection_answer.html", context)


def _notice(pk: int) -> PublicNotice:
    """A notice that has begun; what is prepared for later is nobody's yet."""
    rows = PublicNotice.objects.select_related("organisation", "round").annotate(
        drawn=ExpressionWrapper(drawn_in("round"), BooleanField())
    )
    found = rows.filter(pk=pk, opens_on__lte=today()).first()
    if found is None:
        raise Http404
    return found


def _file(
    form: str, notice: PublicNotice, entries: list[NoticeEntry]
) -> HttpResponseBase:
    def rows() -> Iterator[list[Any]]:
        scheme = scheme_word(notice.round.scheme)
        for at, each in enumerate(entries, start=1):
            yield [at, each.name, place_word(each.territory), scheme]

    heads = [_("序号"), _("企业名称"), _("区划"), _("称号")]
    return download(form, notice.title[:60], heads, rows())
