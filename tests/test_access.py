"""Every address × every role × own and foreign unit: who may open it, and that nothing of a foreign unit shows.

A page that you add fails here until TABLE has a line for it. A line says who may, how to ask for something of one's
own unit, and how to ask for something of a foreign one.
"""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Iterator
from dataclasses import KW_ONLY, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import translation
from pytest_django import Settings

from regard.apps.cases import services as cases
from regard.apps.customers import queries as customers
from regard.apps.intake import services as intake
from regard.apps.journal import services as journal
from regard.apps.journal.facts import Fact
from regard.apps.journal.models import Quarantine
from regard.apps.journal.projector import Projector
from regard.apps.organisation import services as organisation
from regard.apps.organisation.models import Member
from regard.apps.organisation.policy import ROLES
from regard.apps.organisation.queries import UnitCard
from regard.server.api.access import make_token
from regard.server.health import Health

pytestmark = pytest.mark.django_db(transaction=True)

NOBODY = "nobody"  # Who is not signed in.
EVERYBODY = "executive manager frontline analyst administrator"
ADMINISTRATOR = "administrator"
EXPLORERS = "manager analyst"
IMPORTERS = "analyst administrator"
BY_UNIT = "?metric=nps&by=unit&period=90"
OF_FOREIGN = f"{BY_UNIT}&unit=suedheim"
EXPLORED, EXPLORED_FOREIGN = f"/explore/{BY_UNIT}", f"/explore/{OF_FOREIGN}"
PEOPLE = "manager frontline analyst"  # Those who work with single customers.
OWN, FOREIGN = "nordheim", "suedheim"  # Keys of units; everything in a unit carries its key in its words.
# What may show of a foreign unit nowhere: its customers, their words and addresses, its people.
SECRETS = ("wort-aus-suedheim", "kundin-suedheim", "agent-suedheim")


@dataclass(frozen=True)
class Line:
    """One address, as it is mounted: who may open it.

    Args:
        may: the roles, with blanks; "" is everybody, signed in or not.
        own: how to ask for something of one's own unit, with the names of WORLD in braces; left out: the address.
        foreign: the same for something of a foreign unit; left out: there is no such thing.
        data: what to POST; left out: it is a GET.
        status, foreign_status: the answer to those who may (any of several where one role's doing changes it for the
            next); refused: to those who may not; nobody: to who is not signed in, by default asked to do so.
        shows_units: the names of foreign units may stand there (a tree to choose from).
        shows_all: it is the whole company's for those who may (lag and jobs); no foreign words are looked for.
    """

    address: str
    _: KW_ONLY
    may: str
    own: str | None = None
    foreign: str | None = None
    data: dict[str, str] | None = None
    status: int | tuple[int, ...] = 200
    foreign_status: int = 404
    refused: int = 403
    nobody: int | None = None
    shows_units: bool = False
    shows_all: bool = False

    def asked(self) -> str:
        """How to ask for something of one's own unit."""
        return f"/{self.address}" if self.own is None else self.own


