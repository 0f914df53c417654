"""Rows to Parquet, through DuckDB: numbers become words, identifiers and times."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from regard.integrations.sample_company.calendar import Calendar
from regard.integrations.sample_company.chunk import Chunk
from regard.integrations.sample_company.company import CURRENCY, LANGUAGES, REGIONS
from regard.integrations.sample_company.people import KINDS
from regard.integrations.sample_company.rows import Column
from regard.integrations.sample_company.truths import ACQUISITION_EUR
from regard.warehouse.literals import text_sql

ADVERTISING = (("search", 0.45), ("social", 0.30), ("radio", 0.15), ("partners", 0.10))

_ROWS = """
select
    'oh-' || $chunk || '-' || number as message_id,
    case when given in (0, 1, 2, 7) then getvariable('user')[person + 1]
         when given in (4, 5) then getvariable('card')[person + 1]
         when given = 6 then getvariable('anonymous')[person + 1] end as customer,
    case when given in (1, 2, 4) then getvariable('email')[person + 1]
         when given = 5 then getvariable('other_email')[person + 1] end as customer_email,
    case when given in (1, 3, 7) then getvariable('phone')[person + 1] end as customer_phone,
    make_timestamptz("at") as occurred_at,
    {words}, {numbers}, getvariable('region')[person + 1] as region,
    case when not isnan(amount) then $currency end as currency,
    'oh-' || $chunk || '-' || nullif(thread, 0) as thread,
    'oh-' || $chunk || '-' || nullif(about, 0) as about,
    true as is_made_up
from columns order by number
"""
_COLUMNS = """message_id, customer, customer_email, customer_phone, occurred_at, kind, channel, touchpoint, metric,
score, text, language, amount, currency, duration_seconds, wait_seconds, unit, agent, thread, about, region, carrier,
promised_on, days_late, product_category, plan, trial, form, topic, is_made_up"""
_WORDS = ("kind", "channel", "touchpoint", "metric", "text", "language", "unit", "agent", "carrier",
          "promised_on", "product_category", "plan", "trial", "form", "topic")  # fmt: skip


class Writer:
    """Writes one file of interactions and one of people for each chunk."""

    def __init__(self, out: Path, calendar: Calendar) -> None:
        import duckdb

        self._out, self._calendar = out, calendar
        self._connection = duckdb.connect()
        self._connection.execute("set timezone = 'UTC'")
        self.interactions: list[Path] = []
        self.people: list[Path] = []
        self.n_rows = 0

    def write_chunk(self, number: int, chunk: Chunk) -> None:
        """Write the rows and the people of one chunk."""
        columns = chunk.rows.columns()
        columns["number"] = np.arange(len(columns["at"]))
        region = [REGIONS[place].key for place in chunk.people.region.tolist()]
        for name, values in {**chunk.people.identifiers(), "region": region}.items():
            self._connection.execute(f"set variable {name} = $1", [values])
        self._connection.execute("set variable words = $1", [chunk.rows.dictionary.words])
        self._connection.register("columns", columns)
        words = ", ".join(f'getvariable(\'words\')["{name}"] as "{name}"' for name in _WORDS)
        numbers = ", ".join(
            f"case when not isnan({name}) then {name} end as {name}"
            for name in ("score", "duration_seconds", "wait_seconds")
        )
        numbers += ", case when not isnan(amount) then amount::decimal(12, 2) end as amount"
        numbers += ", case when not isnan(days_late) then days_late::smallint end as days_late"
        query = _ROWS.format(words=words, numbers=numbers)
        query = query.replace("$chunk", f"'{number}'").replace("$currency", f"'{CURRENCY}'")
        path = self._out / "interactions" / f"part-{number:04d}.parquet"
        self._copy(f"select {_COLUMNS} from ({query})", path)
        self.interactions.append(path)
        self.n_rows += len(columns["at"])
        self._connection.unregister("columns")
        self._write_people(number, chunk)

    def _write_people(self, number: int, chunk: Chunk) -> None:
        """Write who is who: all identifiers under which each person appears."""
        people = chunk.people
        table: dict[str, Column] = {
            "place": np.arange(people.n), "region": people.region, "language": people.language, "kind": people.kind,
            "joined": np.floor(people.joined).astype(np.int64), "shares_phone": people.shares_phone,
        }  # fmt: skip
        self._connection.register("people", table)
        lists = {
            "regions": [each.key for each in REGIONS],
            "languages": list(LANGUAGES),
            "kinds": list(KINDS),
        }
        for name, values in lists.items():
            self._connection.execute(f"set variable {name} = $1", [values])
        path = self._out / "people" / f"part-{number:04d}.parquet"
        self._copy(
            f"""select {people.first_number} + place as person, getvariable('user')[place + 1] as customer,
            getvariable('email')[place + 1] as email, getvariable('phone')[place + 1] as phone,
            case when kind in (1, 2) then getvariable('card')[place + 1] end as second_customer,
            case when kind = 2 then getvariable('other_email')[place + 1] end as second_email,
            case when kind = 3 then getvariable('anonymous')[place + 1] end as anonymous,
            getvariable('kinds')[kind + 1] as kind, shares_phone, getvariable('regions')[region + 1] as region,
            getvariable('languages')[language + 1] as language,
            date '{self._calendar.start.isoformat()}' + joined::integer as joined_on from people order by place""",
            path,
        )
        self.people.append(path)

    def write_costs(self, won: NDArray[np.int64]) -> None:
        """Write the month's advertising: so many euros per person won in it, on the last day of the month."""
        calendar = self._calendar
        last_days = [int(np.flatnonzero(calendar.month == month)[-1]) for month in range(1, 25)]
        at = calendar.utc(np.array(last_days) + 0.5)
        rows = [
            (f"oh-cost-{month + 1}-{way}", int(at[month]), way, -round(int(won[month]) * share * ACQUISITION_EUR[month // 12], 2))
            for month in range(24) for way, share in ADVERTISING
        ]  # fmt: skip
        self._connection.execute(
            'create or replace table costs (message_id text, "at" bigint, way text, amount double)'
        )
        self._connection.executemany("insert into costs values (?, ?, ?, ?)", rows)
        path = self._out / "interactions" / "costs.parquet"
        known = {
            "message_id": "message_id", "customer": "'advertising'", "occurred_at": 'make_timestamptz("at")',
            "kind": "'cost.recorded'", "channel": "way", "touchpoint": "'acquisition'",
            "amount": "amount::decimal(12, 2)", "currency": f"'{CURRENCY}'", "is_made_up": "true",
        }  # fmt: skip
        like = self.interactions[0]
        columns = ", ".join(
            f"{known.get(name, 'null')} as {name}" for name in _COLUMNS.replace("\n", " ").split(", ")
        )
        self._copy(
            f"""select * from read_parquet({text_sql(like)}) where false
            union all by name (select {columns} from costs order by "at", message_id)""",
            path,
        )
        self.interactions.append(path)
        self.n_rows += len(rows)

    def _copy(self, query: str, path: Path) -> None:
        self._connection.execute(f"copy ({query}) to {text_sql(path)} (format parquet, compression zstd)")
