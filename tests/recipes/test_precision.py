from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from bmcourse.recipes import precision


@pytest.fixture(autouse=True)
def no_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precision, "has_gpu", lambda: False)


@pytest.mark.parametrize(
    ("flags", "policy", "matrix"),
    [
        ("fpu avx2 avx512f", "float32", False),
        ("fpu avx512_bf16 avx2", "float32", False),
        ("amx_bf16 avx512_bf16 amx_tile", "mixed_bfloat16", True),
    ],
)
def test_on_linux_the_processor_decides(
    tmp_path: Path, flags: str, policy: str, matrix: bool
) -> None:
    facts = tmp_path / "cpuinfo"
    facts.write_text(f"processor : 0\nflags\t\t: {flags}\nbugs : amx_bf16_bug\n", encoding="utf-8")
    assert precision.fast_policy(facts).name == policy
    assert precision.has_matrix_unit(facts) is matrix


@pytest.mark.parametrize(
    ("features", "policy"),
    [
        ({"AVX2": True, "AVX512F": True, "AVX512BF16": True}, "float32"),  # no matrix unit is seen
        ({"AVX512F": True, "AVX512_SPR": True}, "float32"),  # an older NumPy's name
        ({"AVX2": True, "AVX512F": True, "AVX512BF16": False}, "float32"),
        ({"NEON": True, "ASIMD": True}, "float32"),
        ({}, "float32"),
    ],
    ids=["windows with bf16", "older NumPy", "windows without", "Apple", "unknown"],
)
def test_elsewhere_numpy_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, features: dict[str, bool], policy: str
) -> None:
    monkeypatch.setattr(precision, "numpys_features", lambda: features)
    assert precision.fast_policy(tmp_path / "none").name == policy
    assert not precision.has_matrix_unit(tmp_path / "none")


def test_numpy_and_linux_agree_about_this_processor() -> None:
    if not precision.CPU_FACTS.exists():
        pytest.skip("not Linux")
    found = precision.numpys_features()
    if "AVX512BF16" not in found:
        pytest.skip("this NumPy does not name it")
    on_linux = "avx512_bf16" in precision.instructions()
    assert found["AVX512BF16"] is on_linux


def test_without_numpys_table_it_is_float32(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(name: str) -> object:
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", none)
    assert precision.numpys_features() == {}
    assert precision.fast_policy(tmp_path / "none").name == "float32"


def test_a_gpu_has_a_matrix_unit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precision, "has_gpu", lambda: True)
    assert precision.fast_policy(tmp_path / "none").name == "mixed_bfloat16"
    assert precision.has_matrix_unit(tmp_path / "none")
