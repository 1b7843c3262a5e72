"""Choose the number format of a training from what the machine computes fast."""

from __future__ import annotations

from pathlib import Path

import keras

CPU_FACTS = Path("/proc/cpuinfo")
# Instructions that multiply bfloat16 numbers; Linux names them so.
BFLOAT16 = frozenset({"amx_bf16", "avx512_bf16"})


def fast_policy(cpu_facts: Path = CPU_FACTS) -> keras.DTypePolicy:
    """Return ``mixed_bfloat16`` where this machine multiplies bfloat16 fast, else ``float32``.

    A bfloat16 number has the range of float32 and 8 bits for its digits. Weights and losses
    stay in float32; only products and sums inside the layers use the short format.

    Parameters
    ----------
    cpu_facts : Path
        The file in which Linux lists what the processor can do. On other systems there is
        none, and the answer is float32, unless there is a GPU.

    Returns
    -------
    keras.DTypePolicy

    References
    ----------
    Micikevicius et al., Mixed precision training, 2018.
    """
    fast = bool(BFLOAT16 & _flags(cpu_facts)) or has_gpu()
    return keras.DTypePolicy("mixed_bfloat16" if fast else "float32")


def has_matrix_unit(cpu_facts: Path = CPU_FACTS) -> bool:
    """Say whether bfloat16 products run on a unit for whole matrices: Intel's AMX, or a GPU."""
    return "amx_bf16" in _flags(cpu_facts) or has_gpu()


def has_gpu() -> bool:
    """Say whether Keras trains on a GPU."""
    return len(keras.distribution.list_devices("gpu")) > 0


def _flags(cpu_facts: Path) -> set[str]:
    try:
        lines = cpu_facts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return set()
    return {flag for line in lines if line.startswith("flags") for flag in line.split()}
