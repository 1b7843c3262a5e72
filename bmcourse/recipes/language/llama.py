"""A language model of the Llama family in NumPy: it reads ids, remembers, and answers."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bmcourse import checks
from bmcourse.checks import Array
from bmcourse.datasets.formats.gguf import GGUFFile
from bmcourse.nn import rotary_angles, turned

Ids = Sequence[int]


@dataclass(frozen=True)
class Shape:
    """The numbers that fix a model's form.

    Attributes
    ----------
    vocabulary, blocks, features, hidden : int
    heads, key_value_heads : int
        Heads of queries, and of keys and values.
    rotary_base, epsilon : float
    """

    vocabulary: int
    blocks: int
    features: int
    hidden: int
    heads: int
    key_value_heads: int
    rotary_base: float = 10_000.0
    epsilon: float = 1e-5

    @property
    def key_dim(self) -> int:
        """Features of one head."""
        return self.features // self.heads

    @property
    def group(self) -> int:
        """How many query heads share a head of keys and values."""
        return self.heads // self.key_value_heads

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> Shape:
        """Return the shape that a GGUF file states."""
        if facts["general.architecture"] != "llama":
            checks.fail("facts", "the architecture llama", facts["general.architecture"])
        attention = "llama.attention."
        return cls(
            vocabulary=facts["llama.vocab_size"],
            blocks=facts["llama.block_count"],
            features=facts["llama.embedding_length"],
            hidden=facts["llama.feed_forward_length"],
            heads=facts[f"{attention}head_count"],
            key_value_heads=facts[f"{attention}head_count_kv"],
            rotary_base=facts["llama.rope.freq_base"],
            epsilon=facts[f"{attention}layer_norm_rms_epsilon"],
        )

    def matrices(self) -> dict[str, tuple[int, int]]:
        """Return the matrices of one block, (numbers out, numbers in), by their names in a file."""
        shared = self.key_value_heads * self.key_dim
        return {
            "attn_q": (self.features, self.features),
            "attn_k": (shared, self.features),
            "attn_v": (shared, self.features),
            "attn_output": (self.features, self.features),
            "ffn_gate": (self.hidden, self.features),
            "ffn_up": (self.hidden, self.features),
            "ffn_down": (self.features, self.hidden),
        }


class Cache:
    """The keys and values of all places that a model has read.

    Attributes
    ----------
    keys, values : ndarray of shape (blocks, key_value_heads, places, key_dim)
        Of which `length` are filled.
    length : int
    """

    def __init__(self, shape: Shape, places: int = 64) -> None:
        self.length = 0
        room = (shape.blocks, shape.key_value_heads, places, shape.key_dim)
        self.keys, self.values = np.zeros((2, *room), np.float32)

    def grow(self, length: int) -> None:
        """Make room for at least `length` places; each time at least twice as much."""
        places = self.keys.shape[2]
        if length > places:
            more = [(0, 0), (0, 0), (0, max(length, 2 * places) - places), (0, 0)]
            self.keys, self.values = np.pad(self.keys, more), np.pad(self.values, more)

    def clear(self) -> None:
        """Forget everything, before another text is read."""
        self.length = 0

    @property
    def bytes_per_place(self) -> int:
        """How much memory one place takes."""
        return (self.keys.nbytes + self.values.nbytes) // self.keys.shape[2]


class Llama:
    """The model: ids in, logits out.

    Parameters
    ----------
    shape : Shape
    arrays : callable
        Name of an array in a GGUF file, such as ``"blk.0.attn_q.weight"``, to the array.

    Notes
    -----
    Matrices that are multiplied with the same input lie side by side in one array: three for
    attention, two for the network. All are unpacked once, to float32, and lie as (in, out), as the
    course's kernels do: a file has them as (out, in).
    """

    def __init__(self, shape: Shape, arrays: Callable[[str], Array]) -> None:
        self.shape = shape
        self.table = arrays("token_embd.weight")  # (vocabulary, features), used at both ends
        self.last_scale = arrays("output_norm.weight")
        self.blocks: list[dict[str, Array]] = []
        for number in range(shape.blocks):
            part = {name: _named(arrays, number, name) for name in ("attn_norm", "ffn_norm")}
            for names in (_TOGETHER, ("attn_output",), ("ffn_gate", "ffn_up"), ("ffn_down",)):
                part[names[0]] = stacked(shape, arrays, number, names)
            self.blocks.append(part)

    @classmethod
    def from_file(cls, file: GGUFFile) -> Llama:
        """Return the model of a file, unpacked.

        Raises
        ------
        DataError
            If the file does not hold all arrays.
        """
        return cls(Shape.from_facts(file.facts), file.array)

    @classmethod
    def random(cls, shape: Shape, rng: np.random.Generator) -> Llama:
        """Return a model that knows nothing: small, for tests."""
        sizes = {f"{name}.weight": size for name, size in shape.matrices().items()}

        def draw(name: str) -> Array:
            kind = name.split(".", 2)[-1] if name.startswith("blk") else name
            if kind.endswith("norm.weight"):
                return rng.uniform(0.5, 1.5, shape.features).astype(np.float32)
            size = sizes.get(kind, (shape.vocabulary, shape.features))
            return rng.normal(size=size, scale=1.5 / math.sqrt(size[1])).astype(np.float32)

        return cls(shape, draw)

    @property
    def nbytes(self) -> int:
        """Return the memory of all weights, in bytes."""
        arrays = [self.table, self.last_scale, *(a for b in self.blocks for a in b.values())]
        return sum(array.nbytes for array in arrays)

    def forward(self, ids: Ids, cache: Cache | None = None) -> Array:
        """Return the logits at each place, shape (steps, vocabulary).

        Parameters
        ----------
        ids : sequence of int
            What the cache has not read yet.
        cache : Cache, optional
            What was read before; the new places are added to it.
        """
        return self.product(self.hidden(ids, cache), self.table.T)  # (steps, vocabulary)

    def next_logits(self, ids: Ids, cache: Cache | None = None) -> Array:
        """Return the logits behind the last id alone, shape (vocabulary,)."""
        return self.table @ self.hidden(ids, cache)[-1]

    def hidden(self, ids: Ids, cache: Cache | None = None) -> Array:
        """Return what stands before the last product, shape (steps, features)."""
        numbers = checks.labels("ids", ids, classes=self.shape.vocabulary)
        cache = Cache(self.shape, len(numbers)) if cache is None else cache
        cache.grow(cache.length + len(numbers))
        positions = self.positions(cache, len(numbers))
        x = self.table[numbers]  # (steps, features)
        for number, block in enumerate(self.blocks):
            x = x + self.attention(self._normed(x, block["attn_norm"]), number, cache, positions)
            x = x + self.network(self._normed(x, block["ffn_norm"]), block)
        cache.length += len(numbers)
        return self._normed(x, self.last_scale)

    def attention(self, x: Array, number: int, cache: Cache, positions: Array) -> Array:
        """Return what each new place looks up among all places, shape (steps, features)."""
        shape, block, steps = self.shape, self.blocks[number], len(x)
        heads = self.product(x, block["attn_q"]).reshape(
            steps, -1, shape.key_dim
        )  # all three kinds
        ends = shape.heads, shape.heads + shape.key_value_heads
        angles = rotary_angles(positions, shape.key_dim, shape.rotary_base)[:, np.newaxis]
        query, key = (
            turned(heads[:, : ends[0]], angles),
            turned(heads[:, ends[0] : ends[1]], angles),
        )
        self.remember(cache, number, key, heads[:, ends[1] :])
        length = cache.length + steps
        keys, values = self.recall(cache, number, length)  # (key_value_heads, length, key_dim)
        query = query.transpose(1, 0, 2).reshape(shape.key_value_heads, -1, shape.key_dim)
        scores = query @ keys.transpose(0, 2, 1)  # (key_value_heads, group * steps, length)
        scores *= np.float32(1 / math.sqrt(shape.key_dim))
        by_head = scores.reshape(shape.heads, steps, length)
        by_head += self.mask(cache.length, steps)
        powers = np.exp(by_head - by_head.max(axis=-1, keepdims=True))
        powers /= powers.sum(axis=-1, keepdims=True)
        mixed = powers.reshape(scores.shape) @ values  # (key_value_heads, group * steps, key_dim)
        joined = mixed.reshape(shape.heads, steps, -1).transpose(1, 0, 2).reshape(steps, -1)
        return self.product(joined, block["attn_output"])

    def network(self, x: Array, block: Mapping[str, Array]) -> Array:
        """Return (silu(x Wg) * (x Wu)) Wd, shape (steps, features)."""
        both = self.product(x, block["ffn_gate"])  # (steps, 2 * hidden)
        gate, up = both[:, : self.shape.hidden], both[:, self.shape.hidden :]
        bent = gate / (1 + np.exp(-np.clip(gate, -80, 80)))
        return self.product(bent * up, block["ffn_down"])

    def product(self, x: Array, kernel: Array) -> Array:
        """Return x W: every product with weights goes through here."""
        return x @ kernel

    def positions(self, cache: Cache, steps: int) -> Array:
        """Return the numbers of the new places."""
        return np.arange(cache.length, cache.length + steps)

    def remember(self, cache: Cache, number: int, key: Array, value: Array) -> None:
        """Write keys and values of the new places, (steps, key_value_heads, key_dim)."""
        new = slice(cache.length, cache.length + len(key))
        cache.keys[number, :, new] = key.transpose(1, 0, 2)
        cache.values[number, :, new] = value.transpose(1, 0, 2)

    def recall(self, cache: Cache, number: int, length: int) -> tuple[Array, Array]:
        """Return keys and values of all places, (key_value_heads, length, key_dim)."""
        return cache.keys[number, :, :length], cache.values[number, :, :length]

    def mask(self, before: int, steps: int) -> Array:
        """Return 0 where a new place may look, -inf at later places, (steps, before + steps)."""
        allowed = np.tri(steps, before + steps, before, dtype=bool)
        return np.where(allowed, np.float32(0), np.float32(-np.inf))

    def _normed(self, x: Array, scale: Array) -> Array:
        mean = np.einsum("sf,sf->s", x, x)[:, np.newaxis] / np.float32(x.shape[1])
        return x / np.sqrt(mean + np.float32(self.shape.epsilon)) * scale


_TOGETHER = ("attn_q", "attn_k", "attn_v")


def _named(arrays: Callable[[str], Array], number: int, name: str) -> Array:
    return arrays(f"blk.{number}.{name}.weight")


def stacked(
    shape: Shape, arrays: Callable[[str], Array], number: int, names: Sequence[str]
) -> Array:
    """Return some of a block's matrices side by side, (numbers in, numbers out of all).

    Parameters
    ----------
    shape : Shape
    arrays : callable
        Name to array, as for `Llama`.
    number : int
        The block's.
    names : sequence of str
        Matrices with the same numbers in.
    """
    sizes = [shape.matrices()[name] for name in names]
    whole = np.empty((sizes[0][1], sum(size[0] for size in sizes)), np.float32)
    ends = np.cumsum([size[0] for size in sizes])
    for name, end, size in zip(names, ends, sizes, strict=True):
        whole[:, end - size[0] : end] = _named(arrays, number, name).T
    return whole
