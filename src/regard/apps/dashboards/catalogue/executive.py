"""The executive's home: how do customers feel, does it really change, and where does it hurt?"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from regard.apps.dashboards.home import HOMES, Home

executive = HOMES.register(
    Home(
        key="executive",
        title=_("How our customers feel"),
        tiles=(
            "nps",
            "csat",
            "ces",
            "time_to_resolution",
            "retention_rate",
            "churn_rate",
            "lifetime_value",
            "revenue",
        ),
        parts=("heat", "units", "comments"),
    )
)
