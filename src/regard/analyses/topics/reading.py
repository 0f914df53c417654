"""Taught topics, and what stands beside the texts."""

from __future__ import annotations

import argparse
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regard.analyses.durations import seconds_of
from regard.analytics.arrays import Floats, floats
from regard.analytics.sizes import check_size
from regard.analytics.words.taught import Taught
from regard.kernel.errors import InvalidInput, NotEnoughData, unknown_name
from regard.warehouse.files.chosen import Table, open_table
from regard.warehouse.files.grouped import owners


@dataclass(frozen=True, slots=True, eq=False)
class Asides:
    """What stands beside the texts.

    Args:
        score: array (texts,), as it is summed up; not a number where there is none. None where nobody asked.
        is_latest: array (texts,), 1 in the latest period, 0 before, -1 where it does not count: without a time, and all texts of an
            owner but the last. None where nobody asked.
        since: when the latest period begins.
        owners: array (texts,), whose text each is, from 0; None where nobody said.
    """

    score: Floats | None
    is_latest: NDArray[np.int64] | None
    since: str = ""
    owners: NDArray[np.int64] | None = None


def read_asides(table: Table, args: argparse.Namespace) -> Asides:
    """Scores and times of all rows, where `args` name them."""
    score, is_latest, since = None, None, ""
    whose = owners(table, args.cluster) if args.cluster else None
    if args.score:
        (given,) = table.numbers(args.score)
        _check_scores(args.score, given)
        score = _points(given) if args.scale == "nps" else given
    if args.time:
        (times,) = table.times(args.time)
        known = ~np.isnat(times)
        if not known.any():
            raise NotEnoughData(f"The column '{args.time}' is empty in every row. Fill it, or name another.")
        begins = times[known].max() - np.timedelta64(int(1e6 * seconds_of(args.latest)), "us")
        counts = known if whose is None else known & _are_last(times, whose)
        is_latest = np.where(counts, times > begins, -1).astype(np.int64)
        since = str(begins.astype("datetime64[s]"))
        if not (is_latest == 0).any():
            raise NotEnoughData(
                f"All texts are of the last {args.latest}; there is no time before to compare with. Name a shorter one: --latest 7d."
            )
    return Asides(score, is_latest, since, whose)


def _are_last(times: NDArray[np.datetime64], whose: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether each text is the last of its owner, so that one who writes often is no news by themselves."""
    last = np.zeros(len(times), dtype=np.bool_)
    order = np.lexsort((times, whose))
    order = order[~np.isnat(times[order])]
    last[order[np.flatnonzero(np.diff(whose[order], append=-1))]] = True
    return last


def _check_scores(name: str, given: Floats) -> None:
    """Raises: NotEnoughData where no score differs from another; InvalidInput where they are too large to be any."""
    known = given[np.isfinite(given)]
    if not len(known):
        raise NotEnoughData(f"The column '{name}' is empty in every row. Fill it, or name another.")
    if known.min() == known.max():
        raise NotEnoughData(
            f"The column '{name}' says {known[0]:g} in every row, so that no topic differs from another. Name another, or leave "
            "--score out."
        )
    check_size(f"The column '{name}'", given)


def _points(scores: Floats) -> Floats:
    """What each answer adds to the NPS: 100, 0 or -100."""
    wrong = np.isfinite(scores) & ((scores < 0) | (scores > 10) | (scores != np.round(scores)))
    if wrong.any():
        raise InvalidInput(
            f"An NPS needs whole scores from 0 to 10; {int(wrong.sum()):,} are others, such as {scores[wrong][0]:g}. Correct them, or "
            "leave --scale nps out."
        )
    points = 100.0 * (scores >= 9) - 100.0 * (scores <= 6)
    return floats(np.where(np.isfinite(scores), points, np.nan))


def read_taught(path: str) -> list[Taught]:
    """The taught topics of a .toml or a table with the columns topic, keyword, example. Raises: InvalidInput for others."""
    found = _from_toml(Path(path)) if path.lower().endswith(".toml") else _from_table(Path(path))
    for one in found:
        if not one.keywords and not one.examples:
            raise InvalidInput(
                f"The topic '{one.name}' of {path} has neither keywords nor examples. Give it one of either."
            )
    if not found:
        raise InvalidInput(
            f"No topic stands in {path}. Write one: [[topic]] with name and keywords or examples."
        )
    return found


def _from_toml(path: Path) -> list[Taught]:
    try:
        given: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidInput(
            "The file '%(given)s' cannot be read: %(why)s.", given=path, why=error.strerror
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidInput(f"The file '{path.name}' is no TOML: {error}.") from None
    entries = given.get("topic", [])
    if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
        raise InvalidInput(f"Topics of '{path.name}' need to be written as [[topic]], each with a name.")
    return [_taught(one, path.name) for one in entries]


def _taught(entry: dict[str, Any], file: str) -> Taught:
    allowed = ("name", "keywords", "examples")
    for key in entry:
        if key not in allowed:
            raise unknown_name("key of a topic", key, allowed)
    name, lists = entry.get("name"), [entry.get(key, []) for key in allowed[1:]]
    if not isinstance(name, str) or not name.strip():
        raise InvalidInput(f"A topic of '{file}' has no name. Give it one: name = \"refunds\".")
    if not all(isinstance(one, list) and all(isinstance(word, str) for word in one) for one in lists):
        raise InvalidInput(
            f"The keywords and examples of '{name}' need to be lists of texts: keywords = [\"refund*\"]."
        )
    return Taught(name.strip(), tuple(lists[0]), tuple(lists[1]))


def _from_table(path: Path) -> list[Taught]:
    with open_table(path) as table:
        names = table.texts("topic")[0]
        keywords, examples = (
            table.texts(one)[0] if one in table.columns else np.full(len(names), None)
            for one in ("keyword", "example")
        )
    order = list(dict.fromkeys(one for one in names if one))
    return [
        Taught(
            name, *(tuple(word for word in column[names == name] if word) for column in (keywords, examples))
        )
        for name in order
    ]
