"""What was planted in the sample company, with exact numbers: the answer sheet against which analyses are checked.

Nothing outside this package imports this module. The generator draws from these numbers and nothing else, and
`measuring.measure` finds them again in the files that it wrote.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import erf, exp, log, sqrt
from typing import NamedTuple

from regard.integrations.sample_company.company import CHANGED_REGION, REGIONS


def nps_of(table: tuple[float, ...]) -> float:
    """The NPS, in points, of a table of shares of the answers 0 to 10."""
    return 100 * (sum(table[9:]) - sum(table[:7]))


# Shares of the answers 0..10 to "would you recommend us", asked after a delivery.
NPS_ON_TIME = (0.005, 0.005, 0.010, 0.015, 0.020, 0.045, 0.060, 0.120, 0.200, 0.260, 0.260)
NPS_LATE = (0.040, 0.030, 0.050, 0.060, 0.060, 0.110, 0.110, 0.140, 0.140, 0.150, 0.110)
LATE_FROM_MONTH = 14
LATE_SHARE_AFTER_CHANGE = 0.19

# Shares of the answers 1..5 to "how satisfied are you".
CSAT_SHORT_WAIT = (0.03, 0.04, 0.09, 0.38, 0.46)
CSAT_LONG_WAIT = (0.12, 0.14, 0.16, 0.34, 0.24)
CSAT_EXCELLING = (0.005, 0.010, 0.025, 0.220, 0.740)
CSAT_CHAT = (0.03, 0.04, 0.07, 0.42, 0.44)
CSAT_SHOP = (0.02, 0.05, 0.12, 0.40, 0.41)
CSAT_WEAK_SHOP = (0.10, 0.13, 0.15, 0.37, 0.25)
WEAK_SHOP = "shop-larissa"
LONG_WAIT_SECONDS = 300.0
SAME_PERSON_CORRELATION = 0.35
"""Correlation of two satisfaction answers of one person, on the normal scale under the answers."""

# Shares of the answers 1..7 to "it was easy to find the answer".
CES_WEB = (0.03, 0.04, 0.06, 0.09, 0.22, 0.32, 0.24)
CES_APP = (0.07, 0.08, 0.11, 0.13, 0.23, 0.24, 0.14)

AGAIN_WITHIN_DAYS = 90
BUY_AGAIN = {"promoter": 0.46, "passive": 0.34, "detractor": 0.20}
BUY_LATER = 0.60
"""Share of those not back within 90 days who order once more within a year."""

VISITS_IN_DECEMBER = 2.0
WAIT_MEDIAN_SECONDS, WAIT_SIGMA = 95.0, 0.95
WAIT_IN_DECEMBER = 1.8
ABANDONED_CALLS, ABANDONED_CALLS_IN_DECEMBER = 0.06, 0.11
HANDLE_MEDIAN_SECONDS, HANDLE_SIGMA = 310.0, 0.60
CALL_AFTER_ON_TIME, CALL_AFTER_LATE = 0.04, 0.35
CALLED_AGAIN = 0.14

FORM_WEB, FORM_APP = 0.22, 0.40
"""Share of starts of the form `delivery_slot` that are given up, on the web and in the app."""
FORM_WARRANTY = 0.11

ANSWERED_EMAIL, ANSWERED_SMS = 0.34, 0.22
CASE_SHARE = 0.25
CASE_MEDIAN_HOURS, CASE_SIGMA, CASE_NEVER = 30.0, 0.90, 0.08
CASE_REOPENED = 0.12
TRIAL_CONVERTED = 0.38
ACQUISITION_EUR = (24.0, 31.0)
"""Advertising euros per person won, in the first and in the second year."""


@dataclass(frozen=True, slots=True)
class Truth:
    """One planted fact.

    Args:
        key: what `measuring.measure` calls it.
        value: the exact number drawn from; shares are fractions, NPS in points, times in seconds or hours.
        story: what a reader of the sample company should find.
    """

    key: str
    value: float
    story: str


class Limits(NamedTuple):
    """How many people carry a second identifier, by kind, as shares of all people."""

    second_id_same_email: float = 0.030
    second_id_other_email: float = 0.020
    anonymous_visits: float = 0.040
    phone_only_calls: float = 0.060
    family_phone: float = 0.010


DUPLICATES = Limits()


def _normal(z: float) -> float:
    return 0.5 * (1 + erf(z / sqrt(2)))


def case_quantile_hours(share: float) -> float:
    """Hours by which `share` of all cases have been resolved for the first time; open ones counted as open."""
    target, low, high = share / (1 - CASE_NEVER), -8.0, 8.0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if _normal(middle) < target else (low, middle)
    return exp(log(CASE_MEDIAN_HOURS) + CASE_SIGMA * low)


def satisfied(table: tuple[float, ...]) -> float:
    """Share of the answers 4 and 5 in a table of shares of 1 to 5."""
    return table[3] + table[4]


def _late_truths() -> list[Truth]:
    changed = next(region for region in REGIONS if region.key == CHANGED_REGION)
    others = [Truth(f"late_share_{region.key}", region.late_share,
                    f"{region.title}: parcels of {region.carrier} are late this often, all two years.")
              for region in REGIONS if region is not changed]  # fmt: skip
    return [
        Truth(
            "nps_on_time",
            nps_of(NPS_ON_TIME),
            "NPS after a delivery that came on the promised day or before.",
        ),
        Truth("nps_late", nps_of(NPS_LATE), "NPS after a delivery that came late."),
        Truth(
            "nps_lost_to_lateness",
            nps_of(NPS_LATE) - nps_of(NPS_ON_TIME),
            "A late delivery costs this much NPS.",
        ),
        Truth("late_share_north_before", changed.late_share, "Northern Greece, months 1–13, Rodopi Parcel."),
        Truth(
            "late_share_north_after",
            LATE_SHARE_AFTER_CHANGE,
            "Northern Greece, months 14–24, Boreas Express.",
        ),
        *others,
    ]


def _contact_truths() -> list[Truth]:
    return [
        Truth("csat_short_wait", satisfied(CSAT_SHORT_WAIT), "Satisfied after a call, waited up to 5 minutes."),
        Truth("csat_long_wait", satisfied(CSAT_LONG_WAIT), "Satisfied after a call, waited more than 5 minutes."),
        Truth("csat_excelling_agent", satisfied(CSAT_EXCELLING), "Satisfied with iro.kastri, however long they waited."),
        Truth("csat_chat", satisfied(CSAT_CHAT), "Satisfied after a chat."),
        Truth("csat_shops", satisfied(CSAT_SHOP), "Satisfied with a shop, Larissa left out."),
        Truth("csat_larissa", satisfied(CSAT_WEAK_SHOP), "Satisfied with the shop in Larissa."),
        Truth("wait_median", WAIT_MEDIAN_SECONDS, "Median wait of answered calls, December left out, in seconds."),
        Truth("wait_median_december", WAIT_MEDIAN_SECONDS * WAIT_IN_DECEMBER, "The same in December."),
        Truth("abandoned_calls", ABANDONED_CALLS, "Calls given up while waiting, December left out."),
        Truth("abandoned_calls_december", ABANDONED_CALLS_IN_DECEMBER, "The same in December."),
        Truth("handle_median", HANDLE_MEDIAN_SECONDS, "Median length of a call in seconds."),
        Truth("call_after_on_time", CALL_AFTER_ON_TIME, "Deliveries on time that are followed by a call about them."),
        Truth("call_after_late", CALL_AFTER_LATE, "Late deliveries that are followed by a call about them."),
        Truth("called_again", CALLED_AGAIN, "Calls out of the blue followed by another about the same matter in 7 days."),
        Truth("case_share", CASE_SHARE, "Answered calls that open a case."),
        Truth("case_median_hours", case_quantile_hours(0.5), "Median hours to the first resolution, open cases censored."),
        Truth("case_reopened", CASE_REOPENED, "Resolved cases that are opened again."),
    ]  # fmt: skip


def _behaviour_truths() -> list[Truth]:
    again = [Truth(f"again_{group}", share, f"Orders of a {group} followed by another within 90 days.")
             for group, share in BUY_AGAIN.items()]  # fmt: skip
    return [
        *again,
        Truth("form_delivery_slot_web", FORM_WEB, "Starts of the form delivery_slot given up, on the web."),
        Truth("form_delivery_slot_app", FORM_APP, "The same in the app: the form that people abandon."),
        Truth("form_warranty", FORM_WARRANTY, "Starts of the form warranty given up."),
        Truth("visits_in_december", VISITS_IN_DECEMBER, "Visits on a December day to those on a November or January day."),
        Truth("ces_easy_web", sum(CES_WEB[4:]), "Found it easy (5–7) to help themselves, on the web."),
        Truth("ces_easy_app", sum(CES_APP[4:]), "Found it easy (5–7) to help themselves, in the app."),
        Truth("answered_email", ANSWERED_EMAIL, "Delivery surveys by e-mail that are answered."),
        Truth("answered_sms", ANSWERED_SMS, "Delivery surveys by text message that are answered."),
        Truth("trial_converted", TRIAL_CONVERTED, "Free trials of a garden plan that become a paid one."),
        Truth("churn_seedling", 0.060, "Paid seedling plans lost at a monthly renewal."),
        Truth("churn_orchard", 0.035, "Paid orchard plans lost at a monthly renewal."),
        Truth("churn_estate", 0.020, "Paid estate plans lost at a monthly renewal."),
        Truth("acquisition_year_1", ACQUISITION_EUR[0], "Advertising euros per person won, first year."),
        Truth("acquisition_year_2", ACQUISITION_EUR[1], "The same, second year."),
    ]  # fmt: skip


TRUTHS = tuple(_late_truths() + _contact_truths() + _behaviour_truths())
