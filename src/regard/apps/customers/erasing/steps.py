"""The steps of an erasure, in order. Each may be cut short at any point and done again; what it found is noted once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import duckdb
from django.db import transaction

from regard.apps.customers.erasing import people
from regard.apps.customers.erasing.refusing import PERIOD, Rules
from regard.apps.customers.holders import HOLDERS, Scope
from regard.apps.customers.models import Erased, Erasure
from regard.apps.journal import erasing as journal
from regard.apps.journal.errands import Turn
from regard.apps.journal.queries import last_seq
from regard.warehouse.engines.duckdb import connect
from regard.warehouse.log import Log

CUSTOMER, IDENTIFIER, REPEATED = "customer", "identifier", "repeated"  # Kinds beside PERIOD.
# Readers may hold a list of the log's files for half an hour; after that the old ones go.
CLEAN_AFTER = timedelta(minutes=31)
MONTH = "%Y-%m"

IS_DONE = True
GOES_ON = False


@dataclass(frozen=True, slots=True)
class Work:
    """One erasure and what it works with."""

    erasure: Erasure
    turn: Turn

    @property
    def scope(self) -> Scope:
        """What is to be erased."""
        row = self.erasure
        return Scope(tuple(row.identities), row.starts_at, row.ends_at)

    def rules(self) -> Rules:
        """Which items of the journal are to go."""
        row = self.erasure
        if row.kind == PERIOD:
            assert row.starts_at
            assert row.ends_at
            return Rules(frozenset(), ((row.starts_at, row.ends_at),))
        chosen = Erased.objects.all() if row.kind == REPEATED else Erased.objects.filter(erasure=row)
        return Rules(frozenset(bytes(digest) for digest in chosen.values_list("digest", flat=True)))

    def note(self, **found: int) -> None:
        """Add to what was found, in the caller's transaction."""
        for place, n in found.items():
            self.erasure.found[place] = self.erasure.found.get(place, 0) + n
        self.erasure.save(update_fields=["found"])


def erase_rows(work: Work) -> bool:
    """Name the identities, keep their hashes and delete their rows here: from now on they are refused."""
    row = work.erasure
    if row.highest:
        return IS_DONE  # Done before a crash; who they were can no longer be looked up.
    with transaction.atomic():
        work.turn.fence.check()
        identities = _identities(row)
        if row.kind != PERIOD:
            people.keep_hashes(row, identities, work.turn.now)
        found = people.delete_rows(identities)
        row.identities, row.highest = identities, max([1, *identities])
        row.found = {**found, "hashes": Erased.objects.filter(erasure=row).count()}
        row.until_seq = last_seq()
        row.save(update_fields=["identities", "highest", "found", "until_seq"])
    work.turn.is_memory_stale = True
    return IS_DONE


def empty_journal(work: Work) -> bool:
    """Empty the items of the journal, some segments a time, and what is set aside of them."""
    row, rules = work.erasure, work.rules()
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        walked = journal.empty_next(
            connection,
            rules.find_rows,
            rules.names,
            after=row.cursor,
            until=row.until_seq,
            fence=work.turn.fence,
        )
    if walked.last_seq is None:
        return IS_DONE
    with transaction.atomic():
        work.note(
            journal=walked.n_erased, quarantine=walked.n_set_aside, unreadable_segments=walked.n_unreadable
        )
        row.cursor = walked.last_seq
        row.save(update_fields=["cursor"])
    return GOES_ON


def erase_quarantine(work: Work) -> bool:
    """Delete what is set aside and names them, or came in the period."""
    row, rules = work.erasure, work.rules()
    with transaction.atomic():
        work.turn.fence.check()
        if row.kind == PERIOD:
            assert row.starts_at
            assert row.ends_at
            n = journal.erase_quarantined_between(row.starts_at, row.ends_at)
        else:
            n = journal.erase_quarantined(rules.names)
        work.note(quarantine=n)
    return IS_DONE


def erase_jobs(work: Work) -> bool:
    """Delete jobs that name them."""
    with transaction.atomic():
        work.turn.fence.check()
        work.note(jobs=journal.erase_jobs(work.rules().names))
    return IS_DONE


