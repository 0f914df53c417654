"""The form in which columns are corrected: what is asked, how it is shown, and what was answered."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.http import QueryDict

from regard.apps.intake.importing.choices import (
    APART,
    ATTRIBUTE,
    RATINGS,
    ROLES,
    WHOLE,
    Choice,
    Choices,
    orders_beside_answers,
    values_of,
)
from regard.apps.intake.importing.history import Note
from regard.apps.intake.importing.uploads import Draft
from regard.apps.intake.tracking.privacy import DENIED
from regard.apps.intake.web.importing_words import ROLE_TITLES, note_sentence, role_title
from regard.warehouse.files.dates import guess_dates
from regard.warehouse.schema.checks import SCALES
from regard.webkit.words import CHANNELS

LONGEST = 200
ORDER_TOO = "order_too"
UNSURE = ("time_form_unsure", "outside_scale", "other_scale", "not_read")


@dataclass(frozen=True, slots=True)
class Line:
    """One column as it is shown.

    Args:
        number: its place, by which its fields are named. why: the reasons of the guess. is_unsure: asks for a look.
        asks: which further things are asked of it: missing, scale, format, times, decimal.
    """

    number: int
    column: str
    values: list[str]
    choice: Choice
    why: list[str]
    is_unsure: bool
    stays_behind: bool
    asks: frozenset[str]
    formats: list[tuple[str, str]]


def lines_of(draft: Draft) -> list[Line]:
    """All columns, in the order of the file."""
    found = []
    orders = orders_beside_answers(draft.choices)
    for number, (column, choice) in enumerate(draft.choices.columns.items()):
        # That a row is two follows from what all columns are by now, not from what they were taken for.
        notes = [note for note in draft.row.notes if note.column == column and note.code != ORDER_TOO]
        notes += [Note(ORDER_TOO, column, {})] if column in orders else []
        values = values_of(draft.sample, column) if column in draft.sample.columns else []
        found.append(
            Line(
                number=number,
                column=column,
                values=values,
                choice=choice,
                why=[note_sentence(note) for note in notes],
                is_unsure=any(note.code in UNSURE for note in notes),
                stays_behind=choice.role == ATTRIBUTE and bool(re.search(DENIED, column)),
                asks=_asks(choice.role),
                formats=_formats(draft, column, choice) if choice.role == "occurred_at" else [],
            )
        )
    return found


def role_groups() -> list[tuple[str, list[tuple[str, str]]]]:
    """What a column can be, in groups: (title, [(role, what it is called)])."""
    return [
        (str(title), [(role, role_title(role)) for role in ROLES if role in roles])
        for title, roles in ROLE_TITLES.items()
    ]


def channels() -> list[tuple[str, str]]:
    """The usual channels."""
    return [(key, str(title)) for key, title in CHANNELS.items()]


def read_choices(data: QueryDict, draft: Draft) -> Choices:
    """What was answered; what was not asked stays as it is."""
    columns = {}
    for number, (column, before) in enumerate(draft.choices.columns.items()):
        role = data.get(f"c{number}", before.role)
        role = role if role in ROLES else before.role
        asks = _asks(role) if role == before.role else frozenset()
        columns[column] = Choice(
            role=role,
            missing=_listed(data.get(f"c{number}-missing", "")) if "missing" in asks else before.missing,
            scale=_scale(data, number) if "scale" in asks else before.scale if role == before.role else None,
            format=_format(data, number, before) if role == "occurred_at" else (),
            times=_times(data, number, draft, before) if "times" in asks else before.times,
            decimal=_decimal(data, number, before) if "decimal" in asks else before.decimal,
        )
    used = {one.times for one in columns.values() if isinstance(one.times, str)}
    for column in used & set(columns):
        if columns[column].role == ATTRIBUTE:
            columns[column] = Choice(APART)
    return Choices(
        columns=columns,
        whole={
            name: _short(data, name, draft.choices.whole.get(name, ""))
            for name in WHOLE
            if name != "occurred_at" or not any(one.role == "occurred_at" for one in columns.values())
        },
        blank=_listed(_short(data, "blank", ", ".join(draft.choices.blank))),
        currency=_short(data, "currency", draft.choices.currency).upper()[:3],
        region=_short(data, "region", draft.choices.region).upper()[:2],
        zone=_short(data, "zone", draft.choices.zone),
    )


def _asks(role: str) -> frozenset[str]:
    if role in RATINGS:
        return frozenset({"missing", "scale"} if role in SCALES else {"missing"})
    if role == "occurred_at":
        return frozenset({"format"})
    if role in ("amount", "duration_seconds", "wait_seconds"):
        return frozenset({"times", "decimal"})
    return frozenset({"missing", "scale"}) if role == "score" else frozenset()


def _formats(draft: Draft, column: str, choice: Choice) -> list[tuple[str, str]]:
    """The forms that the column's times can have: as recognised, day and month the other way round, and counted."""
    guess = guess_dates(draft.sample.of(column)) if column in draft.sample.columns else None
    forms = [choice.format or (guess.formats if guess else ()) or ("iso",)]
    turned = tuple(_turned(form) for form in forms[0])
    forms += [turned] if turned != forms[0] else []
    forms += [
        (named,) for named in ("iso", "epoch_seconds", "epoch_milliseconds", "excel") if (named,) not in forms
    ]
    return [("|".join(form), form[0]) for form in forms]


def _turned(form: str) -> str:
    return (
        re.sub(r"%[dm]", lambda found: "%m" if found.group() == "%d" else "%d", form) if "%" in form else form
    )


def _format(data: QueryDict, number: int, before: Choice) -> tuple[str, ...]:
    given = data.get(f"c{number}-format")
    return tuple(given.split("|"))[:5] if given else before.format


def _scale(data: QueryDict, number: int) -> tuple[float, float] | None:
    low, high = (_number(data.get(f"c{number}-{end}", "")) for end in ("low", "high"))
    return (low, high) if low is not None and high is not None and low != high else None


def _times(data: QueryDict, number: int, draft: Draft, before: Choice) -> str | float | None:
    given = data.get(f"c{number}-times")
    if given is None:
        return before.times
    if given in draft.choices.columns:
        return given
    return _number(given)


def _decimal(data: QueryDict, number: int, before: Choice) -> str | None:
    given = data.get(f"c{number}-decimal")
    return before.decimal if given is None else "," if given == "," else None


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", ".")) if text.strip() else None
    except ValueError:
        return None


def _listed(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in re.split(r"[,;]", text[:2000]) if part.strip()))


def _short(data: QueryDict, name: str, before: str) -> str:
    return data.get(name, before).replace("\x00", "").strip()[:LONGEST]
