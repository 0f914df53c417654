"""Special days: those of a country, or those in a file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np

from regard.analytics.forecasting.clock import DAY, Clock, Codes
from regard.analytics.forecasting.special_days import SpecialDays
from regard.kernel.errors import InvalidInput
from regard.kernel.public_holidays import PLACE, public_holidays
from regard.warehouse.files.chosen import open_table

EPOCH = date(1970, 1, 1).toordinal()


def special_days(given: str | None, clock: Clock, past: Codes, ahead: Codes) -> SpecialDays:
    """Which intervals lie on a special day of a country such as GR or US-CA, or of a file with columns date and name.

    Raises: InvalidInput where there is no such country or file, or a date that is none.
    """
    days, to_come = clock.shown(past) // DAY, clock.shown(ahead) // DAY
    named = _named(given, int(days[0]), int(to_come[-1])) if given else {}
    names = tuple(sorted(set(named.values())))
    place = {name: code for code, name in enumerate(names)}
    codes = [
        np.array([place[named[day]] if day in named else -1 for day in one.tolist()], dtype=np.int64)
        for one in (days, to_come)
    ]
    return SpecialDays(names, codes[0], codes[1], days)


def _named(given: str, first: int, last: int) -> dict[int, str]:
    """The names by day, counted from 1970."""
    if PLACE.fullmatch(given) and not Path(given).exists():
        return _of_country(given, first, last)
    return _of_file(Path(given))


def _of_country(country: str, first: int, last: int) -> dict[int, str]:
    years = range(date.fromordinal(EPOCH + first).year, date.fromordinal(EPOCH + last).year + 1)
    try:
        found = public_holidays(country, years)
    except InvalidInput:
        raise InvalidInput(
            "The holidays of '%(given)s' are not known. Give a country such as GR, PL or US-CA, or a file with columns "
            "date and name.", given=country,
        ) from None  # fmt: skip
    return {one.toordinal() - EPOCH: name for one, name in found.items()}


def _of_file(path: Path) -> dict[int, str]:
    with open_table(path) as table:
        if "date" not in table.columns:
            raise InvalidInput(
                "The file '%(given)s' needs a column 'date', and 'name' for days that come again; it has %(columns)s.",
                given=path.name, columns=", ".join(table.columns),
            )  # fmt: skip
        (dates,) = table.times("date")
        names = table.texts("name")[0] if "name" in table.columns else np.full(len(dates), None)
    known = ~np.isnat(dates)
    days = dates[known].astype("datetime64[D]").astype(int).tolist()
    return {day: name or "special day" for day, name in zip(days, names[known], strict=True)}
