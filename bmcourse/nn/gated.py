"""The gated network between two attentions: SwiGLU."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.checks import Array
from bmcourse.nn.base import Layer, Shape
from bmcourse.nn.initializers import glorot_uniform


class SwiGLU(Layer):
    """Two products side by side; one, bent by SiLU, says how much of the other goes on.

    (silu(X Wg) * (X Wu)) Wd, with silu(z) = z / (1 + exp(-z)). Shazeer, "GLU Variants Improve
    Transformer", 2020.

    Parameters
    ----------
    features : int
        Length of the last axis, before and after.
    hidden : int
        Units between.
    rng : numpy.random.Generator or int, optional
        Source of the first weights; a fresh one by default.
    dtype : dtype
        Precision of the parameters and of the computation.

    Notes
    -----
    ``params``: ``gate_kernel``, ``up_kernel`` (features, hidden) and ``down_kernel``
    (hidden, features); no biases. SiLU is also called Swish.

    Examples
    --------
    >>> layer = SwiGLU(4, 8)
    >>> layer.forward(np.ones((1, 3, 4))).shape, layer.count_params()
    ((1, 3, 4), 96)
    """

    def __init__(
        self,
        features: int,
        hidden: int,
        *,
        rng: np.random.Generator | int | None = None,
        dtype: npt.DTypeLike = np.float32,
    ) -> None:
        super().__init__()
        self.features = checks.integer("features", features)
        self.hidden = checks.integer("hidden", hidden)
        draws = checks.generator("rng", rng, fresh=True)
        for name in ("gate", "up"):
            shape = (self.features, self.hidden)
            self.params[f"{name}_kernel"] = glorot_uniform(shape, draws, dtype)
        self.params["down_kernel"] = glorot_uniform((self.hidden, self.features), draws, dtype)

    def forward(self, x: npt.ArrayLike, training: bool = False) -> Array:
        """Return (silu(X Wg) * (X Wu)) Wd, shape (batch, ..., features)."""
        x = self._check_input(x)
        if x.ndim < 2 or x.shape[-1] != self.features:
            checks.fail("x", f"an array whose last axis has {self.features}", f"shape {x.shape}")
        self.x = self._kept(x).reshape(-1, self.features)
        self.gate = self.x @ self.params["gate_kernel"]  # (places, hidden)
        self.up = self.x @ self.params["up_kernel"]
        self.share = 1 / (1 + np.exp(-np.clip(self.gate, -80, 80)))  # exp does not overflow
        self.silu = self.gate * self.share
        return (self.silu * self.up @ self.params["down_kernel"]).reshape(x.shape)

    def backward(self, grad_output: npt.ArrayLike) -> Array:
        """Return dX, the sum of what comes back through both products.

        With h = silu(g) * u: dh = dY Wdᵀ, du = dh silu(g), dg = dh u silu'(g), and
        silu'(g) = σ + g σ (1 - σ) = σ + silu(g) (1 - σ).
        """
        flat = self._check_gradient(grad_output).reshape(-1, self.features)
        self.grads["down_kernel"] = (self.silu * self.up).T @ flat
        d_hidden = flat @ self.params["down_kernel"].T  # (places, hidden)
        d_up = d_hidden * self.silu
        d_gate = d_hidden * self.up * (self.share + self.silu * (1 - self.share))
        self.grads["gate_kernel"] = self.x.T @ d_gate
        self.grads["up_kernel"] = self.x.T @ d_up
        dx = d_gate @ self.params["gate_kernel"].T + d_up @ self.params["up_kernel"].T
        return dx.reshape(self._input_shape)

    def flops(self, input_shape: Shape) -> int:
        """Count the three products, and six operations per hidden unit."""
        places = 1
        for length in input_shape[:-1]:
            places *= length
        return places * (6 * self.features * self.hidden + 6 * self.hidden)
