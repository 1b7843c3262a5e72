"""Count how much of its code a strong decoder uses, trained plainly and with two remedies.

    python benchmarks/vae_collapse.py

The decoder also sees, for each pixel, the true pixels before it, so it needs the code less. A weak
decoder, which does not see them, is the control. Three seeds; all else alike. Resumable. On one
thread, some two minutes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from machine import store, stored
from threadpoolctl import threadpool_limits

from bmcourse import datasets, nn
from bmcourse.recipes.generative.vae import (
    VAE,
    drawn,
    free_nats,
    warm_up,
)

SEEDS, UNITS, WIDTH, STEPS, PEAK = (0, 1, 2), 8, 128, 500, 3e-3
WEAK = "weak decoder"
REMEDIES = {
    WEAK: lambda step, kl: 1.0,
    "nothing": lambda step, kl: 1.0,
    "warm-up": warm_up(STEPS // 2),
    "free nats": free_nats(0.5),
}


def run(remedy: str, seed: int, data: datasets.Dataset) -> dict[str, Any]:
    """Train one model, and return how well it does and what of its code it uses."""
    rng = np.random.default_rng(seed)
    model = VAE(UNITS, WIDTH, rng=rng, strong=remedy != WEAK)
    images = data.x_train.reshape(-1, 784) / np.float32(255)
    rate = nn.OneCycle(PEAK, STEPS, warmup=0.1)
    model.fit(images, STEPS, rng, rate=rate, kl_weight=REMEDIES[remedy])
    draws = np.random.default_rng(100)
    held_out = drawn(data.x_test[:2000].reshape(-1, 784) / np.float32(255), draws)
    _, kl = model.forward(held_out, draws.standard_normal((len(held_out), UNITS), np.float32))
    return {
        "bound": float(model.bound(held_out, draws).mean()),
        "kl": float(kl.sum(axis=1).mean()),
        "units": np.sort(kl.mean(axis=0))[::-1].round(3).tolist(),
        "used": int((kl.mean(axis=0) > 0.1).sum()),
    }


def main() -> None:
    data, runs = datasets.mnist(), stored(__file__).get("runs", {})
    about = {"data": data.describe(), "units": UNITS, "width": WIDTH, "steps": STEPS, "peak": PEAK}
    for seed in SEEDS:
        for remedy in REMEDIES:
            name = f"{remedy}, seed {seed}"
            if name not in runs:
                with threadpool_limits(1, user_api="blas"):
                    runs[name] = {"remedy": remedy, "seed": seed, **run(remedy, seed, data)}
                store(__file__, {**about, "runs": runs})


if __name__ == "__main__":
    main()
