"""A small log drawn by a formula: enough answers, orders and words for every part of a home."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from regard.warehouse.engines import duckdb
from regard.warehouse.log import Log
from regard.warehouse.schema.interactions import INTERACTIONS

ASKED = ("nps", "csat", "ces")
# Answers: one every twenty minutes over `days` days; phone support is poor, the last 90 days are a little worse.
ANSWERS = """
SELECT {columns} FROM (
    SELECT
        unhex(md5('{source}' || chr(31) || i)) AS interaction_id,
        (hash(i) % 4000)::BIGINT AS identity_id,
        '{source}' AS source,
        TIMESTAMPTZ '{end}' - INTERVAL 20 MINUTE * i AS occurred_at,
        TIMESTAMPTZ '{end}' - INTERVAL 20 MINUTE * i AS received_at,
        'survey.answered' AS kind,
        ['web', 'app', 'phone', 'store', 'email'][1 + (hash(i, 1) % 5)::INT] AS channel,
        ['checkout', 'delivery', 'support', 'invoice'][1 + (hash(i, 2) % 4)::INT] AS touchpoint,
        {questions}[1 + (hash(i, 3) % 3)::INT] AS metric,
        (hash(i, 4) % 1000) / 1000.0 - CASE WHEN (hash(i, 1) % 5) = 2 AND (hash(i, 2) % 4) = 2 THEN 0.45 ELSE 0 END
            - CASE WHEN i < 90 * 72 THEN 0.06 ELSE 0 END + 0.35 AS mood,
        CASE WHEN hash(i, 5) % 40 = 0 THEN ['The parcel came late and nobody told me.', 'Όλα λύθηκαν σε δύο λεπτά.',
            'Faktura jest zupełnie niezrozumiała.', 'Всё быстро и вежливо.', 'Շատ գոհ եմ սպասարկումից։'][1 + (hash(i, 6) % 5)::INT] END AS text,
        CASE WHEN hash(i, 5) % 40 = 0 THEN ['en', 'el', 'pl', 'ru', 'hy'][1 + (hash(i, 6) % 5)::INT] END AS language,
        ['north', 'south', 'shop-1', 'shop-2', 'centre'][1 + (hash(i, 7) % 5)::INT] AS unit,
        'agent ' || (hash(i, 8) % 6) AS agent
    FROM range({n}) AS t(i)
)
"""
SCORE = {
    "score": """CASE metric WHEN 'nps' THEN least(greatest(round(mood * 10), 0), 10)
    WHEN 'csat' THEN least(greatest(round(mood * 5), 1), 5) WHEN 'overall' THEN least(greatest(round(mood * 5), 1), 5) ELSE least(greatest(round(mood * 7), 1), 7) END"""
}


def draw_log(
    url: str,
    *,
    end: datetime,
    days: int = 200,
    n: int | None = None,
    source: str = "drawn",
    questions: Sequence[str] = ASKED,
) -> Log:
    """A log of answers to three questions that ends at `end`, written through the log's own append."""
    log = Log.open(url)
    given = "interaction_id identity_id source occurred_at received_at kind channel touchpoint metric text language unit agent"
    columns = ", ".join(
        SCORE.get(column.name, column.name if column.name in given.split() else f"NULL::{column.type}")
        + f" AS {column.name}"
        for column in INTERACTIONS.columns
        if column.name != "month"
    )
    n = days * 72 if n is None else n
    sql = ANSWERS.format(columns=columns, source=source, end=end.isoformat(), n=n, questions=list(questions))
    connection = duckdb.connect(log)
    try:
        log.append(connection, sql, consumer="drawn", epoch=source, position=1)
    finally:
        connection.close()
    return log