API = {"nobody": 401}
TABLE = (
    # organisation
    Line("sign-in/", may="", status=302, nobody=200),
    Line("sign-out/", may="", data={}, status=302),
    Line("language/", may="", data={"language": "en"}, status=302),
    Line("account/", may=EVERYBODY),
    Line("welcome/<str:token>/", may="", own="/welcome/made-up/", status=404),
    Line("members/", may=ADMINISTRATOR),
    Line(
        "members/<int:member_id>/",
        may=ADMINISTRATOR,
        own="/members/{own_member}/",
        foreign="/members/{foreign_member}/",
        foreign_status=403,
    ),
    Line(
        "members/<int:member_id>/<slug:verb>/",
        may=ADMINISTRATOR,
        own="/members/{own_member}/enable/",
        foreign="/members/{foreign_member}/enable/",
        foreign_status=403,
        data={},
        status=302,
    ),
    Line("units/", may=ADMINISTRATOR, shows_units=True),
    Line("settings/", may=ADMINISTRATOR),
    Line("stages/", may=ADMINISTRATOR),
    Line("readings/", may=ADMINISTRATOR),
    # operations and sources: the whole company's, for those who look after it
    Line("operations/", may=ADMINISTRATOR, shows_all=True),
    # What is set aside has no unit yet: administrators of one unit, as those of this world, see nothing of its content.
    Line("operations/quarantine/", may=ADMINISTRATOR, own="/operations/quarantine/?q=kundin"),
    Line("operations/quarantine/discard/", may=ADMINISTRATOR, data={"id": "0"}, status=403),
    Line("operations/quarantine/replay/", may=ADMINISTRATOR, data={"id": "0"}, status=403),
    Line(
        "operations/quarantine/<int:quarantine_id>/",
        may=ADMINISTRATOR,
        own="/operations/quarantine/{item}/",
    ),
    # importing: a file that waits is its bringer's alone; of the others only names and counts show
    Line("import/", may=IMPORTERS),
    Line("import/begin/", may=IMPORTERS, data={"name": "a.csv", "size": "9"}),
    Line("import/<int:import_id>/", may=IMPORTERS, own="/import/999999/", status=404),
    Line("import/<int:import_id>/progress/", may=IMPORTERS, own="/import/999999/progress/", status=404),
    *(
        Line(
            f"import/<int:import_id>/{verb}/",
            may=IMPORTERS,
            own=f"/import/999999/{verb}/",
            data={},
            status=404,
        )
        for verb in ("piece", "discard")
    ),
    Line("sources/", may=ADMINISTRATOR),
    Line("sources/arrivals/", may=ADMINISTRATOR),
    Line("sources/<slug:key>/", may=ADMINISTRATOR, own="/sources/shop/"),
    Line("sources/<slug:key>/key/", may=ADMINISTRATOR, own="/sources/shop/key/", data={}, status=302),
    # dashboards
    # A manager's unit stands beside its peers, by name.
    Line("", may=EVERYBODY, own="/", foreign="/?unit=suedheim", foreign_status=200, shows_units=True),
    Line(
        "figures/<slug:metric>/",
        may=EVERYBODY,
        own="/figures/nps/",
        foreign="/figures/nps/?unit=suedheim",
        foreign_status=200,
    ),
    Line("explore/", may=EXPLORERS, own=EXPLORED, foreign=EXPLORED_FOREIGN, foreign_status=200),
    Line(
        "explore/behind/",
        may=EXPLORERS,
        own=f"/explore/behind/{BY_UNIT}&in=unit%3Dnordheim",
        foreign=f"/explore/behind/{BY_UNIT}&in=unit%3Dsuedheim",
        foreign_status=200,
    ),
    Line(
        "explore/answer.csv",
        may=EXPLORERS,
        own=f"/explore/answer.csv{BY_UNIT}",
        foreign=f"/explore/answer.csv{OF_FOREIGN}",
        foreign_status=200,
    ),
    Line(
        "explore/answer.svg",
        may=EXPLORERS,
        own=f"/explore/answer.svg{BY_UNIT}",
        foreign=f"/explore/answer.svg{OF_FOREIGN}",
        foreign_status=200,
    ),
    Line(
        "explore/views/",
        may=EXPLORERS,
        data={"title": "Mine", "query": "metric=nps", "audience": "me"},
        status=302,
    ),
    Line("explore/views/<int:view_id>/", may=EXPLORERS, own="/explore/views/999999/", status=404),
    Line("metrics/", may=EXPLORERS),
    # customers
    Line(
        "customers/",
        may=PEOPLE,
        own="/customers/?q=kundin-nordheim-1@",
        foreign="/customers/?q=kundin-suedheim-1@",
        status=302,
        foreign_status=200,
    ),
    Line(
        "customers/<int:customer_id>/",
        may=PEOPLE,
        own="/customers/{own_customer}/",
        foreign="/customers/{foreign_customer}/",
    ),
    # Erasing reaches every unit, so it is for administrators of the whole company; those of this world belong to a unit.
    *(
        Line(address, may=ADMINISTRATOR, own=own, status=403)
        for address, own in (
            ("erasures/", "/erasures/?q=kundin-nordheim-1@nordheim.example"),
            ("erasures/customers/<int:customer_id>/", "/erasures/customers/{own_customer}/"),
            ("erasures/<int:number>/", "/erasures/1/"),
            ("erasures/<int:number>/proof.json", "/erasures/1/proof.json"),
        )
    ),
    # cases
    Line("cases/", may=PEOPLE, own="/cases/?view=all"),
    Line("cases/rules/", may=ADMINISTRATOR),
    Line(
        "cases/new/",
        shows_units=True,
        may=PEOPLE,
        own="/cases/new/?customer={own_customer}",
        foreign="/cases/new/?customer={foreign_customer}",
    ),
    # A case may be given to a colleague elsewhere, who is named with their unit.
    Line(
        "cases/<int:case_id>/",
        may=PEOPLE,
        own="/cases/{own_case}/",
        foreign="/cases/{foreign_case}/",
        shows_units=True,
    ),
    Line(
        "cases/<int:case_id>/<slug:verb>/",
        may=PEOPLE,
        own="/cases/{own_case}/note/",
        foreign="/cases/{foreign_case}/note/",
        shows_units=True,
        data={"note-text": "Called back."},
        status=302,
    ),
    # API
    Line("api/v1/", may="", status=404),
    Line("api/v1/openapi.json", may=""),
    Line("api/v1/metrics", may=EVERYBODY, **API),
    Line(
        "api/v1/metrics/<key>",
        may=EVERYBODY,
        own="/api/v1/metrics/nps?by=unit",
        foreign="/api/v1/metrics/csat?by=unit,channel",
        foreign_status=200,
        **API,
    ),
    Line("api/v1/sources", may=ADMINISTRATOR, **API),
    Line("api/v1/quarantine", may=ADMINISTRATOR, **API),
    Line(
        "api/v1/quarantine/<item>/discard",
        may=ADMINISTRATOR,
        own="/api/v1/quarantine/999999/discard",
        data={},
        status=403,
        **API,
    ),
    Line("api/v1/tokens", may=EVERYBODY, data={}, **API),
    Line("api/v1/cases", may=PEOPLE, **API),
    Line("api/v1/cases", may=PEOPLE, data={"customer_id": "{own_customer}", "title": "Ring"}, **API),
    Line(
        "api/v1/cases",
        may=PEOPLE,
        own="",
        foreign="/api/v1/cases",
        data={"customer_id": "{foreign_customer}", "title": "Ring"},
        **API,
    ),
    Line(
        "api/v1/cases/<case_id>",
        may=PEOPLE,
        own="/api/v1/cases/{own_case}",
        foreign="/api/v1/cases/{foreign_case}",
        **API,
    ),
    *(
        Line(
            f"api/v1/cases/<case_id>/{verb}",
            may=PEOPLE,
            own=f"/api/v1/cases/{{own_case}}/{verb}",
            foreign=f"/api/v1/cases/{{foreign_case}}/{verb}",
            data=data,
            status=status,
            **API,
        )
        for verb, data, status in (
            ("note", {"text": "Called back."}, 200),
            ("assign", {"owner_id": "{own_member}"}, 200),
            # The first to resolve or reopen it leaves nothing to do for the next.
            ("resolve", {"outcome": "solved", "said": "It was mended."}, (200, 400)),
            ("reopen", {"text": "It is broken again."}, (200, 400)),
        )
    ),
)


