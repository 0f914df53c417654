"""Columns of fixed width as they come out of DuckDB, some hundred thousand rows at a time, without copying them.

DuckDB hands out results through the Arrow C stream, which is a fixed layout in memory and needs no further package.
Fetching ten million rows at once costs twice as much: most of it is memory that is touched for the first time.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from typing import Any

import duckdb
import numpy as np
from numpy.typing import DTypeLike, NDArray

Batch = tuple[NDArray[Any], ...]


class _Array(ctypes.Structure):
    """`struct ArrowArray`; one for the batch, with one below it for each column."""


_Release = ctypes.CFUNCTYPE(None, ctypes.c_void_p)
_Array._fields_ = [
    ("length", ctypes.c_int64),
    ("null_count", ctypes.c_int64),
    ("offset", ctypes.c_int64),
    ("n_buffers", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("buffers", ctypes.POINTER(ctypes.c_void_p)),
    ("children", ctypes.POINTER(ctypes.POINTER(_Array))),
    ("dictionary", ctypes.c_void_p),
    ("release", _Release),
    ("private_data", ctypes.c_void_p),
]


class _Stream(ctypes.Structure):
    """`struct ArrowArrayStream`."""

    _fields_ = [
        ("get_schema", ctypes.c_void_p),
        ("get_next", ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.POINTER(_Array))),
        ("get_last_error", ctypes.CFUNCTYPE(ctypes.c_char_p, ctypes.c_void_p)),
        ("release", ctypes.c_void_p),
        ("private_data", ctypes.c_void_p),
    ]


_pointer = ctypes.pythonapi.PyCapsule_GetPointer
_pointer.restype = ctypes.c_void_p
_pointer.argtypes = [ctypes.py_object, ctypes.c_char_p]


def stream(relation: duckdb.DuckDBPyRelation, types: Sequence[DTypeLike]) -> Iterator[Batch]:
    """The rows of `relation` in their order, batch by batch.

    Args:
        types: of each column, its numpy type; of fixed width, and without NULL.

    Returns: an array for each column; they are gone with the next batch, so copy what you keep.
    """
    wanted = [np.dtype(one) for one in types]
    capsule = relation.__arrow_c_stream__()
    address = _pointer(capsule, b"arrow_array_stream")
    found = _Stream.from_address(address)
    while True:
        batch = _Array()
        if found.get_next(address, ctypes.byref(batch)):
            said = found.get_last_error(address) or b"the rows cannot be read"
            raise duckdb.Error(said.decode(errors="replace"))
        if not batch.release:
            return
        try:
            if batch.length:
                yield tuple(_column(batch, place, type_) for place, type_ in enumerate(wanted))
        finally:
            batch.release(ctypes.addressof(batch))


def _column(batch: _Array, place: int, type_: np.dtype[Any]) -> NDArray[Any]:
    column = batch.children[place].contents
    if column.null_count > 0:
        raise ValueError(f"Column {place} has NULLs; give it a value that stands for them.")
    start = column.buffers[1] + (batch.offset + column.offset) * type_.itemsize
    size = batch.length * type_.itemsize
    return np.frombuffer((ctypes.c_char * size).from_address(start), dtype=type_)
