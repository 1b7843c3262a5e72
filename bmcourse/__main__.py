"""The command line: ``python -m bmcourse doctor | data | start | progress | student | execute``."""

from __future__ import annotations

import argparse
import io
import sys
from pathlib import Path


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m bmcourse")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("doctor", help="say whether the course can run here, and what to do if not")
    fetch = commands.add_parser("data", help="fetch and verify data sets; call again to resume")
    fetch.add_argument("names", nargs="*", metavar="NAME", help="data sets (default: all)")
    begin = commands.add_parser("start", help="make a fresh working copy of a chapter")
    begin.add_argument("chapter", help="number or beginning of the name, for example 03")
    commands.add_parser("progress", help="say which exercises and questions you have solved")
    without = commands.add_parser("student", help="write the notebooks without their solutions")
    without.add_argument("folder", type=Path, help="a folder that does not exist yet")
    without.add_argument("--nbgrader", action="store_true", help="mark the exercises for nbgrader")
    run = commands.add_parser("execute", help="run notebooks from a fresh kernel and store them")
    run.add_argument("notebooks", nargs="+", type=Path, metavar="NOTEBOOK")
    given = parser.parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal without ✓ still gets every word
            stream.reconfigure(errors="replace")
    if given.command == "doctor":
        return doctor()
    if given.command == "data":
        return data(given.names)
    if given.command == "start":
        return start(given.chapter)
    if given.command == "progress":
        return progress()
    if given.command == "student":
        return student(given.folder, given.nbgrader)
    return execute(given.notebooks)


def doctor() -> int:
    """Print every finding; 1 if the course cannot run."""
    from bmcourse.doctor import examine

    problems = 0
    for finding in examine():
        print(finding, flush=True)
        problems += finding.level == "problem"
    print("The course can run here." if not problems else f"{problems} problem(s) to mend first.")
    return 1 if problems else 0


def data(names: list[str]) -> int:
    """Fetch and verify data sets; 1 if any is missing in the end."""
    from bmcourse import datasets

    failed = 0
    for name in names or datasets.names():
        try:
            print(datasets.fetch(name, progress=True).describe())
        except (ValueError, OSError) as error:
            print(f"{name}: {error}", file=sys.stderr)
            failed += 1
    return 1 if failed else 0


def start(chapter: str) -> int:
    """Make a fresh working copy of a chapter; say where it is, and which copies there were."""
    from bmcourse import editions

    try:
        older = editions.copies(chapter)
        fresh = _to_type(editions.start(chapter))
    except (ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    if older:
        print(f"You already have {' and '.join(map(_to_type, older))}.")
    print(f"A fresh copy: {fresh}\nOpen it with: python -m jupyterlab {fresh}")
    return 0


def progress() -> int:
    """Print what the learner has solved, chapter by chapter."""
    from bmcourse.tools import progress_report

    print(progress_report.report())
    return 0


def student(folder: Path, nbgrader: bool) -> int:
    """Write the class edition."""
    from bmcourse import editions

    try:
        written = editions.student(folder, nbgrader=nbgrader)
    except (ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{len(written)} notebooks without solutions in {folder}")
    return 0


def execute(notebooks: list[Path]) -> int:
    """Execute and store notebooks, one after the other."""
    from bmcourse.execution import execute as execute_notebook

    for path in notebooks:
        print(f"{path}: {execute_notebook(path):.1f} minutes", flush=True)
    return 0


def _to_type(path: Path) -> str:
    """Write a path as one types it here: from the current folder on, quoted if it has spaces."""
    text = str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)
    return f'"{text}"' if " " in text else text


if __name__ == "__main__":
    sys.exit(main())
