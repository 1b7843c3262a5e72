"""Blocks of 32 weights: the format that chapter 23 reads, and its error."""

from __future__ import annotations

import numpy as np
import pytest

from bmcourse.datasets.formats import gguf
from bmcourse.recipes.compression import blocks

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("bits", [1, 2, 3, 4, 8])
def test_error_is_at_most_half_a_step(bits: int) -> None:
    w = RNG.normal(size=(64, 96)).astype(np.float32)
    _, scale, minimum = blocks.in_steps(w, bits)
    error = np.abs(blocks.rounded(w, bits) - w).reshape(-1, 32)
    # half precision moves scale and minimum by at most 2^-11 of their size
    slack = (np.abs(minimum) + (2**bits - 1) * scale.astype(float)) * 2**-10
    assert (error <= 0.5 * scale.astype(float) + slack).all()


def test_packed_blocks_are_read_by_chapter_23() -> None:
    w = RNG.normal(size=(50, 32)).astype(np.float32)
    packed = blocks.pack_q4_1(w)
    assert packed.shape == (50, 20)
    np.testing.assert_allclose(gguf.unpack_q4_1(packed), blocks.rounded(w, 4), rtol=0, atol=1e-6)


def test_packed_blocks_are_those_of_the_library() -> None:
    library = pytest.importorskip("gguf")
    w = RNG.normal(size=(200, 32)).astype(np.float32)
    theirs = library.quants.quantize(w, library.GGMLQuantizationType.Q4_1)
    ours = gguf.unpack_q4_1(blocks.pack_q4_1(w))
    read = gguf.unpack_q4_1(np.asarray(theirs).reshape(-1, 20))
    steps = np.ptp(w, axis=1, keepdims=True) / 15
    assert (np.abs(ours - read) <= 1.01 * steps).all()  # places in the middle may round both ways
    assert (np.abs(ours - read) < 0.01 * steps).mean() > 0.95


def test_a_constant_block_keeps_its_value() -> None:
    np.testing.assert_array_equal(blocks.rounded(np.full(32, 0.5), 4), 0.5)


def test_compressed_counts_every_byte() -> None:
    arrays = {"kernel": RNG.normal(size=(32, 4)), "bias": np.array([1.0, 2.0, 3.0])}
    made, total = blocks.compressed(arrays, 4)
    assert total == 4 * 20 + 2 * 3
    assert len(np.unique(made["kernel"].reshape(-1, 32)[0])) <= 16
    np.testing.assert_array_equal(made["bias"], arrays["bias"])


@pytest.mark.parametrize(("size", "bits", "told"), [(31, 4, "multiple"), (32, 9, "at most 8")])
def test_refuses(size: int, bits: int, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        blocks.rounded(np.ones(size), bits)
