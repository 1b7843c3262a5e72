"""What the learner has solved: one file on this machine, sent nowhere.

Each line of the file is one thing solved, appended when it happens. A line cut short by a crash
costs that line only.
"""

from __future__ import annotations

import json
import os
import re
from datetime import UTC, datetime
from pathlib import Path

NUMBERED = re.compile(r"^\d\d_(?=\w+, question \d+$)")  # as questions were called at first


def path() -> Path:
    """Where the record lies: ``BMCOURSE_PROGRESS``, or the user's data folder.

    Raises
    ------
    OSError
        If that is below the user's home, and the user has none.
    """
    import platformdirs

    given = os.environ.get("BMCOURSE_PROGRESS")
    try:
        place = Path(given) if given else platformdirs.user_data_path("bmcourse") / "progress.jsonl"
        return place.expanduser()
    except RuntimeError as error:
        advice = "no home folder; let BMCOURSE_PROGRESS name a file that can be written"
        raise OSError(advice) from error


def note(name: str) -> None:
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
        print(f"Your progress could not be noted: {error}.")


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


def _name(line: str) -> str:
    try:
        found = json.loads(line)["solved"]
    except (ValueError, KeyError, TypeError):
        return ""
    return NUMBERED.sub("", found) if isinstance(found, str) else ""
