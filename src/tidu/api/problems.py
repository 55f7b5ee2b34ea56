"""Errors as ``application/problem+json`` (RFC 9457): what, why, and what to do."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from tidu.accounts.verdicts import Refused
from tidu.rules.errors import TiduError

MEDIA_TYPE = "application/problem+json"


class FieldError(Schema):
    """One field that was refused: where, and why."""

    field: str
    message: str


class ProblemDetail(Schema):
    """What went wrong; ``errors`` names the fields where some were refused."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str = ""
    errors: list[FieldError] = []


class Unacceptable(Exception):
    """The request was understood but cannot be carried out: a status and sentences."""

    def __init__(
        self, title: str, *, status: int = 422, errors: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(title)
        self.title = title
        self.status = status
        self.errors = dict(errors or {})


def problem(
    title: str,
    status: int,
    *,
    detail: str = "",
    errors: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """An answer that says what went wrong."""
    content: dict[str, Any] = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail,
        "errors": [{"field": f, "message": m} for f, m in (errors or {}).items()],
    }
    text = json.dumps(content, ensure_ascii=False)
    return HttpResponse(
        text, status=status, content_type=MEDIA_TYPE, headers=dict(headers or {})
    )


def install(api: NinjaAPI) -> None:
    """Answer every error of ours and of the library in this form."""

    @api.exception_handler(ValidationError)
    def invalid(_request: HttpRequest, error: ValidationError) -> HttpResponse:
        errors = {
            ".".join(map(str, each["loc"])): str(each["msg"]) for each in error.errors
        }
        return problem(_("请求里有填错的字段"), 422, errors=errors)

    @api.exception_handler(Unacceptable)
    def unacceptable(_request: HttpRequest, error: Unacceptable) -> HttpResponse:
        return problem(error.title, error.status, errors=error.errors)

    @api.exception_handler(AuthenticationError)
    def unknown(_request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
        return problem(
            _("令牌缺少、写错或已失效"),
            401,
            detail=_("请在“我的账户”里建令牌，并放在 Authorization: Bearer 里"),
            headers={"WWW-Authenticate": "Bearer"},
        )

    @api.exception_handler(Refused)
    def refused(_request: HttpRequest, error: Refused) -> HttpResponse:
        return problem(str(error), 403)

    @api.exception_handler(Http404)
    def not_found(_request: HttpRequest, _error: Http404) -> HttpResponse:
        return problem(_("没有这个对象，或您看不到它"), 404)

    @api.exception_handler(TiduError)
    def ours(_request: HttpRequest, error: TiduError) -> HttpResponse:
        return problem(str(error), 422)

    @api.exception_handler(HttpError)
    def other(_request: HttpRequest, error: HttpError) -> HttpResponse:
        return problem(str(error), error.status_code)
