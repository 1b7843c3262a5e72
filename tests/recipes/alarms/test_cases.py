from __future__ import annotations

import numpy as np
import pytest

from bmcourse.datasets import tables
from bmcourse.recipes.alarms import cases


def test_a_patient_is_in_one_part_only() -> None:
    case, counts = cases.hospital()
    parts = [set(case.blocks[rows]) for rows in (case.learn, case.choose, case.test)]
    assert not parts[0] & parts[1] | parts[0] & parts[2] | parts[1] & parts[2]
    assert counts == {"visits": 1945, "patients": 312, "unknown": 91}
    assert (case.learn ^ case.choose ^ case.test).all()


def test_label_of_a_visit_by_hand() -> None:
    """The first patient came on days 0 and 192, and died on day 400."""
    case, _ = cases.hospital()
    mine = case.blocks == 1
    assert case.columns[mine, -1].tolist() == [0, 192]
    assert case.label[mine].tolist() == [False, True]
    assert case.leak[mine, -1].tolist() == [1, 0]


def test_the_past_ends_today() -> None:
    move = np.random.default_rng(0).normal(size=200)
    changed = move.copy()
    changed[150:] += 1
    same = cases.past(move)[:150] == cases.past(changed)[:150]
    assert (same | np.isnan(cases.past(move)[:150])).all()
    centred = cases.past(move, centred=True)[:150] != cases.past(changed, centred=True)[:150]
    assert centred[:, 2:].any()


def test_labels_of_the_exchange_do_not_reach_across_a_border() -> None:
    case = cases.exchange()
    close = tables.sp500().frame["close"].to_numpy()
    move = np.diff(np.log(close))
    for rows in (case.learn, case.choose, case.test):
        last = np.flatnonzero(rows)[-1]
        year = case.blocks[last] // 10
        assert (case.blocks[last + 1 : last + 6] // 10 == year).all()
    for k in (100, 3000, 4800):
        assert case.label[k] == (move[k + 1 : k + 6] < -0.02).any()
    assert cases.exchange(up=True).label[100] == (move[101] > 0)


def test_nothing_to_learn_has_an_interval_around_one_half() -> None:
    rng = np.random.default_rng(0)
    n = 900
    part = np.arange(n) % 3
    x = rng.normal(size=(n, 3))
    label = rng.random(n) < 0.3
    peek = np.c_[x, label + rng.normal(size=n)]
    case = cases.Case(x, peek, label, 0, part == 0, part == 1, part == 2, np.arange(n) // 9)
    found = cases.compare(case, rng, draws=100)
    assert found["logistic"][1] < 0.5 < found["logistic"][2]
    assert found["with the leak"][1] > 0.6
    assert found["with the leak minus logistic"][1] > 0
    honest, mixed = cases.forests(case)
    assert honest == pytest.approx(0.5, abs=0.12)
    assert mixed == pytest.approx(0.5, abs=0.12)
