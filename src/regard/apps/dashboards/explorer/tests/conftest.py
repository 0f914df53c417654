"""The drawn log of the homes, seen through the explorer."""

from __future__ import annotations

from regard.apps.dashboards.tests.conftest import (
    _own_warehouse,
    drawn,
    drawn_url,
    empty,
    sign_in,
)

__all__ = ["_own_warehouse", "drawn", "drawn_url", "empty", "sign_in"]
