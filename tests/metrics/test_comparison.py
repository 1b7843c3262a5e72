from __future__ import annotations

from fractions import Fraction
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmcourse.metrics import mcnemar_test

from .oracle import FEW


@FEW
@given(only_a=st.integers(0, 60), only_b=st.integers(0, 60), both=st.integers(1, 5))
def test_p_value_is_that_of_exact_fractions(only_a: int, only_b: int, both: int) -> None:
    y = np.array(["yes"] * (only_a + only_b + both))
    a, b = y.copy(), y.copy()
    a[:only_b], b[only_b : only_b + only_a] = "no", "no"
    found = mcnemar_test(y, a, b)
    n, few = only_a + only_b, min(only_a, only_b)
    tail = Fraction(sum(comb(n, k) for k in range(few + 1)), 2**n)
    assert (found.only_a_right, found.only_b_right) == (only_a, only_b)
    assert found.pvalue == pytest.approx(float(min(Fraction(1), 2 * tail)), rel=1e-12)


def test_a_million_rows_and_bad_input() -> None:
    y = np.zeros(1_000_000, int)
    a, b = y.copy(), y.copy()
    a[:500], b[500:1000] = 1, 1
    assert mcnemar_test(y, a, b).pvalue == 1
    with pytest.raises(ValueError, match="must be of the same length"):
        mcnemar_test([0, 1], [0, 1], [0])
    with pytest.raises(ValueError, match="must be labels of the same kind"):
        mcnemar_test([0, 1], [0, 1], ["a", "b"])
