"""Rows of intake: the sources that may send."""

from __future__ import annotations

from django.db import models


class Source(models.Model):
    """Something that sends interactions. `write_key` proves it; a browser's key is public and may do less.

    `allow` lists the attribute names that enter the log (null: all that the deny pattern lets through). `mapping` adds
    to the table of events. `is_made_up` marks sample data wherever it shows.
    """

    key = models.SlugField(max_length=80, primary_key=True)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, default="server")
    write_key = models.CharField(max_length=80, unique=True)
    allow = models.JSONField(null=True)
    rate_per_second = models.IntegerField(default=0)  # 0: as much as the machine takes.
    mapping = models.JSONField(default=dict)
    is_made_up = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
