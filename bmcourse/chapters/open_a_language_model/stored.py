"""The same model with its weights kept in other forms: what memory saves, and what it costs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from bmcourse.checks import Array
from bmcourse.datasets.formats.gguf import GGUFFile
from bmcourse.recipes.language.llama import Cache, Llama, Shape, stacked

PARTS = {
    "attn_q": ("attn_q", "attn_k", "attn_v"),
    "attn_output": ("attn_output",),
    "ffn_gate": ("ffn_gate", "ffn_up"),
    "ffn_down": ("ffn_down",),
}


class MadeAtUse(Mapping[str, Array]):
    """A block whose matrices are made in float32 each time they are asked for."""

    def __init__(self, made: Mapping[str, Callable[[], Array]]) -> None:
        self.made = made

    def __getitem__(self, name: str) -> Array:
        return self.made[name]()

    def __iter__(self) -> Iterator[str]:
        return iter(self.made)

    def __len__(self) -> int:
        return len(self.made)


class Packed(Llama):
    """Weights stay in the file's 4-bit and 8-bit blocks, and are unpacked at every use."""

    def __init__(self, file: GGUFFile) -> None:
        self.file, self.shape = file, Shape.from_facts(file.facts)
        self.last_scale = file.array("output_norm.weight")
        self.blocks: list[Any] = [MadeAtUse(self._block(n)) for n in range(self.shape.blocks)]

    @property
    def table(self) -> Array:  # type: ignore[override]
        """The table of tokens, unpacked now."""
        return self.file.array("token_embd.weight")

    @property
    def nbytes(self) -> int:
        """Memory of the weights that are kept."""
        return sum(tensor.bytes for tensor in self.file.tensors.values())

    def _block(self, number: int) -> dict[str, Callable[[], Array]]:
        made: dict[str, Callable[[], Array]] = {}
        for name in ("attn_norm", "ffn_norm"):
            made[name] = lambda name=name: self.file.array(f"blk.{number}.{name}.weight")  # type: ignore[misc]
        for name, names in PARTS.items():
            made[name] = lambda names=names: stacked(self.shape, self.file.array, number, names)  # type: ignore[misc]
        return made


class Halves(Llama):
    """Weights are kept in half precision, and become float32 at every use."""

    def __init__(self, model: Llama) -> None:
        self.shape, self.last_scale = model.shape, model.last_scale
        self.half_table = model.table.astype(np.float16)
        kept = [{k: a.astype(np.float16) for k, a in block.items()} for block in model.blocks]
        self.nbytes_kept = self.half_table.nbytes + sum(a.nbytes for b in kept for a in b.values())
        self.blocks: list[Any] = [
            MadeAtUse({k: lambda a=a: a.astype(np.float32) for k, a in block.items()})  # type: ignore[misc]
            for block in kept
        ]

    @property
    def table(self) -> Array:  # type: ignore[override]
        """The table of tokens, in float32 now."""
        return self.half_table.astype(np.float32)

    @property
    def nbytes(self) -> int:
        """Memory of the weights that are kept."""
        return self.nbytes_kept


def tokens_per_second(model: Llama, ids: list[int], n: int) -> tuple[float, float]:
    """Return how many tokens it writes a second, and a second of processor time.

    The first id is read before the clock starts; then `n` are written greedily.
    """
    cache = Cache(model.shape, len(ids) + n + 1)
    chosen = int(model.next_logits(ids, cache).argmax())
    start, processor = time.perf_counter(), time.process_time()
    for _ in range(n):
        chosen = int(model.next_logits([chosen], cache).argmax())
    wall, used = time.perf_counter() - start, time.process_time() - processor
    return n / wall, n / max(used, 1e-9)
