"""Figures through the API: what may be set, and by whom."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from regard.apps.organisation import services
from regard.apps.organisation.models import Member
from regard.server.api.access import make_token
from regard.warehouse.engines import duckdb
from regard.warehouse.log import Log
from regard.warehouse.schema.interactions import INTERACTIONS

pytestmark = pytest.mark.django_db
NAMES = [column.name for column in INTERACTIONS.columns if column.name != "month"]


@pytest.fixture(autouse=True)
def _log(tmp_path: Path, settings: Settings) -> None:
    """Seventy customers who said how easy it was, ten of each answer from 1 to 7."""
    values = {
        "interaction_id": "unhex(md5(i::VARCHAR))",
        "identity_id": "i::BIGINT",
        "source": "'shop'",
        "occurred_at": "TIMESTAMPTZ '2026-03-02 09:00:00+00' + INTERVAL 1 MINUTE * i",
        "received_at": "TIMESTAMPTZ '2026-03-02 12:00:00+00'",
        "kind": "'survey.answered'",
        "metric": "'ces'",
        "score": "(i % 7 + 1)::DOUBLE",
        "weight": "(1 + i % 2)::DOUBLE",
    }
    columns = [f"{values.get(name, f'NULL::{INTERACTIONS.type_of(name)}')} AS {name}" for name in NAMES]
    url = str(tmp_path / "warehouse")
    log = Log.open(url)
    with duckdb.connect(log) as connection:
        rows = f"SELECT {', '.join(columns)} FROM range(70) AS t(i)"
        log.append(connection, rows, consumer="drawn", epoch="one", position=1)
    settings.REGARD = replace(settings.REGARD, data_dir=tmp_path, warehouse_url=url)


def ask(role: str, **given: Any) -> tuple[int, dict[str, Any]]:
    email = f"{role}@example.com"
    if not Member.objects.filter(email=email).exists():
        services.create_member(email=email, role=role, password="correct horse battery")
    token = make_token(Member.objects.get(email=email))
    key = given.pop("key", "ces")
    response = Client().get(f"/api/v1/metrics/{key}", given, HTTP_AUTHORIZATION=f"Bearer {token}")
    return response.status_code, response.json()


def test_a_setting_is_taken_as_on_the_command_line() -> None:
    status, found = ask("analyst", set=["easy_from=7"], unweighted="true")
    assert (status, found["readings"][0]["value"]) == (200, pytest.approx(1 / 7))
    assert "easy_from = 7" in found["definition"]


def test_without_one_what_the_organisation_set_holds() -> None:
    services.change_settings(ces_threshold=6)
    assert ask("analyst", unweighted="true")[1]["readings"][0]["value"] == pytest.approx(2 / 7)


def test_weights_count_unless_the_caller_leaves_them_aside() -> None:
    weighted, plain = ask("analyst")[1], ask("analyst", unweighted="true")[1]
    assert "weighted" in weighted["method"]
    assert "weighted" not in plain["method"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("easy", "NAME=VALUE"),
        ("easy_form=6", "easy_from"),
        ("easy_from=six", "is a number"),
    ],
)
def test_a_wrong_setting_is_refused_with_what_is_allowed(given: str, said: str) -> None:
    status, found = ask("analyst", set=given)
    assert (status, found["code"]) == (400, "invalid_input")
    assert said in found["message"]


def test_who_may_not_read_single_answers_sets_nothing_that_tells_customers_apart() -> None:
    assert ask("executive", set="easy_from=7")[0] == 400
    assert ask("executive", key="contact_rate", set="contact_kinds=call.started")[0] == 400
    assert ask("executive", key="churn_rate", set="inactivity_days=181")[0] == 400
    assert ask("executive", key="churn_rate", set="basis=purchase")[0] == 200
    contract = ["formula=contractual", "margin=150", "retention=0.92", "discount=0.1"]
    status, found = ask("executive", key="lifetime_value", set=contract)
    assert (status, round(found["readings"][0]["value"])) == (200, 917)