@dataclass
class World:
    """Two units with the same things in each, and one member of each role in the first."""

    names: dict[str, object] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)

    def ask(self, role: str, line: Line, address: str, *, token: str = "") -> tuple[int, str]:
        """Status and body of what a role is answered."""
        client = Client(headers={"authorization": f"Bearer {token}"} if token else {})
        if role != NOBODY and not token:
            client.force_login(self.members[role])
        path = address.format(**self.names)
        if line.data is None:
            answer = client.get(path)
        else:
            data = {name: value.format(**self.names) for name, value in line.data.items()}
            is_api = path.startswith("/api/")
            answer = (
                client.post(path, data, content_type="application/json")
                if is_api
                else client.post(path, data)
            )
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return answer.status_code, body.decode("utf-8", "replace")


@pytest.fixture
def world(settings: Settings, tmp_path: Path) -> Iterator[World]:
    settings.REGARD = dataclasses.replace(
        settings.REGARD, data_dir=tmp_path, warehouse_url=str(tmp_path / "warehouse")
    )
    (tmp_path / "tmp").mkdir()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    organisation.set_units([UnitCard(OWN, "Nordheim", None), UnitCard(FOREIGN, "Suedheim", None)])
    made = World()
    for role in ROLES:
        organisation.create_member(email=f"{role.key}@north.example", role=role.key, unit=OWN)
        made.members[role.key] = Member.objects.get(email=f"{role.key}@north.example")
    organisation.create_member(email="bo@south.example", role="manager", unit=FOREIGN, name="Bo")
    intake.add_source("shop")
    for unit in (OWN, FOREIGN):
        journal.record([fact for n in range(12) for fact in answers(unit, n)], source="shop")
    journal.quarantine(
        [
            journal.Rejected(
                source="shop",
                received_at=datetime.now(UTC),
                reason="time_missing",
                message="In column 'who', 'kundin-suedheim-1' is not a time in the form expected.",
                raw='{"who": "kundin-suedheim-1"}',
            )
        ]
    )
    projector = Projector()
    projector.drain()
    projector.stop()
    for name, unit in (("own", OWN), ("foreign", FOREIGN)):
        [customer] = customers.find_customers(f"kundin-{unit}-1@x.example")
        made.names[f"{name}_customer"] = customer
        made.names[f"{name}_case"] = cases.open_case(
            identity_id=customer, unit=unit, title=f"wort-aus-{unit}"
        )
    made.names["item"] = Quarantine.objects.get().id
    made.names["own_member"] = made.members["manager"].pk
    made.names["foreign_member"] = Member.objects.get(email="bo@south.example").pk
    with translation.override("en"):
        yield made


