from __future__ import annotations

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


def test_without_linux_s_list_a_processor_gets_float32(tmp_path: Path) -> None:
    assert precision.fast_policy(tmp_path / "none").name == "float32"
    assert not precision.has_matrix_unit(tmp_path / "none")


def test_a_gpu_has_a_matrix_unit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precision, "has_gpu", lambda: True)
    assert precision.fast_policy(tmp_path / "none").name == "mixed_bfloat16"
    assert precision.has_matrix_unit(tmp_path / "none")
