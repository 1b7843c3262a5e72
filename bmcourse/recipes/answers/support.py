"""Does a passage say what an answer says? Two simple checks, and answers planted to test them."""

from __future__ import annotations

import re

from bmcourse.recipes.answers.bm25 import stems, words
from bmcourse.recipes.answers.questions import overlap

NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
NOT = {"no", "not", "never", "none", "nothing", "nobody", "cannot", "neither", "nor", "without"}


def shared_words(answer: str, passage: str) -> float:
    """Return the share of the answer's words, without common ones, that the passage has."""
    return overlap(answer, passage)


def numbers_known(answer: str, passage: str) -> bool:
    """Return whether each number of the answer stands in the passage.

    Examples
    --------
    >>> numbers_known("It costs 0.04 dollars.", "A core costs 0.04 dollars an hour.")
    True
    >>> numbers_known("It costs 0.05 dollars.", "A core costs 0.04 dollars an hour.")
    False
    """
    return set(NUMBER.findall(answer)) <= set(NUMBER.findall(passage))


def other_number(answer: str) -> str | None:
    """Return the answer with its first number changed; None if it has none.

    Examples
    --------
    >>> other_number("Half of 28 pixels")
    'Half of 38 pixels'
    """
    found = NUMBER.search(answer)
    if not found:
        return None
    text = found[0]
    changed = str((int(text[0]) + 1) % 10) + text[1:]
    return answer[: found.start()] + changed + answer[found.end() :]


def turned_round(answer: str) -> str | None:
    """Return the answer with a "not" put in or taken out, so that it says the opposite.

    Examples
    --------
    >>> turned_round("The loss is too high."), turned_round("It is not known.")
    ('The loss is not too high.', 'It is known.')
    """
    if " not " in answer:
        return answer.replace(" not ", " ", 1)
    found = re.search(r"\b(is|are|was|were|can|must|may|will)\b", answer)
    if not found:
        return None
    return f"{answer[: found.end()]} not{answer[found.end() :]}"


def has_not(text: str) -> bool:
    """Return whether a text has a word such as "not" or "never"."""
    return not NOT.isdisjoint(words(text))


def novel_words(answer: str, passage: str) -> list[str]:
    """Return the answer's stems that the passage does not have, in their order."""
    known = set(stems(passage))
    return [stem for stem in dict.fromkeys(stems(answer)) if stem not in known]
