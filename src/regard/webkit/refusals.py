"""Why something was refused, in the reader's language: what was given, what is allowed, what to do.

It is told in English, with places for what was given. A slice marks its sentences with `gettext_noop` where it raises
them; those of the floors below stand here, so that the catalogues of words hold them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _kept

from regard.kernel.errors import InvalidInput, UnknownName, Word
from regard.kernel.sentences import places_of

SENTENCES = (
    _kept("The filter '%(given)s' cannot be read as SQL: %(why)s"),
    _kept("The filter '%(given)s' cannot be answered: %(why)s"),
    _kept("The filter '%(given)s' must be one condition."),
    _kept("The filter '%(given)s' holds %(what)s; a filter may only compare columns and values."),
    _kept("This period has more than %(most)s pieces (%(given)s); take a shorter one, or cut more coarsely."),
    _kept(
        "%(groups)s groups over %(pieces)s pieces of time are more than %(most)s readings; cut more coarsely, "
        "or take a shorter period."
    ),
    _kept("Your role sees figures of whole weeks: cut by %(allowed)s, not by %(given)s."),
    _kept("The setting '%(name)s' is a number; '%(given)s' is not."),
    _kept("The contractual formula needs %(missing)s; give them as NAME=VALUE."),
    _kept("'%(given)s' is nothing to compare with; use %(known)s or DIMENSION=VALUE (channel=web)."),
    _kept("No %(dimension)s is '%(given)s' here. Known: %(known)s."),
    _kept("A dimension is named twice: %(given)s."),
    _kept("'%(given)s' cannot be the name of an attribute."),
    _kept("'%(given)s' cannot be the name of a trait."),
    _kept("'%(given)s' is no currency; write it as ISO 4217 does: EUR."),
    _kept("'%(given)s' is no time; write 2026-01-31 or 2026-01-31T09:00:00+02:00."),
    _kept("The year %(given)s is outside %(first)s to %(last)s."),
    _kept("The period ends (%(end)s) before it starts (%(start)s)."),
)
# What a name was meant to name, and what a filter may not hold.
WORDS = (
    _kept("dimension"),
    _kept("metric"),
    _kept("setting of this metric"),
    _kept("function for filters called"),
    _kept("column for filters"),
    _kept("a subquery"),
    _kept("a window"),
    _kept("an aggregate"),
)
ENGLISH = "en"
END = re.compile(r"\.(?= )")
UNKNOWN = re.compile(r"There is no (.+?) '(.*)'\.(?: Did you mean '(.*)'\?)? Known: (.*)\.", re.DOTALL)


class Refusal(NamedTuple):
    """A sentence, and the language that it stands in where that is not the page's."""

    text: str
    lang: str = ""


def refusal_of(error: InvalidInput) -> Refusal:
    """The sentence in the reader's language, in English where the catalogues do not hold it."""
    if isinstance(error, UnknownName):
        return Refusal(_unknown(error))
    said = _(error.sentence) if error.sentence else ""
    if said != error.sentence:
        details = {name: _word(value) for name, value in error.details.items()}
        return Refusal(said % details if details else said)
    is_english = (get_language() or ENGLISH).startswith(ENGLISH)
    return Refusal(str(error), "" if is_english else ENGLISH)


def refusal_again(told: str, sentences: Iterable[str] = ()) -> Refusal:
    """A sentence that was kept in English, in the reader's language.

    Args:
        sentences: those with places that it may be; what follows upon a known sentence stays as it is.
    """
    found = places_of(told, sentences)
    if found is not None:
        sentence, places = found
        return refusal_of(InvalidInput(sentence, **places))
    unknown = UNKNOWN.fullmatch(told)
    if unknown is not None:
        what, given, near, known = unknown.groups(default="")
        return refusal_of(UnknownName(what, given, near, () if known == "none" else tuple(known.split(", "))))
    for end in (*(one.start() + 1 for one in END.finditer(told)), len(told)):
        said = refusal_of(InvalidInput(told[:end]))
        if not said.lang:
            return Refusal(said.text + told[end:])
    return refusal_of(InvalidInput(told))


def _word(value: object) -> object:
    if isinstance(value, Word):
        return _(value.known_as)
    return _(str(value)) if value in WORDS else value


def _unknown(error: UnknownName) -> str:
    what = _(error.what)
    told = [_("“%(given)s” is not known (%(what)s).") % {"given": error.given, "what": what}]
    if error.near:
        told.append(_("Did you mean “%(near)s”?") % {"near": error.near})
    if error.known:
        told.append(_("Known: %(known)s.") % {"known": ", ".join(error.known)})
    return " ".join(told)
