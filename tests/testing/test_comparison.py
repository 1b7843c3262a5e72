"""How two outputs are compared: the tolerance at its edge, and what each mark leaves to compare."""

from __future__ import annotations

import pytest
from nbformat.v4 import new_output

from bmcourse.testing.comparison import RELATIVE_TOLERANCE, Text, comparable


@pytest.mark.parametrize("size", [1e-6, 0.123456, 98.7, 1.2e8])
@pytest.mark.parametrize("sign", [-1, 1])
def test_fractions_match_within_the_tolerance_and_no_further(size: float, sign: int) -> None:
    stored = Text(f"loss {size!r}")
    within, beyond = (size * (1 + sign * share * RELATIVE_TOLERANCE) for share in (0.9, 1.1))
    assert stored == f"loss {within!r}"
    assert stored != f"loss {beyond!r}"


def test_the_tolerance_is_the_one_that_the_book_names() -> None:
    assert RELATIVE_TOLERANCE == 1e-4  # "one part in ten thousand", on How the course is tested


@pytest.mark.parametrize(
    ("one", "other"),
    [("12 images", "13 images"), ("loss fell", "loss rose"), ("a 0.5", "a 0.5 0.5"), ("x", "")],
)
def test_words_whole_numbers_and_how_many_match_exactly(one: str, other: str) -> None:
    assert Text(one) != other
    assert Text(one) == one


def shown(plain: str, **noted: str) -> object:
    data = {"text/plain": plain, "text/html": f"<b>{plain}</b>"}
    return comparable(new_output("display_data", data, metadata={"bmcourse": noted}))


def test_of_a_claim_the_plain_text_is_compared() -> None:
    claim = {"compare": "plain", "claim": "sum"}
    assert shown("✓ sum is at least 2", **claim) == shown("✓ sum is at least 2", **claim)
    assert shown("✓ sum is at least 2", **claim) != shown("✓ sum is at least 0", **claim)


def test_of_a_measured_output_only_its_being_there_is_compared() -> None:
    assert shown("12 s", compare="presence") == shown("34 s", compare="presence")
    assert shown("12 s", compare="presence") != shown("12 s", compare="plain")


def test_an_output_without_a_mark_is_compared_whole() -> None:
    assert comparable({"output_type": "stream", "text": "1"}) == {
        "output_type": "stream",
        "text": "1",
    }
