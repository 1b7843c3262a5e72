"""A kernel whose death the test run notices at once."""

from __future__ import annotations

import time
from queue import Empty
from typing import Any

from nbval.kernel import RunningKernel


class KernelDied(Exception):
    """The kernel's process ended while a cell was running."""


class WatchedKernel(RunningKernel):
    """A kernel whose death is noticed within a second, not at the cell's timeout."""

    def get_message(self, stream: str, timeout: float | None = None) -> dict[str, Any]:
        """Wait for a message, and look once a second whether the kernel still lives."""
        deadline = time.monotonic() + (timeout if timeout is not None else 1e9)
        while True:
            try:
                return super().get_message(stream, timeout=min(1.0, timeout or 1.0))
            except Empty:
                if not self.is_alive():
                    raise KernelDied("the kernel died while this cell was running") from None
                if time.monotonic() > deadline:
                    raise

    def execute_cell_input(self, cell_input: str, allow_stdin: bool | None = None) -> str:
        """Run a cell."""
        # With a history, IPython honours a `;` at the end of a line.
        return self.kc.execute(
            cell_input, store_history=True, allow_stdin=allow_stdin, stop_on_error=False
        )
