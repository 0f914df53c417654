"""The drawn log of the homes, seen through the explorer."""

from __future__ import annotations

from regard.apps.dashboards.tests.conftest import (
    _english,
    _own_warehouse,
    _quick_passwords,
    drawn,
    drawn_url,
    empty,
    sign_in,
)

__all__ = ["_english", "_own_warehouse", "_quick_passwords", "drawn", "drawn_url", "empty", "sign_in"]
