"""Prometheus's text format read back, and a percentile from the counts of a histogram."""

from __future__ import annotations

import re

from bmcourse import checks

LINE = re.compile(r"^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{[^}]*\})? (\S+)$")


def read(text: str) -> dict[str, float]:
    """Return each sample under its name with its labels, as they stand in the text.

    Raises
    ------
    ValueError
        If a line is neither a comment nor a sample.

    Examples
    --------
    >>> read('# TYPE requests_total counter\\nrequests_total{status="200"} 7.0\\n')
    {'requests_total{status="200"}': 7.0}
    """
    found = {}
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        parts = LINE.match(line)
        if parts is None:
            checks.fail("text", "lines of the form name{labels} value", repr(line))
        found[parts[1] + (parts[2] or "")] = float(parts[3])
    return found


def buckets(samples: dict[str, float], name: str) -> list[tuple[float, float]]:
    """Return the upper bounds of a histogram, and how many values lie at or below each."""
    pattern = re.compile(re.escape(name) + r'_bucket\{le="([^"]+)"\}')
    found = [(float(m[1]), n) for key, n in samples.items() if (m := pattern.fullmatch(key))]
    return sorted(found)


def percentile(counts: list[tuple[float, float]], q: float) -> float:
    """Estimate a percentile from cumulated counts, as Prometheus does it.

    Values are taken as spread evenly within their bucket. For a value beyond the last finite
    bound this bound is returned.

    Examples
    --------
    >>> round(percentile([(0.1, 50), (0.2, 90), (0.5, 100), (float("inf"), 100)], 70), 6)
    0.15
    """
    wanted = counts[-1][1] * q / 100
    low, below = 0.0, 0.0
    for high, count in counts:
        if count >= wanted and count > below:
            if high == float("inf"):
                return low
            return low + (high - low) * (wanted - below) / (count - below)
        low, below = high, count
    return low
