"""The people of a unit beside each other, by the home's leading metric."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from regard.apps.dashboards.comparing import Beside, lead_of, read_beside
from regard.apps.dashboards.home import PARTS, Context, PartKind


def read_agents(context: Context) -> Beside | None:
    """None where there are not two people with answers."""
    lead = lead_of(context.tiles, context.lead)
    return None if lead is None else read_beside(lead, "agent", context.window, context.readings, {})


agents = PARTS.register(PartKind(key="agents", title=_("People"), read=read_agents))
