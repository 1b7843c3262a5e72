"""The course's own layer over nbval collects the notebooks; tests' names come from here."""

from __future__ import annotations

import pytest

pytest_plugins = ["bmcourse.testing.plugin"]


def pytest_make_parametrize_id(
    config: pytest.Config,
    val: object,
    argname: str,
) -> str | None:
    """Name a test's bytes by their argument, not by their content.

    An archive's bytes may hold the second of its making. Two workers of pytest-xdist would then
    collect tests of different names, and pytest-xdist would refuse to start.
    """
    return argname if isinstance(val, bytes) else None
