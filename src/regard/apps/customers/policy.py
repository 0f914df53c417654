"""Which links may join identifiers: pure decisions, made in the order of the journal.

The outcome depends on the order of interactions only, never on how they were cut into batches.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum


class Kind(IntEnum):
    """Kinds of identifier, the one that says most first. User and anonymous ids belong to one source."""

    USER = 1
    EMAIL = 2
    PHONE = 3
    ANONYMOUS = 4

    @property
    def key(self) -> str:
        """As it stands in the store."""
        return self.name.lower()


ANONYMOUS = int(Kind.ANONYMOUS)
GLOBAL = frozenset({Kind.EMAIL, Kind.PHONE})


# What has become of an identifier so far, as bits of one number (plain numbers: an enumeration's are slow to read).
LINKED = 1  # It has been joined with something.
HAS_USER = 2  # (Anonymous id) it has its first user.
HAS_EMAIL = 4
HAS_PHONE = 8
SHARED = 16  # It was seen with more customers than its kind allows: it joins nobody.

# With how many identifiers of another kind one e-mail or phone may be seen before it counts as shared. User ids are
# counted within their source: two user ids of one shop are two people, as far as that shop knows.
ALLOWED: Mapping[tuple[int, int], int] = {
    (Kind.EMAIL, Kind.USER): 1,
    (Kind.PHONE, Kind.USER): 1,
    (Kind.PHONE, Kind.EMAIL): 2,
    (Kind.EMAIL, Kind.PHONE): 4,
}

FIRST: Mapping[int, int] = {Kind.USER: HAS_USER, Kind.EMAIL: HAS_EMAIL, Kind.PHONE: HAS_PHONE}


def may_join_anonymous(other: int, marks: int) -> bool:
    """Whether an anonymous id with `marks` may be joined with an identifier of kind `other`.

    It joins its first user only: on a shared browser, whoever signs in later is somebody else. An e-mail or phone that
    is typed there counts only until a user is known, and only the first of its kind.
    """
    if other == ANONYMOUS:
        return True
    return not marks & (HAS_USER | FIRST[other])


def is_free(kind: int, marks: int, first_at: int, now: int) -> bool:
    """Whether nothing is known of an identifier yet, so that a browser's word may attach it to somebody.

    A browser's key is public: what it sends may not join two identities that are known already. An anonymous id
    is free until it is first joined, any other one only in the interaction that first names it.
    """
    return not marks & LINKED and (kind == ANONYMOUS or first_at == now)
