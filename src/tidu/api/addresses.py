"""The API as a whole: its version, its routers, its document."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

import tidu
from tidu.api import enterprises, policies
from tidu.api.problems import MEDIA_TYPE, install


class TiduAPI(NinjaAPI):
    """Ninja's API whose document names the media type that problems have."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        document = super().get_openapi_schema(**options)
        for path in document["paths"].values():
            for operation in path.values():
                for status, answer in operation["responses"].items():
                    if int(status) >= HTTPStatus.BAD_REQUEST:
                        content = answer["content"]
                        content[MEDIA_TYPE] = content.pop("application/json")
        return document


api = TiduAPI(
    title="Tidu 梯度",
    version=tidu.__version__,
    description=str(
        _("与网页同样的查询和操作。登记类接口用令牌，错误按 application/problem+json。")
    ),
    urls_namespace="api",
)
install(api)
api.add_router("", policies.router)
api.add_router("/enterprises", enterprises.router)
