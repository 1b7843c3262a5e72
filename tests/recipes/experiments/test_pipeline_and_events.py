from __future__ import annotations

import itertools
import time
from pathlib import Path

import numpy as np
import pytest

from bmcourse.recipes.experiments import digits, events, pipeline


def test_both_pipelines_give_the_same_batches() -> None:
    rng = np.random.default_rng(0)
    images, y = rng.integers(0, 17, (20, 8, 8)), np.arange(20)
    lines, order = pipeline.as_lines(images), rng.permutation(20)
    slow = list(pipeline.slow_batches(lines, y, order, 6))
    quick = list(pipeline.quick_batches(lines, y, order, 6))
    assert [len(labels) for _, labels in slow] == [6, 6, 6, 2]
    for (a, b), (c, d) in zip(slow, quick, strict=True):
        np.testing.assert_array_equal(a, c)
        np.testing.assert_array_equal(b, d)
    np.testing.assert_array_equal(slow[0][0], images.reshape(20, 64)[order[:6]] / 16)


def test_a_pixel_out_of_range_is_refused() -> None:
    with pytest.raises(ValueError, match="got 17"):
        pipeline.prepared("0 17")


def test_a_timeline_tells_waits_from_work() -> None:
    def batches() -> object:
        for _ in range(3):
            time.sleep(0.03)
            yield (1,)

    line = pipeline.timed(batches(), lambda one: time.sleep(0.01))  # type: ignore[arg-type]
    waits, works = line.seconds()
    assert len(line.waits) == len(line.works) == 3
    assert waits > 0.085
    assert 0.028 < works < waits
    ends = [b for pair in zip(line.waits, line.works, strict=True) for b in pair]
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(ends))


def test_the_least_disturbed_piece_is_the_shortest_and_starts_at_zero() -> None:
    lengths = [1.0, 9.0, 3.0, 2.0, 5.0]
    ends = np.cumsum(lengths)
    spans = [(float(end - n), float(end)) for n, end in zip(lengths, ends, strict=True)]
    line = pipeline.Timeline([(a, a + 0.5) for a, _ in spans], [(a + 0.5, b) for a, b in spans])
    piece = pipeline.least_disturbed(line, 1)
    assert (piece.waits, piece.works) == ([(0, 0.5)], [(0.5, 1)])
    two = pipeline.least_disturbed(line, 2)  # 10, 12, 5 and 7
    assert two.works[-1][1] == 5
    assert len(two.waits) == 2


def test_the_most_that_mending_gives() -> None:
    assert pipeline.most_speed_up(0.75) == 4
    with pytest.raises(ValueError, match="below 1"):
        pipeline.most_speed_up(1.0)


def test_training_on_either_pipeline_is_the_same_to_the_bit() -> None:
    images, y = np.random.default_rng(0).integers(0, 17, (40, 8, 8)), np.arange(40) % 10
    lines, order = pipeline.as_lines(images), np.arange(40)
    makers = (pipeline.slow_batches, pipeline.quick_batches)
    found = [digits.train_on(make(lines, y, order, 8), 0)[1] for make in makers]
    assert found[0] == found[1]
    assert len(found[0]) == 5


def test_checksums_are_the_published_ones() -> None:
    def unmasked(data: bytes) -> int:
        turned = (events.checksum(data) - 0xA282EAD8) & 0xFFFFFFFF
        return (turned << 15 | turned >> 17) & 0xFFFFFFFF

    assert unmasked(b"123456789") == 0xE3069283
    assert unmasked(bytes(32)) == 0x8A9136AA


def test_frames_are_those_of_tensorboard(tmp_path: Path) -> None:
    writers = pytest.importorskip("tensorboard.summary.writer.record_writer")
    path = tmp_path / "events"
    said = [b"one", b"", b"three" * 100]
    with path.open("wb") as stream:
        writer = writers.RecordWriter(stream)
        for each in said:
            writer.write(each)
    assert list(events.frames(path)) == said
    content = path.read_bytes()
    path.write_bytes(content[:-1])  # the writer was killed in the last event
    assert list(events.frames(path)) == said[:2]
    for place, part in ((13, "event"), (3, "length")):
        damaged = bytearray(content)
        damaged[place] ^= 1
        path.write_bytes(damaged)
        with pytest.raises(ValueError, match=f"damaged {part} at byte 0"):
            list(events.frames(path))
