"""A drawn log, an empty one, and members to look at them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from regard.apps.dashboards.tests.drawn_log import draw_log
from regard.apps.organisation import services
from regard.apps.organisation.models import Member
from regard.apps.organisation.queries import UnitCard

UNITS = [
    UnitCard("north", "North", None),
    UnitCard("shop-1", "Shop Ermou", "north"),
    UnitCard("south", "South", None),
    UnitCard("shop-2", "Shop Patras", "south"),
    UnitCard("centre", "Contact centre", None),
    UnitCard("empty", "Nobody", None),
]
SignIn = Callable[..., Client]


@pytest.fixture(scope="session")
def drawn_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a log that ends now; all who read it have the same units."""
    url = str(tmp_path_factory.mktemp("drawn") / "warehouse")
    draw_log(url, end=datetime.now(UTC))
    return url


@pytest.fixture(autouse=True)
def _own_warehouse(settings: Settings, tmp_path: Path) -> None:
    """Until a test says which log it reads, it has one of its own."""
    use(settings, str(tmp_path / "before" / "warehouse"))


def use(settings: Settings, url: str) -> None:
    """Let pages read the log under `url`."""
    folder = Path(url).parent
    settings.REGARD = dataclasses.replace(
        settings.REGARD, data_dir=folder, warehouse_url=url, memory_limit="1GB"
    )


@pytest.fixture
def drawn(settings: Settings, drawn_url: str, _own_warehouse: None) -> None:
    """Pages read the drawn log."""
    use(settings, drawn_url)


@pytest.fixture
def empty(settings: Settings, tmp_path: Path, _own_warehouse: None) -> None:
    """Pages read a log that holds nothing."""
    use(settings, str(tmp_path / "warehouse"))


@pytest.fixture
def sign_in(db: None) -> SignIn:
    """Signs a new member in: `sign_in(role, unit=None)`."""
    services.set_units(UNITS)

    def enter(role: str, unit: str | None = None, language: str = "en") -> Client:
        card = services.create_member(email=f"{role}@example.com", role=role, unit=unit, language=language)
        client = Client(headers={"accept-language": language})
        client.force_login(Member.objects.get(pk=card.id))
        return client

    return enter