def erase_log(work: Work) -> bool:
    """Delete the rows of the warehouse: interactions, links, accounts and traits."""
    places = conditions(work.scope)
    row = work.erasure
    if "log" not in row.found:
        # Counted before, so that a crash in between leaves the right number in the proof.
        work.note(**count_log(work.turn.log, places))
    with work.turn.fence.held():
        work.turn.fence.check()
        for table, listed in places.items():
            for condition in listed if row.found[_place(table)] else ():
                work.turn.log.delete(condition, table=table)
    return IS_DONE


def erase_others(work: Work) -> bool:
    """Let every other slice delete its rows."""
    for holder in HOLDERS:
        n = holder.erase(work.scope)
        with transaction.atomic():
            work.note(**{holder.key: n})
    return IS_DONE


def look_again(work: Work) -> bool:
    """See that nothing is left that could be asked for."""
    row = work.erasure
    left = count_log(work.turn.log, conditions(work.scope))
    left = {f"{place} left": n for place, n in left.items() if n}
    if n := people.count_rows(row.identities):
        left["identifiers left"] = n
    for holder in HOLDERS:
        if n := holder.count(work.scope):
            left[f"{holder.key} left"] = n
    if left:
        raise RuntimeError(f"Not everything went: {left}")
    row.erased_at = work.turn.now
    row.clean_at = work.turn.now + (timedelta(0) if row.is_at_once else CLEAN_AFTER)
    row.save(update_fields=["erased_at", "clean_at"])
    return IS_DONE


def clean(work: Work) -> bool:
    """Take from the disk what no longer counts: freed pages of the store, old files of the log, remains in `tmp`."""
    row = work.erasure
    if row.clean_at is not None and row.clean_at > work.turn.now:
        return GOES_ON
    with work.turn.fence.held():
        work.turn.fence.check()
        work.turn.log.vacuum(keep_hours=0 if row.is_at_once else None)
    journal.sweep_temporary(work.turn.now)
    if not journal.scrub_store():
        return GOES_ON
    row.identities, row.done_at = [], work.turn.now
    row.save(update_fields=["identities", "done_at"])
    return IS_DONE


STEPS: Mapping[str, Callable[[Work], bool]] = {
    "rows": erase_rows,
    "journal": empty_journal,
    "quarantine": erase_quarantine,
    "jobs": erase_jobs,
    "log": erase_log,
    "others": erase_others,
    "look": look_again,
    "clean": clean,
}


def conditions(scope: Scope) -> dict[str, list[str]]:
    """For each table of the warehouse the conditions of the rows that are to go."""
    lists = [", ".join(map(str, part)) for part in people.parts(scope.identities, 5_000)]
    people_ = [f"identity_id IN ({listed})" for listed in lists]
    interactions = people_
    if scope.starts_at and scope.ends_at:
        interactions = [_between(scope.starts_at, scope.ends_at)]
    return {
        "interactions": interactions,
        "identities": [f"identity_id IN ({listed}) OR customer_id IN ({listed})" for listed in lists],
        "memberships": people_,
        "traits": people_,
    }


def count_log(log: Log, places: Mapping[str, list[str]]) -> dict[str, int]:
    """How many rows of each table of the warehouse meet the conditions, by the place's name in the proof."""
    views = {"interactions": "log"}
    with connect(log) as connection:
        return {
            _place(table): sum(
                connection.execute(
                    f"SELECT count(*) FROM {views.get(table, f'all_{table}')} WHERE {condition}"
                ).fetchall()[0][0]
                for condition in listed
            )
            for table, listed in places.items()
        }


def _place(table: str) -> str:
    return "log" if table == "interactions" else f"log_{table}"


def _between(start: datetime, end: datetime) -> str:
    """The rows of a period; the months are named so that only their files are looked at."""
    months = f"month >= '{start:{MONTH}}' AND month <= '{end:{MONTH}}'"
    return f"{months} AND occurred_at >= '{start.isoformat()}' AND occurred_at < '{end.isoformat()}'"


def _identities(row: Erasure) -> list[int]:
    if row.kind == PERIOD:
        assert row.starts_at
        assert row.ends_at
        return people.identities_only_in(row.starts_at, row.ends_at)
    if row.kind == REPEATED:
        return people.identities_erased_before()
    return people.members_of(row.identities[0]) if row.identities else []
