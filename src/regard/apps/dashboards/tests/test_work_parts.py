"""The parts for those who work with customers: the queue, what is overdue, peers, people and hours."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from regard.analytics.shrinkage.towards_mean import shrink
from regard.apps.customers.models import Identifier
from regard.apps.dashboards.lines import names_of
from regard.apps.dashboards.parts.peers import own_unit
from regard.apps.dashboards.tests.conftest import SignIn, use
from regard.apps.dashboards.waiting import Waiters, Waiting, list_waiting
from regard.apps.organisation.policy import Sight, Viewer, sight_of
from regard.warehouse.engines import duckdb
from regard.warehouse.log import LOG_COLUMNS, Log
from regard.warehouse.schema.interactions import INTERACTIONS
from regard.webkit.charts.week import draw_week

NOW = datetime.now(UTC).replace(microsecond=0)
ALL = sight_of(Viewer("manager", None), {})
# kind, minutes ago, thread, unit
Row = tuple[str, float, str, str]


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def log_of(folder: Path, rows: list[Row]) -> Log:
    """A log of interactions of identity 1, 2, …: what stands before the slash in a thread is whose it is."""
    log = Log.open(folder / "warehouse")
    people = {thread.partition("/")[0]: number for number, (_, _, thread, _) in enumerate(rows, 1)}
    given: dict[str, Callable[[int, Row], str]] = {
        "interaction_id": lambda i, row: f"unhex(md5('{i}'))",
        "identity_id": lambda i, row: f"{people[row[2].partition('/')[0]]}",
        "source": lambda i, row: "'shop'",
        "occurred_at": lambda i, row: f"TIMESTAMPTZ '{(NOW - timedelta(minutes=row[1])).isoformat()}'",
        "received_at": lambda i, row: f"TIMESTAMPTZ '{NOW.isoformat()}'",
        "kind": lambda i, row: f"'{row[0]}'",
        "thread": lambda i, row: f"'{row[2]}'",
        "unit": lambda i, row: f"'{row[3]}'",
    }
    selects = [
        "SELECT "
        + ", ".join(
            f"{given[name](i, row)} AS {name}"
            if name in given
            else f"NULL::{INTERACTIONS.type_of(name)} AS {name}"
            for name in LOG_COLUMNS
        )
        for i, row in enumerate(rows)
    ]
    with duckdb.connect(log) as connection:
        log.append(connection, " UNION ALL ".join(selects), consumer="drawn", epoch="e", position=1)
    return log


def waiting(folder: Path, rows: list[Row], sight: Sight = ALL) -> list[str]:
    threads = {number: thread.partition("/")[0] for number, (_, _, thread, _) in enumerate(rows, 1)}
    return [threads[one.identity_id] for one in waiters(folder, rows, sight).first]


def waiters(folder: Path, rows: list[Row], sight: Sight = ALL) -> Waiters:
    with duckdb.connect(log_of(folder, rows)) as connection:
        return list_waiting(connection, sight, now=NOW)


def test_whoever_had_no_answer_since_they_last_asked_waits_the_longest_first(tmp_path: Path) -> None:
    rows: list[Row] = [
        ("message.received", 300, "answered", "n"), ("message.sent", 200, "answered", "n"),
        ("message.sent", 500, "asked again", "n"), ("message.received", 90, "asked again", "n"),
        ("email.received", 600, "never answered", "n"),
        ("call.queued", 5, "on the line", "n"),
        ("call.queued", 9, "spoken to", "n"), ("call.started", 8, "spoken to", "n"),
        ("call.queued", 7, "gave up", "n"), ("call.abandoned", 6, "gave up", "n"),
        ("chat.started", 60 * 5, "a chat long gone", "n"),
        ("email.received", 60 * 24 * 15, "a letter long gone", "n"),
        ("order.placed", 5, "an order", "n"),
    ]  # fmt: skip
    assert waiting(tmp_path, rows) == ["never answered", "asked again", "on the line"]


def test_however_many_wait_all_are_counted_each_customer_once(tmp_path: Path) -> None:
    rows: list[Row] = [("email.received", 60 * 20 + 60 * n, f"{n}/letter", "n") for n in range(60)]
    rows += [("email.received", 30, f"{n}/another", "n") for n in range(60)]
    found = waiters(tmp_path, rows)
    assert (found.n, found.n_long, len(found.first)) == (60, 55, 50)


def test_whoever_had_their_case_resolved_since_they_asked_waits_no_longer(tmp_path: Path) -> None:
    rows: list[Row] = [
        ("email.received", 300, "helped/letter", "n"), ("case.resolved", 100, "helped/case:1", "n"),
        ("case.resolved", 400, "asked anew/case:2", "n"), ("email.received", 90, "asked anew/letter", "n"),
    ]  # fmt: skip
    assert waiting(tmp_path, rows) == ["asked anew"]


def test_only_those_of_the_readers_units_wait_for_them(tmp_path: Path) -> None:
    rows: list[Row] = [("email.received", 60, "mine", "n"), ("email.received", 60, "theirs", "s")]
    assert waiting(tmp_path, rows, sight_of(Viewer("frontline", "n"), {"n": None, "s": None})) == ["mine"]
    assert waiting(tmp_path / "b", rows, sight_of(Viewer("frontline", "x"), {"x": None})) == []


def test_a_readers_own_unit_is_the_highest_that_they_see() -> None:
    parents = {"a": None, "b": "a", "c": "b", "d": None}
    assert own_unit(frozenset({"b", "c"}), parents) == "b"
    assert own_unit(None, parents) is None
    assert own_unit(frozenset({"gone"}), parents) is None


@pytest.mark.usefixtures("drawn")
def test_a_manager_sees_what_is_overdue_peers_with_their_own_marked_and_people(sign_in: SignIn) -> None:
    page = sign_in("manager", unit="north").get("/").content.decode()
    assert "Nothing is overdue." in text_of(page)
    order = [page.index(f'id="part-{key}"') for key in ("overdue", "peers", "team")]
    assert order == sorted(order)
    own = re.search(r'<li class="line own">(.*?)</li>', page, re.S)
    assert own is not None
    assert "North" in own.group(1)
    assert "shrunk towards the team" in page
    assert "As observed" in page


@pytest.mark.usefixtures("drawn")
def test_a_persons_figure_leads_to_the_answers_that_it_is_made_of(sign_in: SignIn) -> None:
    client = sign_in("manager", unit="north")
    team = client.get("/").content.decode().split('id="part-team"')[1].split("</section>")[0]
    addresses = re.findall(r'href="(/figures/[^"]+)"', team)
    assert len(addresses) > 1
    page = text_of(client.get(html.unescape(addresses[0])).content.decode())
    [agent] = re.findall(r"agent%3Dagent\+(\d)", addresses[0])
    shown = page.split("Behind this figure")[1]
    assert f"agent {agent}" in shown
    assert not set(re.findall(r"· agent (\d)", shown)) - {agent}


@pytest.mark.usefixtures("drawn")
def test_the_frontline_finds_the_queue_first_and_the_search_beside_it(sign_in: SignIn) -> None:
    page = sign_in("frontline", unit="north").get("/").content.decode()
    assert page.index('id="part-queue"') < page.index('id="part-find"') < page.index('class="tiles"')
    assert "Nobody is waiting for you." in text_of(page)


@pytest.mark.usefixtures("drawn")
def test_an_executive_sees_neither_queue_nor_people(sign_in: SignIn) -> None:
    page = sign_in("executive").get("/").content.decode()
    for key in ("queue", "overdue", "find", "team"):
        assert f'id="part-{key}"' not in page


def test_contacts_by_hour_stand_in_a_table_too(sign_in: SignIn, settings: Settings, tmp_path: Path) -> None:
    rows: list[Row] = [("call.queued", 60 * 7 * n, f"t{n}", "north") for n in range(1, 80)]
    log_of(tmp_path, rows)
    use(settings, str(tmp_path / "warehouse"))
    page = sign_in("manager").get("/").content.decode()
    assert 'id="part-hours"' in page
    assert 'class="week"' in page
    assert "79 contacts" in page
    table = page.split('class="week-chart"')[1].split("<table>")[1].split("</table>")[0]
    assert table.count("<tr>") == 25


def test_a_week_is_drawn_with_words_instead() -> None:
    drawn = draw_week([[0.0] * 24 for _ in range(6)] + [[1.0] * 24], label='A "week"')
    assert drawn.count("<rect") == 168
    assert drawn.count('class="w5"') == 24
    assert 'aria-label="A &quot;week&quot;"' in drawn


def test_shares_of_people_stay_shares() -> None:
    found = shrink([1.0, 1.0, 0.9, 0.5, 0.8], [0.1, 0.2, 0.05, 0.3, 0.1], bounds=(0.0, 1.0)).figures
    assert found.high.max() <= 1.0


def test_who_waits_is_written_down_as_the_customer_that_they_are_now(db: None) -> None:
    for identity in (1, 2):
        Identifier.objects.create(identity_id=identity, customer_id=1, kind="user", value=f"u{identity}")
    one = Waiting(2, NOW, "email.received", "email", "north", None, None)
    assert names_of([], [one]) == {"cases": (), "customers": (1,)}


@pytest.mark.usefixtures("drawn")
def test_my_own_unit_leads_behind_its_figure_and_its_peers_say_whose_theirs_is(sign_in: SignIn) -> None:
    client = sign_in("manager", unit="north")
    peers = client.get("/").content.decode().split('id="part-peers"')[1].split("</section>")[0]
    [address] = re.findall(r'href="(/explore/behind/[^"]+)"', peers)
    own = re.search(r'<li class="line own">(.*?)</li>', peers, re.S)
    assert own is not None
    assert address in own.group(1)
    [n] = re.findall(r"n\s([\d,]+)", own.group(1))
    assert f"{n} interactions, newest first" in text_of(client.get(html.unescape(address)).content.decode())
    assert "theirs to read" in peers
