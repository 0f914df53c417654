"""Which columns hold the customer's own words: by what they are called, and by what stands in them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

# Words in the names of columns that ask for words, written small and without accents.
ASKING = frozenset(
    (
        "comment comments feedback opinion opinions think thought thoughts why reason reasons improve improvement "
        "improvements better suggest suggestion suggestions remark remarks verbatim review reviews complaint complaints "
        "liked disliked like dislike tell explain words experience "
        "komentarz komentarze uwagi opinia opinie dlaczego powod uzasadnienie uzasadnij sadzisz myslisz mysla sugestie "
        "poprawic wrazenia "
        "комментарии комментариев отзыв отзывы мнение почему причина думаете замечания предложения пожелания улучшить "
        "впечатления впечатление понравилось расскажите "
        "σχολιο σχολια γνωμη αποψη γιατι λογος πιστευετε παρατηρησεις προτασεις προτεινετε βελτιωσουμε εντυπωσεις εμπειρια "
        "մեկնաբանություն մեկնաբանություններ կարծիք կարծիքը կարծիքներ ինչու պատճառ պատճառը կարծում դիտողություններ "
        "առաջարկ առաջարկներ առաջարկություններ բարելավել տպավորություն տպավորություններ"
    ).split()
)
LEAST_DIFFERENT, LEAST_WORDS, LEAST_LONG = 0.5, 3.0, 0.3
SEVERAL = 3  # words that make an answer more than a name or a category


@dataclass(frozen=True, slots=True)
class Wording:
    """Why a column holds words.

    Args:
        word: of its name, that asks for words. different: share of its values that differ. n_words: of a value, on average.
    """

    word: str
    different: float
    n_words: float


def wording_of(column: str, values: Sequence[str]) -> Wording | None:
    """Why the column holds the customer's own words; None where its name does not ask for any, or it holds none.

    A name alone is not enough: "Reason" may hold codes. Nor are words alone: names of products are many and long too.

    >>> wording_of("What did you think?", ["Too slow, and nobody helped.", "I liked the staff."]).word
    'think'
    >>> wording_of("Reason", ["late", "broken", "late"]) is None
    True
    """
    word = next((one for one in words_in(column) if one in ASKING), None)
    if word is None or not values:
        return None
    lengths = [len(re.findall(r"[^\W\d_]{2,}", value)) for value in values]
    found = Wording(word, len(set(values)) / len(values), sum(lengths) / len(lengths))
    long = sum(length >= SEVERAL for length in lengths) / len(lengths)
    if found.different < LEAST_DIFFERENT or found.n_words < LEAST_WORDS or long < LEAST_LONG:
        return None
    return found


def words_in(name: str) -> list[str]:
    """The words of a column's name, small and without accents and the signs that stand inside Armenian words.

    >>> words_in("Γιατί αυτός ο βαθμός;"), words_in("Ինչո՞ւ"), words_in("otherComments")
    (['γιατι', 'αυτος', 'ο', 'βαθμος'], ['ինչու'], ['other', 'comments'])
    """
    spaced = re.sub(r"(?<=[a-zα-ωа-я])(?=[A-ZΑ-ΩА-Я])", " ", re.sub("[՛՜՞]", "", name))
    bare = "".join(
        letter for letter in unicodedata.normalize("NFD", spaced) if not unicodedata.combining(letter)
    )
    return re.findall(r"[^\W\d_]+", bare.replace("ł", "l").replace("Ł", "L").lower())
