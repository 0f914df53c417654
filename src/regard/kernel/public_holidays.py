"""The public holidays of a country, or of a part of one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from regard.kernel.errors import InvalidInput

if TYPE_CHECKING:
    from holidays import HolidayBase

PLACE = re.compile(r"(?P<country>[A-Z]{2})(?:-(?P<part>[A-Z0-9]{1,4}))?")


def is_public_holiday(day: date, place: str) -> bool:
    """Whether `day` is a public holiday of `place`, such as GR, PL or US-CA.

    Raises: InvalidInput for a place whose holidays are not known.

    >>> is_public_holiday(date(2026, 11, 11), "PL"), is_public_holiday(date(2026, 11, 12), "PL")
    (True, False)
    """
    return day in _known(place)


def public_holidays(place: str, years: Iterable[int]) -> dict[date, str]:
    """The names of the public holidays of `place` in these years, by day.

    Raises: InvalidInput for a place whose holidays are not known.

    >>> date(2026, 10, 28) in public_holidays("GR", [2026])
    True
    """
    known, wanted = _known(place), set(years)
    for year in wanted:
        known.get(date(year, 1, 1))  # asking for a day makes its year known
    return {day: name for day, name in sorted(known.items()) if day.year in wanted}


def check_place(place: str) -> str:
    """The place in capitals. Raises: InvalidInput for one whose holidays are not known.

    >>> check_place(" us-ca ")
    'US-CA'
    """
    wanted = place.strip().upper()
    _known(wanted)
    return wanted


@lru_cache(maxsize=16)
def _known(place: str) -> HolidayBase:
    """The calendar of a place; it works out a year when it is first asked for a day of it."""
    import holidays  # its list of countries takes longer to load than most commands

    found = PLACE.fullmatch(place)
    try:
        if found:
            named = partial(holidays.country_holidays, found["country"], subdiv=found["part"])
            calendar = named()
            english = [one for one in calendar.supported_languages if one.startswith("en")]
            # Said, as otherwise names follow the machine's settings.
            return named(language=min(english, default=calendar.default_language))
    except NotImplementedError:
        pass
    raise InvalidInput(
        "The public holidays of '%(given)s' are not known; a country is written such as GR, PL or US-CA.",
        given=place,
    )
