"""Contacts by channel, hops between channels and repeats, as tables and a document."""

from __future__ import annotations

import argparse

import numpy as np

from regard.analyses.durations import said_seconds, seconds_of
from regard.analyses.journeys.reading import Journeys, place_of
from regard.analyses.telling import Beside, Sheet, between
from regard.analytics.journeys import contacts as contacts_
from regard.analytics.journeys.contacts import Contacts, contacts

SHOWN = 20


def asked_contacts(journeys: Journeys, args: argparse.Namespace) -> list[Beside]:
    """Contacts on the channels of the column that was named."""
    log, chosen = journeys.log, None
    if args.contact:
        chosen = np.isin(log.activities, [place_of(log, name) for name in args.contact])
    again = seconds_of(args.again)
    found = contacts(log, journeys.texts[args.channel], chosen=chosen, again=again)
    return [_by_channel(found, again), _hops(found)]


def _by_channel(found: Contacts, again: float) -> Beside:
    one = found.repeated
    by = found.repeated_by_channel
    entry = {
        "n": found.n,
        "n_cases": found.n_cases,
        "again_within_seconds": again,
        "repeated_share": float(one.value),
        "repeated_low": float(one.low),
        "repeated_high": float(one.high),
        "channels": [
            {
                "channel": name,
                "n": int(found.n_by_channel[place]),
                "repeated_share": by.value[place],
                "repeated_low": by.low[place],
                "repeated_high": by.high[place],
            }
            for place, name in enumerate(found.channels)
        ],
    }
    rows = [
        [
            name,
            f"{found.n_by_channel[place]:,}",
            f"{by.value[place]:.1%}",
            between(100 * by.low[place], 100 * by.high[place], 1),
        ]
        for place, name in enumerate(found.channels)
    ]
    title = (
        f"{found.n:,} contacts of {found.n_cases:,} cases; after {float(one.value):.1%} "
        f"({between(100 * float(one.low), 100 * float(one.high), 1)}) another one within {said_seconds(again)}"
    )
    sheet = Sheet(["channel", "contacts", "repeated", "interval, %"], rows, title=title, numeric=(1, 2, 3))
    return Beside("contacts", entry, sheet, contacts_.METHOD, contacts_.SOURCE)


def _hops(found: Contacts) -> Beside:
    order = np.argsort(-found.hops, axis=None, kind="stable")
    pairs = [divmod(int(place), len(found.channels)) for place in order if found.hops.flat[place]]
    hopping = found.hopping
    entry = {
        "n": found.n_hops,
        "share_of_cases": float(hopping.value),
        "share_low": float(hopping.low),
        "share_high": float(hopping.high),
        "hops": [
            {
                "from": found.channels[a],
                "to": found.channels[b],
                "n": int(found.hops[a, b]),
                "median_seconds": float(found.seconds[a, b]),
            }
            for a, b in pairs
        ],
    }
    rows = [
        [found.channels[a], found.channels[b], f"{found.hops[a, b]:,}", said_seconds(found.seconds[a, b])]
        for a, b in pairs[:SHOWN]
    ]
    title = (
        f"Channel hops: {float(hopping.value):.1%} of cases with contacts "
        f"({between(100 * float(hopping.low), 100 * float(hopping.high), 1)}) change the channel"
    )
    sheet = Sheet(["from", "to", "times", "median time"], rows, title=title, numeric=(2, 3))
    return Beside("channel_hops", entry, sheet, contacts_.METHOD, contacts_.SOURCE)
