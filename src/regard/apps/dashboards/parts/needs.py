"""What needs the administrator: parked batches, items set aside, what waits too long, work that failed, a full disk."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from regard.apps.dashboards.home import PARTS, Context, PartKind
from regard.apps.journal import queries as journal
from regard.apps.organisation.policy import Part
from regard.webkit import formats

LONG = timedelta(minutes=1)
FREE_BYTES = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Need:
    """One thing to look at: what it is, how urgent (`tone` is a tag's), and where it is mended."""

    text: str
    detail: str
    tone: str
    href: str


@dataclass(frozen=True, slots=True)
class Needs:
    """All of them, the most urgent first; none is good news and said so."""

    items: tuple[Need, ...]


def read_needs(context: Context) -> Needs | None:
    """None where the reader does not look after operations."""
    return Needs(tuple(_needs(context))) if context.sight.may(Part.OPERATIONS) else None


def _needs(context: Context) -> Iterator[Need]:
    operations = reverse("operations")
    free = shutil.disk_usage(settings.REGARD.data_dir).free
    if free < FREE_BYTES:
        left = _now("%(free)s GB are left") % {"free": formats.number(free / 1e9, 1)}
        yield Need(_now("The disk is nearly full"), left, "bad", operations)
    n = len(journal.list_parked())
    if n:
        text = ngettext("%(n)s batch is parked", "%(n)s batches are parked", n) % {"n": formats.number(n)}
        yield Need(text, _now("its effect kept failing; the rest went on"), "bad", operations)
    lag = journal.lag(journal.slowest_position())
    if lag.oldest_at and context.now - lag.oldest_at > LONG:
        n = lag.n_interactions
        text = ngettext("%(n)s interaction waits", "%(n)s interactions wait", n) % {"n": formats.number(n)}
        yield Need(text, formats.ago(lag.oldest_at, context.now), "bad", operations)
    n = len(journal.list_failed_jobs())
    if n:
        text = ngettext("%(n)s piece of work failed", "%(n)s pieces of work failed", n) % {
            "n": formats.number(n)
        }
        yield Need(text, _now("it is tried again, or was given up"), "due", operations)
    n = sum(count for _source, _reason, count in journal.list_aside_groups())
    if n:
        text = ngettext("%(n)s item is set aside", "%(n)s items are set aside", n) % {"n": formats.number(n)}
        yield Need(text, _now("could not be taken; correct it or give it up"), "due", reverse("quarantine"))


def say_needs(needs: Needs) -> SafeString:
    """How much needs the administrator."""
    n = len(needs.items)
    if not n:
        return SafeString(_now("Nothing needs you: all that was sent is on its way."))
    told = ngettext("{n} thing needs you.", "{n} things need you.", n)
    return format_html("<b>{}</b>", told.format(n=formats.number(n)))


needs = PARTS.register(PartKind(key="needs", title=_("What needs you"), read=read_needs, say=say_needs))
