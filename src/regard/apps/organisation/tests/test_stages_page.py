"""The administrator puts touchpoints into stages; everybody else may not."""

from __future__ import annotations

import dataclasses
import html
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation
from pytest_django import Settings

from regard.apps.organisation import queries, services
from regard.apps.organisation.models import Member
from regard.apps.organisation.stages import DEFAULT_STAGES, Stage
from regard.apps.organisation.web.stages import stages_of, text_of
from regard.apps.organisation.web.words import stage_title

pytestmark = pytest.mark.django_db
Enter = Callable[[str], Client]


@pytest.fixture
def enter(settings: Settings, tmp_path: Path) -> Enter:
    """A client in which a new member of this role is signed in, over an empty log."""
    settings.REGARD = dataclasses.replace(
        settings.REGARD, data_dir=tmp_path, warehouse_url=str(tmp_path / "warehouse")
    )

    def sign_in(role: str) -> Client:
        card = services.create_member(email=f"{role}@example.com", role=role)
        client = Client()
        client.force_login(Member.objects.get(pk=card.id))
        return client

    return sign_in


def test_an_administrator_sets_the_stages_and_brings_the_usual_ones_back(enter: Enter) -> None:
    client = enter("administrator")
    assert "Get help: support" in client.get("/stages/").content.decode()
    client.post("/stages/", {"stages": "Before: advert\nBuy: basket, checkout,\n\nAfter:"})
    assert queries.get_settings().stages == (
        Stage("before", "Before", ("advert",)),
        Stage("buy", "", ("basket", "checkout")),
        Stage("after", "After", ()),
    )
    client.post("/stages/", {"usual": "1"})
    assert queries.get_settings().stages == DEFAULT_STAGES


@pytest.mark.parametrize("wrong", ["", "A: x\nB: x", "A: x\nA: y", ": x"])
def test_stages_that_cannot_be_are_told_and_change_nothing(wrong: str, enter: Enter) -> None:
    answer = enter("administrator").post("/stages/", {"stages": wrong})
    assert "These stages cannot be" in answer.content.decode()
    assert queries.get_settings().stages == DEFAULT_STAGES


@pytest.mark.parametrize("role", ["executive", "manager", "frontline", "analyst"])
def test_nobody_else_may_open_the_page(role: str, enter: Enter) -> None:
    assert enter(role).get("/stages/").status_code == 403


@pytest.mark.parametrize("language", ["en", "el", "hy", "pl", "ru"])
def test_usual_stages_keep_following_the_readers_language(language: str) -> None:
    with translation.override(language):
        assert tuple(stages_of(text_of(DEFAULT_STAGES))) == DEFAULT_STAGES
        assert len({stage_title(stage.key, DEFAULT_STAGES) for stage in DEFAULT_STAGES}) == 6


def test_a_greek_reader_is_told_in_greek_which_stages_cannot_be(enter: Enter) -> None:
    answer = enter("administrator").post(
        "/stages/", {"stages": "A: x\nB: x"}, headers={"accept-language": "el"}
    )
    page = html.unescape(answer.content.decode())
    assert "Το «x» βρίσκεται σε δύο στάδια." in page
    assert "stands in two stages" not in page
