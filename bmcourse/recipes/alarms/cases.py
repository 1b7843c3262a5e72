"""A hospital and a stock exchange, put as the same question: does it happen soon?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from bmcourse import metrics
from bmcourse.checks import Array
from bmcourse.datasets import tables
from bmcourse.recipes.alarms.blocks import block_bootstrap

STRENGTHS = (0.001, 0.01, 0.1, 1.0)
Interval = tuple[float, float, float]


@dataclass(frozen=True, eq=False)
class Case:
    """Rows for decisions, in three parts.

    Attributes
    ----------
    columns, leak : array of shape (n, features)
        What is known at the decision; and the same with something from after it.
    label : array of bool
    simple : int
        The column of the simplest warning.
    learn, choose, test : array of bool
        Whole patients, or stretches of time.
    blocks : array
        What is drawn as a whole for an interval: the patient, or the quarter of a year.
    """

    columns: Array
    leak: Array
    label: Array
    simple: int
    learn: Array
    choose: Array
    test: Array
    blocks: Array


def hospital(seed: int = 0) -> tuple[Case, dict[str, int]]:
    """Return the visits of liver patients: does the patient die within a year?

    Visits whose label nobody knows are left out: the patient was not followed for a year, or
    received another liver. The second value counts visits, patients, and unknown labels.
    """
    visits = tables.liver_visits().frame
    left = visits["futime"] - visits["day"]
    dies = (visits["status"] == 2) & (left < 365)
    known = dies | (left >= 365)
    order = np.random.default_rng(seed).permutation(visits["id"].unique())
    fold = visits["id"].map(pd.Series(np.arange(len(order)) % 10, index=order))
    patient = visits.groupby("id")
    for name in ("bili", "ast", "protime"):
        visits[name] = np.log(visits[name])
    visits["rise"] = patient["bili"].diff().fillna(0.0)
    visits["sex"] = (visits["sex"] == "f").astype(float)
    visits["to come"] = patient.cumcount(ascending=False)  # the leak: how many visits will follow
    signs = ["bili", "age", "sex", "edema", "albumin", "ast", "protime", "stage", "rise", "day"]
    rows = visits[known]
    part = fold[known].to_numpy()
    case = Case(
        rows[signs].to_numpy(float),
        rows[[*signs, "to come"]].to_numpy(float),
        dies[known].to_numpy(),
        0,
        part < 4,
        (part >= 4) & (part < 6),
        part >= 6,
        rows["id"].to_numpy(),
    )
    counts = {"visits": len(visits), "patients": len(order), "unknown": int((~known).sum())}
    return case, counts


def past(move: Array, centred: bool = False) -> Array:
    """Return mean and spread of the last 1, 5, 20 and 60 moves, or of windows around the day."""
    columns = []
    for width in (1, 5, 20, 60):
        window = pd.Series(move).rolling(width, center=centred)
        square = (pd.Series(move) ** 2).rolling(width, center=centred)
        columns += [window.mean(), np.log(square.mean() ** 0.5 + 1e-4)]
    return np.column_stack(columns)


def exchange(ahead: int = 5, fall: float = -0.02, up: bool = False) -> Case:
    """Return the days of a stock exchange: does one of the next days fall by over 2 %?

    Parameters
    ----------
    ahead : int
        Days that the label asks for.
    fall : float
        Change of the logarithm of the price.
    up : bool
        Ask for the direction of the next day instead.
    """
    table = tables.sp500().frame
    move = np.diff(np.log(table["close"]))
    dates = pd.to_datetime(table["date"].iloc[1:]).dt
    year, quarter = dates.year.to_numpy(), dates.quarter.to_numpy()
    n = len(move)
    if up:
        label, ahead = np.append(move[1:] > 0, False), 1
    else:
        label = np.array([(move[k + 1 : k + 1 + ahead] < fall).any() for k in range(n)])
    columns, leak = past(move), past(move, centred=True)
    usable: Array = np.isfinite(np.c_[columns, leak]).all(axis=1)
    for first in (2003, 2007, year[-1] + 1):  # a label may not reach across a border
        border = int(np.searchsorted(year, first))
        usable[border - ahead : border] = False
    parts = [usable & (year >= a) & (year < b) for a, b in ((0, 2003), (2003, 2007), (2007, 9999))]
    simple = 0 if up else 5
    return Case(columns, leak, label, simple, parts[0], parts[1], parts[2], 10 * year + quarter)


def model(strength: float) -> Pipeline:
    """Return a logistic regression on standardised columns."""
    return make_pipeline(StandardScaler(), LogisticRegression(C=strength, max_iter=3000))


def tuned(case: Case, columns: Array) -> Array:
    """Choose the strength on the part for that, learn from both parts, and score the test."""
    tried = []
    for strength in STRENGTHS:
        found = model(strength).fit(columns[case.learn], case.label[case.learn])
        score = found.predict_proba(columns[case.choose])[:, 1]
        tried.append(metrics.roc_auc_score(case.label[case.choose], score))
    both = case.learn | case.choose
    best = model(STRENGTHS[int(np.argmax(tried))]).fit(columns[both], case.label[both])
    return best.predict_proba(columns[case.test])[:, 1]


def compare(case: Case, rng: np.random.Generator, draws: int = 300) -> dict[str, Interval]:
    """Return the AUC on the test part of one number, the model, and the model with the leak."""
    truth, members = case.label[case.test], case.blocks[case.test]
    scored = {
        "one number": case.columns[case.test, case.simple],
        "logistic": tuned(case, case.columns),
        "with the leak": tuned(case, case.leak),
    }

    def interval(one: str, other: str = "") -> Interval:
        def value(rows: Array) -> float:
            worse = metrics.roc_auc_score(truth[rows], scored[other][rows]) if other else 0.0
            return metrics.roc_auc_score(truth[rows], scored[one][rows]) - worse

        return block_bootstrap(value, members, rng, draws)

    out = {name: interval(name) for name in scored}
    for one, other in (("logistic", "one number"), ("with the leak", "logistic")):
        out[f"{one} minus {other}"] = interval(one, other)
    return out


def forests(case: Case) -> tuple[float, float]:
    """Return the AUC of a forest on the test part, and on rows divided at random."""
    both = case.learn | case.choose
    some, others = train_test_split(np.flatnonzero(both | case.test), random_state=0)
    found = []
    for learn, judge in ((both, case.test), (some, others)):
        forest = RandomForestClassifier(100, random_state=0)
        score = forest.fit(case.columns[learn], case.label[learn]).predict_proba(
            case.columns[judge]
        )
        found.append(metrics.roc_auc_score(case.label[judge], score[:, 1]))
    return found[0], found[1]
