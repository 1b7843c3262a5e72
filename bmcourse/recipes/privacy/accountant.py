"""Count privacy: from noise and steps to epsilon, by Rényi divergences."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
from scipy.special import gammaln, logsumexp

from bmcourse import checks

WHOLE = (*range(2, 64), 80, 96, 128, 192, 256, 512)
FINE = tuple(round(1 + tenth / 10, 1) for tenth in range(1, 100))  # where the noise is low


def renyi_of_one_step(share: float, noise: float, order: int) -> float:
    """Return the Rényi divergence, at a whole order, of one noisy sum over a Poisson batch.

    Mironov, Talwar and Zhang, "Rényi differential privacy of the sampled Gaussian mechanism",
    2019, section 3.3: the log of a binomial sum, over order - 1.
    """
    order = checks.integer("order", order, at_least=2)
    checks.number("noise", noise, above=0)
    if checks.number("share", share, above=0, at_most=1) == 1:
        return order / (2 * noise**2)
    k = np.arange(order + 1)
    choose = gammaln(order + 1) - gammaln(k + 1) - gammaln(order - k + 1)
    chance = choose + k * math.log(share) + (order - k) * math.log1p(-share)
    return float(logsumexp(chance + k * (k - 1) / (2 * noise**2))) / (order - 1)


def renyi_by_integral(share: float, noise: float, order: float) -> float:
    """Return the same divergence at any order above 1, from its definition, by a sum over a grid.

    With z from N(0, noise²) it is the log of the mean of (1 - q + q e^((2z - 1) / 2 noise²)) to
    the power `order`, over order - 1.
    """
    checks.number("order", order, above=1)
    z = np.linspace(-12 * noise, order + 12 * noise, 20_001)
    rest = math.log1p(-share) if share < 1 else -math.inf
    ratio = np.logaddexp(rest, math.log(share) + (2 * z - 1) / (2 * noise**2))
    density = -(z**2) / (2 * noise**2) - math.log(noise * math.sqrt(2 * math.pi))
    total = logsumexp(order * ratio + density) + math.log(z[1] - z[0])
    return float(total) / (order - 1)


def epsilon_of(divergence: float, order: float, delta: float) -> float:
    """Return the epsilon at `delta` that a Rényi divergence guarantees.

    Canonne, Kamath and Steinke, "The discrete Gaussian for differential privacy", 2020, prop. 12.
    """
    gain = math.log1p(-1 / order)
    return max(0.0, divergence + gain - (math.log(delta) + math.log(order)) / (order - 1))


def epsilon(
    share: float, noise: float, steps: int, delta: float, orders: Iterable[int] = WHOLE
) -> float:
    """Return epsilon of `steps` steps of DP-SGD: the divergences add up, the best order counts.

    Examples
    --------
    >>> round(epsilon(share=0.01, noise=1.0, steps=1500, delta=1e-5), 2)
    2.51
    """
    checks.number("delta", delta, above=0, below=1)
    steps = checks.integer("steps", steps)
    return min(epsilon_of(steps * renyi_of_one_step(share, noise, a), a, delta) for a in orders)


def fine_epsilon(share: float, noise: float, steps: int, delta: float) -> float:
    """Return `epsilon` with orders that are not whole, too: better where the noise is low."""
    fine = [
        epsilon_of(steps * renyi_by_integral(share, noise, order), order, delta) for order in FINE
    ]
    return min(*fine, epsilon(share, noise, steps, delta))


def noise_for(target: float, share: float, steps: int, delta: float) -> float:
    """Return the least noise, to 0.01 %, whose epsilon is at most `target`."""
    low, high = 0.1, 1.0
    while epsilon(share, high, steps, delta) > target:
        high *= 2
    while high / low > 1.0001:
        middle = math.sqrt(low * high)
        low, high = (
            (middle, high) if epsilon(share, middle, steps, delta) > target else (low, middle)
        )
    return high


def least_epsilon(true_rate: float, false_rate: float, delta: float) -> float:
    """Return the epsilon below which no method could be attacked that well.

    From (ε, δ): true rate ≤ e^ε false rate + δ, and the same for the two kinds of "no".
    """
    first = (true_rate - delta) / false_rate if false_rate else math.inf
    second = (1 - false_rate - delta) / (1 - true_rate) if true_rate < 1 else math.inf
    best = max(first, second, 1.0)
    return math.log(best)
