"""Exercises on a published language model, opened."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse.chapters.open_a_language_model import planted
from bmcourse.exercises import Case, Exercise
from bmcourse.recipes.language.llama import Cache, Llama

Array = npt.NDArray[Any]


def _block_cases(rng: np.random.Generator) -> list[Case]:
    def block(scale: float, minimum: float) -> Array:
        pair = np.array([scale, minimum], np.float16).view(np.uint8)
        return np.concatenate([pair, rng.integers(0, 256, 16, dtype=np.uint8)])

    return [(block(0.5, -4.0),), (block(0.0625, 0.25),), (block(0.01, -0.07),)]


def _parts(block: Array) -> tuple[float, float, Array]:
    scale, minimum = block[:4].view(np.float16).astype(float)
    return scale, minimum, block[4:]


def _unpacked(block: Array) -> Array:
    scale, minimum, packed = _parts(block)
    return np.asarray(scale * np.concatenate([packed % 16, packed // 16]) + minimum)


def _wrongly(block: Array, order: str) -> Array:
    scale, minimum, packed = _parts(block)
    low, high = packed % 16, packed // 16
    if order == "alternate":
        numbers = np.stack([low, high], axis=1).ravel()
    else:
        numbers = np.concatenate([high, low] if order == "high first" else [low, high])
    if order == "swapped":
        return np.asarray(minimum * numbers + scale)
    if order == "signed":
        return np.asarray(scale * (numbers.astype(float) - 8) + minimum)
    if order == "minus":
        return np.asarray(scale * numbers - minimum)
    if order == "bracket":
        return np.asarray(scale * (numbers + minimum))
    return np.asarray(scale * numbers + minimum)


unpack_block = Exercise(
    "unpack a block of 4-bit weights",
    reference=_unpacked,
    cases=_block_cases,
    mistakes={
        "_wrongly(block, 'alternate')": "Your halves alternate: low, high, low, high. In this form the 16 low halves come first, then the 16 high halves.",
        "_wrongly(block, 'high first')": "The low halves come first: they are the weights 0 to 15.",
        "_wrongly(block, 'swapped')": "Scale and minimum are swapped: the first of the two numbers is the scale.",
        "_wrongly(block, 'signed')": "You took 8 away. That is another form, Q4_0, which has no minimum. Here the halves run from 0 to 15.",
        "_wrongly(block, 'minus')": "The minimum is added, not taken away.",
        "_wrongly(block, 'bracket')": "The minimum is a weight already: multiply by the scale first, then add it.",
        "_unpacked(block)[:16]": "Those are the low halves alone. The high halves are 16 weights more.",
    },
    rtol=1e-3,
    atol=1e-6,
)


def _turn(x: Array, position: int, base: float) -> Array:
    angle = position * base ** (-np.arange(0, len(x), 2) / len(x))
    first, second = x[::2], x[1::2]
    result = np.empty(len(x))
    result[::2] = first * np.cos(angle) - second * np.sin(angle)
    result[1::2] = first * np.sin(angle) + second * np.cos(angle)
    return result


def _turn_halves(x: Array, position: int, base: float) -> Array:
    half = len(x) // 2
    order = np.arange(len(x)).reshape(2, half).T.ravel()
    result = np.empty(len(x))
    result[order] = _turn(x[order], position, base)
    return result


def _turn_by(x: Array, angle: Any) -> Array:
    pairs = (x[::2] + 1j * x[1::2]) * np.exp(1j * angle)
    return np.stack([pairs.real, pairs.imag], axis=1).ravel()


turn = Exercise(
    "turn a row by its position",
    reference=_turn,
    cases=lambda rng: [
        (np.array([1.0, 0.0]), 1, 100.0),
        (np.array([1.0, 0.0, 0.0, 2.0]), 3, 100.0),
        (rng.normal(size=8), 5, 10_000.0),
        (rng.normal(size=6), 0, 50.0),
    ],
    mistakes={
        "_turn(x, -position, base)": "You turn backwards: check the signs of the two sines.",
        "_turn_halves(x, position, base)": "You paired feature i with i + n / 2, as other programs do. Here the pairs are neighbours: 0 with 1, 2 with 3.",
        "_turn_by(x, position * base ** (-np.arange(len(x) // 2) / len(x)))": "The exponent is 2 i / n for the pair i: with i / n the pairs are too alike.",
        "_turn_by(x, position * base ** (np.arange(0, len(x), 2) / len(x)))": "The later pairs turn slower: the power of the base divides.",
        "_turn_by(x, position)": "Each pair has a speed of its own. You turned all of them by the position.",
        "_turn_by(x, np.deg2rad(position * base ** (-np.arange(0, len(x), 2) / len(x))))": "The angles are in radians already.",
    },
)


def _bug_cases(_: np.random.Generator) -> list[Case]:
    return [(planted.model(bug, seed),) for seed in (3, 8) for bug in BUGS]


BUGS = [name for name in planted.BUGS if name != "other group"]  # no test of a cache sees that one
_TEXT = [7, 31, 2, 19, 5, 5, 38, 11, 24]
_SIGNS = {
    (False, False, False, False): "none",
    (True, True, False, False): "positions start again",
    (False, False, False, True): "keys turned twice",
    (False, True, True, False): "old text stays",
    (False, True, False, False): "mask forgets the past",
}


def _signs(network: Llama) -> tuple[bool, ...]:
    return tuple(gap > 1e-4 for gap in planted.gaps(network, _TEXT).values())


def _which(network: Llama) -> str:
    one, parts, after, moved = _signs(network)
    if after:
        return "old text stays"
    return _SIGNS[one, parts, after, moved]


def _without(network: Llama, *left_out: str) -> str:
    found = _which(network)
    return "none" if found in left_out else found


which_bug = Exercise(
    "find the bug in this cache",
    reference=_which,
    cases=_bug_cases,
    mistakes={
        "_without(network, 'old text stays')": "One bug shows only where one cache serves two texts: read a text, clear the cache, read another.",
        "_without(network, 'mask forgets the past')": "One bug shows only where several new ids come behind others: read the text in two parts.",
        "_without(network, 'keys turned twice')": "One bug is in every way of reading alike, so no two ways differ. Move the text: count its places from 7 on. Its logits must stay.",
        "_without(network, 'keys turned twice', 'old text stays', 'mask forgets the past')": "Reading one by one shows one bug of four. Try two parts, a second text in the same cache, and a text that is moved.",
        "_without(network, 'mask forgets the past', 'old text stays')": "You found what one text, one by one and moved, can show. Try two parts, and a second text in a cache that was cleared.",
        "_without(network, 'keys turned twice', 'mask forgets the past')": "Try two parts, and a text whose places are counted from 7 on.",
        "_without(network, 'keys turned twice', 'old text stays')": "Try a second text in a cleared cache, and a text whose places are counted from 7 on.",
        "'mask forgets the past' if _signs(network)[1] else _which(network)": "Reading in two parts shows three of the bugs. See what else fails: one by one, or a second text in the same cache.",
        "'none'": "Most of these models do have a bug.",
    },
)


def _cache_bytes(blocks: int, key_value_heads: int, key_dim: int, places: int, size: int) -> int:
    return 2 * blocks * key_value_heads * key_dim * places * size


cache_bytes = Exercise(
    "memory of a cache with grouped queries",
    reference=_cache_bytes,
    cases=lambda _: [(1, 1, 2, 3, 4), (30, 3, 64, 8192, 4), (32, 8, 128, 100_000, 2)],
    mistakes={
        "_cache_bytes(blocks, key_value_heads, key_dim, places, size) // 2": "Keys and values are both kept: twice as much.",
        "_cache_bytes(1, key_value_heads, key_dim, places, size)": "Each block has a cache of its own.",
        "_cache_bytes(blocks, 1, key_dim, places, size)": "Each head of keys and values is kept.",
        "3 * blocks * key_value_heads * key_dim * places * size": "Queries are not kept: no later place looks at them.",
        "_cache_bytes(blocks, key_value_heads, key_dim, 1, size)": "That is one place.",
        "_cache_bytes(blocks, key_value_heads, key_dim, places, 1)": "You counted numbers. Each takes `size` bytes.",
        "2 * blocks * key_value_heads * key_dim * places**2 * size": "The weights of attention have places × places numbers, but they are not kept. Keys and values grow with the places.",
    },
)


def _answer_cases(_: np.random.Generator) -> list[Case]:
    rows = ((0, [3, 1, 4], 1), (1, [3, 1, 4, 1, 5], 6), (2, [9], 8), (5, [2, 7, 1, 8], 8))
    cases: list[Case] = []
    for seed, ids, n in rows:
        free = _free(planted.model("none", seed), ids, n)
        network = planted.ReadsOnce.random(planted.SMALL, np.random.default_rng(seed))
        network.room = len(ids) + n  # type: ignore[attr-defined]
        cases += [(network, ids, n, 99), (network, ids, n, free[-1])]
    return cases


def _free(network: Llama, ids: list[int], n: int) -> list[int]:
    return _answer(network, ids, n, -1)


def _answer(network: Llama, ids: list[int], n: int, end: int) -> list[int]:
    cache, said, new = Cache(network.shape), [], list(ids)
    for _ in range(n):
        chosen = int(network.next_logits(new, cache).argmax())
        if chosen == end:
            break
        said.append(chosen)
        new = [chosen]
    return said


def _read_again(network: Llama, ids: list[int], n: int, end: int) -> list[int]:
    cache, said = Cache(network.shape), []  # type: ignore[var-annotated]
    for _ in range(n):
        chosen = int(network.next_logits([*ids, *said], cache).argmax())
        if chosen == end:
            break
        said.append(chosen)
    return said


def _forgets(network: Llama, ids: list[int], n: int, end: int) -> list[int]:
    said, new = [], list(ids)
    for _ in range(n):
        chosen = int(network.next_logits(new).argmax())
        if chosen == end:
            break
        said.append(chosen)
        new = [chosen]
    return said


def _with_end(network: Llama, ids: list[int], n: int, end: int) -> list[int]:
    said = _answer(network, ids, n, end)
    return said if len(said) == n else [*said, end]


answer = Exercise(
    "answer with a cache",
    reference=_answer,
    cases=_answer_cases,
    mistakes={
        "_read_again(network, ids, n, end)": "You hand over the whole text again at each step, but the cache has read it already. Hand over only what is new.",
        "_forgets(network, ids, n, end)": "Each step forgets what came before: hand over the same cache every time.",
        "_with_end(network, ids, n, end)": "The id `end` is no part of the answer: stop before it is appended.",
        "_answer(network, ids, n, -1)": "You do not stop at `end`.",
        "[*ids, *_answer(network, ids, n, end)]": "Return the answer alone, without the question.",
        "_answer(network, ids, n, end)[:-1]": "One id is missing at the end.",
        "_answer(network, ids, n - 1, end)": "That is one step too few.",
        "_answer(network, ids, n + 1, end)": "That is one step too many.",
    },
)
