from __future__ import annotations

import numpy as np
import pytest

from bmcourse import claims

NAN = float("nan")


@pytest.mark.parametrize(
    ("claim", "holding", "failing"),
    [
        (claims.at_least, (0.5, 0.5), (0.4999, 0.5)),
        (claims.at_most, (0.5, 0.5), (0.5001, 0.5)),
        (claims.equal, (3, 3), (3, 4)),
    ],
)
def test_bounds_include_their_edge(claim: object, holding: tuple, failing: tuple) -> None:  # type: ignore[type-arg]
    claim("it", *holding)  # type: ignore[operator]
    with pytest.raises(claims.ClaimError, match="this claim does not hold: it"):
        claim("it", *failing)  # type: ignore[operator]


def test_the_error_names_claim_value_and_bound() -> None:
    with pytest.raises(claims.ClaimError, match=r"accuracy is at least 0.985; measured 0.91"):
        claims.at_least("accuracy", 0.91, 0.985)


def test_not_a_number_never_holds() -> None:
    for claim in (claims.at_least, claims.at_most, claims.equal):
        with pytest.raises(claims.ClaimError):
            claim("it", NAN, 0.5)
    with pytest.raises(claims.ClaimError):
        claims.close("it", [NAN], [1.0])
    with pytest.raises(claims.ClaimError):
        claims.close("it", [NAN], [NAN])


def test_equal_within_a_tolerance() -> None:
    claims.equal("it", 0.25001, 0.25, tolerance=1e-4)
    with pytest.raises(claims.ClaimError):
        claims.equal("it", 0.26, 0.25, tolerance=1e-4)


def test_close_wants_one_shape() -> None:
    with pytest.raises(claims.ClaimError, match=r"shapes \(2,\) and \(1,\) differ"):
        claims.close("it", [1.0, 1.0], [1.0])
    with pytest.raises(claims.ClaimError, match=r"largest difference 0\.1"):
        claims.close("it", np.array([1.1, 2.0]), np.array([1.0, 2.0]), atol=0.01)


def test_a_claim_fails_even_when_python_drops_assertions() -> None:
    assert issubclass(claims.ClaimError, AssertionError)
    with pytest.raises(claims.ClaimError):
        claims.holds("the moon is made of cheese", False)
