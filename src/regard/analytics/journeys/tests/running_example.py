"""The requests for compensation in van der Aalst (2016), Process Mining, table 2.1: the running example of the trade."""

from __future__ import annotations

STEPS = {
    "r": ("register request", 50), "t": ("examine thoroughly", 400), "c": ("examine casually", 400),
    "k": ("check ticket", 100), "d": ("decide", 200), "i": ("reinitiate request", 200),
    "p": ("pay compensation", 200), "x": ("reject request", 200),
}  # fmt: skip
# As the file has them: by case, but the cases in no order; times on the clock of Eindhoven in winter (+01:00).
CASES = {
    "3": "r 2010-12-30 14:32, c 2010-12-30 15:06, k 2010-12-30 16:34, d 2011-01-06 09:18, i 2011-01-06 12:18, "
    "t 2011-01-06 13:06, k 2011-01-08 11:43, d 2011-01-09 09:55, p 2011-01-15 10:45",
    "2": "r 2010-12-30 11:32, k 2010-12-30 12:12, c 2010-12-30 14:16, d 2011-01-05 11:22, p 2011-01-08 12:05",
    "1": "r 2010-12-30 11:02, t 2010-12-31 10:06, k 2011-01-05 15:12, d 2011-01-06 11:18, x 2011-01-07 14:24",
    "6": "r 2011-01-06 15:02, c 2011-01-06 16:06, k 2011-01-07 16:22, d 2011-01-07 16:52, p 2011-01-16 11:47",
    "5": "r 2011-01-06 09:02, c 2011-01-07 10:16, k 2011-01-08 11:22, d 2011-01-10 13:28, i 2011-01-11 16:18, "
    "k 2011-01-14 14:33, c 2011-01-16 15:50, d 2011-01-19 11:18, i 2011-01-20 12:48, c 2011-01-21 09:06, "
    "k 2011-01-21 11:34, d 2011-01-23 13:12, x 2011-01-24 14:56",
    "4": "r 2011-01-06 15:02, k 2011-01-07 12:06, t 2011-01-08 14:43, d 2011-01-09 12:02, x 2011-01-12 15:44",
}


def events() -> list[tuple[str, str, str, int]]:
    """Case, activity, time and cost of the 42 events."""
    found = []
    for case, said in CASES.items():
        for event in said.split(", "):
            step, when = event.split(" ", 1)
            name, cost = STEPS[step]
            found.append((case, name, f"{when}:00+01:00", cost))
    return found


def as_csv() -> str:
    """The events as a file."""
    rows = [f"{case},{name},{when},{cost}" for case, name, when, cost in events()]
    return "\n".join(["case,activity,time,cost", *rows, ""])
