"""Compare outputs: numbers within a tolerance, words exactly, measured parts not at all."""

from __future__ import annotations

import re
from typing import Any

import pytest
from nbformat import NotebookNode

RELATIVE_TOLERANCE = 1e-4
FRACTION = re.compile(r"[-+]?\d+(?:\.\d+(?:[eE][-+]?\d+)?|[eE][-+]?\d+)")


class Text(str):
    """Text whose fractions match within a tolerance; words and whole numbers match exactly."""

    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, str):
            return NotImplemented
        here, there = FRACTION.findall(self), FRACTION.findall(other)
        if FRACTION.sub("#", self).split() != FRACTION.sub("#", other).split():
            return False
        return all(
            float(a) == pytest.approx(float(b), rel=RELATIVE_TOLERANCE, abs=1e-12)
            for a, b in zip(here, there, strict=True)
        )

    def __ne__(self, other: object) -> bool:
        return not self == other


def mark(output: Any) -> dict[str, Any]:
    """Return what `bmcourse.outputs` noted in an output."""
    return dict(output.get("metadata", {}).get("bmcourse", {}))


def comparable(output: Any) -> Any:
    """Return an output reduced to what must be the same in every run."""
    compare = mark(output).get("compare")
    if compare is None:
        return output
    plain = output["data"]["text/plain"] if compare == "plain" else "measured, not compared"
    return NotebookNode(output_type="display_data", data={"text/plain": plain})
