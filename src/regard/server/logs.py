"""Logs that hold no customer's words: of an error its types and where it came from, not what it says.

A store or a decoder quotes the value that it could not take, and that value is somebody's.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from types import TracebackType

Caught = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class WithoutWords(logging.Formatter):
    """A formatter that writes an error's chain as types and places."""

    def formatException(self, ei: Caught) -> str:
        """The chain of errors, the first cause first."""
        if ei[1] is None:
            return ""
        return "\n".join(_place(error) for error in reversed(list(_chain(ei[1]))))


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    following: BaseException | None = error
    while following is not None and id(following) not in seen:
        seen.add(id(following))
        yield following
        following = following.__cause__ or (None if following.__suppress_context__ else following.__context__)


def _place(error: BaseException) -> str:
    frames = "".join(traceback.format_tb(error.__traceback__))
    return f"{type(error).__module__}.{type(error).__qualname__}\n{frames}".rstrip()
