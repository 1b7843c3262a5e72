"""The list of planted faults fits the code: each piece stands once in its file."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def test_each_fault_can_be_planted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    faults = import_module("planted_faults").FAULTS
    lost = []
    for fault in faults:
        try:
            fault.place(ROOT)
        except ValueError as error:
            lost.append(str(error))
        lost += [name for name in fault.test_files() if not (ROOT / name).is_file()]
    assert lost == []
    assert len(faults) >= 100
