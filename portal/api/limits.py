"""How often somebody may ask: a bucket that fills by itself and of which every question takes one."""

import time
from collections import OrderedDict

MOST_KNOWN = 10_000
"""Buckets kept; the one that was not used for longest is forgotten, and would be full again anyway."""


class Allowance:
    """So many questions a minute for each name, of which `at_once` may come together. Counts in this process."""

    def __init__(self, per_minute: float, at_once: int) -> None:
        self._rate, self._most = per_minute / 60, float(at_once)
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, name: str) -> float:
        """Take one; 0 when there was one, else the seconds until there is."""
        now = time.monotonic()
        left, seen = self._buckets.pop(name, (self._most, now))
        left = min(self._most, left + (now - seen) * self._rate)
        allowed = left >= 1
        self._buckets[name] = (left - 1 if allowed else left, now)
        if len(self._buckets) > MOST_KNOWN:
            self._buckets.popitem(last=False)
        return 0.0 if allowed else (1 - left) / self._rate
