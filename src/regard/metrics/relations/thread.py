"""Grain: one thread, such as a case, a call or an invitation to a survey, told by the interaction that began it.

A thread belongs to the source that names it: the same case number from two systems is two cases. An interaction
without a thread is a thread of its own.
"""

from __future__ import annotations

from regard.metrics.relations.relation import Reach, Relation

KEYED = """keyed AS (
    SELECT *, coalesce(source || chr(31) || thread, hex(interaction_id)) AS thread_key FROM source)"""


def first_of(condition: str, rows: str = "keyed") -> str:
    """The first interaction of each thread for which `condition` holds."""
    return f"""(SELECT * FROM {rows} WHERE {condition} QUALIFY row_number() OVER (
        PARTITION BY thread_key ORDER BY occurred_at, interaction_id) = 1)"""


OPENED = "kind = 'case.opened'"
# What happened to a case from its opening on: the last of each.
MARKS = """SELECT opened.thread_key,
        max(mark.occurred_at) FILTER (mark.kind = 'case.reopened') AS reopened_at,
        max(mark.occurred_at) FILTER (mark.kind = 'case.resolved') AS resolved_at,
        max(mark.occurred_at) FILTER (mark.kind = 'case.closed') AS closed_at
    FROM lately AS mark JOIN opened ON opened.thread_key = mark.thread_key AND mark.occurred_at >= opened.occurred_at
    WHERE mark.kind <> 'case.opened' GROUP BY opened.thread_key"""

cases = Relation(
    grain="thread",
    reads=("case.opened", "case.resolved", "case.reopened", "case.closed"),
    needs=(("case.opened",), ("case.resolved", "case.closed")),
    reach=Reach.ALL,
    rows=f"""
        WITH {KEYED},
        lately AS (SELECT * FROM keyed WHERE coalesce(occurred_at >= $since, true)),
        opened AS (
            SELECT began.* FROM {first_of(OPENED, "lately")} AS began ANTI JOIN (
                SELECT thread_key FROM keyed WHERE {OPENED} AND occurred_at < $since) AS before
            ON before.thread_key = began.thread_key),
        marks AS ({MARKS}),
        done AS (
            SELECT opened.*, CASE
                WHEN resolved_at > reopened_at OR (reopened_at IS NULL AND resolved_at IS NOT NULL) THEN resolved_at
                WHEN closed_at > reopened_at OR reopened_at IS NULL THEN closed_at END AS done_at
            FROM opened LEFT JOIN marks ON marks.thread_key = opened.thread_key)
        SELECT *, done_at IS NOT NULL AS ended,
            (epoch_us(coalesce(done_at, $until)) - epoch_us(occurred_at)) / 1000000.0 AS seconds FROM done""",
)

invitations = Relation(
    grain="thread",
    reads=("survey.sent", "survey.answered"),
    needs=(("survey.sent",), ("survey.answered",)),
    reach=Reach.ALL,
    rows=f"""
        WITH {KEYED},
        answered AS (SELECT DISTINCT thread_key FROM keyed WHERE kind = 'survey.answered' AND thread IS NOT NULL)
        SELECT sent.*, answered.thread_key IS NOT NULL AS answered
        FROM {first_of("kind = 'survey.sent'")} AS sent
        LEFT JOIN answered ON answered.thread_key = sent.thread_key""",
)

ASKED = ("case.opened", "message.received", "email.received", "chat.started")
REPLIED = ("message.sent", "email.sent", "case.replied", "chat.answered")

# A case that is resolved without a recorded reply was answered by being resolved.
first_replies = Relation(
    grain="thread",
    reads=(*ASKED, *REPLIED, "case.resolved"),
    needs=(ASKED, REPLIED),
    reach=Reach.ALL,
    rows=f"""
        WITH {KEYED},
        asked AS {first_of("kind in ('case.opened', 'message.received', 'email.received', 'chat.started')")},
        replied AS (
            SELECT keyed.thread_key, min(keyed.occurred_at) AS replied_at
            FROM keyed JOIN asked ON asked.thread_key = keyed.thread_key AND keyed.occurred_at >= asked.occurred_at
            WHERE keyed.kind in ('message.sent', 'email.sent', 'case.replied', 'chat.answered', 'case.resolved')
            GROUP BY keyed.thread_key)
        SELECT asked.*, replied_at IS NOT NULL AS ended,
            (epoch_us(coalesce(replied_at, $until)) - epoch_us(occurred_at)) / 1000000.0 AS seconds
        FROM asked LEFT JOIN replied ON replied.thread_key = asked.thread_key""",
)

offered = Relation(
    grain="thread",
    reads=("call.ended", "call.abandoned", "chat.ended", "chat.abandoned"),
    rows=f"""
        WITH {KEYED}
        SELECT *, bool_or(kind in ('call.abandoned', 'chat.abandoned')) OVER (PARTITION BY thread_key) AS abandoned
        FROM keyed QUALIFY row_number() OVER (PARTITION BY thread_key ORDER BY occurred_at, interaction_id) = 1""",
)

waits = Relation(
    grain="thread",
    reads=("any kind with wait_seconds",),
    filter="wait_seconds is not null",
    rows=f"""
        WITH {KEYED}
        SELECT *, wait_seconds AS seconds, true AS ended FROM keyed
        QUALIFY row_number() OVER (PARTITION BY thread_key ORDER BY occurred_at DESC, interaction_id) = 1""",
)
