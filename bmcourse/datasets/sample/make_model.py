"""Make the bundled sample of the language model: a small file of the same form."""

from __future__ import annotations

import hashlib
import json
import lzma
import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from bmcourse.datasets.formats.gguf import GGUFFile, fact, written
from bmcourse.datasets.model_file import ModelFile

SINGLE = 252  # control tokens and bytes: the others follow from the merges
ROWS = {"attn_q": 192, "attn_k": 64, "attn_v": 64}  # three heads of queries, one of keys, of values
NAME = "smollm2.gguf.xz"


def make(full: ModelFile, ids: Iterable[int], folder: Path) -> str:
    """Write the sample, and return its line for the registry.

    Parameters
    ----------
    full : ModelFile
    ids : iterable of int
        Tokens whose rows of the table are kept.
    folder : Path
    """
    if full.is_sample:
        raise ValueError("full must be the whole model, got the sample")
    file = GGUFFile(full.content)
    facts = {
        name: value for name, value in file.facts.items() if isinstance(value, str | int | float)
    }
    lists = {
        f"tokenizer.ggml.{name}": file.facts[f"tokenizer.ggml.{name}"]
        for name in ("tokens", "merges")
    }
    lists["tokenizer.ggml.tokens"] = lists["tokenizer.ggml.tokens"][:SINGLE]
    facts |= lists
    content = written(
        b"".join(fact(name, value) for name, value in facts.items()),
        len(facts),
        _tensors(file, np.unique(list(ids)).astype("<i4")),
    )
    with lzma.open(folder / NAME, "wb", preset=9 | lzma.PRESET_EXTREME) as stream:
        stream.write(content)
    digest = hashlib.sha256(content).hexdigest()
    return f'content = {{ shape = [{len(content)}], sha256 = "{digest}" }}'


def _tensors(file: GGUFFile, ids: np.ndarray) -> dict[str, tuple[str, tuple[int, ...], bytes]]:
    """Return rows of the table with their numbers, and the first heads of the first block."""
    width = file.tensors["token_embd.weight"].shape[1]
    table = file.blocks("token_embd.weight").reshape(-1, width // 32 * 34)  # a row's blocks
    norm = file.array("blk.0.attn_norm.weight")
    tensors = {
        "token_embd.ids": ("I32", ids.shape, ids.tobytes()),
        "token_embd.rows": ("Q8_0", (len(ids), width), table[ids].tobytes()),
        "blk.0.attn_norm.weight": ("F32", norm.shape, norm.tobytes()),
    }
    for name, rows in ROWS.items():
        blocks = file.blocks(f"blk.0.{name}.weight")[: rows * width // 32]
        tensors[f"blk.0.{name}.weight"] = ("Q4_1", (rows, width), blocks.tobytes())
    return tensors


if __name__ == "__main__":
    from bmcourse import datasets

    stored = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    kept = {number for row in stored["prompts"] for number in row["ids"] + row["answer"]}
    print(make(datasets.smollm2(), kept, Path(__file__).parent))
