"""Exercises on work: FLOPs, and what they cost."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bmcourse.exercises import Exercise


def _flops(
    side: int, widths: Sequence[int], *, per_weight: int = 2, pool: int = 2, inputs: bool = True
) -> int:
    total, channels = 0, 3
    for filters in widths:
        window = 9 * (channels if inputs else 1)
        total += per_weight * window * filters * side * side
        channels, side = filters, side // pool
    return total


def _side_not_squared(side: int, widths: Sequence[int]) -> int:
    sides = [side // 2**i for i in range(len(widths))]
    channels = [3, *widths]
    return sum(18 * c * f * s for c, f, s in zip(channels, widths, sides, strict=False))


def _each(
    side: int,
    widths: Sequence[int],
    *,
    window: int = 9,
    first: int = 3,
    bias: int = 0,
    lost: int = 0,
    shrink: Callable[[float], float] = lambda side: side // 2,
) -> list[float]:
    sizes: list[float] = [side]
    while len(sizes) < len(widths):
        sizes.append(shrink(sizes[-1]))
    channels = zip((first, *widths), widths, sizes, strict=False)
    return [(2 * window * c + bias) * f * (size - lost) ** 2 for c, f, size in channels]


SAME = 'Padding "same" keeps the side in a convolution. Only the pooling halves it.'


network_flops = Exercise(
    "FLOPs of a network",
    reference=_flops,
    cases=lambda rng: [
        (4, (1,)),
        (4, (2, 5)),
        (32, (32, 64, 128)),
        *[(int(rng.integers(8, 40)), tuple(map(int, rng.integers(1, 9, 3)))) for _ in range(4)],
    ],
    mistakes={
        "_flops(side, widths, per_weight=1)": "A product and its sum are two operations.",
        "_flops(side, widths, pool=1)": "The pooling after each convolution halves the side for the next one.",
        "_flops(side, widths, inputs=False)": "Each window reads all channels that come in, not one.",
        "sum(2 * 27 * f * (side // 2**i) ** 2 for i, f in enumerate(widths))": "The filters of one convolution are the input channels of the next.",
        _side_not_squared: "There are side times side places for the window.",
        "_flops(side // 2, widths)": "The pooling comes after the convolution, which still sees the whole side.",
        "_flops(side, widths) // 3": "The window is a square: 3 times 3 weights for each channel, not 3.",
        "sum(18 * c * f for c, f in zip((3, *widths), widths))": "Each weight is used at every place of the picture: multiply by side times side.",
        "_each(side, widths)[-1]": "That is the last convolution. Add up all of them.",
        "sum(_each(side, widths, bias=1))": "That counts the biases, too. The task leaves them out.",
        "sum(_each(side, widths, first=1))": "A colour image has 3 channels: they enter the first convolution.",
        "sum(_each(side, widths, window=1))": "The window has 3 times 3 places: 9 weights for each channel.",
        "sum(_each(side, widths, shrink=lambda n: n / 2))": "A side is a whole number: half of it is rounded down, so use //.",
        "sum(_each(side, widths, shrink=lambda n: -(-n // 2)))": "Half of the side is rounded down, not up.",
        "sum(_each(side, widths, shrink=lambda n: round(n / 2)))": "Half of the side is rounded down, not to the nearest.",
        "sum(_each(side, widths, lost=2))": SAME,
        "sum(_each(side, widths, shrink=lambda n: (n - 2) // 2))": SAME,
        "sum(_each(side, widths, lost=2, shrink=lambda n: (n - 2) // 2))": SAME,
        "_each(side, widths)[0]": "That is the first convolution. Add up all of them.",
    },
)


def _price(
    forward: float, images: int, epochs: int, speed: float, price: float, passes: int = 3
) -> float:
    return passes * forward * images * epochs / speed / 3600 * price


training_price = Exercise(
    "price of a training",
    reference=_price,
    cases=lambda rng: [
        (1e6, 1000, 1, 1e9, 3600.0),
        (4e7, 50_000, 8, 2e10, 0.05),
        *[
            (float(rng.uniform(1e6, 1e8)), int(rng.integers(1000, 9000)), 5, 1e10, 0.1)
            for _ in range(3)
        ],
    ],
    mistakes={
        "_price(forward, images, epochs, speed, price, passes=1)": "That is inference. Training adds two passes of about the same work backward.",
        "_price(forward, images, epochs, speed, price, passes=2)": "The way back costs two passes, one for the inputs and one for the weights: 3 in all.",
        "3600 * _price(forward, images, epochs, speed, price)": "The price is for an hour, and you have seconds.",
        "_price(forward, images, 1, speed, price)": "You paid for one epoch. The images are seen once in each epoch.",
        "_price(forward, 1, epochs, speed, price)": "You paid for one image. Multiply by the number of images.",
        "_price(forward, images, epochs, speed, 1)": "Those are the hours. Multiply by the price of one.",
        "60 * _price(forward, images, epochs, speed, price)": "An hour has 3600 seconds. You divided by 60 only.",
        "3600 * _price(forward, images, epochs, speed, 1)": "Those are the seconds. Turn them into hours, and multiply by the price of one.",
        "3 * forward * images * epochs": "Those are the FLOPs. Divide by those of a second, then turn seconds into money.",
        "_price(forward, images, epochs, 1, price)": "The speed is missing: divide the work by the FLOPs of a second.",
        "_price(forward, images, epochs, speed, price, passes=4)": "Count three passes for each image, not four.",
    },
)
