"""Choose the number format of a training from what the machine computes fast."""

from __future__ import annotations

from pathlib import Path

import keras

CPU_FACTS = Path("/proc/cpuinfo")
MATRIX_UNIT = "amx_bf16"  # Linux's name for a unit that multiplies matrices of bfloat16


def fast_policy(cpu_facts: Path = CPU_FACTS) -> keras.DTypePolicy:
    """Return ``mixed_bfloat16`` where this machine multiplies bfloat16 fast, else ``float32``.

    A bfloat16 number has the range of float32 and 8 bits for its digits. Weights and losses
    stay in float32; only products and sums inside the layers use the short format.

    Parameters
    ----------
    cpu_facts : Path
        The file in which Linux lists what the processor can do. Where there is none, as on
        Windows and macOS, a processor gets float32.

    Returns
    -------
    keras.DTypePolicy

    Notes
    -----
    The instruction alone, without the matrix unit, is no gain: on a Xeon that has only
    ``avx512_bf16`` a training step took 1.6 times as long as in float32.

    Some Arm processors, Apple's among them, multiply bfloat16 numbers, too. Whether TensorFlow
    uses those instructions we have not measured, so they get float32.

    References
    ----------
    Micikevicius et al., Mixed precision training, 2018.
    """
    fast = has_matrix_unit(cpu_facts)
    return keras.DTypePolicy("mixed_bfloat16" if fast else "float32")


def has_matrix_unit(cpu_facts: Path = CPU_FACTS) -> bool:
    """Say whether bfloat16 products run on a unit for whole matrices: Intel's AMX, or a GPU.

    AMX is seen on Linux only.
    """
    try:
        lines = cpu_facts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    flags = {flag for line in lines if line.startswith("flags") for flag in line.split()}
    return MATRIX_UNIT in flags or has_gpu()


def has_gpu() -> bool:
    """Say whether Keras trains on a GPU."""
    return len(keras.distribution.list_devices("gpu")) > 0
