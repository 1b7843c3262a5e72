"""Collect every notebook as tests: a small layer over nbval that knows this course.

What it adds to nbval: numbers inside text match within a small relative tolerance; what is
marked as measured (see `bmcourse.outputs`) is compared by its stable part; a cell tagged
``needs-torch`` is only executed where PyTorch is missing; a dead kernel is noticed at once;
claims are counted. `pytest` compares stored outputs, `pytest --nbval-lax` only executes.
"""

from __future__ import annotations

import difflib
import importlib.util
import os
import re
import textwrap
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from nbformat import NotebookNode
from nbval.kernel import CURRENT_ENV_KERNEL_NAME
from nbval.plugin import IPyNbCell, IPyNbFile, NbCellError

from bmcourse.testing.comparison import Text, comparable, mark
from bmcourse.testing.kernel import KernelDied, WatchedKernel
from bmcourse.testing.last_run import keep

ESCAPE = re.compile(r"\x1b\[[0-9;]*m")  # the colours of a terminal
LAX = pytest.StashKey[bool]()


class Notebook(IPyNbFile):
    """A notebook as a collection of cells that share one kernel."""

    def setup(self) -> None:
        """Start the kernel, in the notebook's own folder."""
        self.kernel = WatchedKernel(
            CURRENT_ENV_KERNEL_NAME,
            cwd=str(self.path.parent),
            startup_timeout=self.config.option.nbval_kernel_startup_timeout,
        )

    def collect(self) -> Any:
        """Give one test a code cell."""
        for cell in super().collect():
            cell.options["check"] &= _has_needs(cell.cell)
            yield Cell.from_parent(
                self,
                name=cell.name,
                cell_num=cell.cell_num,
                cell=cell.cell,
                options=cell.options,
            ).marked_slow()


def _has_needs(cell: NotebookNode) -> bool:
    """Say whether the optional packages are here that a cell's tags ``needs-PACKAGE`` name."""
    tags = cell["metadata"].get("tags", [])
    needs = [tag.removeprefix("needs-") for tag in tags if tag.startswith("needs-")]
    return all(importlib.util.find_spec(name) for name in needs)


class Cell(IPyNbCell):
    """A code cell: run it, compare what is stable, count its claims."""

    def marked_slow(self) -> Cell:
        """Mark this cell as slow, so that `pytest -m "not slow"` leaves notebooks out."""
        self.add_marker(pytest.mark.slow)
        return self

    def runtest(self) -> None:
        """Run the cell, compare its outputs, and count its claims."""
        try:
            super().runtest()
        except KernelDied as died:
            self.raise_cell_error(str(died))
        marks = [mark(output) for output in self.test_outputs or []]
        self.user_properties.append(("claims", sum("claim" in noted for noted in marks)))

    def format_output_compare(self, key: str, left: Any, right: Any) -> None:
        """Show what is stored (-) and what this run gave (+), line by line."""
        stored, now = (str(text).splitlines() for text in (left, right))
        lines = difflib.unified_diff(stored, now, "stored", "this run", n=1, lineterm="")
        self.comparison_traceback += [f"{key} differs:", *lines]

    def repr_failure(self, excinfo: Any) -> str:
        """Name the notebook and the cell as JupyterLab numbers it; the report has no colours."""
        error = excinfo.value
        if not isinstance(error, NbCellError):
            return super().repr_failure(excinfo)
        code = [c for c in self.parent.nb.cells if c.cell_type == "code"]
        head = f"{self.path.name}, cell In [{code.index(self.cell) + 1}]: {error}"
        source = textwrap.indent(error.source.rstrip(), "    ")
        report = f"{head}\n\n{source}\n\n{error.inner_traceback or ''}"
        if "differ" in str(error):
            place = self.path.relative_to(self.config.rootpath).as_posix()
            report += f"\n\nIf this is intended: python -m bmcourse execute {place}"
        return ESCAPE.sub("", report)

    def sanitize(self, s: Any) -> Any:
        """Return a text that compares as `Text` does."""
        return Text(super().sanitize(s)) if isinstance(s, str) else s

    def compare_outputs(self, test: Any, ref: Any, skip_compare: Any = None) -> bool:
        """Compare what a run gave with what is stored."""
        return super().compare_outputs(
            [comparable(output) for output in test],
            [comparable(output) for output in ref],
            skip_compare,
        )


def pytest_configure(config: pytest.Config) -> None:
    """Take nbval's options over, and share the cores among the workers."""
    # This file collects the notebooks; nbval's own collector would do so a second time.
    config.addinivalue_line("markers", "slow: a notebook's cell, or a test of several seconds")
    config.stash[LAX] = config.option.nbval_lax
    config.option.nbval = config.option.nbval_lax = False
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    if workers > 1:  # several trainings at once: each on its share of the cores
        share = str(max(1, (os.cpu_count() or 1) // workers))
        for name in ("TF_NUM_INTRAOP_THREADS", "OMP_NUM_THREADS", "BMCOURSE_THREADS"):
            os.environ.setdefault(name, share)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> Notebook | None:
    """Collect a notebook."""
    if file_path.suffix != ".ipynb" or ".ipynb_checkpoints" in file_path.parts:
        return None
    notebook: Notebook = Notebook.from_parent(parent, path=file_path)
    notebook.compare_outputs = not parent.config.stash[LAX]
    return notebook


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """List the claims and seconds of each notebook; keep the record of a whole run."""
    claims: Counter[str] = Counter()
    seconds: Counter[str] = Counter()
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        name = report.nodeid.split("::")[0]
        if name.endswith(".ipynb"):
            claims[name] += sum(n for key, n in report.user_properties if key == "claims")
            seconds[name] += report.duration
    if not claims:
        return
    terminalreporter.section("claims verified")
    for name in sorted(claims):
        terminalreporter.write_line(f"{claims[name]:5d}  {name}  ({seconds[name]:.0f} s)")
    terminalreporter.write_line(f"{sum(claims.values()):5d}  in {len(claims)} notebooks")
    if config.args_source is pytest.Config.ArgsSource.TESTPATHS and not config.option.keyword:
        keep(terminalreporter, config.rootpath, claims)
