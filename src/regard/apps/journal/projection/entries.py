"""Which items of a segment entered, as it is kept beside the segment: decided once, the same for every reader.

Whether an item is new is asked once, before any effect. Asked again after a crash the log would answer for this very
batch, and a consumer behind the log would never see it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import lz4.frame
import numpy as np
import numpy.typing as npt

from regard.apps.journal.segments import SegmentRow

ALL = b""
Places = npt.NDArray[np.int64]


def pack_entries(segments: Sequence[SegmentRow], seqs: Places, positions: Places) -> Mapping[int, bytes]:
    """For each segment by its number the items that entered, given the places of all that did not.

    Args:
        seqs, positions: the places, in the order of the journal.
    """
    packed = {segment.seq: ALL for segment in segments}
    if not len(seqs):
        return packed
    lengths = {segment.seq: segment.n for segment in segments}
    starts = np.flatnonzero(np.diff(seqs, prepend=-1))
    for seq, out in zip(seqs[starts].tolist(), np.split(positions, starts[1:]), strict=True):
        entered = np.ones(max(lengths[seq], int(out.max()) + 1), dtype=np.bool_)
        entered[out] = False
        packed[seq] = lz4.frame.compress(np.packbits(entered).tobytes())
    return packed


def places_left_out(segments: Sequence[SegmentRow]) -> tuple[Places, Places]:
    """The places (segment, position) of the items that were decided not to enter."""
    found = list(_left_out(segments))
    seqs = [np.full(len(out), seq, dtype=np.int64) for seq, out in found]
    nothing = np.empty(0, dtype=np.int64)
    return np.concatenate([nothing, *seqs]), np.concatenate([nothing, *(out for _, out in found)])


def _left_out(segments: Sequence[SegmentRow]) -> Iterator[tuple[int, Places]]:
    for segment in segments:
        if segment.entered:
            bits = np.frombuffer(lz4.frame.decompress(segment.entered), dtype=np.uint8)
            yield segment.seq, np.flatnonzero(np.unpackbits(bits)[: segment.n] == 0)
