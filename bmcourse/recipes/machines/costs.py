"""What many machines cost: time of an all-reduce, of a step, of a pipeline, and memory."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bmcourse import checks

Array = npt.NDArray[np.float64]
WAYS = ("ring", "star", "tree")


@dataclass(frozen=True)
class Link:
    """What joins two machines.

    Attributes
    ----------
    latency : float
        Seconds until the first byte arrives.
    bandwidth : float
        Bytes a second.
    """

    latency: float
    bandwidth: float

    def seconds(self, size: float) -> float:
        """Return the time of one message of `size` bytes: latency, then size / bandwidth."""
        return self.latency + size / self.bandwidth

    @classmethod
    def fit(cls, sizes: npt.ArrayLike, seconds: npt.ArrayLike) -> Link:
        """Find the line through measured times, each residual relative to its time.

        Parameters
        ----------
        sizes, seconds : array_like of shape (n,)
            Bytes of each message, and its time.
        """
        x, t = checks.array("sizes", sizes), checks.array("seconds", seconds)
        rows = np.stack([np.ones_like(t), x], axis=1) / t[:, np.newaxis]
        (latency, a_byte), *_ = np.linalg.lstsq(rows, np.ones_like(t), rcond=None)
        return cls(float(latency), float(1 / a_byte))


def all_reduce_seconds(size: float, machines: int, link: Link, way: str = "ring") -> float:
    """Return the time until every machine has the sum of all vectors.

    Parameters
    ----------
    size : float
        Bytes of one machine's vector.
    machines : int
        Their number.
    link : Link
        Of any two; each machine sends one message and receives one at a time.
    way : {"ring", "star", "tree"}
        Ring: 2 (n - 1) steps with a part of 1 / n each. Star: all send to one machine, one after
        the other, and it answers each. Tree: pairs, pairs of pairs and so on add up whole vectors,
        and hand the sum back: 2 ceil(log2 n) steps.
    """
    checks.one_of("way", way, WAYS)
    n = checks.integer("machines", machines)
    if way == "ring":
        return 2 * (n - 1) * link.seconds(size / n)
    steps = n - 1 if way == "star" else math.ceil(math.log2(n))
    return 2 * steps * link.seconds(size)


def pipeline_schedule(stages: int, parts: int) -> npt.NDArray[np.int64]:
    """Return which part of a batch each stage works on, forward, then backward, in turn.

    All stages take the same time for a part, backward as long as forward. A stage starts a part
    as soon as the stage before has finished it; the way back begins when all are through.

    Returns
    -------
    ndarray of shape (stages, 2 * (parts + stages - 1))
        The number of the part, from 0; -1 where the stage waits.
    """
    checks.integer("stages", stages)
    checks.integer("parts", parts)
    length = parts + stages - 1
    plan = np.full((stages, 2 * length), -1)
    for stage in range(stages):
        for part in range(parts):
            plan[stage, stage + part] = part
            plan[stage, 2 * length - 1 - stage - part] = part
    return plan


# Bytes of a weight: half-precision weight and gradient, then in float32 its copy and Adam's two.
WEIGHT, GRADIENT, OPTIMIZER = 2, 2, 12


def zero_bytes(weights: float, machines: int, stage: int) -> float:
    """Return the bytes that one machine holds, without the activations.

    Rajbhandari and others, "ZeRO: Memory optimizations toward training trillion parameter
    models", 2020: mixed precision with Adam. Stage 0 shares out nothing, 1 the optimizer's
    numbers, 2 the gradients as well, 3 the weights as well.
    """
    checks.one_of("stage", stage, range(4))
    kinds = (OPTIMIZER, GRADIENT, WEIGHT)
    return sum(b / (machines if i < stage else 1) for i, b in enumerate(kinds)) * weights


@dataclass(frozen=True)
class Scaling:
    """What one training step costs on any number of equal machines.

    Attributes
    ----------
    fixed : float
        Seconds that each machine needs whatever its shard.
    an_example : float
        Seconds for the gradient of one example.
    size : float
        Bytes of the gradient.
    link : Link
        Between any two machines.
    """

    fixed: float
    an_example: float
    size: float
    link: Link

    @classmethod
    def fit(
        cls, examples: npt.ArrayLike, seconds: npt.ArrayLike, size: float, link: Link
    ) -> Scaling:
        """Find the line through one machine's measured times, by examples a step."""
        line = Link.fit(examples, seconds)
        return cls(line.latency, 1 / line.bandwidth, size, link)

    def seconds(self, batch: float, machines: int, way: str = "ring") -> float:
        """Return the seconds of a step with `batch` examples in all."""
        shard = self.fixed + self.an_example * batch / machines
        return shard + all_reduce_seconds(self.size, machines, self.link, way)

    def best_machines(self, batch: float) -> int:
        """Return the number of machines with the shortest step, joined in a ring.

        The derivative of the time in n is 0 at the root of
        (computing - 2 size / bandwidth) / (2 latency); of the two whole numbers beside it, the
        better one is taken.
        """
        gain = self.an_example * batch - 2 * self.size / self.link.bandwidth
        root = math.sqrt(max(gain, 0.0) / (2 * self.link.latency))
        near = {max(1, math.floor(root)), max(1, math.ceil(root))}
        return min(sorted(near), key=lambda n: self.seconds(batch, n))
