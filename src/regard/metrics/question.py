"""The one query of a question: rows of the metric's relation, reduced per group, period and customer to sums."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from regard.kernel.periods import Period
from regard.metrics.dimensions import Condition, Dimension
from regard.metrics.joins import joins_sql
from regard.metrics.log import Log
from regard.metrics.metric import Metric
from regard.metrics.pieces import WHOLE, Cut
from regard.metrics.relations.relation import Reach
from regard.metrics.settings import Value
from regard.metrics.templates import fill, literal

if TYPE_CHECKING:
    from regard.warehouse.counts import Reads

# Someone of two accounts stands there twice; one row of a relation is told by these.
ONCE = "(SELECT DISTINCT ON (interaction_id, piece, currency) * FROM kept)"

Group = tuple[str | None, ...]

# Where a waiting time counts: usually in its own group and in the total alike.
EVERYWHERE, CELLS_ONLY, TOTAL_ONLY = 2, 0, 1


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, everything checked.

    Args:
        period: where readings begin and end; None for all that there is.
        until: the moment of looking: nothing later is read, and what is open then is censored.
        cut: how the period is cut; None for the whole only.
        currency: the one currency that is read; "" for all.
        apart: the column by which figures are kept apart, the currency of amounts; "" where all go together.
        source: the key of the one source that is read; "" for all.
        weeks: where figures are made of whole weeks; None where they are not.
    """

    metric: Metric
    log: Log
    by: tuple[Dimension, ...]
    cut: Cut | None
    period: Period | None
    until: datetime
    where: Condition
    units: tuple[str, ...] | None
    values: dict[str, Value]
    unweighted: bool = False
    currency: str = ""
    apart: str = ""
    source: str = ""
    weeks: Cut | None = None

    @property
    def groups(self) -> tuple[str, ...]:
        """The names of the group columns in the query."""
        return tuple(f"g{number}" for number in range(len(self.by)))

    @property
    def is_kept(self) -> bool:
        """Whether the answer may be kept on disk: no free condition, and no group named by what customers are or wrote."""
        return not self.where.text and all(dimension.is_listed for dimension in self.by)

    @property
    def reads(self) -> Reads:
        """The months that are read, and the tables beside the log that the answer depends on."""
        from regard.warehouse.counts import EARLIEST, LATEST, Reads

        is_open = self.period is None or self.metric.relation.reach is Reach.ALL
        first = EARLIEST if is_open or self.period is None else _month(self.period.start)
        last = _month(self.until) if self._must_end() else LATEST
        return Reads(first, last, ("identities",) if self.log.view == "interactions" else ())

    def sums_sql(self) -> str:
        """One row for each group and piece, and the total: customers, observations and sums."""
        names = ["n", "x", "y", *self.extra]
        # The first and last instants are only needed where no period and no pieces say them.
        first, last = ("min(occurred_us)", "max(occurred_us)") if self._is_open else ("NULL::BIGINT",) * 2
        if self._stands_alone and self._is_open:
            first = last = "occurred_us"
        counts = ", ".join(f"{self._count(name)} AS c_{name}" for name in names)
        sums = ", ".join(f"sum(c_{name})::DOUBLE AS {name}" for name in names)
        weights = "0" if not self._is_weighted else "count(weight)"
        measures = f"{counts}, {weights} AS nw, {first} AS first_us, {last} AS last_us"
        return f"""
            {self._kept_sql()}, cells AS ({self._grouped(measures)})
            SELECT {self._select_groups()} piece, is_total, count(*) FILTER (WHERE c_x <> 0)::DOUBLE AS m, {sums},
                sum(c_x::DOUBLE * c_x) AS xx, sum(c_y::DOUBLE * c_y) AS yy, sum(c_x::DOUBLE * c_y) AS xy,
                sum(nw)::DOUBLE AS nw, min(first_us) AS first_us, max(last_us) AS last_us
            FROM cells WHERE true {self._span_condition()}
            GROUP BY ALL ORDER BY ALL"""

    def waits_sql(self) -> str:
        """One row for each waiting time: group, piece, customer, seconds, whether it ended, and where it counts."""
        own = f"{self._select_groups()} piece, customer_id, seconds, ended"
        rows = f"SELECT {own}, {EVERYWHERE} AS serves, occurred_us FROM kept"
        if self._by_account:
            # Someone of two accounts waits in both groups, and once in the total.
            blank = ", ".join(f"NULL AS {name}" for name in self.groups)
            rows = (
                f"SELECT {own}, {CELLS_ONLY} AS serves, occurred_us FROM kept UNION ALL "
                f"SELECT {blank}, piece, customer_id, seconds, ended, {TOTAL_ONLY} AS serves, occurred_us "
                f"FROM {ONCE}"
            )
        return f"""
            {self._kept_sql()}
            SELECT {own}, serves, count(*) AS n, min(occurred_us) AS first_us, max(occurred_us) AS last_us
            FROM ({rows}) WHERE seconds >= 0 GROUP BY ALL"""

    def values_sql(self) -> str:
        """How many customers of each group, and of all, add the same above and below the line; pieces are not told."""
        counts = ", ".join(f"{self._count(name)} AS c_{name}" for name in ("x", "y"))
        return f"""
            {self._kept_sql()}, cells AS ({self._grouped(counts)})
            SELECT {self._select_groups()} is_total, c_x::DOUBLE AS x, c_y::DOUBLE AS y, count(*) AS many
            FROM cells WHERE c_x <> 0 OR c_y <> 0 GROUP BY ALL ORDER BY ALL"""

    @property
    def extra(self) -> tuple[str, ...]:
        """Further counts of the metric."""
        return tuple(name for name in self.metric.counts if name not in ("n", "x", "y"))

    @property
    def _is_weighted(self) -> bool:
        return self.metric.weighted and self.log.has_weights and not self.unweighted

    @property
    def _is_open(self) -> bool:
        return self.period is None and self.cut is None

    def _count(self, name: str) -> str:
        """One of the metric's counts; where nothing is weighted a total of weights is a number of rows."""
        count = fill(self.metric.counts[name], **self.values)
        if self.metric.relation.alone:
            return count if self._stands_alone else f"max({count})"
        return count if self._is_weighted else count.replace("sum(w)", "count(*)")

    def _select_groups(self) -> str:
        parts = [*self.groups, *([self.apart] if self.apart else [])]
        return "".join(f"{name}, " for name in parts)

    def _kept_sql(self) -> str:
        """The WITH clause that ends in `kept`: the relation's rows with their groups, piece and weight."""
        relation = self.metric.relation
        rows = fill(relation.rows, **self._literals()) if relation.rows else "SELECT * FROM source"
        pieces = f"{self._pieces_sql()}, " if relation.spans else ""
        # A filter on accounts meets a customer of two accounts twice, where groups do not tell them apart.
        once = (
            ""
            if self._by_account or not self.where.has_account
            else "DISTINCT ON (interaction_id, piece, currency)"
        )
        return f"""
            WITH {pieces}source AS {"NOT MATERIALIZED" if not relation.rows else ""} ({self._source_sql()}),
            found AS NOT MATERIALIZED ({rows}),
            kept AS NOT MATERIALIZED (
                SELECT {once} entry.*, {self._weight()} AS w, {self._group_columns()}
                    {"" if relation.spans else f"{self._piece()} AS piece,"} entry.occurred_us AS placed_us
                FROM (SELECT *, epoch_us(occurred_at) AS occurred_us FROM found) AS entry {self._joins()}
                WHERE {self._conditions()})"""

    @property
    def _stands_alone(self) -> bool:
        """Whether each row is the only one of its customer, piece and currency, so that nothing need be grouped by them."""
        return self.metric.relation.alone and not self._by_account and not self.where.has_account

    def _source_sql(self) -> str:
        relation = self.metric.relation
        condition = fill(relation.filter, **self._literals())
        customer = (
            "" if self.log.customer_sql == "customer_id" else f", {self.log.customer_sql} AS customer_id"
        )
        star = "* EXCLUDE (customer_id)" if customer and self.log.customer == "customer_id" else "*"
        times = [f"occurred_at <= {literal(self.until)}"] if self._must_end() else []
        if self.period is not None and relation.reach is not Reach.ALL:
            times.append(f"occurred_at >= {literal(self.period.start)}")
            if self.log.has_months:
                times.append(f"month >= '{_month(self.period.start)}'")
        if self.log.has_months and times:
            times.append(f"month <= '{_month(self.until)}'")
        conditions = " AND ".join([f"({condition})", *times])
        return f"SELECT {star}{customer} FROM {self.log.view} WHERE {conditions}"

    def _must_end(self) -> bool:
        """Reading a plain metric over everything needs no comparison of times at all."""
        return self.period is not None or self.metric.relation.reach is not Reach.PERIOD

    def _literals(self) -> dict[str, Value]:
        since = self.period.start if self.period else None
        return {"kinds": self.metric.reads, "until": self.until, "since": since, **self.values}

    def _weight(self) -> str:
        return "coalesce(entry.weight, 1.0)" if self._is_weighted else "1"

    def _group_columns(self) -> str:
        return "".join(
            f"{dimension.column} AS {name}, " for name, dimension in zip(self.groups, self.by, strict=True)
        )

    def _piece(self) -> str:
        if self.cut is None:
            return f"{WHOLE}"
        if self.weeks is None:
            return self.cut.index_sql("entry.occurred", self.until)
        return self.cut.index_of_week_sql(self.weeks.index_sql("entry.occurred", self.until))

    def _pieces_sql(self) -> str:
        """The table of pieces for relations that look at customers at the start and the end of each."""
        assert self.period is not None
        rows = [(WHOLE, self.period), *(self.cut.pieces(self.period) if self.cut else ())]
        values = ", ".join(f"({i}, {literal(piece.start)}, {literal(piece.end)})" for i, piece in rows)
        return f"pieces AS (SELECT * FROM (VALUES {values}) AS v (piece, starts, ends))"

    def _joins(self) -> str:
        wanted = [*(dimension.trait for dimension in self.by if dimension.trait), *self.where.traits]
        return joins_sql(wanted, has_account=self._by_account or self.where.has_account)

    @property
    def _by_account(self) -> bool:
        return any(dimension.is_account for dimension in self.by)

    def _conditions(self) -> str:
        found = ["true"]
        if self.period is not None and not self.metric.relation.spans:
            found.append(f"entry.occurred_at >= {literal(self.period.start)}")
            found.append(f"entry.occurred_at < {literal(self.period.end)}")
        if self.metric.relation.settled:
            seconds = fill(self.metric.relation.settled, **self._literals())
            found.append(f"entry.occurred_us <= {_us(self.until)} - ({seconds}) * 1000000")
        if self.where.text:
            found.append(f"({self.where.text})")
        if self.units is not None:
            found.append(fill("entry.unit in ($units)", units=self.units))
        if self.source:
            found.append(fill("entry.source = $source", source=self.source))
        if self.currency:
            found.append(fill("entry.currency = $currency", currency=self.currency))
        return " AND ".join(found)

    def _grouped(self, measures: str) -> str:
        """The counts per group, piece and customer, and once more per customer for the total."""
        apart = [self.apart] if self.apart else []
        keys = [*self.groups, *apart, "piece", "customer_id"]
        over_all = [*apart, *(["piece"] if self.metric.relation.spans else []), "customer_id"]
        if self._stands_alone:
            return self._each(keys, over_all, measures)
        if not self.groups and self.cut is None:
            return f"SELECT {', '.join(keys)}, 1 AS is_total, {measures} FROM kept GROUP BY {', '.join(keys)}"
        if self._by_account:
            return self._grouped_by_account(keys, over_all, measures)
        mark = self.groups[0] if self.groups else "piece"
        if self.metric.relation.spans and not self.groups:
            return f"SELECT {', '.join(keys)}, (piece = {WHOLE})::INT AS is_total, {measures} FROM kept GROUP BY {', '.join(keys)}, piece"
        return (
            f"SELECT {', '.join(keys)}, grouping({mark}) AS is_total, {measures} FROM kept "
            f"GROUP BY GROUPING SETS (({', '.join(keys)}), ({', '.join(over_all)}))"
        )

    def _each(self, keys: Sequence[str], over_all: Sequence[str], measures: str) -> str:
        """The counts of rows that are each the only one of their customer, and once more for the total."""
        rows = f"SELECT {', '.join(keys)}, {{is_total}} AS is_total, {measures} FROM kept"
        if not self.groups and (self.cut is None or self.metric.relation.spans):
            return rows.format(is_total=f"(piece = {WHOLE})::INT" if self.metric.relation.spans else "1")
        blank = ", ".join(key if key in over_all else f"NULL AS {key}" for key in keys)
        return f"{rows.format(is_total='0')} UNION ALL SELECT {blank}, 1 AS is_total, {measures} FROM kept"

    def _grouped_by_account(self, keys: Sequence[str], over_all: Sequence[str], measures: str) -> str:
        """Someone of two accounts counts in both groups, and once in the total."""
        blank = ", ".join(key if key in over_all else f"NULL AS {key}" for key in keys)
        return (
            f"SELECT {', '.join(keys)}, 0 AS is_total, {measures} FROM kept GROUP BY {', '.join(keys)} "
            f"UNION ALL SELECT {blank}, 1 AS is_total, {measures} FROM {ONCE} GROUP BY {', '.join(over_all)}"
        )

    def _span_condition(self) -> str:
        if not self.metric.relation.spans or self.cut is None:
            return ""
        return f"AND (is_total = 1) = (piece = {WHOLE})"


def _month(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m}"


def _us(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
