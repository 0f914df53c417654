"""What may be asked of intake."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from regard.apps.intake.models import Source


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One source that may send."""

    key: str
    title: str
    kind: str
    write_key: str
    allow: tuple[str, ...] | None
    rate_per_second: int
    mapping: Mapping[str, Any]
    is_made_up: bool
    region: str = ""

    @property
    def is_browser(self) -> bool:
        """Whether its key is public, so that it may do less."""
        return self.kind == "browser"


def list_sources() -> list[SourceRow]:
    """All sources by key."""
    return [_row(source) for source in Source.objects.order_by("key")]


def find_source(key: str) -> SourceRow | None:
    """The source called `key`."""
    source = Source.objects.filter(key=key).first()
    return _row(source) if source else None


def has_made_up_data() -> bool:
    """Whether any source holds made-up data, which every page must say."""
    return Source.objects.filter(is_made_up=True).exists()


def _row(source: Source) -> SourceRow:
    allow = None if source.allow is None else tuple(source.allow)
    return SourceRow(
        source.key,
        source.title,
        source.kind,
        source.write_key,
        allow,
        source.rate_per_second,
        source.mapping,
        source.is_made_up,
        source.region,
    )
