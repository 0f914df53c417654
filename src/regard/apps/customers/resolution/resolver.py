"""Who each interaction belongs to, and what it says about who is who.

Everything that was seen before is answered by arrays. Only what is new (an identifier, a link) is looked at one by one,
in the order of the journal, so that any cut into batches gives the same customers.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from regard.apps.customers.policy import (
    ALLOWED,
    ANONYMOUS,
    FIRST,
    LINKED,
    SHARED,
    Kind,
    is_free,
    may_join_anonymous,
)
from regard.apps.customers.resolution.index import Keys, Numbers, first_of_each
from regard.apps.customers.resolution.state import State

# The identifiers of a row in the order in which they count; an alias may name a user or an anonymous id.
SLOTS = (Kind.USER, Kind.EMAIL, Kind.PHONE, Kind.ANONYMOUS, Kind.USER, Kind.ANONYMOUS)
# Which one an interaction is known by: the source's user id, else the anonymous id, e-mail, phone.
PRIMARY = (0, 3, 1, 2)
WIDTH = len(SLOTS)


@dataclass(frozen=True, slots=True)
class Rows:
    """A batch in the order of the journal.

    Args:
        high, low: halves of the identifiers' digests, shape (n, slots); both 0 where a row has none.
        source: number of the source; is_browser: whether a browser sent it.
        at: its place in the journal as one number.
    """

    high: Keys
    low: Keys
    source: npt.NDArray[np.int32]
    is_browser: npt.NDArray[np.bool_]
    at: Numbers


@dataclass(slots=True)
class Outcome:
    """What a batch came to: the store writes this down.

    Args:
        identity: of each row; 0 where it has no identifier.
        new_ids, new_places: identities made, and where each stands first (row * slots + slot).
        links: (target, primary, row) of links made.
        changed: identities made before whose customer or mark changed.
        splits: (identity that is shared now, customer it belonged to).
        moved: identities whose customer is not themselves or was another before: the warehouse must know.
    """

    identity: Numbers
    new_ids: Numbers
    new_places: Numbers
    links: list[tuple[int, int, int]] = field(default_factory=list)
    changed: set[int] = field(default_factory=set)
    splits: list[tuple[int, int]] = field(default_factory=list)
    moved: set[int] = field(default_factory=set)


def resolve(state: State, rows: Rows) -> Outcome:
    """Find or make the identity of each row and join what the rows show to be one. Changes `state`."""
    ids, outcome = _identify(state, rows)
    targets, primaries, places, browsers = _new_links(state, rows, ids, outcome.identity)
    if len(targets):
        _Joining(state, rows, outcome).follow(targets, primaries, places, browsers)
    return outcome


def _identify(state: State, rows: Rows) -> tuple[Numbers, Outcome]:
    """The identity of every identifier of every row, made where it is new, in order of first appearance."""
    high, low = rows.high.ravel(), rows.low.ravel()
    places = np.flatnonzero((high != 0) | (low != 0))
    high, low = high[places], low[places]
    found = state.identifiers.find(high, low)
    missing = np.flatnonzero(found < 0)
    new_ids = new_places = np.empty(0, dtype=np.int64)
    if len(missing):
        first, inverse = first_of_each(high[missing], low[missing])
        new_ids = np.arange(state.n, state.n + len(first), dtype=np.int64)
        found[missing] = new_ids[inverse]
        new_places = places[missing[first]]
        row = new_places // WIDTH
        kind = np.array(SLOTS, dtype=np.int8)[new_places % WIDTH]
        is_global = (kind == Kind.EMAIL) | (kind == Kind.PHONE)
        source = np.where(is_global, 0, rows.source[row]).astype(np.int32)
        state.add_identifiers(new_ids, high[missing[first]], low[missing[first]], kind, source, rows.at[row])
    flat = np.zeros(rows.high.size, dtype=np.int64)
    flat[places] = found
    ids: Numbers = flat.reshape(-1, WIDTH)
    identity: Numbers = np.zeros(len(ids), dtype=np.int64)
    for slot in reversed(PRIMARY):
        identity = np.where(ids[:, slot] > 0, ids[:, slot], identity)
    return ids, Outcome(identity, new_ids, new_places)


def _new_links(
    state: State, rows: Rows, ids: Numbers, identity: Numbers
) -> tuple[Numbers, Numbers, Numbers, npt.NDArray[np.bool_]]:
    """Pairs of identifiers that stand in one row and are not linked yet: target, primary, place, from a browser."""
    is_pair = (ids > 0) & (ids != identity[:, None]) & (identity[:, None] > 0)
    shared = (state.marks & SHARED) != 0
    is_pair &= ~shared[ids] & ~shared[identity][:, None]
    places = np.flatnonzero(is_pair)
    row = places // WIDTH
    targets, primaries, browsers = ids.ravel()[places], identity[row], rows.is_browser[row]
    known = state.links.find(targets.astype(np.uint64), primaries.astype(np.uint64)) >= 0
    new = np.flatnonzero(~known)
    targets, primaries, places, browsers = targets[new], primaries[new], places[new], browsers[new]
    if len(targets):
        # What was refused once is refused again, so the first of equal pairs speaks for all of them.
        first, _ = first_of_each(targets, primaries, browsers)
        targets, primaries, places, browsers = (
            targets[first],
            primaries[first],
            places[first],
            browsers[first],
        )
    return targets, primaries, places, browsers


class _Joining:
    """The links of one batch, judged one by one."""

    def __init__(self, state: State, rows: Rows, outcome: Outcome) -> None:
        self.state = state
        self.rows = rows
        self.outcome = outcome
        self.shared: list[int] = []
        self.first_new = int(outcome.new_ids[0]) if len(outcome.new_ids) else state.n
        # What is known of the identities at hand, as plain numbers: reading arrays one by one is slow.
        self.kind: dict[int, int] = {}
        self.source: dict[int, int] = {}
        self.marks: dict[int, int] = {}
        self.first_at: dict[int, int] = {}
        # With whom an e-mail or phone was seen: (identity, kind, source) -> identities.
        self.seen: dict[tuple[int, int, int], set[int]] = {}

    def follow(
        self, targets: Numbers, primaries: Numbers, places: Numbers, browsers: npt.NDArray[np.bool_]
    ) -> None:
        """Make the links that are allowed, then form the customers that they touch."""
        links = self.outcome.links
        plain = self._are_plain(targets, primaries, browsers)
        alone, owners = targets[plain], primaries[plain]
        links += zip(alone.tolist(), owners.tolist(), (places[plain] // WIDTH).tolist(), strict=True)
        self.state.join_new(alone, owners)
        targets, primaries, places = targets[~plain], primaries[~plain], places[~plain]
        browsers = browsers[~plain]
        self._read(np.unique(np.concatenate([targets, primaries])))
        self._remember(targets)
        made: set[tuple[int, int]] = set()
        at = self.rows.at[places // WIDTH].tolist()
        pairs = zip(targets.tolist(), primaries.tolist(), places.tolist(), at, browsers.tolist(), strict=True)
        for target, primary, place, now, browser in pairs:
            if (target, primary) not in made and self._accepts(target, primary, now, browser):
                made.add((target, primary))
                links.append((target, primary, place // WIDTH))
                self._mark(target, primary)
        marked = np.array(list(self.marks), dtype=np.int64)
        self.state.marks[marked] = np.array(list(self.marks.values()), dtype=np.int8)
        if links:
            columns = np.array(links, dtype=np.int64)
            high, low = columns[:, 0].astype(np.uint64), columns[:, 1].astype(np.uint64)
            self.state.links.add(high, low, np.zeros(len(columns), dtype=np.int64))
        self._form(before=dict(zip(alone.tolist(), alone.tolist(), strict=True)))

    def _are_plain(
        self, targets: Numbers, primaries: Numbers, browsers: npt.NDArray[np.bool_]
    ) -> npt.NDArray[np.bool_]:
        """Which pairs nothing else in the batch can touch: a new identifier that nobody but one user comes with.

        Most pairs are; they are joined by arrays, in any order.
        """
        state = self.state
        _, inverse, counts = np.unique(
            np.concatenate([targets, primaries]), return_inverse=True, return_counts=True
        )
        kind = state.kind[targets]
        plain: npt.NDArray[np.bool_] = (
            (counts[inverse[: len(targets)]] == 1)
            & (~browsers | (kind == ANONYMOUS))
            & (kind != Kind.USER)
            & (state.kind[primaries] == Kind.USER)
            & (targets >= self.first_new)
            & (state.customer[primaries] < targets)
        )
        # Whether a browser's word counts depends on what was joined before it: whom it names go one by one.
        careful = browsers & ~plain
        return plain & ~np.isin(primaries, np.concatenate([targets[careful], primaries[careful]]))

    def _read(self, ids: Numbers) -> None:
        numbers = ids.tolist()
        for name in ("kind", "source", "marks", "first_at"):
            setattr(self, name, dict(zip(numbers, getattr(self.state, name)[ids].tolist(), strict=True)))

    def _remember(self, targets: Numbers) -> None:
        """Look up with whom the e-mails and phones among `targets` were seen before."""
        kinds = self.state.kind[targets]
        old = (targets < self.first_new) & ((kinds == Kind.EMAIL) | (kinds == Kind.PHONE))
        high, low = self.state.links.with_high(np.unique(targets[old]).astype(np.uint64))
        primaries = low.astype(np.int64)
        kind, source = self.state.kind[primaries].tolist(), self.state.source[primaries].tolist()
        for target, primary, *group in zip(high.tolist(), primaries.tolist(), kind, source, strict=True):
            self.seen.setdefault((target, group[0], group[1]), set()).add(primary)

    def _accepts(self, target: int, primary: int, now: int, browser: bool) -> bool:
        kind, other = self.kind[target], self.kind[primary]
        marks, other_marks = self.marks[target], self.marks[primary]
        if (marks | other_marks) & SHARED:
            return False
        if kind == ANONYMOUS and not may_join_anonymous(other, marks):
            return False
        if other == ANONYMOUS and not may_join_anonymous(kind, other_marks):
            return False
        if browser and not (
            is_free(kind, marks, self.first_at[target], now)
            or is_free(other, other_marks, self.first_at[primary], now)
        ):
            return False
        allowed = ALLOWED.get((kind, other))
        return allowed is None or self._counts(target, primary, allowed, browser)

    def _counts(self, target: int, primary: int, allowed: int, browser: bool) -> bool:
        """Note with whom an e-mail or phone is seen, and that it is shared where these are too many."""
        group = (target, self.kind[primary], self.source[primary])
        seen = self.seen.setdefault(group, set())
        if browser and len(seen | {primary}) > allowed:
            return False  # Nor may a browser make an identifier shared, which would part whom it joined.
        seen.add(primary)
        if len(seen) > allowed:
            self.shared.append(target)
            self.marks[target] |= SHARED
        return True

    def _mark(self, target: int, primary: int) -> None:
        for one, other in ((target, primary), (primary, target)):
            mark = LINKED
            if self.kind[one] == ANONYMOUS:
                mark |= FIRST.get(self.kind[other], 0)
            self.marks[one] |= mark

    def _form(self, *, before: dict[int, int]) -> None:
        """Join what the new links join, and form anew the customers of what turned out to be shared.

        Args:
            before: identities that were joined already, each with the customer that it had.
        """
        state, outcome = self.state, self.outcome
        for identity in self.shared:
            if identity < self.first_new:
                outcome.splits.append((identity, int(state.customer[identity])))
        for target, primary, _ in outcome.links[len(before) :]:
            if state.is_joining(target, primary):
                old = int(max(state.customer[target], state.customer[primary]))
                for moved in state.join(target, primary):
                    before.setdefault(moved, old)
        if self.shared:
            touched = {member for identity in self.shared for member in state.members(identity)}
            for moved, old in state.regroup(touched).items():
                before.setdefault(moved, old)
        for identity, old in before.items():
            if state.customer[identity] != old:
                outcome.moved.add(identity)
        outcome.changed = {i for i in (*outcome.moved, *self.shared) if i < self.first_new}
