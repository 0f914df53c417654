"""How many events a second go from the journal's segments to the log with their customers known, in how much memory.

python benchmarks/bench_projection.py [--events 2000000] [--customers 200000]
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta

BATCH = 100  # events of one request
MICRO = 1_000_000


def main() -> int:
    """Write the segments, project them, print the rate."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--events", type=int, default=2_000_000)
    parser.add_argument("--customers", type=int, default=200_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["REGARD_DATA_DIR"] = folder
        from regard.webkit.boot import setup

        setup()
        _write_segments(given.events, given.customers)
        _project(given.events)
    return 0


def _write_segments(n: int, customers: int) -> None:
    import lz4.frame
    from django.db import transaction

    from regard.apps.intake.models import Source
    from regard.apps.journal import services
    from regard.kernel.ids import interaction_id

    Source.objects.create(key="shop", title="Shop", write_key="k")
    chance = random.Random(7)
    now = datetime.now(UTC)
    for start in range(0, n, BATCH * 200):
        with transaction.atomic():
            for first in range(start, min(start + BATCH * 200, n), BATCH):
                received_at = now - timedelta(seconds=(n - first) / 50_000)
                lines, ids = [], []
                for number in range(first, min(first + BATCH, n)):
                    event = _event(number, chance.randrange(customers), chance, received_at)
                    ids.append(interaction_id("shop", event["m"]))
                    lines.append(json.dumps(event).encode())
                services.append_segment(
                    source="shop", codec="tracking", body=lz4.frame.compress(b"\n".join(lines)), ids=b"".join(ids),
                    n=len(lines), received_at=received_at,
                )  # fmt: skip


def _event(number: int, customer: int, chance: random.Random, at: datetime) -> dict[str, object]:
    name = chance.choice(
        ["Product Viewed", "Product Added", "Order Completed", "Button Clicked", "Checkout Started"]
    )
    item: dict[str, object] = {
        "type": "track",
        "messageId": f"message-{number:012d}",
        "event": name,
        "userId": f"user-{customer}",
        "anonymousId": f"{customer:08x}-{chance.randrange(2)}-4f6e-9d3c",
        "timestamp": at.isoformat(),
        "context": {"library": {"name": "analytics-python", "version": "2.3.3"}},
        "properties": {
            "order_id": f"o{number}",
            "revenue": 12.5,
            "currency": "EUR",
            "category": "shoes",
            "step": 2,
        },
    }
    if chance.random() < 0.05:
        item |= {"type": "identify", "traits": {"email": f"user{customer}@example.org", "plan": "basic"}}
    return {
        "r": int(at.timestamp() * MICRO),
        "s": 0,
        "y": item["type"],
        "m": item["messageId"],
        "k": "shop",
        "e": item,
    }


def _project(n: int) -> None:
    from regard.apps.journal.models import Segment
    from regard.apps.journal.projector import Projector

    projector = Projector()
    started = lap = time.perf_counter()
    done = before = 0
    rates = []
    while segments := projector.run_once():
        last = projector.position()
        done += segments * BATCH
        if done - before >= n // 10 or done >= n:
            now = time.perf_counter()
            rates.append((done - before) / (now - lap))
            memory = int(open("/proc/self/statm").read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / MICRO  # noqa: PTH123, SIM115
            print(f"{done:>10,} events  {rates[-1]:>9,.0f}/s  {memory:,.0f} MB", flush=True)
            lap, before = now, done
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    new = sum(Segment.objects.values_list("n_new", flat=True))
    print(
        f"{n:,} events in {seconds:.1f} s: {n / seconds:,.0f}/s, {new:,} new, last segment {last}, peak {peak:,.0f} MB"
    )


if __name__ == "__main__":
    sys.exit(main())
