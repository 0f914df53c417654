"""What may be done to intake: add a source, change its key and its limits."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction

from regard.apps.intake.models import Source
from regard.apps.intake.queries import SourceRow, find_source
from regard.kernel.errors import InvalidInput, unknown_name

KINDS = ("server", "browser", "file")
KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")


def new_write_key() -> str:
    """A key that nobody can guess."""
    return secrets.token_urlsafe(24)


def add_source(
    key: str,
    *,
    title: str = "",
    kind: str = "server",
    allow: Sequence[str] | None = None,
    rate_per_second: int = 0,
    mapping: Mapping[str, Any] | None = None,
    is_made_up: bool = False,
) -> SourceRow:
    """Let a new source send and return it with its write key.

    Raises: InvalidInput where the key is taken or has other characters than a-z, 0-9, - and _, or the kind is unknown.
    """
    if not KEY.fullmatch(key):
        raise InvalidInput(f"A source is named with a-z, 0-9, - and _ (at most 80), not {key!r}.")
    if kind not in KINDS:
        raise unknown_name("kind of source", kind, KINDS)
    try:
        with transaction.atomic():
            Source.objects.create(
                key=key,
                title=title or key,
                kind=kind,
                write_key=new_write_key(),
                allow=None if allow is None else list(allow),
                rate_per_second=rate_per_second,
                mapping=dict(mapping or {}),
                is_made_up=is_made_up,
            )
    except IntegrityError:
        raise InvalidInput(f"There is a source '{key}' already.") from None
    return _get(key)


def ensure_source(key: str, *, kind: str = "file", title: str = "", is_made_up: bool = False) -> SourceRow:
    """The source called `key`, added where it is new."""
    return find_source(key) or add_source(key, kind=kind, title=title, is_made_up=is_made_up)


def renew_write_key(key: str) -> SourceRow:
    """Give a source another write key; the old one no longer counts within two seconds."""
    if not Source.objects.filter(key=key).update(write_key=new_write_key()):
        raise unknown_name("source", key, Source.objects.values_list("key", flat=True))
    return _get(key)


def _get(key: str) -> SourceRow:
    row = find_source(key)
    assert row is not None
    return row
