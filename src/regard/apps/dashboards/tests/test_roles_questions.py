"""What the analyst and the administrator see first: kept questions, what is usable, what needs somebody."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from regard.apps.dashboards.explorer.keeping import ALL, save_view
from regard.apps.dashboards.parts.usable import Counted, _share_with_words, _shares
from regard.apps.dashboards.tests.conftest import SignIn
from regard.apps.intake.services import add_source
from regard.apps.journal import services as journal
from regard.apps.journal.services import Rejected
from regard.apps.organisation.models import Member
from regard.apps.organisation.policy import Viewer, sight_of

pytestmark = pytest.mark.usefixtures("drawn")
NOW = datetime.now(UTC)


def test_the_analyst_s_home_leads_to_the_questions_kept_and_to_the_next(sign_in: SignIn) -> None:
    client = sign_in("analyst")
    assert "None yet. Put a question together" in client.get("/").content.decode()
    owner = Member.objects.get(email="analyst@example.com")
    save_view(owner, title="By channel", query="metric=nps&by=channel", audience=ALL, now=NOW)
    page = client.get("/").content.decode()
    assert ">By channel</a>" in page
    assert 'href="/explore/"' in page


def test_the_analyst_sees_what_came_in_and_what_of_it_is_usable(sign_in: SignIn) -> None:
    add_source("drawn", title="Drawn answers")
    item = Rejected(source="drawn", received_at=NOW, reason="no_event", message="x", raw="{}")
    journal.quarantine([item, item])
    page = sign_in("analyst").get("/").content.decode()
    row = page.partition("Drawn answers</th>")[2].partition("</tr>")[0]
    assert re.search(r">6,4\d\d<", row)
    assert '<td class="n">2</td>' in row
    assert "Customers wrote in" in page
    assert "The newest data came in" in page


def test_a_reader_of_a_unit_is_told_of_that_unit_only(sign_in: SignIn) -> None:
    add_source("drawn", title="Drawn answers")
    whole = sign_in("analyst").get("/").content.decode()
    part = sign_in("administrator", "shop-1").get("/").content.decode()
    counts = [
        int(page.partition("Drawn answers</th>")[2].split('<td class="n">')[1].split("<")[0].replace(",", ""))
        for page in (whole, part)
    ]
    assert 0 < counts[1] < counts[0] / 3


def test_nothing_needs_the_administrator_of_a_quiet_installation(sign_in: SignIn) -> None:
    page = sign_in("administrator").get("/").content.decode()
    assert "Nothing needs you: all that was sent is on its way." in page


def test_what_needs_the_administrator_comes_first_and_leads_to_where_it_is_mended(sign_in: SignIn) -> None:
    seq = journal.append_segment(
        source="shop", codec="tracking", body=b"x", ids=b"0" * 16, n=40, received_at=NOW - timedelta(hours=2)
    )
    journal.move_position("log", seq=seq - 1, epoch=journal.current_epoch())
    journal.park("log", seq=seq, position=None, reason="it broke", attempts=5, now=NOW)
    journal.quarantine([Rejected(source="a", received_at=NOW, reason="no_event", message="x", raw="{}")])
    page = sign_in("administrator").get("/").content.decode()
    assert "<b>3 things need you.</b>" in page
    for words in ("1 batch is parked", "40 interactions wait", "1 item is set aside"):
        assert words in page
    assert page.index("What needs you") < page.index('class="tiles"')


def test_nobody_else_is_told_of_operations(sign_in: SignIn) -> None:
    for role in ("executive", "manager", "frontline", "analyst"):
        assert "What needs you" not in sign_in(role).get("/").content.decode()


def test_shares_of_few_are_not_told_to_who_may_not_read_single_answers() -> None:
    blind, seeing = (sight_of(Viewer(role, None), {}) for role in ("administrator", "analyst"))
    wrote = [("el", 40), ("pl", 30), ("ru", 20), ("hy", 3)]
    assert [code for code, _ in _shares(wrote, seeing)] == ["Greek", "Polish", "Russian", "Armenian"]
    # Russian goes too: what is left of the whole would say how few wrote in Armenian.
    assert [code for code, _ in _shares(wrote, blind)] == ["Greek", "Polish"]
    assert [code for code, _ in _shares(wrote[:3], blind)] == ["Greek", "Polish", "Russian"]
    answered = [
        Counted("shop", 100, n, words, datetime.now(UTC)) for n, words in ((50, 20), (50, 48), (3, 3))
    ]
    assert [_share_with_words(one, blind) for one in answered] == ["40%", "", ""]
    assert [_share_with_words(one, seeing) for one in answered] == ["40%", "96%", "100%"]
