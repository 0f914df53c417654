"""Rows of the customers slice. Everything here is personal data and leaves with `services.forget`.

A customer is no row of its own: it is the set of identifiers with the same `customer_id`, the smallest of their
numbers. Joining and splitting change that column and nothing else, so both can be undone.
"""

from __future__ import annotations

from django.db import models


class Identifier(models.Model):
    """One identifier that came with an interaction; its number stands in the log and never changes.

    `source` is empty for kinds that mean the same everywhere (e-mail, phone). `first_at` is its first interaction's
    place in the journal. `version` is the segment that last changed its customer.
    """

    identity_id = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=20)
    source = models.CharField(max_length=80, blank=True)
    value = models.TextField()
    digest = models.BinaryField()  # 16 bytes: keyed hash of kind, source and value.
    customer_id = models.BigIntegerField()
    is_shared = models.BooleanField(default=False)
    first_at = models.BigIntegerField(default=0)
    version = models.BigIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(
                fields=["customer_id"],
                name="identifier_customer",
                condition=~models.Q(customer_id=models.F("identity_id")),
            ),
        ]


class Findable(models.Model):
    """A value by which people search, and whose it is: in the order of the values (see `indexing`)."""

    value = models.TextField()
    identity_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["value", "identity_id"], name="findable_once")]


class Link(models.Model):
    """That one interaction carried two identifiers: the evidence for joining them.

    `seq` and `position` say which interaction (0: a person decided). A link that was cut stays as history.
    """

    primary_id = models.BigIntegerField()
    target_id = models.BigIntegerField()
    source = models.CharField(max_length=80)
    seq = models.BigIntegerField()
    position = models.IntegerField()
    is_cut = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["target_id", "primary_id"], name="link_once")]


class Split(models.Model):
    """That an identifier turned out to be shared, or that a person decided: whom it had joined until then."""

    identity_id = models.BigIntegerField()
    customer_id = models.BigIntegerField()
    reason = models.CharField(max_length=40)
    seq = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["identity_id", "reason", "seq"], name="split_once")]


class Decision(models.Model):
    """A join, split or erasure that a person asked for; the projector carries it out in its turn."""

    kind = models.CharField(max_length=20)
    payload = models.JSONField()
    made_at = models.DateTimeField()
    applied_seq = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["id"], name="decision_waiting", condition=models.Q(applied_seq=None))]


class Trait(models.Model):
    """What is known of an identifier beside its interactions: the latest value by name."""

    identity_id = models.BigIntegerField()
    name = models.CharField(max_length=200)
    value = models.TextField()
    version = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["identity_id", "name"], name="trait_once")]


class Account(models.Model):
    """A company or household that customers belong to."""

    key = models.CharField(max_length=200, primary_key=True)


class Membership(models.Model):
    """That an identifier belongs to an account."""

    identity_id = models.BigIntegerField()
    account = models.CharField(max_length=200)
    version = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["identity_id", "account"], name="membership_once")]


class Erasure(models.Model):
    """That a customer, or all that happened in a period, was to be erased: how far it is, and what was found where.

    Holds no identifier: `identities` are numbers, which stand here only until the erasure is complete.
    """

    kind = models.CharField(max_length=20)  # See `erasing.steps`.
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=254, blank=True)  # A member's e-mail; empty: the command line.
    is_at_once = models.BooleanField(default=False)
    step = models.CharField(max_length=40, blank=True)  # The step to do next; empty: the first.
    cursor = models.BigIntegerField(default=0)  # The last segment of the journal that was looked at.
    until_seq = models.BigIntegerField(default=0)  # The last to be looked at; what comes later is refused.
    identities = models.JSONField(default=list)
    highest = models.BigIntegerField(default=0)  # The largest number erased: it is never given again.
    found = models.JSONField(default=dict)  # By place, how much was erased there.
    erased_at = models.DateTimeField(null=True)  # Nothing answers with it any more.
    clean_at = models.DateTimeField(null=True)  # From when on files that no longer count may go.
    done_at = models.DateTimeField(null=True)  # Nothing on the disk holds it any more.
    last_error = models.CharField(max_length=300, blank=True)
    lifted_at = models.DateTimeField(null=True)  # What it names may come again.

    class Meta:
        indexes = [models.Index(fields=["id"], name="erasure_open", condition=models.Q(done_at=None))]


class Erased(models.Model):
    """The keyed hash of an identifier that was erased: what carries it is refused, and a restore erases it again."""

    digest = models.BinaryField(primary_key=True)
    erased_at = models.DateTimeField()
    erasure = models.ForeignKey(Erasure, null=True, on_delete=models.CASCADE, related_name="+")
