"""Kept views on the page, and the explorer without data."""

from __future__ import annotations

import pytest
from django.test import Client

from regard.apps.dashboards.explorer.keeping import ALL, ME
from regard.apps.dashboards.explorer.models import SavedView
from regard.apps.dashboards.tests.conftest import SignIn


def kept_id(client: Client, **given: str) -> int:
    client.post("/explore/views/", {"title": "Channels", "query": "metric=nps&by=unit&days=90", **given})
    return SavedView.objects.latest("id").pk


@pytest.mark.usefixtures("drawn")
def test_whoever_opens_a_shared_view_sees_it_with_their_own_eyes(sign_in: SignIn) -> None:
    analyst, manager = sign_in("analyst"), sign_in("manager", "north")
    view = kept_id(analyst, audience=ALL)
    opened = manager.get(f"/explore/views/{view}/", follow=True).content.decode()
    assert "<h1>Channels</h1>" in opened
    assert "from analyst@example.com" in opened
    assert "Shop Patras" not in opened
    assert "Shop Patras" in analyst.get(f"/explore/views/{view}/", follow=True).content.decode()


@pytest.mark.usefixtures("drawn")
def test_a_view_is_renamed_and_deleted_on_its_page(sign_in: SignIn) -> None:
    client = sign_in("analyst")
    view = kept_id(client)
    renamed = client.post(f"/explore/views/{view}/", {"title": "By unit", "audience": ME}, follow=True)
    assert "<h1>By unit</h1>" in renamed.content.decode()
    assert "View" not in client.post(f"/explore/views/{view}/", {"delete": "1"}, follow=True).content.decode()
    assert client.get(f"/explore/views/{view}/").status_code == 404


@pytest.mark.usefixtures("drawn")
def test_a_private_view_of_another_is_not_there(sign_in: SignIn) -> None:
    view = kept_id(sign_in("analyst"))
    manager = sign_in("manager", "north")
    assert manager.get(f"/explore/views/{view}/").status_code == 404
    assert manager.post(f"/explore/views/{view}/", {"delete": "1"}).status_code == 404
    assert "<h1>Channels</h1>" not in manager.get(f"/explore/?metric=nps&view={view}").content.decode()


@pytest.mark.usefixtures("empty")
def test_an_empty_log_says_that_there_is_nothing_to_explore(sign_in: SignIn) -> None:
    client = sign_in("analyst")
    assert "There is nothing to explore yet" in client.get("/explore/").content.decode()
    assert client.get("/explore/answer.csv").status_code == 400
