"""The small GPT."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

from bmcourse.recipes.language.gpt import gpt

SETTINGS = {"vocabulary": 11, "context": 6, "features": 8, "blocks": 2, "heads": 4}


@pytest.fixture(scope="session")
def settings() -> dict[str, int]:
    """Return the settings of the small GPT."""
    return SETTINGS


@pytest.fixture(scope="session")
def ids() -> Any:
    """Return three texts of six ids."""
    return np.random.default_rng(0).integers(0, 11, (3, 6))


@pytest.fixture(scope="session", params=[False, True], ids=["learned places", "rotary"])
def rotary(request: pytest.FixtureRequest) -> bool:
    """Say how the small GPT tells the places."""
    return bool(request.param)


@pytest.fixture(scope="session")
def model(rotary: bool) -> Any:
    """Return a small GPT whose weights, the biases too, are far from 0."""
    keras.utils.set_random_seed(0)
    made = gpt(**SETTINGS, dropout=0.5, rotary=rotary)
    rng = np.random.default_rng(0)
    made.set_weights([rng.normal(scale=0.5, size=w.shape) for w in made.weights])
    return made
