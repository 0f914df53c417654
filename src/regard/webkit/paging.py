"""Long lists in pages of one size, by the address."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

from regard.webkit import formats

SIZE = 50
LAST_PAGE = 10_000


@dataclass(frozen=True, slots=True)
class Paging:
    """Where a list stands; drawn by `webkit/pagination.html`.

    Args:
        offset, limit: which rows to ask for.
        previous, next: addresses of the pages beside it; empty where there is none.
        text: which rows these are of how many.
    """

    offset: int
    limit: int
    previous: str
    next: str
    text: str


def page_number(request: HttpRequest) -> int:
    """The page that the address asks for, from 1; what cannot be read is the first."""
    given = request.GET.get("page", "")
    return min(max(int(given), 1), LAST_PAGE) if given.isascii() and given.isdecimal() else 1


def make_paging(request: HttpRequest, n: int, *, size: int = SIZE) -> Paging:
    """The page of `n` rows that the address asks for; one beyond the end is the last."""
    n_pages = max(1, -(-n // size))
    number = min(page_number(request), n_pages)
    offset = (number - 1) * size

    def address(page: int) -> str:
        query = request.GET.copy()
        query["page"] = str(page)
        return "?" + query.urlencode()

    return Paging(
        offset=offset,
        limit=size,
        previous=address(number - 1) if number > 1 else "",
        next=address(number + 1) if number < n_pages else "",
        text=_("%(first)s to %(last)s of %(n)s")
        % {
            "first": formats.number(min(offset + 1, n)),
            "last": formats.number(min(offset + size, n)),
            "n": formats.number(n),
        },
    )
