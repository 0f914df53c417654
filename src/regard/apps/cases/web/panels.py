"""What a customer's page shows of their cases, and how one is opened from there."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from regard.apps.cases.queries import list_cases
from regard.apps.cases.web.lines import make_lines
from regard.apps.customers.queries import timeline_ids
from regard.apps.customers.web.panels import ACTIONS, PANELS, Action, Panel
from regard.apps.organisation import queries as organisation
from regard.apps.organisation.models import Member
from regard.apps.organisation.policy import Part

MOST = 10


def new_case_href(customer_id: int, interaction_id: str = "") -> str:
    """Where a case is opened for a customer, about one interaction or about none."""
    given = {"customer": str(customer_id), "about": interaction_id}
    return reverse("case-new") + "?" + urlencode({name: value for name, value in given.items() if value})


def draw_cases(request: HttpRequest, customer_id: int) -> SafeString:
    """The customer's cases, open ones first, and a button for another."""
    member = cast(Member, request.user)
    sight, identities = organisation.get_sight(member), timeline_ids(customer_id)
    opened = list_cases(sight, member_id=member.pk, identities=identities, limit=MOST)
    resolved = list_cases(sight, member_id=member.pk, identities=identities, state="resolved", limit=MOST)
    lines = make_lines(
        [*opened, *resolved],
        now=datetime.now(UTC),
        zone=ZoneInfo(organisation.get_settings().zone),
        units={unit.key: unit.title for unit in organisation.list_units()},
    )
    context = {"lines": lines, "n_open": len(opened), "new": new_case_href(customer_id)}
    return SafeString(render_to_string("cases/panel.html", context, request))


PANELS.register(Panel("cases", part=Part.CASES, order=10, draw=draw_cases))
ACTIONS.register(Action("case", part=Part.CASES, title=_("Open a case"), href=new_case_href))
