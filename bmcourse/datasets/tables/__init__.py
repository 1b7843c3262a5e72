"""Small tables that ship whole inside the package, each checked by its SHA-256."""

from __future__ import annotations

from bmcourse.datasets.tables.table import Table, read_table

__all__ = [
    "Table",
    "ames",
    "engine_fans",
    "lending_club",
    "liver_visits",
    "machine_temperature",
    "sp500",
    "turbine_events",
    "vowel",
    "yeast5",
]


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


def engine_fans() -> Table:
    """Return 70 fans of diesel engines: hours of service, and whether they ended in a failure.

    Returns
    -------
    Table
        The target ``status`` is 1 for a failure (12 fans), 0 for a fan that still ran.

    References
    ----------
    Nelson, Applied Life Data Analysis, 1982.

    Examples
    --------
    >>> engine_fans().frame["status"].sum().item()
    12
    """
    return read_table("engine_fans")


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


def liver_visits() -> Table:
    """Return 1,945 visits of 312 patients with primary biliary cirrhosis, a disease of the liver.

    Returns
    -------
    Table
        One row for each visit, ``day`` after the first. ``futime`` is the day on which the
        patient was last heard of, and the target ``status`` what was known then: 0 alive,
        1 transplanted, 2 dead. The last two are the same in all rows of a patient.

    References
    ----------
    Murtaugh and others, Primary biliary cirrhosis: prediction of short-term survival based on
    repeated patient visits, 1994.

    Examples
    --------
    >>> liver_visits().frame.drop_duplicates("id")["status"].value_counts().to_dict()
    {0: 143, 2: 140, 1: 29}
    """
    return read_table("liver_visits")


def machine_temperature() -> Table:
    """Return the temperature inside a machine, each half hour of 79 days, with four faults.

    Returns
    -------
    Table
        ``half_hour`` counts from 2 December 2013, 21:00. ``marked`` is 1 at the four faults. The
        target ``window`` is the number of the fault, 1 to 4, in the two days around it, else 0.

    References
    ----------
    Lavin and Ahmad, Evaluating Real-Time Anomaly Detection Algorithms, 2015.

    Examples
    --------
    >>> machine_temperature().frame["marked"].sum().item()
    4
    """
    return read_table("machine_temperature")


def sp500() -> Table:
    """Return the closing price of the S&P 500 on each trading day from 1990 to 2015.

    Examples
    --------
    >>> sp500().frame["close"].iloc[-1].item()
    2043.94
    """
    return read_table("sp500")


def turbine_events() -> Table:
    """Return the log of two wind turbines in November and December 2015.

    Returns
    -------
    Table
        ``second`` counts from 1 November 2015, 00:00; ``lasts`` is how many seconds the event
        stayed on, which nobody knew when it began. The target ``stop_cat`` is the category of
        the code; those of faults begin with "fault". The codes are anonymised.

    References
    ----------
    Leahy and others, A Robust Prescriptive Framework and Performance Metric for Diagnosing and
    Predicting Wind Turbine Faults Based on SCADA and Alarms Data with Case Study, 2018.

    Examples
    --------
    >>> turbine_events().frame["stop_cat"].str.startswith("fault").sum().item()
    1039
    """
    return read_table("turbine_events")


def vowel() -> Table:
    """Return 990 windows of vowels in English words: 15 speakers, 11 vowels, each recorded once.

    Returns
    -------
    Table
        The speaker's number, the sex, and 10 numbers that describe the form of the mouth
        (log area ratios, from linear prediction); the target is ``Vowel``.

    Notes
    -----
    Six windows were cut from the steady part of each recording: the six rows of a speaker and a
    vowel are nearly alike. Hold them out together.

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
