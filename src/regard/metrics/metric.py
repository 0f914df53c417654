"""What a metric is: a question, what it reads, how it is counted and how the counts become a figure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules

from regard.kernel.estimates import Estimate
from regard.kernel.registry import Registry
from regard.metrics.estimators.estimator import Estimator
from regard.metrics.relations.relation import Relation
from regard.metrics.settings import Setting, Value

PLACE = "regard.metrics.catalogue"


class Unit(StrEnum):
    """What a figure is measured in, unrounded."""

    FRACTION = "fraction"
    POINTS = "points"
    SCORE = "score"
    SECONDS = "seconds"
    MONEY = "money"
    COUNT = "count"
    PER_CUSTOMER = "per customer"


class Better(StrEnum):
    """Which way is good news."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Metric:
    """One number of the catalogue, described in one place.

    Args:
        key: what it is called in commands, addresses and the API.
        title: what it is called on a page.
        question: the question that it answers, in the user's words.
        definition: the exact definition, cut-offs, denominator, missing values and ties included.
        unit: what the figure is measured in.
        better: which way is good news.
        relation: the rows that are counted, one per observation (the grain is the relation's).
        counts: per group, period and customer, as aggregate expressions of DuckDB over the relation's rows:
            `n` observations, `x` the denominator's share of this customer and `y` the numerator's. An event-time
            metric has none: its relation gives `seconds` and `ended`.
        estimate: how the sums over customers become a figure with its interval.
        source: the paper, book or standard that the definition follows.
        settings: what an organisation or a caller may set, each with its default.
        absent: what is said where the log holds nothing that the metric reads; made from the kinds by default.
        nobody: what is said where the log holds the kinds but this group and period have nobody to count.
        weighted: whether answers count by their `weight`.
        apart: a column whose values are never put together, so that every figure is of one of them; of amounts it is
            always the currency.
        given: a figure that follows from the settings alone, if they ask for it.
    """

    key: str
    title: str
    question: str
    definition: str
    unit: Unit
    better: Better
    relation: Relation
    counts: Mapping[str, str]
    estimate: Estimator
    source: str
    settings: tuple[Setting, ...] = ()
    absent: str = ""
    nobody: str = ""
    given: Callable[[Mapping[str, Value]], Estimate | None] | None = None
    weighted: bool = field(default=False)
    apart: str = ""

    @property
    def reads(self) -> tuple[str, ...]:
        """The kinds of interaction that this metric reads, defaults of its settings included."""
        return self.relation.reads

    @property
    def grain(self) -> str:
        """What one observation is: an interaction, a thread, or a customer within a period."""
        return self.relation.grain


class Catalogue(Registry[Metric]):
    """The metrics, each in the file of `regard.metrics.catalogue` that is called by its key, loaded when asked for."""

    def __init__(self) -> None:
        super().__init__("metric")
        self._is_whole = False

    def get(self, key: str) -> Metric:
        """The metric called `key`. Raises: InvalidInput naming the nearest known key."""
        if key not in self._items and not (key.isidentifier() and self._load(key)):
            self._load_all()
        return super().get(key)

    def __iter__(self) -> Iterator[Metric]:
        self._load_all()
        return super().__iter__()

    def __contains__(self, key: str) -> bool:
        self._load_all()
        return super().__contains__(key)

    def __len__(self) -> int:
        self._load_all()
        return super().__len__()

    def _load(self, key: str) -> bool:
        known = find_spec(f"{PLACE}.{key}") is not None
        if known:
            import_module(f"{PLACE}.{key}")
        return known

    def _load_all(self) -> None:
        if not self._is_whole:
            for module in iter_modules(import_module(PLACE).__path__):
                import_module(f"{PLACE}.{module.name}")
            self._is_whole = True


METRICS = Catalogue()
register = METRICS.register
