"""Rows on their way in: what every way of taking in makes, before anybody knows whose they are."""

from __future__ import annotations

from regard.warehouse.schema.interactions import FACTS
from regard.warehouse.schema.table import Column, Table

_PLACE = (
    Column("seq", "BIGINT", "The journal's segment it came in."),
    Column("position", "INTEGER", "Its place in that segment, from 0."),
)
_WHO = (
    Column("source", "VARCHAR", "The key of the source that sent it."),
    Column("message_id", "VARCHAR", "The sender's own id of it, the same on every retry."),
    Column("interaction_id", "BLOB", "16 bytes made from the source and the message id."),
    Column("user_id", "VARCHAR", "The sender's id of a known user.", personal=True),
    Column("anonymous_id", "VARCHAR", "The sender's id of a browser or device.", personal=True),
    Column("email", "VARCHAR", "E-mail address, normalised.", personal=True),
    Column("phone", "VARCHAR", "Telephone number, normalised (E.164).", personal=True),
    Column("account", "VARCHAR", "The account that the person belongs to, by its key.", personal=True),
    Column("traits", "VARCHAR", "What is known of the person: a JSON object.", personal=True),
    Column("alias_of", "VARCHAR", "An earlier id of the same person.", personal=True),
)

INCOMING = Table(name="incoming", meaning="One row on its way in.", columns=(*_PLACE, *_WHO, *FACTS))

# What a staged Parquet segment holds: the journal adds the place when it reads it.
STAGED = Table(name="staged", meaning="One row of a staged file.", columns=(*_WHO, *FACTS))
