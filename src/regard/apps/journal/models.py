"""Rows of the journal: segments, how far each consumer is, what was set aside, and jobs."""

from __future__ import annotations

import uuid

from django.db import models


class Segment(models.Model):
    """The bodies of one commit, compressed as they came, with the ids of their interactions in the same order.

    `seq` is never used again, even when the journal is empty.
    """

    seq = models.BigAutoField(primary_key=True)
    source = models.CharField(max_length=80, blank=True)  # Empty where one commit holds several sources.
    codec = models.CharField(max_length=40)
    received_at = models.DateTimeField()
    n = models.IntegerField()
    ids = models.BinaryField()  # 16 bytes an interaction; empty for staged files.
    body = models.BinaryField()  # An lz4 frame; empty for staged files.
    path = models.CharField(max_length=300, blank=True)  # Staged file, relative to the data folder.
    n_known = models.IntegerField(null=True)
    n_new = models.IntegerField(null=True)
    n_rejected = models.IntegerField(null=True)
    # Which items were new and sound, decided once: see `projection.entries`.
    entered = models.BinaryField(null=True)

    class Meta:
        indexes = [models.Index(fields=["received_at"], name="segment_received_at")]


class Position(models.Model):
    """How far a consumer that keeps its position here has come, in which epoch."""

    consumer = models.CharField(max_length=80, primary_key=True)
    seq = models.BigIntegerField()
    epoch = models.CharField(max_length=36)
    updated_at = models.DateTimeField(auto_now=True)


OPEN = "open"  # It waits for someone.
RELEASED = "released"  # It may be tried again; a reaction that was to see it has not seen it yet.
DONE = "done"  # A reaction saw it after its release.
UNREADABLE = "unreadable"  # The item cannot be decoded and stands in quarantine.


class Parked(models.Model):
    """A segment, or one item of it, whose effect kept failing for one consumer; the rest went on."""

    consumer = models.CharField(max_length=80)
    seq = models.BigIntegerField()
    position = models.IntegerField(null=True)
    reason = models.TextField()
    attempts = models.IntegerField(default=0)
    parked_at = models.DateTimeField()
    state = models.CharField(max_length=20, default=OPEN)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["consumer", "seq", "position"], name="parked_item_once"),
            models.UniqueConstraint(
                fields=["consumer", "seq"], condition=models.Q(position=None), name="parked_segment_once"
            ),
        ]


class Quarantine(models.Model):
    """An item that could not be taken, as it came, with its reason: nothing that was sent disappears.

    Personal: `raw`.
    """

    source = models.CharField(max_length=80)
    received_at = models.DateTimeField()
    seq = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=60)
    message = models.TextField()
    raw = models.TextField()
    file = models.CharField(max_length=300, blank=True)
    line = models.BigIntegerField(null=True)
    state = models.CharField(max_length=20, default="open")
    replayed_as = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "id"], name="quarantine_state")]


class Job(models.Model):
    """Work to do at or after `run_at`. Whoever holds its lease does it; a lease that ran out is taken by another."""

    kind = models.CharField(max_length=80)
    payload = models.JSONField(default=dict)
    run_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    attempts = models.IntegerField(default=0)
    last_error = models.TextField(blank=True)
    state = models.CharField(max_length=20, default="waiting")
    key = models.CharField(max_length=200, null=True, unique=True)  # At most one job of a key.

    class Meta:
        indexes = [models.Index(fields=["state", "run_at"], name="job_due")]


def new_epoch() -> str:
    """A name for a new life of the journal."""
    return str(uuid.uuid4())


class Epoch(models.Model):
    """One row: which life of this journal it is. A restore begins a new one, so that old positions do not count."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    value = models.CharField(max_length=36, default=new_epoch)
    begun_at = models.DateTimeField(auto_now_add=True)


class Copy(models.Model):
    """That a backup or an export was written: what is erased later still stands in it."""

    kind = models.CharField(max_length=20)  # backup or export
    path = models.TextField()
    made_at = models.DateTimeField()


class Announcement(models.Model):
    """That the log grew: whose units and kinds, for pages that are open. Kept for a minute.

    Args:
        position: the journal's segment up to which the log reaches now.
        said: unit ("" for none) → kind → the identities concerned, null where they are many.
    """

    position = models.BigIntegerField()
    said = models.JSONField()
    at = models.DateTimeField()
