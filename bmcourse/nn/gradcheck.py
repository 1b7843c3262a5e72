"""Check gradients by central differences."""

from __future__ import annotations

import copy
import inspect
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.checks import Array
from bmcourse.nn.losses import Loss

STEPS = (1e-4, 1e-5, 1e-6)  # lengths of a probe; a shorter one when the longer meets a kink
JITTER = 1e-3  # how far the point of the check lies from the given one: breaks ties
ATTEMPTS = 10  # directions tried for each one that counts


@dataclass(frozen=True)
class GradientResult:
    """The verdict on one array.

    Attributes
    ----------
    name : str
        ``x`` or a parameter's name.
    error : float
        Largest relative error over the directions; NaN if none counts.
    directions : int
        Directions that count.
    excluded : int
        Probes left out because they met a kink.
    passed : bool
    remark : str
        What is wrong other than the numbers.
    """

    name: str
    error: float
    directions: int
    excluded: int
    passed: bool
    remark: str = ""

    def __str__(self) -> str:
        """Return one line of the report."""
        if self.passed:
            kinks = f", {self.excluded} probes at kinks excluded" if self.excluded else ""
            return f"pass  {self.name:<24} {self.directions} directions agree{kinks}"
        return f"FAIL  {self.name:<24} {self.remark or f'relative error {self.error:.1e}'}"


@dataclass(frozen=True)
class GradientReport:
    """The verdict on every array; `print` it.

    Attributes
    ----------
    results : tuple of GradientResult
    tolerance : float
    """

    results: tuple[GradientResult, ...]
    tolerance: float

    @property
    def passed(self) -> bool:
        """True if every gradient passed."""
        return all(result.passed for result in self.results)

    def __str__(self) -> str:
        """Return a table, one line per array."""
        verdict = "all gradients agree" if self.passed else "NOT all gradients agree"
        head = f"gradient check: {verdict} (tolerance {self.tolerance:.0e})"
        return "\n".join([head, *map(str, self.results)])


def gradcheck(
    layer: Any,
    x: npt.ArrayLike,
    *,
    rng: np.random.Generator | int,
    loss: Loss | None = None,
    targets: npt.ArrayLike | None = None,
    training: bool = True,
    directions: int = 3,
    tolerance: float = 1e-6,
) -> GradientReport:
    """Compare `backward` with central differences along random directions.

    The output is folded into one number with random weights, or by `loss`.
    That number is a function φ of the input and of each parameter w; for a
    random direction v, (φ(w + hv) - φ(w - hv)) / 2h must equal the gradient's
    dot product with v. All is done in float64 on a copy, at a point a hair
    (1e-3) away from the given one, where no numbers tie and no ReLU stands
    exactly at its kink. A probe that still crosses a kink is left out.

    Parameters
    ----------
    layer : object
        Anything with ``forward``, ``backward``, ``params`` and ``grads``: a
        layer, a `Sequential`, or your own.
    x : array_like
        A batch of inputs. Of whole numbers, such as an `Embedding` takes, only the parameters
        are checked.
    rng : numpy.random.Generator or int
        Source of the directions and the weights.
    loss : Loss, optional
        With `targets`: check the network and the loss together.
    targets : array_like, optional
    training : bool
        Passed to ``forward`` if it takes it.
    directions : int
        Directions for each array.
    tolerance : float
        Largest relative error that passes.

    Returns
    -------
    GradientReport

    Examples
    --------
    >>> from bmcourse.nn import Dense
    >>> rng = np.random.default_rng(0)
    >>> report = gradcheck(Dense(3, 2, rng=rng), rng.normal(size=(4, 3)), rng=rng)
    >>> report.passed
    True
    >>> [result.name for result in report.results]
    ['x', 'kernel', 'bias']
    """
    checks.integer("directions", directions)
    if (loss is None) != (targets is None):
        checks.fail("loss and targets", "given together", "only one of them")
    if isinstance(loss, type):
        checks.fail("loss", "an object such as MeanSquaredError()", repr(loss))
    draws = checks.generator("rng", rng)
    if checks.array("x", x).ndim == 0:
        checks.fail("x", "a batch, with examples along the first axis", "a single number")
    probe = _Probe(layer, x, draws, training, loss, targets)
    gradients = probe.gradients()
    results = [
        probe.judge(name, gradients.get(name), draws, directions, tolerance)
        for name in probe.variables
    ]
    return GradientReport(tuple(results), tolerance)


