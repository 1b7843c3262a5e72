"""The command line, `python -m bmcourse`: without a command, where you stand in the course."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Callable
from pathlib import Path

Action = Callable[[argparse.Namespace], int]


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit status."""
    given = _parser().parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal without ✓ still gets every word
            stream.reconfigure(errors="replace")
    action: Action = given.action
    try:
        return action(given)
    except (ValueError, OSError, RuntimeError) as error:
        print(error, file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bmcourse",
        description="Without a command: which chapters you have solved, and what to open next.",
    )
    parser.set_defaults(action=progress)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")

    def command(name: str, action: Action, text: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, description=text)
        added.set_defaults(action=action)
        return added

    copies = "the folder `my` where you stand (or BMCOURSE_WORK)"
    lab = command("open", open_lab, f"open JupyterLab on your working copies, in {copies}")
    lab.add_argument("chapter", nargs="?", help="number or name (default: the next to solve)")
    fresh = command("start", start, f"make one more fresh copy of a chapter, in {copies}")
    fresh.add_argument("chapter", help="number or beginning of the name, for example 03")
    for one in (lab, fresh):
        one.add_argument("--without-solutions", action="store_true", help="for a class")
    command("progress", progress, "say which exercises and questions you have solved")
    command("doctor", doctor, "say whether the course can run here, and what to do if not")
    fetch = command("data", data, "fetch and verify data sets; call again to resume")
    fetch.add_argument("names", nargs="*", metavar="NAME", help="data sets (default: all)")
    edition = command("student", student, "write the notebooks without their solutions")
    edition.add_argument("folder", type=Path, help="a folder that does not exist yet")
    edition.add_argument("--nbgrader", action="store_true", help="mark the exercises for nbgrader")
    edition.add_argument("--exercises-only", action="store_true", help="only what is graded")
    copies_for_colab = command("colab", colab, "write copies that install the course on Colab")
    copies_for_colab.add_argument("address", help="of the repository, https://HOST/OWNER/NAME")
    copies_for_colab.add_argument("folder", type=Path, help="a folder that does not exist yet")
    run = command("execute", execute, "run notebooks from a fresh kernel and store them")
    run.add_argument("notebooks", nargs="+", type=Path, metavar="NOTEBOOK")
    command("claims", claims, "list all claims and the prose's numbers anew, and say what changed")
    command("contents", contents, "make file names, README and references follow course.toml")
    return parser


def open_lab(given: argparse.Namespace) -> int:
    """Bring the working copies up to date and open one in JupyterLab."""
    from bmcourse.tools import open_lab as lab

    return lab.open_lab(given.chapter, solutions=not given.without_solutions)


def start(given: argparse.Namespace) -> int:
    """Make a fresh working copy of a chapter; say where it is, and which copies there were."""
    from bmcourse.tools.course import find
    from bmcourse.tools.working_copies import copies, start, working_folder

    folder = working_folder()
    older = copies(find(given.chapter), folder)
    fresh = start(given.chapter, folder, solutions=not given.without_solutions)
    if older:
        print(f"You already have {' and '.join(map(to_type, older))}.")
    print(f"A fresh copy: {to_type(fresh)}\nOpen it with: python -m jupyterlab {to_type(fresh)}")
    return 0


def progress(given: argparse.Namespace) -> int:
    """Print what the learner has solved, chapter by chapter, and what to open next."""
    from bmcourse.tools.progress_report import report

    print(report())
    return 0


def doctor(given: argparse.Namespace) -> int:
    """Print every finding; 1 if the course cannot run."""
    from bmcourse.tools.doctor import examine

    problems = 0
    for finding in examine():
        print(finding, flush=True)
        problems += finding.level == "problem"
    print("The course can run here." if not problems else f"{problems} problem(s) to mend first.")
    return 1 if problems else 0


def data(given: argparse.Namespace) -> int:
    """Fetch and verify data sets; 1 if any is missing in the end."""
    from bmcourse import datasets

    failed = 0
    for name in given.names or datasets.names():
        try:
            print(datasets.fetch(name, progress=True).describe())
        except (ValueError, OSError) as error:
            print(f"{name}: {error}", file=sys.stderr)
            failed += 1
    return 1 if failed else 0


def student(given: argparse.Namespace) -> int:
    """Write the class edition."""
    from bmcourse.tools.class_edition import write_class_edition

    written = write_class_edition(
        given.folder, nbgrader=given.nbgrader, exercises_only=given.exercises_only
    )
    print(f"{len(written)} notebooks without solutions in {given.folder}")
    return 0


def colab(given: argparse.Namespace) -> int:
    """Write copies of the notebooks whose first code cell installs the course."""
    from bmcourse.tools import colab

    written = colab.write(given.address.rstrip("/"), given.folder)
    print(f"{len(written)} notebooks for Colab in {given.folder}")
    return 0


def execute(given: argparse.Namespace) -> int:
    """Execute and store notebooks, one after the other."""
    from bmcourse.tools.storing import execute

    for path in given.notebooks:
        print(f"{path}: {execute(path):.1f} minutes", flush=True)
    return 0


def claims(given: argparse.Namespace) -> int:
    """Agree to the claims and to the numbers in the prose as they are now; say what changed."""
    from bmcourse.tools.claims_list import write_lists

    print("\n".join(write_lists()) or "Nothing changed.")
    return 0


def contents(given: argparse.Namespace) -> int:
    """Make everything follow course.toml, and say what changed."""
    from bmcourse.tools.contents import update

    changed = update()
    print("\n".join(map(to_type, changed)) if changed else "Nothing to change.")
    return 0


def to_type(path: Path) -> str:
    """Write a path as one types it here: from the current folder on, quoted if it has spaces."""
    text = str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)
    return f'"{text}"' if " " in text else text


if __name__ == "__main__":
    sys.exit(main())
