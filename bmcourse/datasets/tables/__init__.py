"""Four small tables that ship whole inside the package, each checked by its SHA-256."""

from __future__ import annotations

from bmcourse.datasets.tables.table import Table, read_table

__all__ = ["Table", "ames", "lending_club", "vowel", "yeast5"]


def ames() -> Table:
    """Return 2,930 house sales in Ames, Iowa, with prices in US dollars.

    Returns
    -------
    Table
        73 features, numbers and words; the target is ``Sale_Price``.

    References
    ----------
    De Cock, Ames, Iowa: Alternative to the Boston Housing Data, 2011.

    Examples
    --------
    >>> int(ames().frame["Sale_Price"].max())
    755000
    """
    return read_table("ames")


def lending_club() -> Table:
    """Return 9,857 loans, 517 of them "bad": late, in default or written off.

    Returns
    -------
    Table
        22 features, numbers and words; the target is ``Class``, "good" or "bad".

    Examples
    --------
    >>> lending_club().frame["Class"].value_counts()["bad"].item()
    517
    """
    return read_table("lending_club")


def vowel() -> Table:
    """Return 990 vowels in English words: 15 speakers, 11 vowels, six times each.

    Returns
    -------
    Table
        The speaker's number, the sex, and 10 numbers that describe the form of the mouth
        (log area ratios, from linear prediction); the target is ``Vowel``.

    References
    ----------
    Deterding, Speaker Normalisation for Automatic Speech Recognition, 1989.

    Examples
    --------
    >>> vowel().frame["Speaker"].nunique(), vowel().frame["Vowel"].nunique()
    (15, 11)
    """
    return read_table("vowel")


def yeast5() -> Table:
    """Return 1,484 yeast proteins, 44 of them "positive": in one rare place of the cell.

    Returns
    -------
    Table
        8 features, all numbers in [0, 1]; the target is ``Class``.

    Notes
    -----
    31 rows repeat an earlier row: a random split puts copies on both sides.

    References
    ----------
    Horton and Nakai, A probabilistic classification system for predicting the cellular
    localization sites of proteins, 1996.

    Examples
    --------
    >>> yeast5().frame["Class"].value_counts().to_dict()
    {'negative': 1440, 'positive': 44}
    """
    return read_table("yeast5")