class _Probe:
    """The number φ, as a function of arrays that are changed in place."""

    def __init__(
        self,
        layer: Any,
        x: npt.ArrayLike,
        rng: np.random.Generator,
        training: bool,
        loss: Loss | None,
        targets: npt.ArrayLike | None,
    ) -> None:
        self.subject = _float64_copy(layer)
        given = checks.array("x", x)
        whole = given.dtype.kind in "iu"  # ids have no neighbours, and no slope
        self.x = given if whole else given.astype(np.float64)
        self.training, self.loss, self.targets = training, copy.deepcopy(loss), targets
        self.variables = {**({} if whole else {"x": self.x}), **self.subject.params}
        for values in self.variables.values():
            values += JITTER * rng.standard_normal(values.shape)
        self.weights = rng.standard_normal(self._run()[1].shape)

    def _run(self) -> tuple[Any, Array]:
        """Return a used copy of the layer and its output: no run disturbs the next."""
        twin = copy.deepcopy(self.subject)
        if "training" in inspect.signature(twin.forward).parameters:
            return twin, twin.forward(self.x, training=self.training)
        return twin, twin.forward(self.x)

    def gradients(self) -> dict[str, Array]:
        """Return what `backward` says."""
        twin, output = self._run()
        if self.loss is None:
            return {"x": twin.backward(self.weights), **twin.grads}
        self.loss.forward(output, self.targets)  # type: ignore[arg-type]
        return {"x": twin.backward(self.loss.backward()), **twin.grads}

    def value(self) -> tuple[float, float]:
        """Return φ, and the size of the terms it is a sum of: rounding grows with that."""
        _, output = self._run()
        if self.loss is None:
            terms = self.weights * output
            return float(terms.sum()), float(abs(terms).sum())
        value = self.loss.forward(output, self.targets)  # type: ignore[arg-type]
        return value, abs(value)

    def slope(self, values: Array, direction: Array, tolerance: float) -> tuple[float, float, int]:
        """Return φ's slope along `direction`, its resolution, and probes lost to kinks.

        Where φ is smooth, halving the step halves the difference between the
        one-sided slopes and leaves the central slope as it is. Across a kink
        one of the two fails. The slope is NaN if every step meets a kink.
        """
        start = values.copy()
        for lost, step in enumerate(STEPS):
            phi = {}
            for share in (-1.0, -0.5, 0.0, 0.5, 1.0):
                values[...] = start + share * step * direction
                phi[share], size = self.value()
            values[...] = start
            whole = (phi[1.0] - phi[-1.0]) / (2 * step)
            half = (phi[0.5] - phi[-0.5]) / step
            gap = (phi[1.0] - 2 * phi[0.0] + phi[-1.0]) / step
            half_gap = (phi[0.5] - 2 * phi[0.0] + phi[-0.5]) / (step / 2)
            resolution = 100 * np.finfo(np.float64).eps * size / step / tolerance
            allowed = tolerance / 2 * max(abs(whole), abs(half), resolution)
            if max(abs(whole - half), abs(gap - 2 * half_gap)) <= allowed:
                return whole, resolution, lost
        return math.nan, 0.0, len(STEPS)

    def judge(
        self,
        name: str,
        gradient: Array | None,
        rng: np.random.Generator,
        directions: int,
        tolerance: float,
    ) -> GradientResult:
        """Compare one gradient with φ along random directions."""
        values = self.variables[name]
        wrong = _wrong_form(gradient, values)
        if gradient is None or wrong:
            return GradientResult(name, math.nan, 0, 0, False, wrong)
        errors: list[float] = []
        excluded = 0
        for _ in range(ATTEMPTS * directions):
            direction = rng.standard_normal(values.shape)
            direction /= np.linalg.norm(direction)
            slope, resolution, lost = self.slope(values, direction, tolerance)
            excluded += lost
            if not math.isnan(slope):
                claimed = float(np.sum(gradient * direction))
                scale = max(abs(slope), abs(claimed), resolution)
                errors.append(abs(slope - claimed) / scale if scale else 0.0)
            if len(errors) == directions:
                return GradientResult(
                    name, max(errors), directions, excluded, max(errors) <= tolerance
                )
        remark = f"no verdict: {excluded} probes met kinks, {len(errors)} did not"
        return GradientResult(name, math.nan, len(errors), excluded, False, remark)


def _wrong_form(gradient: Array | None, values: Array) -> str:
    """Return what is wrong with a gradient before its numbers are looked at."""
    if gradient is None:
        return "backward stored no gradient"
    if np.shape(gradient) != values.shape:
        return f"gradient has shape {np.shape(gradient)}, must be {values.shape}"
    if not np.all(np.isfinite(gradient)):
        return "gradient is not finite"
    return ""


def _float64_copy(layer: Any) -> Any:
    """Return a copy whose parameters and state are float64."""
    twin = copy.deepcopy(layer)
    for part in getattr(twin, "layers", [twin]):
        for arrays in (part.params, getattr(part, "state", {})):
            for name, values in arrays.items():
                arrays[name] = np.array(values, np.float64)
    return twin
