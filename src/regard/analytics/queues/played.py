"""Calls played one by one; a loop over arrays that can be compiled."""

from __future__ import annotations

from typing import Any

import numpy as np


def play(comes: Any, skills: Any, takes: Any, stays: Any, members: Any, ranks: Any, warm: float) -> Any:
    """What becomes of calls that come in this order.

    Args:
        comes, skills, takes, stays: arrays (n,): when each call comes, of which skill it is, how long it takes and how long
            its caller stays; seconds.
        members: array (agents,), the group of each. ranks: array (groups, skills), lower ones are asked first; infinite
            where a group does not know the skill.
        warm: what is done before this second is not counted as busy.

    Returns: arrays (n,) of waits and of whether each gave up, and array (groups,) of busy seconds until the last call came.
    """
    n, n_agents, n_skills = len(comes), len(members), ranks.shape[1]
    end = comes[n - 1] if n else 0.0
    until = np.full(n_agents + 1, np.inf)  # one more, so that there always is one
    waits, gone, busy = np.zeros(n), np.zeros(n, dtype=np.bool_), np.zeros(ranks.shape[0])
    head, tail = np.full(n_skills, -1), np.full(n_skills, -1)
    following = np.full(n, -1)
    for place in range(n + 1):
        now = comes[place] if place < n else np.inf
        while True:
            agent = int(np.argmin(until))
            if until[agent] == np.inf or until[agent] > now:
                break
            at, group = until[agent], members[agent]
            best, of = -1, -1
            for skill in range(n_skills):
                if ranks[group, skill] == np.inf:
                    continue
                while head[skill] >= 0 and comes[head[skill]] + stays[head[skill]] <= at:
                    left = head[skill]
                    waits[left], gone[left] = stays[left], True
                    head[skill] = following[left]
                if head[skill] >= 0 and (best < 0 or head[skill] < best):
                    best, of = head[skill], skill
            if best < 0:
                until[agent] = np.inf
                continue
            head[of] = following[best]
            waits[best], until[agent] = at - comes[best], at + takes[best]
            busy[group] += max(min(until[agent], end) - max(at, warm), 0.0)
        if place == n:
            break
        skill, best, lowest = skills[place], -1, np.inf
        for agent in range(n_agents):
            rank = ranks[members[agent], skill]
            if until[agent] == np.inf and rank < lowest:
                best, lowest = agent, rank
        if best >= 0:
            until[best] = now + takes[place]
            busy[members[best]] += max(min(until[best], end) - max(now, warm), 0.0)
        elif head[skill] < 0:
            head[skill], tail[skill] = place, place
        else:
            following[tail[skill]] = place
            tail[skill] = place
    for skill in range(n_skills):
        left = head[skill]
        while left >= 0:
            waits[left], gone[left] = stays[left], True
            left = following[left]
    return waits, gone, busy
