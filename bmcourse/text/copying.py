"""How much of a text stands, word for word, in another."""

from __future__ import annotations

from bmcourse import checks


def longest_copy(text: str, source: str) -> str:
    """Return the longest passage of `text` that stands in `source`, the first of equals.

    Examples
    --------
    >>> longest_copy("and so he said nothing", "he said that she said no")
    'he said no'
    """
    for name, given in (("text", text), ("source", source)):
        if not isinstance(given, str):
            checks.fail(name, "a text", type(given).__name__)
    best = ""
    for start in range(len(text)):
        while start + len(best) < len(text) and text[start : start + len(best) + 1] in source:
            best = text[start : start + len(best) + 1]
    return best
