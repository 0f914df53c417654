"""Which attributes and traits may enter the log: those of the source's allow-list that do not say who somebody is."""

from __future__ import annotations

from collections.abc import Sequence

from regard.warehouse.literals import text_sql

# Names under which people keep what identifies somebody.
DENIED = (
    r"(?i)(e[-_ ]?mail|phone|mobile|whats_?app|fax|address|street|zip|post_?code|postal|password|passwd|secret|token"
    r"|credit_?card|card_?(num|holder)|cvv|cvc|iban|bic|ssn|social_?security|tax_?id|national_?id|passport|birth"
    r"|^dob$|(first|last|full|given|family|sur|user|middle|customer|contact)[-_ ]?name|latitude|longitude|^ip$"
    r"|ip_?addr|^url$|^search$|^referrer$|^query$|^href$|avatar|signature)"
)
# The same names as keys anywhere inside a value, or an address in its text.
INSIDE = '@|"[^"]*' + DENIED.removeprefix("(?i)").replace("^", '(?:^|")').replace("$", "") + '[^"]*"\\s*:'
# A text that this does not match cannot hold any of it; \\u may hide a letter.
SUSPECT = r"(?i)@|\\u|" + DENIED.removeprefix("(?i)").replace("^", '"').replace("$", '"')
DENIED_TRAITS = r"(?i)^(name|title|company|description|website|employees)$|" + DENIED.removeprefix("(?i)")


def suspect_sql(properties: str, words: Sequence[str]) -> str:
    """Whether a JSON column may hold something that does not enter: what is not suspect enters as it is."""
    mark = "|" + "|".join(f'"{word}"' for word in words) if words else ""
    return f"regexp_matches({properties}, {text_sql(SUSPECT + mark)})"


def attributes_sql(properties: str, allowed: str, words: Sequence[str]) -> str:
    """The properties that may enter, as a JSON object; NULL where none is left.

    Args:
        properties: a column of JSON objects as text. allowed: a column with the source's list of names (NULL: no list).
        words: names that hold the customer's own words: these are the interaction's text and never an attribute.
    """
    listed = ", ".join(text_sql(word) for word in words)
    apart = f"k IN ({listed}) OR " if listed else ""
    # A page's or screen's name does not come from its properties.
    is_title = "k = 'name' AND kind IN ('page.viewed', 'screen.viewed')"
    unlisted = f"{allowed} IS NOT NULL AND NOT list_contains({allowed}, k) AND NOT ({is_title})"
    kept = _without(properties, f"{apart}({unlisted}) OR {_tells('k', properties)}")
    return f"nullif({kept}, '{{}}')"


def traits_sql(traits: str, allowed: str) -> str:
    """The traits that may enter, as a JSON object; NULL where none is left."""
    denied = f"regexp_matches(k, {text_sql(DENIED_TRAITS)}) OR {_tells('k', traits)}"
    kept = _without(traits, f"({allowed} IS NOT NULL AND NOT list_contains({allowed}, k)) OR {denied}")
    return f"nullif(CASE WHEN json_type({traits}) = 'OBJECT' THEN {kept} END, '{{}}')"


def _tells(key: str, column: str) -> str:
    """Whether a key, or what stands under it, can tell who somebody is."""
    pointer = f"'/' || replace(replace({key}, '~', '~0'), '/', '~1')"
    value = f"json_extract({column}, {pointer})::VARCHAR"
    return f"regexp_matches({key}, {text_sql(DENIED)}) OR coalesce(regexp_matches({value}, {text_sql('(?i)' + INSIDE)}), false)"


def _without(column: str, condition: str) -> str:
    patch = (
        f"'{{' || array_to_string(list_transform(list_filter(json_keys({column}), lambda k: {condition}), "
        "lambda k: to_json(k)::VARCHAR || ':null'), ',') || '}'"
    )
    return f"json_merge_patch({column}, {patch})::VARCHAR"
