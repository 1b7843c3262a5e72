"""What the learner has solved: one file on this machine, sent nowhere.

Each line of the file is one thing solved, appended when it happens. A line cut short by a crash
costs that line only.
"""

from __future__ import annotations

import importlib
import json
import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from bmcourse.editions import NOTEBOOKS


def path() -> Path:
    """Where the record lies: ``BMCOURSE_PROGRESS``, or the user's data folder."""
    import platformdirs

    given = os.environ.get("BMCOURSE_PROGRESS")
    return Path(given) if given else platformdirs.user_data_path("bmcourse") / "progress.jsonl"


def record(name: str) -> None:
    """Note that `name` is solved. A record that cannot be written never stops the learner."""
    if name in solved():
        return
    when = datetime.now(UTC).isoformat(timespec="seconds")
    line = json.dumps({"solved": name, "when": when}, ensure_ascii=False)
    try:
        path().parent.mkdir(parents=True, exist_ok=True)
        with path().open("a", encoding="utf-8") as file:
            file.write(f"\n{line}\n")  # a new line first: the last one may have been cut short
    except OSError as error:
        print(f"Your progress could not be noted in {path()}: {error.strerror}.")


def solved() -> set[str]:
    """Everything solved so far; lines that cannot be read are left out.

    Examples
    --------
    >>> isinstance(solved(), set)
    True
    """
    try:
        text = path().read_text(encoding="utf-8", errors="replace")
    except OSError:
        return set()
    return set(filter(None, map(_name, text.splitlines())))


def question(chapter: str, index: int) -> str:
    """Name of a quick question in the record; `index` counts from 0."""
    return f"{chapter}, question {index + 1}"


def exercises(chapter: str) -> list[str]:
    """Names of the exercises of a chapter, in their order.

    Parameters
    ----------
    chapter : str
        Name of the notebook, such as ``"02_losses"``.
    """
    from bmcourse.exercises.checker import Exercise

    module = importlib.import_module(f"bmcourse.exercises.{chapter[3:]}")
    return [value.name for value in vars(module).values() if isinstance(value, Exercise)]


def report() -> str:
    """Tell, chapter by chapter, how many exercises and quick questions are solved."""
    from bmcourse.exercises import quiz

    known = solved()
    rows = [f"{'chapter':36} {'exercises':>10} {'questions':>10}"]
    for chapter in sorted(file.stem for file in NOTEBOOKS.glob("[0-9][0-9]_*.ipynb")):
        asked = [question(chapter, i) for i in range(len(quiz.questions(chapter)))]
        counts = (_share(exercises(chapter), known), _share(asked, known))
        rows.append(f"{chapter:36} {counts[0]:>10} {counts[1]:>10}")
    return "\n".join([*rows, "", f"Kept in {path()}; delete that file to begin anew."])


def _share(names: Iterable[str], known: set[str]) -> str:
    wanted = set(names)
    return f"{len(wanted & known)} of {len(wanted)}"


def _name(line: str) -> str:
    try:
        found = json.loads(line)["solved"]
    except (ValueError, KeyError, TypeError):
        return ""
    return found if isinstance(found, str) else ""
