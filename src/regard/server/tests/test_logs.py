from __future__ import annotations

import io
import logging

from regard.server.logs import WithoutWords


def test_an_error_is_logged_by_type_and_place_and_without_what_it_says() -> None:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(WithoutWords("{levelname} {message}", style="{"))
    logger = logging.Logger("one")
    logger.addHandler(handler)
    try:
        try:
            int("carol@example.com")
        except ValueError as error:
            raise RuntimeError("could not read carol@example.com") from error
    except RuntimeError:
        logger.exception("batch_failed first=%d", 7)
    told = out.getvalue()
    assert "carol" not in told.replace('int("carol@example.com")', "").replace(
        'raise RuntimeError("could not read carol@example.com")', ""
    )
    assert told.startswith("ERROR batch_failed first=7\nbuiltins.ValueError\n")
    assert "builtins.RuntimeError" in told
    assert "test_logs.py" in told


def test_a_chain_that_bites_its_tail_ends() -> None:
    one, two = ValueError("a"), ValueError("b")
    one.__context__, two.__context__ = two, one
    told = WithoutWords().formatException((ValueError, one, None))
    assert told.count("builtins.ValueError") == 2
