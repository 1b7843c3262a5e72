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


@pytest.mark.parametrize(
    ("value", "expected", "tolerance", "line"),
    [
        (1.46794, 1.4679, 5e-5, "it is 1.4679 within 5e-05 (measured 1.46794)"),
        (0.7310586, 1 / 1.3679, 1e-4, "it is 0.73105 within 0.0001 (measured 0.73106)"),
        (2.437, np.log(10), 0.35, "it is 2.303 within 0.35 (measured 2.437)"),
        (1234.56, 1234.5, 0.1, "it is 1,234.5 within 0.1 (measured 1,234.56)"),
        (229.99999999999997, 230, 1e-9, "it is 230 within 1e-09 (measured 230)"),
        (3e-14, 0, 1e-12, "it is 0 within 1e-12 (measured 3e-14)"),
        (-0.49974, -0.5, 1e-3, "it is -0.5 within 0.001 (measured -0.4997)"),
        (175.4, 175, 1, "it is 175 within 1 (measured 175.4)"),
        (123_400, 123_456, 100, "it is 123,456 within 100 (measured 123,400)"),
    ],
)
def test_equal_shows_the_digits_that_its_tolerance_needs(
    value: float, expected: float, tolerance: float, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    claims.equal("it", value, expected, tolerance=tolerance)
    assert capsys.readouterr().out == f"✓ {line}\n"


@pytest.mark.parametrize(
    ("value", "bounds", "line"),
    [
        (4.0000032, {"rtol": 1e-6}, "1 number, to 1e-06 of its size"),
        ([2.0, 4.0000032], {"rtol": 1e-6}, "2 numbers, to 1e-06 of their size"),
        (4.0, {}, "1 number, to 1e-07 of its size"),
        (4.0000032, {"atol": 1e-5}, "1 number, to 1e-05"),
        (4.0000032, {"atol": 1e-5, "rtol": 0}, "1 number, to 1e-05"),
        (4.0000032, {"atol": 1e-6, "rtol": 1e-6}, "1 number, to 1e-06 plus 1e-06 of its size"),
        (4.0, {"rtol": 0}, "1 number, exactly"),
    ],
)
def test_close_says_which_bound_it_checks(
    value: object, bounds: dict[str, float], line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    claims.close("they", value, np.round(value), **bounds)  # type: ignore[arg-type, call-overload]
    statement, _, detail = capsys.readouterr().out.partition(" (")
    assert statement == f"✓ they agree: {line}"
    relative = "of" in line and "plus" not in line
    assert detail.startswith("largest relative difference" if relative else "largest difference")


def test_close_measures_what_it_bounds(capsys: pytest.CaptureFixture[str]) -> None:
    claims.close("it", [40.00002, 0.0], [40.0, 0.0], rtol=1e-6)
    assert "(largest relative difference 5e-07)" in capsys.readouterr().out
    with pytest.raises(claims.ClaimError, match="largest relative difference inf"):
        claims.close("it", [1e-9], [0.0], rtol=1e-6)


def test_an_absolute_bound_is_not_widened_by_the_size() -> None:
    claims.close("it", 1e6 + 1e-3, 1e6)
    with pytest.raises(claims.ClaimError):
        claims.close("it", 1e6 + 1e-3, 1e6, atol=1e-6)


def test_close_wants_one_shape() -> None:
    with pytest.raises(claims.ClaimError, match=r"shapes \(2,\) and \(1,\) differ"):
        claims.close("it", [1.0, 1.0], [1.0])
    with pytest.raises(claims.ClaimError, match=r"largest difference 0\.1"):
        claims.close("it", np.array([1.1, 2.0]), np.array([1.0, 2.0]), atol=0.01)


def test_a_claim_fails_even_when_python_drops_assertions() -> None:
    assert issubclass(claims.ClaimError, AssertionError)
    with pytest.raises(claims.ClaimError):
        claims.holds("the moon is made of cheese", False)
