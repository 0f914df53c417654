"""What may be done to intake: add a source, change its key and its limits."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop as _kept

from regard.apps.intake.models import Source
from regard.apps.intake.queries import SourceRow, find_source
from regard.kernel.errors import InvalidInput, unknown_name
from regard.warehouse.files.identifiers import check_region

KINDS = ("server", "browser", "file")
KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")
MOST_PER_SECOND = 1_000_000
MOST_NAMES, LONGEST_NAME = 500, 100


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
    region: str = "",
) -> SourceRow:
    """Let a new source send and return it with its write key.

    Args:
        region: the country (ISO 3166, as in PL) of its phone numbers without country code.

    Raises: InvalidInput where the key is taken or has other characters than a-z, 0-9, - and _, or the kind or the region
        is unknown.
    """
    if not KEY.fullmatch(key):
        raise InvalidInput(
            _kept("A source is named with a-z, 0-9, - and _ (at most 80), not '%(given)s'."), given=key
        )
    if kind not in KINDS:
        raise unknown_name(_kept("kind of source"), kind, KINDS)
    region = check_region(region) if region else ""
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
                region=region,
            )
    except IntegrityError:
        raise InvalidInput(_kept("There is a source '%(given)s' already."), given=key) from None
    return _get(key)


def ensure_source(key: str, *, title: str = "", is_made_up: bool = False) -> SourceRow:
    """The source of files called `key`, added where it is new; two that add it at once both get the same one."""
    try:
        return find_source(key) or add_source(key, kind="file", title=title, is_made_up=is_made_up)
    except InvalidInput:
        added_meanwhile = find_source(key)
        if added_meanwhile is None:
            raise
        return added_meanwhile


def renew_write_key(key: str) -> SourceRow:
    """Give a source another write key; the old one no longer counts within two seconds."""
    if not Source.objects.filter(key=key).update(write_key=new_write_key()):
        raise unknown_name(_kept("source"), key, Source.objects.values_list("key", flat=True))
    return _get(key)


def change_source(key: str, *, title: str, rate_per_second: int, allow: Sequence[str] | None) -> SourceRow:
    """Call a source otherwise, or change how much it may send and which attributes enter the log.

    Args:
        rate_per_second: interactions a second; 0 for as much as the machine takes.
        allow: names of attributes; None for all that tell nobody apart.

    Raises: InvalidInput for an unknown source, an impossible rate or a name that is too long.
    """
    if not 0 <= rate_per_second <= MOST_PER_SECOND:
        raise InvalidInput(
            _kept("A source may send 1 to %(most)s a second, or 0 for as much as fits."), most=MOST_PER_SECOND
        )
    names = None if allow is None else list(dict.fromkeys(name.strip() for name in allow if name.strip()))
    if names is not None and (len(names) > MOST_NAMES or any(len(name) > LONGEST_NAME for name in names)):
        raise InvalidInput(
            _kept("At most %(most)s attributes of at most %(longest)s letters can be allowed."),
            most=MOST_NAMES,
            longest=LONGEST_NAME,
        )
    values = {"title": title.strip()[:200] or key, "rate_per_second": rate_per_second, "allow": names}
    if not Source.objects.filter(key=key).update(**values):
        raise unknown_name(_kept("source"), key, Source.objects.values_list("key", flat=True))
    return _get(key)


def _get(key: str) -> SourceRow:
    row = find_source(key)
    assert row is not None
    return row
