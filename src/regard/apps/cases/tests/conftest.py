"""A data folder of each test's own, a projector, and customers who answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from regard.apps.intake.models import Source
from regard.apps.journal import services as journal
from regard.apps.journal.facts import Fact
from regard.apps.journal.projector import Projector
from regard.apps.organisation import services as organisation
from regard.apps.organisation.models import Member
from regard.apps.organisation.queries import UnitCard

NOW = datetime.now(UTC).replace(microsecond=0)
UNITS = [
    UnitCard("north", "North", None),
    UnitCard("shop-1", "Shop Ermou", "north"),
    UnitCard("south", "South", None),
]
Answer = Callable[..., None]
SignIn = Callable[..., Client]


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.REGARD = replace(settings.REGARD, data_dir=tmp_path, warehouse_url=str(tmp_path / "warehouse"))
    return tmp_path


@pytest.fixture
def shop(db: None) -> Source:
    organisation.set_units(UNITS)
    return Source.objects.create(key="shop", title="Shop", write_key="k1")


@pytest.fixture
def projector(shop: Source) -> Iterator[Projector]:
    made = Projector(now=lambda: NOW)
    yield made
    made.stop()


@pytest.fixture
def answer(projector: Projector) -> Answer:
    """A customer answers a survey, and the answer reaches the log: `answer(score, user="ada", **more)`."""
    numbers = count(1)

    def send(
        score: float, *, user: str = "ada", metric: str = "nps", source: str = "shop", **told: Any
    ) -> None:
        fact = Fact(
            message_id=f"a{next(numbers)}",
            kind="survey.answered",
            user_id=user,
            metric=metric,
            score=score,
            **{"occurred_at": NOW, "channel": "email", "unit": "shop-1", **told},
        )
        journal.record([fact], source=source, now=NOW)
        projector.drain()

    return send


def member(role: str, unit: str | None = None, name: str = "") -> int:
    name = name or role
    email = f"{name}-{unit or 'all'}@example.com".lower()
    return organisation.create_member(email=email, role=role, unit=unit, name=name).id


@pytest.fixture
def sign_in(shop: Source) -> SignIn:
    """Signs a new member in: `sign_in(role, unit=None)`."""

    def enter(role: str, unit: str | None = None, language: str = "en") -> Client:
        client = Client(headers={"accept-language": language})
        client.force_login(Member.objects.get(pk=member(role, unit)))
        return client

    return enter
