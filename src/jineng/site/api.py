"""The API root: every room's router under ``/api/v1``, described by OpenAPI 3.1."""

from django.core.exceptions import ValidationError
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI

from jineng.kernel.web.api import actor_auth

ROOMS = (
    "kernel",
    "registry",
    "cases",
    "majors",
    "calls",
    "admissions",
    "learning",
    "credentials",
    "partnerships",
    "facilities",
    "workforce",
    "governance",
    "briefs",
)
api = NinjaAPI(
    title="Jineng 技能",
    version="1",
    description="省级职业教育治理平台接口。 The province's vocational education, by machine.",
    auth=actor_auth,
    urls_namespace="api",
    docs_url=None,
)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    details = error.message_dict if hasattr(error, "error_dict") else {"__all__": error.messages}
    return api.create_response(request, {"detail": details}, status=422)


@api.exception_handler(DataError)
def _unstorable(request: HttpRequest, error: DataError) -> HttpResponse:
    detail = "数值超出可处理的范围。 A value is larger than can be handled."
    return api.create_response(request, {"detail": detail}, status=422)


for room in ROOMS:
    api.add_router("", f"jineng.{room}.api.router", tags=[room])
