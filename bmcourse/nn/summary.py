"""Count the parameters and operations of a network, as a table."""

from __future__ import annotations

from collections.abc import Sequence

from bmcourse.nn.base import Layer, Shape


def summarize(layers: Sequence[Layer], input_shape: Shape) -> str:
    """Return a table of output shape, parameters and operations, one line per layer.

    Operations are those of one example's forward pass; a multiplication and
    an addition count as one each.

    Parameters
    ----------
    layers : sequence of Layer
    input_shape : tuple of int
        Shape of one example, without the batch.

    Examples
    --------
    >>> from bmcourse.nn import Dense, ReLU
    >>> print(summarize([Dense(3, 2), ReLU(), Dense(2, 1)], (3,)))
    layer               output shape         parameters           FLOPs
    -------------------------------------------------------------------
    Dense               (2,)                          8              14
    ReLU                (2,)                          0               2
    Dense               (1,)                          3               5
    -------------------------------------------------------------------
    total                                            11              21
    """
    rows = []
    shape = tuple(input_shape)
    for layer in layers:
        operations = layer.flops(shape)
        shape = layer.output_shape(shape)
        rows.append((type(layer).__name__, str(shape), layer.count_params(), operations))
    total = ("total", "", sum(row[2] for row in rows), sum(row[3] for row in rows))
    head = f"{'layer':<20}{'output shape':<20}{'parameters':>11}{'FLOPs':>16}"
    rule = "-" * len(head)
    lines = [f"{name:<20}{out:<20}{n:>11,}{ops:>16,}" for name, out, n, ops in [*rows, total]]
    return "\n".join([head, rule, *lines[:-1], rule, lines[-1]])


def count_flops(layers: Sequence[Layer], input_shape: Shape) -> int:
    """Return the operations of one example's forward pass through all layers.

    Examples
    --------
    >>> from bmcourse.nn import Dense, ReLU
    >>> count_flops([Dense(3, 2), ReLU(), Dense(2, 1)], (3,))
    21
    """
    total = 0
    for layer in layers:
        total += layer.flops(input_shape)
        input_shape = layer.output_shape(input_shape)
    return total
