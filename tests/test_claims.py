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


@pytest.mark.parametrize("sign", [-1, 1])
@pytest.mark.parametrize(("expected", "tolerance"), [(0.25, 1e-4), (-3000.0, 7.0), (0.0, 1e-9)])
def test_equal_is_as_strict_as_it_says(expected: float, tolerance: float, sign: int) -> None:
    claims.equal("it", expected + sign * 0.9 * tolerance, expected, tolerance=tolerance)
    with pytest.raises(claims.ClaimError):
        claims.equal("it", expected + sign * 1.1 * tolerance, expected, tolerance=tolerance)


@pytest.mark.parametrize("sign", [-1, 1])
@pytest.mark.parametrize(
    ("bounds", "allowed"),
    [
        ({}, 1e-7 * 8),
        ({"rtol": 1e-3}, 1e-3 * 8),
        ({"atol": 0.5}, 0.5),
        ({"atol": 0.5, "rtol": 0}, 0.5),
        ({"atol": 0.5, "rtol": 0.25}, 0.5 + 0.25 * 8),
    ],
)
def test_close_is_as_strict_as_it_says(bounds: dict[str, float], allowed: float, sign: int) -> None:
    expected = np.array([[1.0, -8.0]])
    inside, outside = expected.copy(), expected.copy()
    inside[0, 1] += sign * 0.9 * allowed
    outside[0, 1] += sign * 1.1 * allowed
    claims.close("it", inside, expected, **bounds)  # type: ignore[arg-type]
    with pytest.raises(claims.ClaimError):
        claims.close("it", outside, expected, **bounds)  # type: ignore[arg-type]


@pytest.mark.parametrize("claim", [claims.at_least, claims.at_most])
def test_a_bound_is_as_strict_as_it_says(claim: object) -> None:
    way = 1 if claim is claims.at_least else -1
    claim("it", 0.5 + way * 1e-12, 0.5)  # type: ignore[operator]
    with pytest.raises(claims.ClaimError):
        claim("it", 0.5 - way * 1e-12, 0.5)  # type: ignore[operator]


def test_nothing_agrees_with_nothing() -> None:
    for empty in ([], np.zeros((0, 3))):
        with pytest.raises(ValueError, match="the arrays of 'it' must be not empty, got shape"):
            claims.close("it", empty, empty)


def test_a_mask_is_refused() -> None:
    masked = np.ma.masked_equal([1.0, 2.0], 2.0)
    for pair in ((masked, [1.0, 7.0]), ([1.0, 7.0], masked)):
        with pytest.raises(ValueError, match="the arrays of 'it' must be an array without a mask"):
            claims.close("it", *pair)


@pytest.mark.parametrize("condition", ["False", "", 1, 0, 1.0, None, [], [True], np.ones(1, bool)])
def test_a_statement_needs_a_boolean(condition: object) -> None:
    with pytest.raises(ValueError, match="the condition of 'it' must be True or False, got"):
        claims.holds("it", condition)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", [bool, np.bool_, np.array])
def test_numpys_booleans_are_booleans(kind: type) -> None:
    claims.holds("it", kind(True))
    with pytest.raises(claims.ClaimError, match="this claim does not hold: it"):
        claims.holds("it", kind(False))


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
