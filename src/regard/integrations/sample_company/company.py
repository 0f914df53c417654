"""Orvelia Home & Garden, a retailer that does not exist: its regions, shops, teams, carriers and goods."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

NAME = "Orvelia Home & Garden"
TITLE = "Sample company (made up)"
SOURCE = "sample"
ZONE = "Europe/Athens"
CURRENCY = "EUR"
LANGUAGES = ("el", "en", "pl", "ru", "hy")


@dataclass(frozen=True, slots=True)
class Region:
    """A region with its share of customers, the languages that they write in, and its parcel carrier."""

    key: str
    title: str
    share: float
    languages: tuple[float, ...]
    """Shares in the order of LANGUAGES."""
    carrier: str
    late_share: float
    shops: tuple[str, ...]


REGIONS = (
    Region("attica", "Attica", 0.36, (0.78, 0.10, 0.03, 0.05, 0.04), "Hermione Post", 0.04,
           ("Kallithea", "Marousi", "Piraeus", "Glyfada")),
    Region("north", "Northern Greece", 0.24, (0.74, 0.05, 0.03, 0.13, 0.05), "Rodopi Parcel", 0.06,
           ("Thessaloniki", "Kavala", "Larissa")),
    Region("islands", "Crete and the Islands", 0.12, (0.72, 0.20, 0.04, 0.03, 0.01), "Hermione Post", 0.08,
           ("Heraklion", "Rhodes")),
    Region("poland", "Poland", 0.18, (0.01, 0.06, 0.89, 0.04, 0.00), "Kurier Bursztyn", 0.05,
           ("Gdynia", "Wroclaw", "Lublin")),
    Region("armenia", "Armenia", 0.10, (0.01, 0.07, 0.00, 0.14, 0.78), "Sevan Express", 0.07,
           ("Yerevan", "Gyumri")),
)  # fmt: skip

CHANGED_REGION = "north"
NEW_CARRIER = "Boreas Express"

SHOPS = tuple((f"shop-{shop.lower()}", shop, region.key) for region in REGIONS for shop in region.shops)
CARRIERS = tuple(dict.fromkeys([region.carrier for region in REGIONS] + [NEW_CARRIER]))

TEAMS = (
    ("team-orders", "Orders and deliveries"),
    ("team-invoices", "Invoices and payments"),
    ("team-products", "Product advice"),
    ("team-plans", "Garden plans"),
    ("team-languages", "Other languages"),
    ("team-evening", "Evenings and weekends"),
)
TOPICS = ("delivery", "invoice", "product", "plan", "return", "other")
TOPIC_SHARES = (0.22, 0.17, 0.24, 0.11, 0.14, 0.12)

_FIRST = [
    "iro",
    "petros",
    "anahit",
    "marek",
    "vera",
    "nikos",
    "jola",
    "tigran",
    "eleni",
    "pavel",
    "sona",
    "kostas",
    "hania",
    "lev",
    "thalia",
    "artur",
    "fotini",
    "mila",
    "stavros",
    "nare",
    "daria",
    "zoe",
    "gevorg",
    "ewa",
    "manos",
    "lusine",
    "oleg",
    "rena",
    "bartek",
    "ani",
]
_LAST = ("kastri", "delmar")
AGENTS = tuple(
    (f"{_FIRST[(team * 5 + seat // 2) % len(_FIRST)]}.{_LAST[seat % 2]}", TEAMS[team][0])
    for team in range(len(TEAMS))
    for seat in range(10)
)
AGENTS_PER_TEAM = 10
EXCELLING_AGENT = 0
"""The seat of the agent who excels: iro.kastri of the team for orders and deliveries."""


class Category(NamedTuple):
    """A kind of goods: its share of orders, the mean and spread of an order's amount, and the share sent back."""

    key: str
    share: float
    mean_amount: float
    sigma: float
    return_share: float


CATEGORIES = (
    Category("garden", 0.26, 58.0, 0.60, 0.04),
    Category("kitchen", 0.24, 47.0, 0.55, 0.05),
    Category("furniture", 0.14, 214.0, 0.70, 0.14),
    Category("textiles", 0.20, 39.0, 0.50, 0.09),
    Category("lighting", 0.16, 66.0, 0.55, 0.06),
)


class Plan(NamedTuple):
    """A subscription: its monthly price in euros, the share who choose it, and the share lost each month."""

    key: str
    price: float
    share: float
    monthly_churn: float


PLANS = (
    Plan("seedling", 9.90, 0.50, 0.060),
    Plan("orchard", 14.90, 0.32, 0.035),
    Plan("estate", 24.90, 0.18, 0.020),
)


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A part of the organisation: its key, its title and the unit that it belongs to."""

    unit: str
    title: str
    parent: str | None


def units() -> tuple[UnitRow, ...]:
    """The whole tree, parents before children: company, regions with shops and depots, contact centre with teams."""
    rows = [UnitRow("orvelia", NAME, None), UnitRow("online", "Web shop and app", "orvelia")]
    rows += [UnitRow(region.key, region.title, "orvelia") for region in REGIONS]
    rows += [UnitRow(f"depot-{region.key}", f"Delivery, {region.title}", region.key) for region in REGIONS]
    rows += [UnitRow(key, f"Shop {title}", region) for key, title, region in SHOPS]
    rows.append(UnitRow("contact-centre", "Contact centre", "orvelia"))
    rows += [UnitRow(key, title, "contact-centre") for key, title in TEAMS]
    return tuple(rows)
