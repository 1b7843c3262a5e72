"""Make a text plain, and cut it into words."""

from __future__ import annotations

import html
import re
import unicodedata

TAG = re.compile(r"</?[A-Za-z][^<>]*>")
SPACES = re.compile(r"\s+")
# Characters that are words by themselves: Chinese, and the syllables of Japanese.
ALONE = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
WORD = re.compile(rf"[{ALONE}]|(?:(?![{ALONE}])\w)+(?:['’](?:(?![{ALONE}])\w)+)*")


def clean(text: str, *, lower: bool = True) -> str:
    """Return a text without markup, in one form of Unicode, with single spaces.

    Parameters
    ----------
    text : str
    lower : bool
        Make all letters small.

    Examples
    --------
    >>> clean("Tom &amp; Jerry:<br />A <b>classic</b>!")
    'tom & jerry: a classic !'
    """
    plain = html.unescape(TAG.sub(" ", text))
    plain = SPACES.sub(" ", unicodedata.normalize("NFC", plain)).strip()
    return plain.lower() if lower else plain


def words(text: str) -> list[str]:
    """Return the words of a text, without punctuation; each Chinese character is one.

    Examples
    --------
    >>> words("it doesn't work: 不好看 2 times")
    ['it', "doesn't", 'work', '不', '好', '看', '2', 'times']
    """
    return WORD.findall(text)
