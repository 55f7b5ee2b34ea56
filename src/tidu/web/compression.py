"""Pages go out compressed; what is compressed already goes out as it is."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

_TEXTS = ("text/", "application/json", "application/problem+json")


class TextCompressionMiddleware(GZipMiddleware):
    """Django's compression for text only: a workbook gains nothing by it.

    BREACH: Django pads each answer by a random length and masks the CSRF token anew
    for each, so that the length says nothing of what a page holds.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if response.get("Content-Type", "").startswith(_TEXTS):
            return super().process_response(request, response)
        return response
