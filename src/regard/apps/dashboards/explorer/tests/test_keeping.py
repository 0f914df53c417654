"""Kept views: who sees which, and that a view never carries anybody's sight with it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from regard.apps.dashboards.explorer import keeping
from regard.apps.dashboards.explorer.keeping import ALL, ME, UNIT
from regard.apps.dashboards.explorer.models import SavedView
from regard.apps.dashboards.tests.conftest import UNITS
from regard.apps.organisation import services
from regard.apps.organisation.models import Member
from regard.kernel.errors import InvalidInput

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty")]
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def member(name: str, unit: str | None = None, role: str = "analyst") -> Member:
    services.set_units(UNITS)
    card = services.create_member(email=f"{name}@example.com", role=role, unit=unit, name=name.title())
    return Member.objects.get(pk=card.id)


def keep(owner: Member, title: str, audience: str = ME) -> keeping.ViewCard:
    return keeping.save_view(owner, title=title, query="metric=nps", audience=audience, now=NOW)


def titles(reader: Member) -> set[str]:
    return {view.title for view in keeping.list_views(reader)}


def test_a_view_of_one_s_own_is_nobody_else_s() -> None:
    ada, bo = member("ada"), member("bo")
    keep(ada, "Mine")
    assert titles(ada) == {"Mine"}
    assert titles(bo) == set()


def test_a_view_for_a_unit_is_seen_there_below_and_by_the_whole_company() -> None:
    ada = member("ada", "north", "manager")
    keep(ada, "North", UNIT)
    assert titles(member("bo", "shop-1", "manager")) == {"North"}
    assert titles(member("cleo", "south", "manager")) == set()
    assert titles(member("dora")) == {"North"}


def test_a_view_for_a_unit_is_not_seen_above_it() -> None:
    keep(member("ada", "shop-1", "manager"), "Shop", UNIT)
    assert titles(member("bo", "north", "manager")) == set()


def test_only_who_keeps_a_view_changes_or_deletes_it() -> None:
    ada, bo = member("ada"), member("bo")
    view = keep(ada, "Shared", ALL)
    assert titles(bo) == {"Shared"}
    with pytest.raises(InvalidInput):
        keeping.change_view(bo, view.id, title="Taken", audience=ME, now=NOW)
    with pytest.raises(InvalidInput):
        keeping.delete_view(bo, view.id)
    keeping.change_view(ada, view.id, title="Renamed", audience=ME, now=NOW)
    assert titles(bo) == set()
    keeping.delete_view(ada, view.id)
    assert titles(ada) == set()


def test_what_was_shared_stays_when_its_owner_leaves_and_what_was_not_goes() -> None:
    ada, bo = member("ada"), member("bo")
    view = keep(ada, "Shared", ALL)
    keep(ada, "Private")
    ada.delete()
    keep(bo, "Another")
    assert titles(bo) == {"Shared", "Another"}
    assert SavedView.objects.filter(title="Private").count() == 0
    assert keeping.change_view(bo, view.id, title="Mine now", audience=ALL, now=NOW).is_own


def test_the_same_name_again_keeps_the_new_question() -> None:
    ada = member("ada")
    keep(ada, "Weekly")
    keeping.save_view(ada, title=" Weekly ", query="metric=csat", audience=ME, now=NOW)
    assert [view.query for view in keeping.list_views(ada)] == ["metric=csat"]


@pytest.mark.parametrize("title", ["", "   ", "\x00\x07"])
def test_a_view_needs_a_name(title: str) -> None:
    with pytest.raises(InvalidInput):
        keep(member("ada"), title)


def test_a_view_is_shared_only_with_those_whom_there_are() -> None:
    ada = member("ada")
    with pytest.raises(InvalidInput):
        keep(ada, "x", "everyone-on-earth")
    with pytest.raises(InvalidInput):
        keep(ada, "x", UNIT)
    with pytest.raises(InvalidInput):
        keeping.save_view(ada, title="x", query="a" * 5000, audience=ME, now=NOW)