def answers(unit: str, n: int) -> Iterator[Fact]:
    """What one customer of a unit answered, in this and the last month."""
    for days, metric, score in ((2, "nps", float(n % 11)), (3, "csat", 1.0 + n % 5), (40, "nps", 9.0)):
        yield Fact(
            message_id=f"{unit}-{n}-{days}",
            kind="survey.answered",
            occurred_at=datetime.now(UTC) - timedelta(days=days),
            user_id=f"kundin-{unit}-{n}",
            email=f"kundin-{unit}-{n}@x.example",
            channel="web",
            touchpoint="checkout",
            metric=metric,
            score=score,
            text=f"wort-aus-{unit}",
            language="en",
            unit=unit,
            agent=f"agent-{unit}",
            thread=f"thread-{unit}-{n}-{days}",
        )


def addresses(patterns: list[Any], before: str = "") -> Iterator[str]:
    """All addresses that Django answers, as they are written where they are mounted."""
    for entry in patterns:
        address = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from addresses(entry.url_patterns, address)
        elif isinstance(entry, URLPattern):
            yield address


def test_the_table_lists_every_address_and_no_other() -> None:
    there = set(addresses(get_resolver().url_patterns))
    listed = {line.address for line in TABLE}
    missing = sorted(there - listed)
    assert not missing, (
        f"No line says who may open {missing}. Add to TABLE in tests/test_access.py, for each: "
        'Line("address/", may="roles with blanks", own="/how/to/ask/", foreign="/the/same/of/a/foreign/unit/").'
    )
    gone = sorted(listed - there)
    assert not gone, f"These addresses are gone; take their lines out of TABLE: {gone}"


def test_each_role_is_answered_as_the_table_says_and_sees_nothing_of_a_foreign_unit(world: World) -> None:
    wrong = []
    for line in TABLE:
        for role in (*world.members, NOBODY):
            for is_foreign, path in ((False, line.asked()), (True, line.foreign)):
                if path:
                    status, body = world.ask(role, line, path)
                    wrong += mistakes(line, role, status, body, is_foreign=is_foreign, path=path)
    assert not wrong, "\n" + "\n".join(wrong)


def test_a_token_opens_what_its_member_may_and_no_more(world: World) -> None:
    wrong = []
    for line in TABLE:
        path = line.asked()
        if not line.address.startswith("api/v1/") or line.address.endswith("tokens") or not path:
            continue
        for role, member in world.members.items():
            status, body = world.ask(role, line, path, token=make_token(member))
            wrong += mistakes(line, role, status, body, is_foreign=False, path=path)
    assert not wrong, "\n" + "\n".join(wrong)


def mistakes(line: Line, role: str, status: int, body: str, *, is_foreign: bool, path: str) -> Iterator[str]:
    """What is wrong with an answer, in words."""
    may = not line.may or role in line.may.split()
    granted = line.foreign_status if is_foreign else line.status
    to_nobody = line.nobody or (302 if line.may else granted)
    expected = to_nobody if role == NOBODY else granted if may else line.refused
    if status not in (expected if isinstance(expected, tuple) else (expected,)):
        yield f"{role} was answered {status} for {path}, not {expected}"
    if may and line.shows_all:
        return
    secrets = SECRETS if line.shows_units or not may else (*SECRETS, "Suedheim")
    asked = path.lower()
    for secret in secrets:
        if secret.lower() in body.lower() and secret.lower() not in asked:
            yield f"{role} reads '{secret}' of a foreign unit at {path}"


def test_what_is_answered_beside_django_is_listed_and_tells_nothing_foreign(world: World) -> None:
    """The tracking API asks for a write key, health tells no personal data, live streams ask for a session."""
    from regard.server.asgi import Router

    live = pytest.importorskip("regard.server.live")
    branches = inspect.getsource(Router.__call__).count("if path")
    assert branches == 3, (
        "Router answers another address beside Django: say here who may open it, and test it."
    )
    assert Health.addresses == {"/healthz", "/readyz", "/metrics"}
    assert live.ADDRESS == "/live/"
    assert live.admit("", "") == 401
    for role, member in world.members.items():
        client = Client()
        client.force_login(member)
        cookie = f"sessionid={client.cookies['sessionid'].value}"
        stream = live.Stream(None, live.admit(cookie, ""), None, admitted_at=0.0)
        stream.note(live.Announced(1, 1, {FOREIGN: {"survey.answered": None}}))
        assert not stream.waiting, role
        stream.note(live.Announced(2, 2, {OWN: {"survey.answered": None}}))
        assert list(stream.waiting) == [(OWN, "survey.answered")], role
        of_customer = live.admit(cookie, f"customer={world.names['own_customer']}")
        assert (of_customer == 403) is (role not in PEOPLE.split()), role
