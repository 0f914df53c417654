"""Keeping views: save, rename, share, delete; and who may open which."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from regard.apps.dashboards.explorer.models import SavedView
from regard.apps.organisation.models import Member
from regard.apps.organisation.policy import below
from regard.apps.organisation.queries import list_units
from regard.kernel.errors import InvalidInput, unknown_name

ME, UNIT, ALL = "me", "unit", "all"
AUDIENCES: dict[str, str | Promise] = {
    ME: _("only me"),
    UNIT: _("my unit and what lies below it"),
    ALL: _("everybody who may explore"),
}
LONGEST_TITLE = 120
LONGEST_QUERY = 4000
MOST_VIEWS = 200


@dataclass(frozen=True, slots=True)
class ViewCard:
    """A kept view as a member sees it; `owner` is the name of who keeps it, empty for one's own."""

    id: int
    title: str
    query: str
    audience: str
    owner: str
    is_own: bool
    may_change: bool
    changed_at: datetime


def list_views(member: Member) -> list[ViewCard]:
    """The views that a member may open, the newest first: their own and those shared with them."""
    shared = Q(audience=ALL)
    if member.unit_id is None:
        shared |= Q(audience=UNIT)
    else:
        shared |= Q(audience=UNIT, unit__in=_above(member.unit_id))
    rows = SavedView.objects.filter(Q(owner=member) | shared).select_related("owner")
    return [_card(row, member) for row in rows.order_by("-changed_at", "-id")]


def find_view(member: Member, view_id: int) -> ViewCard | None:
    """One of the views that a member may open."""
    return next((view for view in list_views(member) if view.id == view_id), None)


def save_view(member: Member, *, title: str, query: str, audience: str, now: datetime) -> ViewCard:
    """Keep a question under a name; the same name of one's own again keeps the new question.

    Raises: InvalidInput without a name, for an unknown audience, or where too many are kept.
    """
    title = _title(title)
    if len(query) > LONGEST_QUERY:
        raise InvalidInput(_now("This question is too long to be kept."))
    unit = _unit_for(member, audience)
    SavedView.objects.filter(owner=None, audience=ME).delete()  # Nobody can open these any more.
    own = SavedView.objects.filter(owner=member)
    if not own.filter(title=title).exists() and own.count() >= MOST_VIEWS:
        raise InvalidInput(_now("So many views cannot be kept; delete one first."))
    row, _made = SavedView.objects.update_or_create(
        owner=member,
        title=title,
        defaults={"query": query, "audience": audience, "unit": unit, "changed_at": now},
    )
    return _card(row, member)


def change_view(member: Member, view_id: int, *, title: str, audience: str, now: datetime) -> ViewCard:
    """Rename a view, or share it otherwise. Raises: InvalidInput where it is not theirs to change."""
    row = _changeable(member, view_id)
    row.title, row.changed_at = _title(title), now
    if row.owner_id is None:
        row.owner = member
    if SavedView.objects.filter(owner=member, title=row.title).exclude(pk=row.pk).exists():
        raise InvalidInput(_now("You keep another view called “%(name)s”.") % {"name": row.title})
    row.audience, row.unit = audience, _unit_for(member, audience)
    row.save()
    return _card(row, member)


def delete_view(member: Member, view_id: int) -> None:
    """Keep a view no longer. Raises: InvalidInput where it is not theirs to delete."""
    _changeable(member, view_id).delete()


def _changeable(member: Member, view_id: int) -> SavedView:
    card = find_view(member, view_id)
    if card is None or not card.may_change:
        raise InvalidInput(_now("This view is not yours to change."))
    return SavedView.objects.get(pk=view_id)


def _card(row: SavedView, member: Member) -> ViewCard:
    is_own = row.owner_id == member.pk
    # What is shared by somebody who left belongs to whoever sees the whole company.
    is_orphan = row.owner_id is None and member.unit_id is None
    owner = "" if is_own or row.owner is None else str(row.owner)
    return ViewCard(
        row.pk, row.title, row.query, row.audience, owner, is_own, is_own or is_orphan, row.changed_at
    )


def _title(text: str) -> str:
    title = " ".join("".join(letter for letter in text if letter.isprintable()).split())[:LONGEST_TITLE]
    if not title:
        raise InvalidInput(_now("A view needs a name."))
    return title


def _unit_for(member: Member, audience: str) -> str:
    if audience not in AUDIENCES:
        raise unknown_name("audience", audience, AUDIENCES)
    if audience != UNIT:
        return ""
    if member.unit_id is None:
        raise InvalidInput(_now("You belong to the whole company: share with everybody instead."))
    return str(member.unit_id)


def _above(unit: str) -> list[str]:
    """The unit and all units that it lies below."""
    parents = {card.key: card.parent for card in list_units()}
    return [key for key in {*parents, unit} if unit in below(key, parents)]
