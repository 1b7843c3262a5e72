from __future__ import annotations

import numpy as np
import pytest

from bmcourse.recipes.service.exposition import buckets, percentile, read

client = pytest.importorskip("prometheus_client")


def test_text_is_read_as_prometheus_s_own_parser_reads_it() -> None:
    from prometheus_client.parser import text_string_to_metric_families

    registry = client.CollectorRegistry()
    counter = client.Counter("asked", "help, and {braces}", ["status", "way"], registry=registry)
    counter.labels("200", "a b").inc(3)
    counter.labels("422", "c").inc(0.5)
    histogram = client.Histogram("time", "seconds", buckets=(0.1, 1), registry=registry)
    for value in (0.05, 0.5, 5):
        histogram.observe(value)
    text = client.generate_latest(registry).decode()
    theirs = {}
    for family in text_string_to_metric_families(text):
        for s in family.samples:
            labels = ",".join(f'{k}="{v}"' for k, v in s.labels.items())
            theirs[s.name + (f"{{{labels}}}" if labels else "")] = s.value
    assert read(text) == theirs
    assert buckets(read(text), "time") == [(0.1, 1), (1, 2), (float("inf"), 3)]


def test_a_line_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="value, got 'hello'"):
        read("hello")


@pytest.mark.parametrize("q", [5, 50, 95])
def test_a_percentile_lies_in_the_bucket_of_the_true_one(q: float) -> None:
    values = np.random.default_rng(0).gamma(2, 0.05, 4000)
    bounds = np.linspace(0.01, 1, 100)
    counts = [(b, float(np.sum(values <= b))) for b in bounds] + [(np.inf, 4000.0)]
    assert percentile(counts, q) == pytest.approx(np.percentile(values, q), abs=0.01)


def test_beyond_the_last_bound_nothing_better_is_known() -> None:
    assert percentile([(1.0, 1.0), (float("inf"), 10.0)], 99) == 1.0
    assert percentile([(1.0, 0.0), (2.0, 4.0), (float("inf"), 4.0)], 50) == 1.5
