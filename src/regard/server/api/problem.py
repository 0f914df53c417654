"""How the API says that it cannot."""

from __future__ import annotations

from ninja import Schema


class Problem(Schema):
    """Why not."""

    code: str
    message: str
