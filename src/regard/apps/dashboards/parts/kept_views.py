"""The questions that the analyst keeps, and the way to the next one."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from regard.apps.dashboards.explorer.keeping import ViewCard, list_views
from regard.apps.dashboards.home import PARTS, Context, PartKind
from regard.apps.organisation.models import Member
from regard.apps.organisation.policy import Part
from regard.webkit import formats

SHOWN = 6


@dataclass(frozen=True, slots=True)
class View:
    """One kept view, ready to be shown."""

    card: ViewCard
    href: str
    when: str


@dataclass(frozen=True, slots=True)
class Views:
    """The latest views, and how many more there are."""

    latest: tuple[View, ...]
    n_more: int


def read_views(context: Context) -> Views | None:
    """None where the reader may not explore."""
    if not context.sight.may(Part.EXPLORER):
        return None
    found = list_views(Member.objects.get(pk=context.member_id))
    latest = tuple(
        View(card, reverse("explorer-view", args=[card.id]), formats.ago(card.changed_at, context.now))
        for card in found[:SHOWN]
    )
    return Views(latest, len(found) - len(latest))


kept_views = PARTS.register(PartKind(key="kept_views", title=_("Questions you keep"), read=read_views))
