"""The frontline's home: what customers said last, and how it went for them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from regard.apps.dashboards.home import HOMES, Home

frontline = HOMES.register(
    Home(
        key="frontline",
        title=_("What customers tell us"),
        tiles=("csat", "ces", "wait_time", "first_contact_resolution"),
        parts=("comments", "heat"),
        lead=("csat", "ces", "nps"),
    )
)
