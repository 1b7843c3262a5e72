"""A published BERT, made of the course's own NumPy layers: a sentence in, one vector out."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse import checks, nn
from bmcourse.text.word_pieces import WordPieceTokenizer

Array = npt.NDArray[np.float32]


def safetensors(content: bytes) -> dict[str, Array]:
    """Return the arrays of a file in the form safetensors, of 32-bit floats.

    Eight bytes tell the length of a JSON text; it tells name, type, shape and place of each array
    in the bytes that follow.
    """
    length = int.from_bytes(content[:8], "little")
    about = json.loads(content[8 : 8 + length])
    found = {}
    for name, row in about.items():
        if name != "__metadata__" and row["dtype"] == "F32":
            start, end = (8 + length + place for place in row["data_offsets"])
            found[name] = np.frombuffer(content[start:end], "<f4").reshape(row["shape"])
    return found


class SentenceEncoder:
    """BERT's body: three tables, then blocks with the norm after each sum.

    A sentence's vector is the mean over its places, with length 1.

    Parameters
    ----------
    arrays : mapping of str to ndarray
        Weights by their published names, such as
        ``encoder.layer.0.attention.self.query.weight``.
    tokenizer : WordPieceTokenizer
    heads : int
        Of each block.

    Attributes
    ----------
    blocks : list of nn.TransformerBlock

    References
    ----------
    Devlin and others, "BERT: Pre-training of Deep Bidirectional Transformers", 2018. Reimers and
    Gurevych, "Sentence-BERT", 2019.
    """

    def __init__(
        self, arrays: Mapping[str, Array], tokenizer: WordPieceTokenizer, heads: int
    ) -> None:
        self.tokenizer = tokenizer
        names = ("word", "position", "token_type")
        self.tables = [arrays[f"embeddings.{name}_embeddings.weight"] for name in names]
        features = self.tables[0].shape[1]
        self.norm = _norm(arrays, "embeddings.LayerNorm", features)
        depth = sum(name.endswith("attention.self.query.weight") for name in arrays)
        self.blocks = [_block(arrays, f"encoder.layer.{i}", heads) for i in range(depth)]

    @classmethod
    def from_archive(cls, content: npt.ArrayLike) -> SentenceEncoder:
        """Read it from the bytes of the published archive, `bmcourse.datasets.minilm()`."""
        with zipfile.ZipFile(io.BytesIO(np.asarray(content, np.uint8).tobytes())) as archive:
            about = json.loads(archive.read("config.json"))
            vocabulary = json.loads(archive.read("tokenizer.json"))["model"]["vocab"]
            arrays = safetensors(archive.read("model.safetensors"))
        pieces = sorted(vocabulary, key=lambda piece: vocabulary[piece])
        return cls(arrays, WordPieceTokenizer(pieces), about["num_attention_heads"])

    def ids(self, texts: Sequence[str], longest: int = 128) -> npt.NDArray[np.int64]:
        """Return ids (texts, places): ``[CLS] ... [SEP]``, filled up with 0 at the right."""
        first, last = (self.tokenizer.number[name] for name in ("[CLS]", "[SEP]"))
        rows = [[first, *self.tokenizer.encode(text)[: longest - 2], last] for text in texts]
        ids = np.zeros((len(rows), max(map(len, rows))), np.int64)
        for row, found in zip(ids, rows, strict=True):
            row[: len(found)] = found
        return ids

    def places(self, ids: npt.ArrayLike) -> Array:
        """Return a vector a place, shape (texts, places, features)."""
        ids = checks.array("ids", ids, ndim=2).astype(int)
        word, position, kind = self.tables
        x = self.norm.forward(word[ids] + position[: ids.shape[1]] + kind[0])
        seen = np.repeat((ids > 0)[:, np.newaxis], ids.shape[1], axis=1)
        for block in self.blocks:
            x = block.forward(x, mask=seen)
        return np.asarray(x, np.float32)

    def encode(self, texts: Sequence[str], batch_size: int = 32) -> Array:
        """Return a vector of length 1 for each text, shape (texts, features)."""
        if isinstance(texts, str):
            checks.fail("texts", "several texts, such as a list", "one text")
        order = np.argsort([len(text) for text in texts], kind="stable")  # little padding
        found = np.zeros((len(texts), self.tables[0].shape[1]), np.float32)
        for start in range(0, len(order), batch_size):
            rows = order[start : start + batch_size]
            ids = self.ids([texts[row] for row in rows])
            real = (ids > 0)[..., np.newaxis]
            mean = (self.places(ids) * real).sum(axis=1) / real.sum(axis=1)
            found[rows] = mean / np.linalg.norm(mean, axis=1, keepdims=True)
        return found


def _norm(arrays: Mapping[str, Array], name: str, features: int) -> nn.LayerNormalization:
    norm = nn.LayerNormalization(features, epsilon=1e-12)
    _fill(norm, gamma=arrays[f"{name}.weight"], beta=arrays[f"{name}.bias"])
    return norm


def _block(arrays: Mapping[str, Array], name: str, heads: int) -> nn.TransformerBlock:
    """Return one block; published kernels are written the other way round, (out, in)."""
    hidden, features = arrays[f"{name}.intermediate.dense.weight"].shape
    block = nn.TransformerBlock(features, heads, hidden, norm_first=False)
    block.parts["activation"] = nn.GELU(approximate=False)
    for part, there in (("attention_norm", "attention.output"), ("hidden_norm", "output")):
        block.parts[part] = _norm(arrays, f"{name}.{there}.LayerNorm", features)
    values = {}
    for part, there in (("query", "self.query"), ("key", "self.key"), ("value", "self.value"),
                        ("output", "output.dense")):  # fmt: skip
        values[f"{part}_kernel"] = arrays[f"{name}.attention.{there}.weight"].T
        values[f"{part}_bias"] = arrays[f"{name}.attention.{there}.bias"]
    _fill(block.parts["attention"], **values)
    for part, there in (("hidden", "intermediate.dense"), ("output", "output.dense")):
        kernel, bias = (arrays[f"{name}.{there}.{kind}"] for kind in ("weight", "bias"))
        _fill(block.parts[part], kernel=kernel.T, bias=bias)
    for part, layer in block.parts.items():
        block.params |= {f"{part}.{key}": values for key, values in layer.params.items()}
    return block


def _fill(layer: nn.Layer, **values: Any) -> None:
    for name, array in values.items():
        layer.params[name] = np.ascontiguousarray(array).reshape(layer.params[name].shape)
