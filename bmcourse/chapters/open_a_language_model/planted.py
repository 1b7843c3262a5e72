"""A language model with one bug each, and the tests that tell the bugs apart."""

from __future__ import annotations

import copy
from collections.abc import Sequence

import numpy as np

from bmcourse import checks
from bmcourse.checks import Array
from bmcourse.nn import rotary_angles, turned
from bmcourse.recipes.language.llama import Cache, Llama, Shape

SMALL = Shape(vocabulary=40, blocks=2, features=48, hidden=64, heads=6, key_value_heads=2)


class PositionsStartAgain(Llama):
    """Bug: the places of each new part are counted from 0."""

    def positions(self, cache: Cache, steps: int) -> Array:
        """Return wrong numbers, where something was read before."""
        return np.arange(steps)


class TurnedTwice(Llama):
    """Bug: keys that are turned already are turned again when they are written."""

    def remember(self, cache: Cache, number: int, key: Array, value: Array) -> None:
        """Write keys that are turned twice as far as the queries."""
        positions = self.positions(cache, len(key))[:, np.newaxis]
        angles = rotary_angles(positions, self.shape.key_dim, self.shape.rotary_base)
        super().remember(cache, number, turned(key, angles), value)


class OldTextStays(Llama):
    """Bug: `Cache.clear` has no effect; the text before is still looked at."""

    def hidden(self, ids: Sequence[int], cache: Cache | None = None) -> Array:
        """Return what stands before the last product, as if the new text went on with the old."""
        if cache is None:
            return super().hidden(ids)
        cache.length = max(cache.length, getattr(cache, "filled", 0))
        found = super().hidden(ids, cache)
        cache.filled = cache.length  # type: ignore[attr-defined]
        return found


class MaskForgetsThePast(Llama):
    """Bug: the mask of several new places is made as if nothing had been read before."""

    def mask(self, before: int, steps: int) -> Array:
        """Return a mask whose rows begin at place 0, but for a single new place."""
        if steps == 1:
            return super().mask(before, steps)
        allowed = np.tri(steps, before + steps, dtype=bool)
        return np.where(allowed, np.float32(0), np.float32(-np.inf))


class OtherGroup(Llama):
    """Bug: query head h looks into head h % 2 of keys and values, not into h // 3."""

    def attention(self, x: Array, number: int, cache: Cache, positions: Array) -> Array:
        """Return what is looked up with the query heads dealt out in turn."""
        shape, block = self.shape, self.blocks[number]
        dealt = np.arange(shape.heads).reshape(-1, shape.key_value_heads).T.ravel()
        order = np.arange(shape.features).reshape(shape.heads, -1)[dealt].ravel()
        queries = block["attn_q"][:, order]
        kernel = np.hstack([queries, block["attn_q"][:, shape.features :]])
        changed = {**block, "attn_q": kernel, "attn_output": block["attn_output"][order]}
        self.blocks[number] = changed
        try:
            return super().attention(x, number, cache, positions)
        finally:
            self.blocks[number] = block


class ReadsOnce(Llama):
    """No bug: a right model that reads no more than `room` ids in all."""

    room: int

    def hidden(self, ids: Sequence[int], cache: Cache | None = None) -> Array:
        """Return what stands before the last product, or refuse."""
        self.room -= len(ids)
        if self.room < 0:
            raise ValueError("ids were read twice: hand over only what is new, with one cache")
        return super().hidden(ids, cache)


BUGS: dict[str, type[Llama]] = {
    "none": Llama,
    "positions start again": PositionsStartAgain,
    "keys turned twice": TurnedTwice,
    "old text stays": OldTextStays,
    "mask forgets the past": MaskForgetsThePast,
    "other group": OtherGroup,
}


def model(bug: str, seed: int = 0, shape: Shape = SMALL) -> Llama:
    """Return a small random model with a bug; the weights depend on the seed alone."""
    kind = BUGS[checks.one_of("bug", bug, tuple(BUGS))]
    return kind.random(shape, np.random.default_rng(seed))


def whole(network: Llama, ids: Sequence[int]) -> Array:
    """Return all logits of a text, read at once into an empty cache."""
    return network.forward(ids)


def one_by_one(network: Llama, ids: Sequence[int]) -> Array:
    """Return the same logits, read one id after the other."""
    cache = Cache(network.shape)
    return np.concatenate([network.forward([number], cache) for number in ids])


def in_parts(network: Llama, ids: Sequence[int], first: int = 4) -> Array:
    """Return the same logits, read in two parts."""
    cache = Cache(network.shape)
    return np.concatenate([network.forward(part, cache) for part in (ids[:first], ids[first:])])


def after_another(network: Llama, ids: Sequence[int]) -> Array:
    """Return the same logits, with a cache that held another text and was cleared."""
    cache = Cache(network.shape)
    network.forward([*ids[::-1], *ids], cache)
    cache.clear()
    return network.forward(ids, cache)


def moved(network: Llama, ids: Sequence[int], by: int = 7) -> Array:
    """Return the logits with all places numbered from `by` on: distances are the same."""
    twin = copy.copy(network)
    twin.positions = lambda cache, steps: network.positions(cache, steps) + by  # type: ignore[method-assign]
    return twin.forward(ids)


WAYS = {
    "one by one": one_by_one,
    "in two parts": in_parts,
    "after another text": after_another,
    "moved by 7 places": moved,
}


def gaps(network: Llama, ids: Sequence[int]) -> dict[str, float]:
    """Return how far the logits of each way are from those of a text read at once."""
    expected = whole(network, ids)
    return {name: float(np.abs(way(network, ids) - expected).max()) for name, way in WAYS.items()}
