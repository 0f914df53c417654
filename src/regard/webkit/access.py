"""Keeping pages to those who may open them. The decision itself is the organisation's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

Given = ParamSpec("Given")
View = Callable[Concatenate[HttpRequest, Given], HttpResponse]


class Reader(Protocol):
    """Whoever looks at a page, signed in or not."""

    is_authenticated: bool
    sees_everything: bool

    def may(self, part: str) -> bool: ...

    def note_reading(self, what: str, ids: Sequence[int | str]) -> None: ...


def reader_of(request: HttpRequest) -> Reader:
    """Who asks for this page."""
    return cast(Reader, request.user)


def may(request: HttpRequest, part: str) -> bool:
    """Whether the reader is signed in and this part is open to them; an empty part is everybody's."""
    reader = reader_of(request)
    return reader.is_authenticated and (not part or reader.may(part))


def sees_everything(request: HttpRequest) -> bool:
    """Whether the whole company is the reader's to see, and not one unit of it only."""
    reader = reader_of(request)
    return reader.is_authenticated and reader.sees_everything


def note_reading(request: HttpRequest, what: str, ids: Sequence[int | str]) -> None:
    """Write down that the reader is shown single answers, where a slice below the organisation shows them."""
    if ids:
        reader_of(request).note_reading(what, ids)


def needs(part: str = "") -> Callable[[View[Given]], View[Given]]:
    """Open a page only to members with this part; others are asked to sign in, or told that they may not."""

    def decorate(view: View[Given]) -> View[Given]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: Given.args, **kwargs: Given.kwargs) -> HttpResponse:
            if not reader_of(request).is_authenticated:
                if request.headers.get("HX-Request"):
                    # A part of a page cannot hold the form: the whole page is loaded again, which then asks.
                    return HttpResponse(status=401, headers={"HX-Refresh": "true"})
                return redirect_to_login(request.get_full_path(), reverse("sign-in"), "next")
            if not may(request, part):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return cast("View[Given]", guarded)

    return decorate
