"""Settings read without Django are those that Django would read."""

from __future__ import annotations

import sqlite3
from dataclasses import asdict
from pathlib import Path

import pytest
from django.db import connection

from regard.apps.organisation import services
from regard.apps.organisation.models import OrganisationSetting
from regard.apps.organisation.queries import Settings, get_settings
from regard.apps.organisation.stored import QUESTION, StoredSettings, read_stored_settings

TOLD = ("zone", "currency", "ces_threshold")


@pytest.mark.django_db
def test_the_question_asks_the_table_of_the_settings_for_what_django_reads() -> None:
    services.change_settings(zone="Asia/Yerevan", currency="AMD", ces_threshold=6)
    with connection.cursor() as cursor:
        cursor.execute(QUESTION)
        assert StoredSettings(*cursor.fetchone()) == StoredSettings(
            *(getattr(get_settings(), n) for n in TOLD)
        )


def test_what_nobody_set_is_the_same_on_both_ways() -> None:
    assert asdict(StoredSettings()) == {name: getattr(Settings(), name) for name in TOLD}


def test_a_store_on_disk_is_read_whatever_its_folder_is_called(tmp_path: Path) -> None:
    folder = tmp_path / "50% off? #1"
    folder.mkdir()
    store = folder / "regard.sqlite3"
    with sqlite3.connect(store) as made:
        made.execute(
            f"CREATE TABLE {OrganisationSetting._meta.db_table} (id, zone, currency, ces_threshold, stages)"
        )
        made.execute(
            f"INSERT INTO {OrganisationSetting._meta.db_table} VALUES (1, 'Europe/Warsaw', 'PLN', 6, '[]')"
        )
    made.close()
    assert read_stored_settings(store) == StoredSettings("Europe/Warsaw", "PLN", 6)


def test_without_a_store_or_with_an_empty_one_the_usual_settings_hold(tmp_path: Path) -> None:
    assert read_stored_settings(tmp_path / "none.sqlite3") == StoredSettings()
    sqlite3.connect(tmp_path / "empty.sqlite3").close()
    (tmp_path / "empty.sqlite3").touch()
    assert read_stored_settings(tmp_path / "empty.sqlite3") == StoredSettings()
