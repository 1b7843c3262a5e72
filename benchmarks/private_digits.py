"""Measure what digits' networks tell about their training images, and what privacy costs.

    python benchmarks/private_digits.py

Some six minutes on one thread; each part is stored as soon as it ends, and not repeated. Members
and others are drawn from the same 60,000 training images, because the test images come from other
writers. Rates are chosen on 10,000 images that are neither trained on nor tested on.
"""

from __future__ import annotations

import itertools
import os

os.environ["OMP_NUM_THREADS"] = "1"
os.environ["OPENBLAS_NUM_THREADS"] = "1"

import time
from dataclasses import asdict
from typing import Any

import numpy as np
from machine import store, stored

from bmcourse import datasets
from bmcourse.recipes.privacy import accountant, canary, federated, membership
from bmcourse.recipes.privacy.dp_sgd import clipped_mean_only, clipped_sum, train_privately
from bmcourse.recipes.privacy.network import accuracy, digits_network, losses, train_plain

SEEDS = (0, 1, 2, 3, 4)
SHARE, STEPS, DELTA, CLIP = 0.01, 1000, 1e-5, 1.0  # of the private runs on 50,000 images
TARGETS = (0.5, 1.0, 2.0, 4.0, 8.0)
# Both grow by factors of 2, and no choice may be the first or the last.
RATES = {
    "private": (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0),
    "plain": (0.0625, 0.125, 0.25, 0.5, 1.0, 2.0, 4.0),
}
REFERENCES, FEW, OTHERS = 16, 1000, 20_000
Data = tuple[Any, Any]


def scores(model: Any, x: Any, y: Any) -> Any:
    return membership.logit_of_truth(losses(model, x, y))


def measured(members: Any, others: Any, rng: Any) -> dict[str, Any]:
    found = membership.attack(members, others)
    low, high = membership.auc_interval(members, others, rng)
    counts = {"hits": found.hits, "members": found.members, "alarms": found.alarms}
    return {"auc": found.auc, "low": low, "high": high, **counts, "others": found.others}


def membership_runs(x: Any, y: Any) -> list[dict[str, Any]]:
    """Over-fitted (1,000 images, 100 epochs) and well trained (30,000 images, 5 epochs)."""
    rows: list[dict[str, Any]] = []
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        order = rng.permutation(len(x))
        outside, own = order[-OTHERS:], order[30_000:40_000]  # own: the attacker's images
        references = []
        for _ in range(REFERENCES):
            reference = digits_network(rng)
            chosen = rng.choice(own, FEW, replace=False)
            train_plain(reference, x[chosen], y[chosen], epochs=100, rate=0.2, rng=rng)
            references.append(reference)
        for name, n, epochs in (("over-fitted", FEW, 100), ("well trained", 30_000, 5)):
            inside, model = order[:n], digits_network(rng)
            train_plain(model, x[inside], y[inside], epochs=epochs, rate=0.2, rng=rng)
            about = {"network": name, "seed": seed, "trained_on": n}
            about |= {
                "train_accuracy": accuracy(model, x[inside], y[inside]),
                "accuracy": accuracy(model, x[outside], y[outside]),
            }
            plain = [scores(model, x[rows], y[rows]) for rows in (inside, outside)]
            rows.append({**about, "attack": "loss", **measured(*plain, rng)})
            if name == "over-fitted":
                compared = [
                    membership.against_references(
                        score, np.stack([scores(each, x[rows_], y[rows_]) for each in references])
                    )
                    for score, rows_ in zip(plain, (inside, outside), strict=True)
                ]
                rows.append({**about, "attack": "references", **measured(*compared, rng)})
    return rows


def private_few(x: Any, y: Any) -> list[dict[str, Any]]:
    """Train on 1,000 images with DP-SGD, and attack: share .05, 400 steps, delta 1e-4."""
    rows: list[dict[str, Any]] = []
    for target in (None, 8.0, 2.0):
        noise = 0.0 if target is None else accountant.noise_for(target, 0.05, 400, 1e-4)
        for seed in SEEDS:
            rng = np.random.default_rng(seed)
            order = rng.permutation(len(x))
            inside, outside = order[:FEW], order[-OTHERS:]
            model = digits_network(rng)
            setting = {"share": 0.05, "noise": noise, "clip": CLIP, "steps": 400}
            train_privately(model, x[inside], y[inside], **setting, rate=1.0, rng=rng)
            result = measured(*(scores(model, x[r], y[r]) for r in (inside, outside)), rng)
            about = {"epsilon": target, "noise": noise, "seed": seed}
            rows.append({**about, "accuracy": accuracy(model, x[outside], y[outside]), **result})
    return rows


