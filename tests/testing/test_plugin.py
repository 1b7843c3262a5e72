"""The layer over nbval: what must be caught is planted, what must pass is planted, too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

pytest_plugins = ["pytester"]
pytestmark = pytest.mark.slow  # each test starts pytest, and pytest starts kernels
CONFTEST = Path(__file__).parents[2] / "conftest.py"


def write(folder: Path, *cells: tuple[str, list[Any]], name: str = "made.ipynb") -> None:
    """Write a notebook of (source, stored outputs)."""
    made = [
        new_code_cell(source, outputs=outputs, execution_count=i + 1)
        for i, (source, outputs) in enumerate(cells)
    ]
    nbformat.write(new_notebook(cells=made), folder / name)


def printed(text: str) -> list[Any]:
    return [new_output("stream", name="stdout", text=text + "\n")]


def shown(plain: str, **mark: Any) -> list[Any]:
    data = {"text/plain": plain, "text/html": f"<b>{plain} stored</b>"}
    return [new_output("display_data", data, metadata={"bmcourse": mark})]


@pytest.fixture
def run(pytester: pytest.Pytester) -> Any:
    pytester.makeconftest(CONFTEST.read_text(encoding="utf-8"))

    def run_cells(*cells: tuple[str, list[Any]], options: tuple[str, ...] = ()) -> Any:
        write(pytester.path, *cells)
        return pytester.runpytest_subprocess("-p", "no:xdist", "--nbval-cell-timeout=20", *options)

    return run_cells


def test_close_fractions_pass_and_claims_are_counted(run: Any) -> None:
    result = run(
        ("print('loss', 0.123456, 'of 3')", printed("loss 0.123458 of 3")),
        ("1.5;", []),
        (
            "from bmcourse import claims\nclaims.at_least('sum', 1 + 1, 2)",
            shown("✓ sum is at least 2", compare="plain", claim="sum"),
        ),
    )
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(["*1  made.ipynb*", "*1  in 1 notebooks*"])


def test_planted_differences_are_caught(run: Any) -> None:
    measured = [
        new_output(
            "display_data", {"text/plain": "12 s"}, metadata={"bmcourse": {"compare": "presence"}}
        )
    ]
    show = "from bmcourse import claims, outputs\noutputs.show_measured('34 s')"
    result = run(
        (show, measured),  # the only one that passes: a measured value may differ
        ("print('loss', 0.1234)", printed("loss 0.1240")),
        ("print('loss', 12)", printed("loss 13")),
        ("print('loss fell')", printed("loss rose")),
        ("print('loss')", []),
        ("x = 1", printed("once there was a line")),
        ("x = 1", measured),
        ("outputs.show_measured('34 s')", []),
        ("claims.at_least('sum', 1, 2)", []),
    )
    result.assert_outcomes(passed=1, failed=8)


def test_a_failure_names_notebook_and_cell_and_shows_the_difference(run: Any) -> None:
    cells = (("x = 1", []), ("print('loss', 0.5)\nprint('end')", printed("loss 0.4\nend")))
    result = run(*cells, ("1 / 0", []), options=("-rf",))
    shown = [
        "made.ipynb, cell In [[]2]: Cell outputs differ",
        "    print('loss', 0.5)",
        "-loss 0.4",
        "+loss 0.5",
        "made.ipynb, cell In [[]3]: Cell execution caused an exception",
        "ZeroDivisionError: division by zero",
        "FAILED made.ipynb::Cell 1 - made.ipynb, cell In [[]2]: Cell outputs differ",
    ]
    result.stdout.fnmatch_lines([f"*{line}" if line[0] == "F" else line for line in shown])
    assert "\x1b" not in result.stdout.str()


def test_a_whole_run_is_kept_for_the_book(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(CONFTEST.read_text(encoding="utf-8"))
    pytester.makeini("[pytest]\ntestpaths = made.ipynb\naddopts = -m 'not browser'\n")
    claim = (
        "from bmcourse import claims\nclaims.equal('one', 1, 1)",
        shown("✓ one: 1", compare="plain", claim="one"),
    )
    write(pytester.path, claim, ("print(1)", printed("2")))
    kept = pytester.path / "build" / "last_run.json"
    pytester.runpytest_subprocess("-p", "no:xdist", "made.ipynb")
    assert not kept.exists()  # a part was asked for
    pytester.runpytest_subprocess("-p", "no:xdist")
    run = json.loads(kept.read_text(encoding="utf-8"))
    assert (run["passed"], run["failed"], run["claims"], run["notebooks"]) == (1, 1, 1, 1)


def test_lax_executes_without_comparing(run: Any) -> None:
    cells = (("print(1)", printed("2")), ("1 / 0", []))
    run(*cells, options=("--nbval-lax",)).assert_outcomes(passed=1, failed=1)


def test_a_cell_is_only_executed_where_its_optional_package_is_missing(
    run: Any, pytester: pytest.Pytester
) -> None:
    cells = (("print(1)", printed("2")), ("1 / 0", []))
    for package, expected in (("numpy", 0), ("a_package_that_is_nowhere", 1)):
        write(pytester.path, *cells)
        path = pytester.path / "made.ipynb"
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook["cells"]:
            cell["metadata"]["tags"] = [f"needs-{package}"]
        nbformat.write(notebook, path)
        result = pytester.runpytest_subprocess("-p", "no:xdist")
        result.assert_outcomes(passed=expected, failed=2 - expected)


def test_a_dead_kernel_is_noticed_at_once_and_spares_the_next_notebook(
    run: Any, pytester: pytest.Pytester
) -> None:
    write(pytester.path, ("print(1)", printed("1")), name="next.ipynb")
    result = run(("import os\nos._exit(1)", []), ("x = 1", []))
    result.assert_outcomes(passed=1, failed=2)
    result.stdout.fnmatch_lines(["*the kernel died while this cell was running*"])
    assert result.duration < 18


def test_an_endless_cell_ends_and_spares_the_next_notebook(
    run: Any, pytester: pytest.Pytester
) -> None:
    write(pytester.path, ("print(1)", printed("1")), name="next.ipynb")
    cells = (("while True: pass", []), ("x = 1", []))
    result = run(*cells, options=("--nbval-cell-timeout=2",))
    outcomes = result.parseoutcomes()
    assert outcomes["failed"] == 1
    assert outcomes["passed"] >= 1
    result.stdout.fnmatch_lines(["*Timeout of 2 seconds exceeded*"])
