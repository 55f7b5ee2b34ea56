"""Pages of files that a job works on: imported tables and lists of titles."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.db import models
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from tidu.intake import UnreadableFile
from tidu.registry.import_models import ImportBatch
from tidu.registry.permissions import may_import
from tidu.registry.title_list_models import TitleList
from tidu.web.context import speaks_english
from tidu.web.pages import Asked
from tidu.web.paging import leaf_through


def own_files(
    request: Asked, rows: models.QuerySet[Any], template: str
) -> HttpResponse:
    """The files of the actor's office."""
    own = rows.filter(organisation=request.actor.organisation)
    leaf = leaf_through(own.select_related("uploaded_by"), request.GET)
    context = {"leaf": leaf, "may": may_import(request.actor)}
    return render(request, template, context)


def bring_in(
    request: Asked,
    form: forms.Form,
    template: str,
    *,
    upload: Callable[..., Any],
    to: str,
) -> HttpResponse:
    """The page of a new file; what can be read is kept, and its own page follows."""
    if request.method != "POST":
        return render(request, template, {"form": form})
    if form.is_valid():
        given = dict(form.cleaned_data)
        file = given.pop("file")
        try:
            kept = upload(file=file, file_name=file.name, by=request.actor, **given)
            return redirect(to, kept.pk)
        except UnreadableFile as error:
            form.add_error("file", error.sentence(english=speaks_english()))
    return render(request, template, {"form": form}, status=422)


def progress(
    request: Asked, template: str, context: Mapping[str, Any], *, running: bool
) -> HttpResponse:
    """The panel that asks every two seconds; at the end the page is opened anew."""
    answer = render(request, template, dict(context))
    if not running:
        answer["HX-Refresh"] = "true"
    return answer


def is_silent(
    kept: ImportBatch | TitleList, *, running: bool, silence: datetime.timedelta
) -> bool:
    """Whether nothing has been heard of the job for half of the time it may take."""
    heard = kept.touched_at or kept.uploaded_at
    return running and timezone.now() - heard > silence / 2
