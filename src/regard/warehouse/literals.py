"""Values of ours as SQL writes them."""

from __future__ import annotations


def text_sql(value: object) -> str:
    """A text or a path, whatever it holds.

    >>> text_sql("it's")
    "'it''s'"
    """
    return "'" + str(value).replace("'", "''") + "'"
