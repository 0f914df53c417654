"""The API as a whole: its parts, its errors, its description."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema

from regard.kernel.errors import InvalidInput, NotEnoughData, Temporary
from regard.server.api import access, cases, metrics, operations
from regard.server.api.tracking import TRACKING_PATHS, TRACKING_SECURITY


class DescribedAPI(NinjaAPI):
    """An API whose description also tells of the tracking API, which is answered elsewhere."""

    def get_openapi_schema(self, *args: Any, **kwargs: Any) -> Any:
        """The OpenAPI description of both."""
        schema = super().get_openapi_schema(*args, **kwargs)
        schema["paths"].update(TRACKING_PATHS)
        schema.setdefault("components", {}).setdefault("securitySchemes", {}).update(TRACKING_SECURITY)
        return schema


api = DescribedAPI(
    title="Regard",
    version="1",
    description="Figures with their intervals, sources and quarantine; and the tracking API by which events come in.",
    docs_url=None,
    auth=[access.Token(), access.Session()],
)
api.add_router("/metrics", metrics.router)
api.add_router("/cases", cases.router)
api.add_router("", operations.router)


class TokenOut(Schema):
    """A token, shown once."""

    token: str
    expires_in_days: int


@api.post("/tokens", response=TokenOut, summary="A token that stands for you", auth=access.Session())
def create_token(request: HttpRequest) -> TokenOut:
    """Made by who is signed in, for programs that act for them: it may what they may, until their password changes."""
    member = request.auth  # type: ignore[attr-defined]
    return TokenOut(token=access.make_token(member), expires_in_days=access.DAYS)


def _problem(request: HttpRequest, status: int, code: str, message: str) -> HttpResponse:
    return api.create_response(request, {"code": code, "message": message}, status=status)


@api.exception_handler(InvalidInput)
def invalid_input(request: HttpRequest, error: Any) -> HttpResponse:
    """What was asked cannot be answered, and the text says why."""
    return _problem(request, 400, "invalid_input", str(error))


@api.exception_handler(NotEnoughData)
def not_enough_data(request: HttpRequest, error: Any) -> HttpResponse:
    """There is no honest number."""
    return _problem(request, 404, "not_enough_data", str(error))


@api.exception_handler(Temporary)
def temporary(request: HttpRequest, error: Any) -> HttpResponse:
    """Later, perhaps."""
    response = _problem(request, 503, "temporary", str(error))
    response.headers["Retry-After"] = "5"
    return response


@api.exception_handler(access.NotAllowed)
def not_allowed(request: HttpRequest, error: Any) -> HttpResponse:
    """The member may not open this part."""
    return _problem(request, 403, "not_allowed", "Your role does not open this part.")


@api.exception_handler(Http404)
def not_found(request: HttpRequest, error: Any) -> HttpResponse:
    """There is no such thing for who asks."""
    return _problem(request, 404, "not_found", str(error) or "There is no such thing for you.")
