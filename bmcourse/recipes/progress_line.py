"""Show a Keras training as it goes, on one line that tests do not compare."""

from __future__ import annotations

import time
from typing import Any

import keras

from bmcourse.outputs import LiveLine


class Progress(keras.callbacks.Callback):
    """Rewrite one line during training: epoch, share done, metrics, seconds.

    Use with ``fit(..., verbose=0, callbacks=[Progress()])``.
    """

    def __init__(self, *, every: float = 0.5) -> None:
        super().__init__()
        self._every = every
        self._line = LiveLine()
        self._start = self._written = 0.0
        self._epoch = 0

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Remember the epoch, and start the clock with the first one.

        A training in several calls of ``fit`` goes on with a later epoch: its clock goes on, too.
        """
        if epoch == 0 or not self._start:
            self._start = time.perf_counter()
        self._epoch = epoch + 1

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        """Rewrite the line, twice a second at most."""
        now = time.perf_counter()
        if now - self._written > self._every:
            self._written = now
            steps = self.params.get("steps") or 0
            share = f" {100 * (batch + 1) // steps:3d} %" if steps else ""
            self._line.write(self._text(share, logs))

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Rewrite the line with the metrics of the epoch."""
        self._line.write(self._text("", logs), last=self._epoch == self.params["epochs"])

    def _text(self, share: str, logs: dict[str, Any] | None) -> str:
        seconds = time.perf_counter() - self._start
        numbers = "  ".join(f"{name} {float(value):.4f}" for name, value in (logs or {}).items())
        return f"epoch {self._epoch}/{self.params['epochs']}{share}  {numbers}  {seconds:.0f} s"
