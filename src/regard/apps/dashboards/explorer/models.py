"""Views that members keep: a question under a name."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class SavedView(models.Model):
    """A question that somebody keeps, for themselves or for others. Never figures: who opens it sees their own.

    Args:
        owner: who keeps it; what is shared stays when they leave.
        query: the question as it stands in an address.
        audience: who else may open it, a key of `keeping.AUDIENCES`.
        unit: for an audience of one unit: that unit and what lies below it.
    """

    title = models.CharField(max_length=120)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    query = models.CharField(max_length=4000)
    audience = models.CharField(max_length=20, default="me")
    unit = models.CharField(max_length=200, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["owner", "title"], name="view_owner_title")
        ]

    def __str__(self) -> str:
        return self.title
