"""Ids: of an interaction the same (source, message id) gives the same id, everywhere and for ever."""

from __future__ import annotations

import hashlib

SEPARATOR = "\x1f"
# No number of a row is this large; what is given in an address and is not below it names nothing.
LARGEST = 2**62


def interaction_id(source: str, message_id: str) -> bytes:
    """16 bytes from the source's key and the sender's message id.

    DuckDB makes the same id as `unhex(md5(source || chr(31) || message_id))`.
    MD5 serves as a fingerprint here, not as a protection: a sender who forges a collision loses its own events only.

    >>> interaction_id("shop", "m-1").hex()
    'd96d4cf6f13273c6fa71c2dd334bc9cd'
    """
    return hashlib.md5(f"{source}{SEPARATOR}{message_id}".encode(), usedforsecurity=False).digest()
