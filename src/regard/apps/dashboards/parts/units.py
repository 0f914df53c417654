"""The units beside each other, by the home's leading metric."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from regard.apps.dashboards.comparing import Beside, lead_of, read_beside
from regard.apps.dashboards.home import PARTS, Context, PartKind


def read_units(context: Context) -> Beside | None:
    """None where there are not two units with answers."""
    lead = lead_of(context.tiles, context.lead)
    if lead is None:
        return None
    return read_beside(lead, "unit", context.window, context.readings, context.unit_titles)


units = PARTS.register(PartKind(key="units", title=_("By unit"), read=read_units))
