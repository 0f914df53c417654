"""Rows of intake: the sources that may send, the files that were taken in, and which of their rows were refused."""

from __future__ import annotations

from django.db import models


class Source(models.Model):
    """Something that sends interactions. `write_key` proves it; a browser's key is public and may do less.

    `allow` lists the attribute names that enter the log (null: all that the deny pattern lets through). `mapping` adds
    to the table of events. `region` is the country of its phone numbers without country code. `is_made_up` marks sample
    data wherever it shows.
    """

    key = models.SlugField(max_length=80, primary_key=True)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, default="server")
    write_key = models.CharField(max_length=80, unique=True)
    allow = models.JSONField(null=True)
    rate_per_second = models.IntegerField(default=0)  # 0: as much as the machine takes.
    mapping = models.JSONField(default=dict)
    region = models.CharField(max_length=2, blank=True, default="")
    is_made_up = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)


class FileImport(models.Model):
    """One file taken in, or about to be: what it is, how it is read, how far it is and what came of it.

    `key` is the same for the same bytes, source and mapping. `columns`, `format`, `delimiter` and `mapping` (TOML) are
    what it takes to read one of its rows again. `path` is the copy that was brought by a browser, below the data folder,
    `brought_by` the member who did; until it is taken in, nobody else sees it.
    """

    key = models.CharField(max_length=40, blank=True)
    source = models.CharField(max_length=80)
    file = models.CharField(max_length=300)
    path = models.CharField(max_length=300, blank=True)
    brought_by = models.BigIntegerField(null=True)
    state = models.CharField(max_length=20, default="running")  # draft, waiting, running, done or failed
    format = models.CharField(max_length=20, blank=True)
    delimiter = models.CharField(max_length=4, blank=True)
    columns = models.JSONField(default=list)
    mapping = models.TextField(blank=True)
    notes = models.JSONField(default=list)  # Why a column was taken for what it is: (code, column, values).
    n_bytes = models.BigIntegerField(default=0)
    n_read = models.BigIntegerField(default=0)
    n_new = models.BigIntegerField(default=0)
    n_known = models.BigIntegerField(default=0)
    n_rejected = models.BigIntegerField(default=0)
    share_read = models.FloatField(default=0)
    message = models.TextField(blank=True)  # Why it failed.
    made_at = models.DateTimeField()
    moved_at = models.DateTimeField()  # When anything was last heard of it.
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["key"], name="file_import_key")]


class RefusedRow(models.Model):
    """A row of a file that stands in quarantine: by its digest it is known when its file comes again, also grown.

    `digest` is a keyed hash of the header and the row.
    """

    file_import = models.ForeignKey(FileImport, on_delete=models.CASCADE, related_name="+")
    source = models.CharField(max_length=80)
    digest = models.BinaryField()
    line = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["digest"], name="refused_row_digest")]
