"""The pages of cases: what is owed to whom, until when, and what came of it."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from regard.webkit.navigation import ENTRIES, Entry


def _count_mine(request: HttpRequest) -> int:
    """How many open cases the reader owns."""
    from regard.apps.cases.queries import count_owned

    return count_owned(int(cast(Any, request.user).pk))


cases = ENTRIES.register(Entry("cases", _("Cases"), part="cases", icon="inbox", order=20, count=_count_mine))
rules = ENTRIES.register(Entry("case-rules", _("Rules of cases"), part="operations", icon="inbox", order=72))
