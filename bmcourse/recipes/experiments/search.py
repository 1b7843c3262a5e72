"""Search for hyper-parameters: at random, and by Optuna, in one space and with one budget."""

from __future__ import annotations

import importlib
import importlib.util
import math
import time
from collections.abc import Callable
from typing import Any

import numpy as np

SPACE: dict[str, tuple[str, float, float]] = {
    "rate": ("log", 1e-3, 3.0),
    "momentum": ("even", 0.0, 0.99),
    "units": ("whole log", 4, 64),
    "batch": ("whole log", 4, 128),
    "dropout": ("even", 0.0, 0.6),
}
Objective = Callable[[dict[str, float], int], float]
Ask = Callable[[int], dict[str, float]]


def missing() -> str:
    """Return what is missing, in one line; an empty text if Optuna can be used."""
    if importlib.util.find_spec("optuna") is None:
        return "Not run: this cell needs Optuna (python -m pip install optuna)."
    return ""


def draw(rng: np.random.Generator) -> dict[str, float]:
    """Draw one configuration from `SPACE`: evenly, or evenly in the logarithm."""
    found: dict[str, float] = {}
    for name, (kind, low, high) in SPACE.items():
        if kind == "even":
            found[name] = float(rng.uniform(low, high))
        elif kind == "log":
            found[name] = math.exp(rng.uniform(math.log(low), math.log(high)))
        else:  # each whole number has the width of one around it, as Optuna has it
            value = math.exp(rng.uniform(math.log(low - 0.5), math.log(high + 0.5)))
            found[name] = int(np.clip(round(value), low, high))
    return found


def suggest(trial: Any) -> dict[str, float]:
    """Ask an Optuna trial for one configuration from the same space."""
    found: dict[str, float] = {}
    for name, (kind, low, high) in SPACE.items():
        if kind == "whole log":
            found[name] = trial.suggest_int(name, int(low), int(high), log=True)
        else:
            found[name] = trial.suggest_float(name, low, high, log=kind == "log")
    return found


def at_random(objective: Objective, trials: int, seed: int) -> list[dict[str, Any]]:
    """Try configurations drawn at random; return each with its value and its seconds."""
    rng, rows = np.random.default_rng([3, seed]), []
    for number in range(trials):
        config = draw(rng)
        start = time.perf_counter()
        value = objective(config, number)
        rows.append({**config, "value": value, "seconds": time.perf_counter() - start})
    return rows


def by_optuna(
    objective: Objective, trials: int, seed: int, storage: str | None = None
) -> list[dict[str, Any]]:
    """Let Optuna's standard sampler (TPE) choose; return the same as `at_random`.

    `storage` names a database, such as ``"sqlite:///study.db"``; without it Optuna keeps the
    trials in memory.
    """
    optuna = importlib.import_module("optuna")
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    sampler = optuna.samplers.TPESampler(seed=seed)
    study = optuna.create_study(
        storage=storage, sampler=sampler, direction="maximize", study_name=f"seed {seed}"
    )
    rows: list[dict[str, Any]] = []

    def tried(trial: Any) -> float:
        config = suggest(trial)
        start = time.perf_counter()
        value = objective(config, trial.number)
        rows.append({**config, "value": value, "seconds": time.perf_counter() - start})
        return value

    study.optimize(tried, n_trials=trials)
    return rows
