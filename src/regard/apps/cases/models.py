"""Rows of the cases slice. Titles, words, notes and what was said are personal data; they leave with `services.forget`."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from regard.apps.cases.policy import LONGEST_TITLE, OPEN


class Case(models.Model):
    """What somebody of ours owes to one customer.

    Args:
        key: its name in the log, the same for ever.
        identity_id: the identifier that it is about; who that is today, `customers` knows.
        source: under which its interactions are recorded: the source of the interaction that it came from.
        origin: the interaction that opened it, as 32 hexadecimal digits; null where a person opened it without one.
        origin_thread: the survey response, call or order which that interaction belonged to.
        title: what a person called it; empty where it opened by itself and its answer says it all.
        words: the customer's own words in the interaction that opened it.
        said: what was said to the customer in the end.
    """

    key = models.CharField(max_length=32, unique=True)
    identity_id = models.BigIntegerField()
    source = models.CharField(max_length=80)
    origin = models.CharField(max_length=32, null=True, unique=True)
    origin_thread = models.CharField(max_length=200, blank=True)
    title = models.CharField(max_length=LONGEST_TITLE, blank=True)
    words = models.TextField(blank=True)
    language = models.CharField(max_length=35, blank=True)
    metric = models.CharField(max_length=80, blank=True)
    score = models.FloatField(null=True)
    channel = models.CharField(max_length=80, blank=True)
    touchpoint = models.CharField(max_length=200, blank=True)
    unit = models.CharField(max_length=200, null=True)
    state = models.CharField(max_length=20, default=OPEN)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    assigned_at = models.DateTimeField(null=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=40, blank=True)
    said = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "due_at"], name="case_due"),
            models.Index(fields=["identity_id"], name="case_identity"),
            models.Index(fields=["source", "origin_thread"], name="case_origin_thread"),
        ]


class Entry(models.Model):
    """One thing that was done with a case, by whom; `member` is null for what it did by itself."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    made_at = models.DateTimeField()
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    text = models.TextField(blank=True)


class CaseSetting(models.Model):
    """The one row that says when cases open by themselves; see `policy.Rules` for each meaning."""

    opens_by_itself = models.BooleanField(default=True)
    max_age_days = models.PositiveSmallIntegerField(default=7)
    deadline_hours = models.PositiveSmallIntegerField(default=48)
    csat_at_most = models.PositiveSmallIntegerField(default=2)
    ces_at_most = models.PositiveSmallIntegerField(default=3)
    thanks_promoters = models.BooleanField(default=False)
