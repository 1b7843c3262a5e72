"""The opened language model: its tokenizer, its forward pass, its cache."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from bmcourse import datasets, nn, results
from bmcourse.datasets.formats.gguf import GGUFFile
from bmcourse.recipes.language.chat_tokenizer import END, ChatTokenizer, byte_letters, chat
from bmcourse.recipes.language.llama import Cache, Llama, Shape

SHAPE = Shape(40, 2, 24, 32, 6, 2, rotary_base=100.0)


@pytest.fixture(scope="module")
def tokenizer():
    return ChatTokenizer.from_facts(GGUFFile(datasets.smollm2().content).facts)


@pytest.fixture
def model(rng):
    return Llama.random(SHAPE, rng)


@pytest.fixture
def rng():
    return np.random.default_rng(5)


TEXTS = (
    "",
    "The parcel arrived damaged.",
    "12345 + 6.78 = ½",
    "  two\n\nlines\t and  spaces ",
    "中国的首都是哪里？",
    "naïve café 🙂👩‍👩‍👧",
    "don't I'LL we've",
    "<|im_start|>user\nHi<|im_end|>",
)


@pytest.mark.parametrize("text", TEXTS)
def test_tokens_are_those_of_the_package_tokenizers(text, tokenizer):
    hf = pytest.importorskip("tokenizers")
    merges = GGUFFile(datasets.smollm2().content).facts["tokenizer.ggml.merges"]
    ids = {token: number for number, token in enumerate(tokenizer.tokens)}
    theirs = hf.Tokenizer(hf.models.BPE(vocab=ids, merges=[tuple(m.split(" ")) for m in merges]))
    theirs.add_special_tokens(list(tokenizer.control))
    cuts = [hf.pre_tokenizers.Digits(True), hf.pre_tokenizers.ByteLevel(add_prefix_space=False)]
    theirs.pre_tokenizer = hf.pre_tokenizers.Sequence(cuts)
    theirs.decoder = hf.decoders.ByteLevel()
    assert tokenizer.encode(text) == theirs.encode(text).ids
    assert tokenizer.decode(tokenizer.encode(text)) == text


def test_tokens_are_those_of_llama_cpp(tokenizer):
    for row in results.load("smollm2_reference")["prompts"]:
        assert tokenizer.encode(chat(row["prompt"])) == row["ids"]


def test_all_tokens_or_the_first_give_the_same(tokenizer):
    letters = ["<|x|>", *byte_letters().values()]
    merges = ["a b", "ab c"]
    short, long = ChatTokenizer(letters, merges), ChatTokenizer([*letters, "ab", "abc"], merges)
    assert short.tokens == long.tokens
    assert len(short) == 259
    assert short.encode("abcab<|x|>") == [258, 257, 0]
    assert short.pieces([258, 0]) == ["abc", "<|x|>"]
    with pytest.raises(ValueError, match="tokens must be"):
        ChatTokenizer([*letters, "ab", "xyz"], merges)
    with pytest.raises(ValueError, match="ids must be"):
        short.decode([259])
    with pytest.raises(ValueError, match="gpt2, smollm"):
        ChatTokenizer.from_facts({"tokenizer.ggml.model": "llama", "tokenizer.ggml.pre": "x"})


def test_a_byte_without_a_token_is_left_out():
    letters = [letter for byte, letter in byte_letters().items() if byte != ord("b")]
    assert ChatTokenizer(letters, []).decode(ChatTokenizer(letters, []).encode("abc")) == "ac"


def test_the_chat_is_that_of_the_file_s_template(tokenizer):
    jinja = pytest.importorskip("jinja2")
    template = GGUFFile(datasets.smollm2().content).facts["tokenizer.chat_template"]
    turns = [("user", "Hi"), ("assistant", "Hello"), ("user", "Why?")]
    messages = [{"role": role, "content": text} for role, text in turns]
    theirs = jinja.Template(template).render(messages=messages, add_generation_prompt=True)
    assert chat("Why?", ("Hi", "Hello")) == theirs
    assert tokenizer.control[END] == 2


def by_layers(model, ids):
    """The same model from the layers of bmcourse.nn, in float64."""
    shape = model.shape
    x = model.table[ids][np.newaxis].astype(float)

    def norm(scale):
        layer = nn.RMSNormalization(shape.features, shape.epsilon, dtype=float)
        layer.params["scale"][...] = scale
        return layer

    for block in model.blocks:
        attention = nn.GroupedQueryAttention(
            shape.features, shape.heads, shape.key_value_heads, shape.rotary_base, dtype=float
        )
        ends = np.cumsum([shape.features, shape.key_value_heads * shape.key_dim])
        parts = dict(
            zip(("query", "key", "value"), np.split(block["attn_q"], ends, axis=1), strict=True)
        )
        for name, kernel in (parts | {"output": block["attn_output"]}).items():
            own = attention.params[f"{name}_kernel"]
            own[...] = kernel.reshape(own.shape)
        x = x + attention.forward(norm(block["attn_norm"]).forward(x))
        network = nn.SwiGLU(shape.features, shape.hidden, dtype=float)
        gate, up = np.split(block["ffn_gate"], 2, axis=1)
        for name, kernel in (("gate", gate), ("up", up), ("down", block["ffn_down"])):
            network.params[f"{name}_kernel"][...] = kernel
        x = x + network.forward(norm(block["ffn_norm"]).forward(x))
    return (norm(model.last_scale).forward(x) @ model.table.T.astype(float))[0]


@pytest.mark.parametrize("heads", [(6, 2), (6, 6), (3, 1)])
def test_the_model_is_its_layers(heads, rng):
    shape = dataclasses.replace(SHAPE, heads=heads[0], key_value_heads=heads[1])
    model = Llama.random(shape, rng)
    ids = rng.integers(0, 40, 9)
    np.testing.assert_allclose(model.forward(ids), by_layers(model, ids), atol=1e-4)


@pytest.mark.parametrize("parts", [[9], [1] * 9, [4, 5], [3, 1, 5], [8, 1]])
def test_with_a_cache_and_without(parts, model, rng):
    ids = rng.integers(0, 40, 9).tolist()
    whole, cache, found = model.forward(ids), Cache(SHAPE, 2), []
    for end, length in zip(np.cumsum(parts), parts, strict=True):
        found.append(model.forward(ids[end - length : end], cache))
    np.testing.assert_allclose(np.concatenate(found), whole, atol=1e-4)
    assert cache.length == 9
    cache.clear()
    np.testing.assert_allclose(model.next_logits(ids, cache), whole[-1], atol=1e-4)
    assert cache.bytes_per_place == 2 * 2 * 2 * 4 * 4


def test_it_refuses_ids_that_are_none(model):
    with pytest.raises(ValueError, match="ids"):
        model.forward([40])
    with pytest.raises(ValueError, match="not empty"):
        model.forward([])
    with pytest.raises(ValueError, match="architecture llama"):
        Shape.from_facts({"general.architecture": "gpt2"})


def test_logits_are_those_of_pytorch_in_float32(tokenizer):
    if not datasets.status("smollm2").verified:
        pytest.skip("the whole model is not on this machine")
    model = Llama.from_file(GGUFFile(datasets.smollm2().content))
    for row in results.load("smollm2_reference")["prompts"][::6]:
        logits = model.forward(row["ids"] + row["answer"])[len(row["ids"]) - 1 : -1]
        theirs = row["pytorch"]
        ours = np.take_along_axis(logits, np.array(theirs["likely"]), axis=1)
        np.testing.assert_allclose(ours, theirs["logits"], atol=1e-3)
