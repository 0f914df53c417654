"""Where a customer is looked for, at the head of the page."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from regard.apps.dashboards.home import PARTS, Context, PartKind
from regard.apps.organisation.policy import Part


def read_find(context: Context) -> dict[str, str] | None:
    """None where the reader may not see customers."""
    return {"action": reverse("customers")} if context.sight.may(Part.CUSTOMERS) else None


find = PARTS.register(PartKind(key="find", title=_("Find a customer"), read=read_find, is_wide=True))
