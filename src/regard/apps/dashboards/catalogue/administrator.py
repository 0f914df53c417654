"""The administrator's home: the same figures, without anybody's words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from regard.apps.dashboards.home import HOMES, Home

administrator = HOMES.register(
    Home(
        key="administrator",
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
        parts=("heat", "units"),
    )
)
