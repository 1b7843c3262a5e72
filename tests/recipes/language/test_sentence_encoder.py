"""A BERT in NumPy beside PyTorch's own layers, with random weights and with the published ones."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import numpy as np
import pytest

from bmcourse import datasets
from bmcourse.recipes.language.sentence_encoder import SentenceEncoder, safetensors

torch = pytest.importorskip("torch")
PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *(f"w{i}" for i in range(40))]
FEATURES, HIDDEN, HEADS, BLOCKS = 8, 24, 2, 2
LINEAR = {
    "attention.self.query": (FEATURES, FEATURES),
    "attention.self.key": (FEATURES, FEATURES),
    "attention.self.value": (FEATURES, FEATURES),
    "attention.output.dense": (FEATURES, FEATURES),
    "intermediate.dense": (HIDDEN, FEATURES),
    "output.dense": (FEATURES, HIDDEN),
}
NORMS = ("attention.output.LayerNorm", "output.LayerNorm")


def random_arrays() -> dict[str, Any]:
    rng = np.random.default_rng(0)

    def draw(*shape: int) -> Any:
        return rng.normal(0, 0.5, shape).astype(np.float32)

    arrays = {
        f"embeddings.{name}_embeddings.weight": draw(rows, FEATURES)
        for name, rows in (("word", len(PIECES)), ("position", 30), ("token_type", 2))
    }
    names = {"embeddings.LayerNorm": (FEATURES,)}
    for i in range(BLOCKS):
        names |= {f"encoder.layer.{i}.{name}": shape for name, shape in LINEAR.items()}
        names |= {f"encoder.layer.{i}.{name}": (FEATURES,) for name in NORMS}
    for name, shape in names.items():
        arrays[f"{name}.weight"], arrays[f"{name}.bias"] = draw(*shape), draw(shape[0])
    return arrays


def file_of(arrays: dict[str, Any]) -> bytes:
    about, content = {"__metadata__": {"format": "pt"}}, b""
    for name, values in arrays.items():
        data = values.tobytes()
        place = [len(content), len(content) + len(data)]
        about[name] = {"dtype": "F32", "shape": values.shape, "data_offsets": place}  # type: ignore[dict-item]
        content += data
    header = json.dumps(about).encode()
    return len(header).to_bytes(8, "little") + header + content


def archive_of(arrays: dict[str, Any]) -> Any:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("model.safetensors", file_of(arrays))
        vocabulary = {piece: number for number, piece in enumerate(PIECES)}
        archive.writestr("tokenizer.json", json.dumps({"model": {"vocab": vocabulary}}))
        archive.writestr("config.json", json.dumps({"num_attention_heads": HEADS}))
    return np.frombuffer(stream.getvalue(), np.uint8)


def by_torch(arrays: dict[str, Any], ids: Any, heads: int) -> Any:
    t = {name: torch.tensor(np.array(values)) for name, values in arrays.items()}
    table = "embeddings.{}_embeddings.weight"
    x = t[table.format("word")][ids] + t[table.format("position")][: ids.shape[1]]
    x = x + t[table.format("token_type")][0]
    features = x.shape[-1]
    norm = [t[f"embeddings.LayerNorm.{kind}"] for kind in ("weight", "bias")]
    x = torch.nn.functional.layer_norm(x, (features,), *norm, 1e-12)
    for i in range(sum(name.endswith("self.query.weight") for name in arrays)):
        p = f"encoder.layer.{i}."
        layer = torch.nn.TransformerEncoderLayer(
            features, heads, len(t[f"{p}intermediate.dense.weight"]), 0.0, "gelu", 1e-12,
            batch_first=True,
        ).eval()  # fmt: skip
        state = {}
        for kind in ("weight", "bias"):
            three = [t[f"{p}attention.self.{name}.{kind}"] for name in ("query", "key", "value")]
            state[f"self_attn.in_proj_{kind}"] = torch.cat(three)
            for theirs, ours in (
                ("self_attn.out_proj", "attention.output.dense"),
                ("linear1", "intermediate.dense"),
                ("linear2", "output.dense"),
                ("norm1", "attention.output.LayerNorm"),
                ("norm2", "output.LayerNorm"),
            ):
                state[f"{theirs}.{kind}"] = t[f"{p}{ours}.{kind}"]
        layer.load_state_dict(state)
        with torch.no_grad():
            x = layer(x, src_key_padding_mask=torch.tensor(ids == 0))
    return x.numpy()


def test_vectors_are_pytorch_s() -> None:
    arrays = random_arrays()
    encoder = SentenceEncoder.from_archive(archive_of(arrays))
    ids = encoder.ids(["w1 w2 w3 w4 w5", "W7 nothing", "w9"])
    assert ids.tolist() == [[2, 5, 6, 7, 8, 9, 3], [2, 11, 1, 3, 0, 0, 0], [2, 13, 3, 0, 0, 0, 0]]
    real = ids > 0
    found, expected = encoder.places(ids), by_torch(arrays, ids, HEADS)
    np.testing.assert_allclose(found[real], expected[real], rtol=1e-4, atol=1e-5)
    means = np.stack([x[r].mean(axis=0) for x, r in zip(expected, real, strict=True)])
    means /= np.linalg.norm(means, axis=1, keepdims=True)
    texts = ["w1 w2 w3 w4 w5", "W7 nothing", "w9"]
    np.testing.assert_allclose(encoder.encode(texts, batch_size=2), means, atol=1e-5)


def test_long_texts_are_cut_and_one_text_is_refused() -> None:
    encoder = SentenceEncoder.from_archive(archive_of(random_arrays()))
    assert encoder.ids(["w1 " * 50], longest=9).tolist() == [[2, *[5] * 7, 3]]
    with pytest.raises(ValueError, match="several texts"):
        encoder.encode("w1")


def test_arrays_of_other_types_are_left_out() -> None:
    content = file_of({"a": np.ones((2, 2), np.float32)})
    np.testing.assert_array_equal(safetensors(content)["a"], np.ones((2, 2)))
    assert safetensors(content.replace(b'"F32"', b'"I64"')) == {}


def test_the_published_model() -> None:
    if not datasets.status("minilm").verified:
        pytest.skip("the published model is not on this machine")
    content = datasets.minilm().content
    encoder = SentenceEncoder.from_archive(content)
    with zipfile.ZipFile(io.BytesIO(content.tobytes())) as archive:
        arrays = safetensors(archive.read("model.safetensors"))
    ids = encoder.ids(
        ["A gripping, well-made film.", "dull", "今天 very long, very dull, and loud!"]
    )
    found, expected = encoder.places(ids), by_torch(arrays, ids, 12)
    np.testing.assert_allclose(found[ids > 0], expected[ids > 0], atol=2e-5)
