"""The palette, by computation: told apart with every kind of colour vision, visible on white.

Simulation of colour blindness: Machado, Oliveira and Fernandes, "A physiologically-based model
for simulation of color vision deficiency", 2009, severity 1. Contrast: WCAG 2.2, 1.4.11.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from bmcourse.plots import COLOURS

VISION = {
    "usual": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
TO_XYZ = [
    [0.4124564, 0.3575761, 0.1804375],
    [0.2126729, 0.7151522, 0.0721750],
    [0.0193339, 0.1191920, 0.9503041],
]
WHITE = np.array([0.95047, 1.0, 1.08883])


def linear(colour: str) -> np.ndarray:
    value = np.array(to_rgb(colour))
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def lab(light: np.ndarray) -> np.ndarray:
    """CIELAB coordinates of linear red, green and blue."""
    x = TO_XYZ @ np.clip(light, 0, 1) / WHITE
    f = np.where(x > 0.008856, np.cbrt(x), 7.787 * x + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("vision", VISION)
def test_any_two_colours_are_told_apart(vision: str) -> None:
    seen = [lab(np.asarray(VISION[vision]) @ linear(colour)) for colour in COLOURS]
    nearest = min(float(np.linalg.norm(a - b)) for a, b in combinations(seen, 2))
    assert nearest > 15  # 2.3 is just noticeable; red and green of equal light come below 10


@pytest.mark.parametrize("colour", [*COLOURS[:4], COLOURS[6]])
def test_lines_stand_out_from_white(colour: str) -> None:
    """The two light colours in between are for areas and broad lines."""
    luminance = linear(colour) @ TO_XYZ[1]
    assert 1.05 / (luminance + 0.05) >= 3


def test_the_measure_can_fail() -> None:
    red, green = (np.asarray(VISION["deuteranopia"]) @ linear(c) for c in ("#a6553a", "#6f7a2f"))
    assert np.linalg.norm(lab(red) - lab(green)) < 15
