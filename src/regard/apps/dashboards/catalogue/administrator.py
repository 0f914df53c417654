"""The administrator's home: what needs them, what came in, and the main figures without anybody's words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from regard.apps.dashboards.home import HOMES, Home

administrator = HOMES.register(
    Home(
        key="administrator",
        title=_("What keeps Regard running"),
        tiles=(
            "active_customers",
            "response_rate",
            "nps",
            "csat",
        ),
        first=("needs",),
        parts=("usable", "heat"),
    )
)
