"""The analyst's home: what is true, with how much certainty, and where."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from regard.apps.dashboards.home import HOMES, Home

analyst = HOMES.register(
    Home(
        key="analyst",
        title=_("What is true"),
        tiles=(
            "nps",
            "csat",
            "ces",
            "response_rate",
            "retention_rate",
            "churn_rate",
            "conversion_rate",
            "repeat_contact_rate",
        ),
        first=("kept_views",),
        parts=("usable", "heat", "units", "comments"),
    )
)
