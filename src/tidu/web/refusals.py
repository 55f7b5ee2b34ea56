"""What a page says when it is refused, not there, or broken: why, and what to do."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403 with the reason of the verdict; what was posted has changed nothing."""
    posted = request.method == "POST"
    reason = str(exception) or (
        _("您没有这样办理的权限") if posted else _("您没有打开这一页的权限")
    )
    context = {"reason": reason, "posted": posted}
    return render(request, "refused.html", context, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """404: the address leads nowhere."""
    return render(request, "not_found.html", status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """500: a fault of ours; nothing that was not confirmed has been saved."""
    return render(request, "failed.html", status=500)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """403: the form was not made for this visit: another site's, or too old."""
    return render(request, "stale_form.html", status=403)
