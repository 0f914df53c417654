from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

import duckdb

from regard.warehouse.engines.remembering import Remembering


def test_a_question_is_asked_once_and_a_setting_takes_hold_at_once() -> None:
    known: dict[Hashable, Any] = {}

    def remember(key: Hashable, ask: Callable[[], Any]) -> Any:
        return known.setdefault(key, ask()) if key not in known else known[key]

    with duckdb.connect() as connection:
        engine = Remembering(connection, remember)
        engine.execute("CREATE TABLE rows AS SELECT 1 AS a")
        assert engine.execute("SELECT a FROM rows").fetchone() == (1,)
        connection.execute("UPDATE rows SET a = 2")
        assert engine.execute("SELECT a FROM rows").fetchall() == [(1,)]
        assert engine.execute("SELECT a FROM rows").fetchnumpy()["a"].tolist() == [2]
        assert engine.execute("SELECT a FROM rows WHERE a = 9").fetchone() is None
        engine.execute("SET TimeZone = 'UTC'")
        assert engine.execute("SELECT a FROM rows").fetchall() == [(2,)]
