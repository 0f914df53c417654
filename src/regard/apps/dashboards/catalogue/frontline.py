"""The frontline's home: who is waiting for me, whom do I look for, and what customers said last."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from regard.apps.dashboards.home import HOMES, Home

frontline = HOMES.register(
    Home(
        key="frontline",
        title=_("Who is waiting"),
        tiles=("csat", "ces", "wait_time", "first_contact_resolution"),
        first=("queue", "find"),
        parts=("comments", "heat"),
        lead=("csat", "ces", "nps"),
    )
)