def private_many(x: Any, y: Any, x_test: Any, y_test: Any) -> list[dict[str, Any]]:
    """Accuracy against epsilon: the rate by 10,000 validation images, then three seeds."""
    fit, hold = (x[:50_000], y[:50_000]), (x[50_000:], y[50_000:])

    def once(kind: str, noise: float, rate: float, seed: int) -> Any:
        rng = np.random.default_rng(seed)
        model = digits_network(rng)
        if kind == "plain":
            train_plain(model, *fit, epochs=10, rate=rate, rng=rng, batch=500)
        else:
            setting = {"share": SHARE, "noise": noise, "clip": CLIP, "steps": STEPS}
            train_privately(model, *fit, **setting, rate=rate, rng=rng)
        return model

    rows: list[dict[str, Any]] = []
    for target in (*TARGETS, None, "plain"):
        kind = "plain" if target == "plain" else "private"
        private = isinstance(target, float)
        noise = accountant.noise_for(target, SHARE, STEPS, DELTA) if private else 0.0
        tried = {r: accuracy(once(kind, noise, r, seed=100), *hold) for r in RATES[kind]}
        rate = max(tried, key=lambda r: tried[r])
        for seed in SEEDS[:3]:
            start = time.process_time()
            model = once(kind, noise, rate, seed)
            seconds = time.process_time() - start
            about = {"target": target, "noise": noise, "rate": rate, "tried": tried, "seed": seed}
            rows.append({**about, "accuracy": accuracy(model, x_test, y_test), "seconds": seconds})
            print(rows[-1], flush=True)
    return rows


def audit(x: Any, y: Any) -> dict[str, Any]:
    """Train with and without the canary, with right and with wrong clipping."""
    delta, edges = 1e-3, np.linspace(-0.4, 0.6, 41)
    found: dict[str, Any] = {"setting": canary.SETTING, "images": len(x), "delta": delta}
    found["edges"] = edges.round(4).tolist()
    for name, summed, runs in (("right", clipped_sum, 4000), ("wrong", clipped_mean_only, 2000)):
        rng = np.random.default_rng(0)
        present, absent = (
            np.array([canary.canary_score(x, y, there, rng, summed) for _ in range(runs)])
            for there in (True, False)
        )
        found[name] = {
            "with": np.histogram(present, edges)[0].tolist(),
            "without": np.histogram(absent, edges)[0].tolist(),
            **asdict(canary.evidence(present, absent, delta)),
        }
    return found


def federated_runs(x: Any, y: Any, x_test: Any, y_test: Any) -> list[dict[str, Any]]:
    """Ten clients of 1,000 images: local steps against drift, and a client that lies."""
    splits = {"alike": federated.split_alike, "two classes": federated.split_by_class}
    rules = {"mean": federated.mean, "median": federated.median, "clipped": federated.clipped_mean}
    jobs = [(steps, "mean", 1.0) for steps in (1, 5, 20, 100)]
    jobs += [(20, rule, lie) for rule in rules for lie in (1.0, -10.0)][1:]
    rows: list[dict[str, Any]] = []
    for seed in SEEDS:
        for split, (steps, rule, lie) in itertools.product(splits, jobs):
            rng = np.random.default_rng(seed)
            chosen = rng.permutation(len(x))[:10_000]
            parts = [chosen[part] for part in splits[split](y[chosen], 10, rng)]
            model = digits_network(rng)
            drift = federated.train_federated(
                model,
                [(x[part], y[part]) for part in parts],
                rounds=200 // steps,
                steps=steps,
                rate=0.1,
                rng=rng,
                combine=rules[rule],
                lie=lie,
            )
            about = {"split": split, "steps": steps, "rule": rule, "lie": lie, "seed": seed}
            rows.append({**about, "drift": drift, "accuracy": accuracy(model, x_test, y_test)})
    return rows


def main() -> None:
    data = datasets.mnist()
    x, x_test = (a.reshape(-1, 784).astype(np.float32) / 255 for a in (data.x_train, data.x_test))
    y, y_test = data.y_train.astype(int), data.y_test.astype(int)
    parts = {
        "membership": lambda: membership_runs(x, y),
        "private_few": lambda: private_few(x, y),
        "private_many": lambda: private_many(x, y, x_test, y_test),
        "federated": lambda: federated_runs(x, y, x_test, y_test),
        "audit": lambda: audit(canary.small_digits(data.x_train[:500]), y[:500]),
    }
    done = {k: v for k, v in stored(__file__).items() if k in parts or k == "seconds"}
    for name, run in parts.items():
        if name not in done:
            start = time.process_time()
            done[name] = run()
            done.setdefault("seconds", {})[name] = round(time.process_time() - start, 1)
            store(__file__, {"data": data.describe(), **done})


if __name__ == "__main__":
    main()
