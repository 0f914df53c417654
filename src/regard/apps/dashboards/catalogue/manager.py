"""The manager's home: how do we serve, how long do customers wait, and who stands out from chance?"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from regard.apps.dashboards.home import HOMES, Home

manager = HOMES.register(
    Home(
        key="manager",
        title=_("How we serve"),
        tiles=(
            "csat",
            "time_to_resolution",
            "first_response_time",
            "wait_time",
            "abandonment_rate",
            "first_contact_resolution",
            "handle_time",
            "nps",
        ),
        first=("overdue", "peers"),
        parts=("team", "hours", "heat", "comments"),
        lead=("csat", "nps", "ces"),
    )
)
