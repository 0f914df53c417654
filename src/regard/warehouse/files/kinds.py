"""What happened, as files write it, in the form of the log: noun.verb in small letters."""

from __future__ import annotations

_WORD = r"[\p{L}\p{N}]+"
_PART = f"{_WORD}(_{_WORD})*"


def kind_sql(text: str) -> str:
    """SQL giving the kind that a text expression writes, NULL where no letter or digit is left of it.

    The tracking API makes the same of the names of events: "Loyalty Card Scanned" is loyalty_card.scanned, and "Clicked"
    is event.clicked.
    """
    apart = f"regexp_replace({text}, '([\\p{{Ll}}\\p{{Lo}}])([A-Z])', '\\1 \\2', 'g')"
    words = f"trim(regexp_replace(lower({apart}), '[^\\p{{L}}\\p{{N}}]+', ' ', 'g'))"
    named = f"CASE WHEN contains({words}, ' ') THEN {words} ELSE 'event ' || nullif({words}, '') END"
    made = f"replace(regexp_replace({named}, ' ([^ ]+)$', '.\\1'), ' ', '_')"
    ready = f"regexp_full_match({text}, '{_PART}\\.{_PART}') AND {text} = lower({text})"
    return f"CASE WHEN {ready} THEN {text} ELSE {made} END"
