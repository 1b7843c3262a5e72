"""What a GPT costs to train: weights, multiplications and bytes, counted from its shape."""

from __future__ import annotations

from dataclasses import dataclass

from bmcourse import checks


@dataclass(frozen=True)
class Shape:
    """The shape of a GPT such as `bmcourse.recipes.language.gpt.gpt` makes.

    Attributes
    ----------
    vocabulary, context, features, blocks : int
        As in `gpt`. The number of heads changes neither weights nor operations.
    """

    vocabulary: int
    context: int
    features: int
    blocks: int

    def __post_init__(self) -> None:
        """Refuse what is no size."""
        for name in ("vocabulary", "context", "features", "blocks"):
            checks.integer(name, getattr(self, name))


def weights(shape: Shape) -> dict[str, int]:
    """Count the weights, part by part.

    Examples
    --------
    >>> weights(Shape(vocabulary=100, context=64, features=16, blocks=2))
    {'embedding': 1600, 'positions': 1024, 'blocks': 6560, 'last norm': 32}
    """
    d = shape.features
    attention = 4 * (d * d + d)
    hidden = (d * 4 * d + 4 * d) + (4 * d * d + d)
    norms = 2 * 2 * d
    return {
        "embedding": shape.vocabulary * d,
        "positions": shape.context * d,
        "blocks": shape.blocks * (attention + hidden + norms),
        "last norm": 2 * d,
    }


def inner_weights(shape: Shape) -> int:
    """Count the weights outside the two embeddings: the N of Kaplan and others, 2020."""
    counted = weights(shape)
    return counted["blocks"] + counted["last norm"]


def forward_flops(shape: Shape) -> dict[str, int]:
    """Count multiplications and additions of the matrix products, a token, part by part.

    A product of (m, k) and (k, n) is 2 m k n operations. Scores are counted for the whole context:
    what a causal mask hides is computed and thrown away. Left out: norms, softmax, GELU, biases.

    Examples
    --------
    >>> forward_flops(Shape(vocabulary=100, context=64, features=16, blocks=2))
    {'projections': 4096, 'scores': 8192, 'hidden': 8192, 'logits': 3200}
    """
    d, blocks = shape.features, shape.blocks
    return {
        "projections": blocks * 2 * 4 * d * d,
        "scores": blocks * 2 * 2 * shape.context * d,
        "hidden": blocks * 2 * 8 * d * d,
        "logits": 2 * shape.vocabulary * d,
    }


def training_flops(shape: Shape) -> int:
    """Count operations of a training step, a token: forward once, backward twice as much."""
    return 3 * sum(forward_flops(shape).values())


@dataclass(frozen=True)
class Precision:
    """Bytes a weight that a step keeps: weights, gradients, a master copy, optimizer state."""

    weight: int
    gradient: int
    master: int
    state: int

    @property
    def total(self) -> int:
        """Bytes a weight."""
        return self.weight + self.gradient + self.master + self.state


def bytes_a_weight(optimizer: str, precision: str) -> Precision:
    """Return the bytes that a training step keeps for each weight.

    Parameters
    ----------
    optimizer : {"sgd", "momentum", "adam"}
        With 0, 1 or 2 numbers of state a weight, always in single precision.
    precision : {"single", "mixed"}
        Mixed: weights and gradients in half precision, and a master copy of the weights in single.

    References
    ----------
    Rajbhandari and others, "ZeRO: Memory Optimizations Toward Training Trillion Parameter Models",
    2020, section 3.1.

    Examples
    --------
    >>> bytes_a_weight("adam", "mixed")
    Precision(weight=2, gradient=2, master=4, state=8)
    """
    states = {"sgd": 0, "momentum": 1, "adam": 2}
    if optimizer not in states:
        checks.fail("optimizer", f"one of {', '.join(states)}", optimizer)
    if precision not in ("single", "mixed"):
        checks.fail("precision", "single or mixed", precision)
    state = 4 * states[optimizer]
    return Precision(4, 4, 0, state) if precision == "single" else Precision(2, 2, 4, state)
