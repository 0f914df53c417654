"""Finds every planted truth again in the files, by plain SQL that an analyst could have written."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True)
class Measured:
    """A planted number as the files show it, with its standard error (clustered by customer) and what it rests on."""

    value: float
    standard_error: float
    n: int


_NPS = "case when score >= 9 then 100 when score <= 6 then -100 else 0 end"
_SATISFIED = "(score >= 4)::int"
_OVER_BY = "promised_on::date < $until - 20"
_DECEMBER = "month(occurred_at) = 12"


def _late(region: str, more: str = "true") -> str:
    return f"""select customer, (days_late > 0)::int as y, 1 as x from interactions join homes using (customer)
    where kind = 'order.delivered' and home = '{region}' and {more} and {_OVER_BY}"""


def _nps(more: str) -> str:
    return f"select customer, {_NPS} as y, 1 as x from interactions where kind = 'survey.answered' and metric = 'nps' and {more}"


def _call_csat(more: str) -> str:
    return f"""select a.customer, (a.score >= 4)::int as y, 1 as x from interactions a
    join interactions c on c.thread = a.about and c.kind = 'call.started'
    where a.kind = 'survey.answered' and a.metric = 'csat' and {more}"""


def _csat(more: str) -> str:
    return f"""select customer, {_SATISFIED} as y, 1 as x from interactions
    where kind = 'survey.answered' and metric = 'csat' and {more}"""


def _abandoned(more: str) -> str:
    return f"""select coalesce(customer, customer_phone) as customer, (kind = 'call.abandoned')::int as y, 1 as x
    from interactions where kind in ('call.abandoned', 'call.started') and {more}"""


def _call_after(more: str) -> str:
    return f"""select d.customer, (d.thread in (select about from interactions where kind = 'call.queued'))::int as y, 1 as x
    from interactions d where d.kind = 'order.delivered' and {_OVER_BY} and {more}"""


def _again(more: str) -> str:
    return f"""with orders as (
        select customer, thread, occurred_at::date as day, lead(occurred_at::date) over (partition by customer order by occurred_at) as next
        from interactions where kind = 'order.placed' and customer in (select customer from people where second_customer is null)
    ) select o.customer, coalesce(o.next - o.day <= 90, false)::int as y, 1 as x
    from interactions a join orders o on o.thread = a.about
    where a.kind = 'survey.answered' and a.metric = 'nps' and {more} and o.day < $until - 91"""


def _form(form: str, channel: str = "channel") -> str:
    return f"""select customer, (kind = 'form.abandoned')::int as y, (kind = 'form.started')::int as x
    from interactions where form = '{form}' and channel = {channel}"""


def _easy(channel: str) -> str:
    return f"""select customer, (score >= 5)::int as y, 1 as x from interactions
    where kind = 'survey.answered' and metric = 'ces' and channel = '{channel}'"""


def _answered(channel: str) -> str:
    return f"""select s.customer, (a.thread is not null)::int as y, 1 as x from interactions s
    left join interactions a on a.thread = s.thread and a.kind = 'survey.answered'
    where s.kind = 'survey.sent' and s.touchpoint = 'delivery' and s.channel = '{channel}'
    and s.occurred_at < $until - 6"""


def _churn(plan: str) -> str:
    return f"""select customer, (kind = 'subscription.ended')::int as y, 1 as x from interactions
    where kind in ('subscription.ended', 'subscription.renewed') and trial = 'false' and plan = '{plan}'"""


RATIOS = {
    "nps_on_time": _nps("days_late <= 0"),
    "nps_late": _nps("days_late > 0"),
    "late_share_north_before": _late("north", "carrier = 'Rodopi Parcel'"),
    "late_share_north_after": _late("north", "carrier = 'Boreas Express'"),
    **{f"late_share_{region}": _late(region) for region in ("attica", "islands", "poland", "armenia")},
    "csat_short_wait": _call_csat("c.wait_seconds <= 300 and c.agent <> 'iro.kastri'"),
    "csat_long_wait": _call_csat("c.wait_seconds > 300 and c.agent <> 'iro.kastri'"),
    "csat_excelling_agent": _call_csat("c.agent = 'iro.kastri'"),
    "csat_chat": _csat("channel = 'chat'"),
    "csat_shops": _csat("touchpoint = 'shop' and unit <> 'shop-larissa'"),
    "csat_larissa": _csat("unit = 'shop-larissa'"),
    "abandoned_calls": _abandoned(f"not {_DECEMBER}"),
    "abandoned_calls_december": _abandoned(_DECEMBER),
    "call_after_on_time": _call_after("days_late <= 0"),
    "call_after_late": _call_after("days_late > 0"),
    "called_again": """select coalesce(c.customer, c.customer_phone) as customer, (c.thread in (select about from
        interactions where kind = 'call.queued'))::int as y, 1 as x from interactions c
        where c.kind = 'call.queued' and c.about is null and c.occurred_at < $until - 8""",
    "case_share": """select coalesce(customer, customer_phone) as customer, (thread in (select about from interactions
        where kind = 'case.opened'))::int as y, 1 as x from interactions where kind = 'call.ended'""",
    "case_reopened": """select r.customer, (r.thread in (select thread from interactions where kind = 'case.reopened'))::int as y,
        1 as x from interactions r where kind = 'case.resolved'
        and occurred_at < $until - 6 qualify row_number() over (partition by thread order by occurred_at) = 1""",
    "again_promoter": _again("a.score >= 9"),
    "again_passive": _again("a.score in (7, 8)"),
    "again_detractor": _again("a.score <= 6"),
    "form_delivery_slot_web": _form("delivery_slot", "'web'"),
    "form_delivery_slot_app": _form("delivery_slot", "'app'"),
    "form_warranty": _form("warranty"),
    "visits_in_december": """with visits as (
            select customer, min(occurred_at) as at_ from interactions
            where channel in ('web', 'app') and kind not in ('survey.answered', 'survey.sent')
            group by customer, thread having count(*) filter (where kind in ('checkout.started', 'order.placed')) = 0
            and count(*) filter (where kind = 'page.viewed') > 0
        ), placed as (select customer, month(at_) as month, year(at_) - (month(at_) = 1)::int as winter from visits
            where month(at_) in (11, 12, 1))
        select customer, case when month = 12 then 1 / 31 else 0 end as y, case when month <> 12 then 1 / 61 else 0 end as x
        from placed where make_date(winter, 11, 1) >= $until - interval 2 year
        and make_date(winter + 1, 2, 1) <= $until""",
    "ces_easy_web": _easy("web"),
    "ces_easy_app": _easy("app"),
    "answered_email": _answered("email"),
    "answered_sms": _answered("sms"),
    "trial_converted": """select customer, (thread in (select thread from interactions where kind = 'subscription.started'
        and trial = 'false'))::int as y, 1 as x from interactions
        where kind = 'subscription.started' and trial = 'true' and occurred_at < $until - 32""",
    **{f"churn_{plan}": _churn(plan) for plan in ("seedling", "orchard", "estate")},
}  # fmt: skip

MEDIANS = {
    "wait_median": f"select wait_seconds as value from interactions where kind = 'call.started' and not {_DECEMBER}",
    "wait_median_december": f"select wait_seconds as value from interactions where kind = 'call.started' and {_DECEMBER}",
    "handle_median": "select duration_seconds as value from interactions where kind = 'call.ended'",
    "case_median_hours": """select coalesce(date_diff('second', o.occurred_at, r.first_resolved) / 3600, 1e9) as value
        from interactions o left join (select thread, min(occurred_at) as first_resolved from interactions
        where kind = 'case.resolved' group by thread) r using (thread)
        where o.kind = 'case.opened' and o.occurred_at < $until - 40""",
}


def measure(folder: Path, until: str) -> dict[str, Measured]:
    """Every planted truth as the files in `folder` show it, under the truth's key.

    Args:
        folder: what `generate` wrote into.
        until: the day before which the two years end, as 2026-11-22.
    """
    import duckdb

    connection = duckdb.connect()
    connection.execute("set timezone = 'UTC'")
    connection.execute(
        f"create view interactions as select * from read_parquet('{folder}/interactions/*.parquet')"
    )
    connection.execute(f"create view people as select * from read_parquet('{folder}/people/*.parquet')")
    connection.execute("create view homes as select customer, region as home from people")
    day = f"date '{until}'"
    found = {key: _ratio(connection, sql.replace("$until", day)) for key, sql in RATIOS.items()}
    found |= {key: _median(connection, sql.replace("$until", day)) for key, sql in MEDIANS.items()}
    on_time, late = found["nps_on_time"], found["nps_late"]
    error = sqrt(on_time.standard_error**2 + late.standard_error**2)
    found["nps_lost_to_lateness"] = Measured(late.value - on_time.value, error, on_time.n + late.n)
    return found | {f"acquisition_year_{year}": _acquisition(connection, day, year) for year in (1, 2)}


def _ratio(connection: duckdb.DuckDBPyConnection, sql: str) -> Measured:
    """Sum of y over sum of x; the error by linearisation over customers."""
    y, x, yy, xx, xy, customers, n = _one(
        connection,
        f"""select sum(y), sum(x), sum(y * y), sum(x * x), sum(x * y), count(*), sum(n) from (
        select customer, sum(y)::double as y, sum(x)::double as x, count(*) as n from ({sql}) group by customer)""",
    )
    value = y / x
    squares = yy - 2 * value * xy + value**2 * xx
    return Measured(value, sqrt(max(squares, 0.0) * customers / max(customers - 1, 1)) / x, int(n))


def _median(connection: duckdb.DuckDBPyConnection, sql: str) -> Measured:
    """The median; the error from the values half a standard error of the rank to either side."""
    n = int(_one(connection, f"select count(*) from ({sql})")[0])
    step = 0.5 / sqrt(n)
    low, middle, high = _one(
        connection, f"select unnest(quantile_cont(value, [{0.5 - step}, 0.5, {0.5 + step}])) from ({sql})"
    )
    return Measured(middle, (high - low) / 2, n)


def _acquisition(connection: duckdb.DuckDBPyConnection, until: str, year: int) -> Measured:
    """Advertising money of a year for each person who first bought or paid for a plan in it; exact to the cent."""
    start = f"({until} - interval {3 - year} year)"
    money, won = _one(
        connection,
        f"""with firsts as (
            select coalesce(p.customer, i.customer) as person, min(i.occurred_at) as won_at
            from interactions i left join people p on i.customer = p.second_customer
            where i.kind = 'order.placed' or i.kind = 'subscription.started' and i.trial = 'false' group by 1)
        select (select -sum(amount) from interactions where kind = 'cost.recorded'
            and occurred_at between {start} and {start} + interval 1 year),
            (select count(*) from firsts where won_at >= {start} and won_at < {start} + interval 1 year)""",
    )
    return Measured(float(money) / won, 0.0, int(won))


def _one(connection: duckdb.DuckDBPyConnection, sql: str) -> list[float]:
    """The numbers of an answer: its only row, or its only column."""
    rows = connection.execute(sql).fetchall()
    return [float(value) for row in rows for value in row]
