"""A learner's working copies of the notebooks: made, kept up to date, never overwritten."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, count
from pathlib import Path

from bmcourse.tools import notebook_file
from bmcourse.tools.course import ROOT, Chapter, chapters, find
from bmcourse.tools.pages import PAGES, refresh_page

METADATA_KEY = "bmcourse"


@dataclass
class Changes:
    """What `refresh` found and did, by chapter.

    Attributes
    ----------
    new : list of Chapter
        Copied for the first time.
    updated : list of Chapter
        Newer now; the copy had not been worked on.
    newer_edition : list of Chapter
        Newer in the course, but left alone: the copy has been worked on.
    """

    new: list[Chapter] = field(default_factory=list)
    updated: list[Chapter] = field(default_factory=list)
    newer_edition: list[Chapter] = field(default_factory=list)


def working_folder() -> Path:
    """Where the copies lie: ``BMCOURSE_WORK``, or the folder ``my`` where the learner stands."""
    given = os.environ.get("BMCOURSE_WORK")
    return Path(given).expanduser() if given else Path.cwd() / "my"


def copies(chapter: Chapter, folder: Path) -> list[Path]:
    """List the working copies of a chapter, the oldest first, whatever number they carry."""
    pattern = re.compile(rf"\d\d_{chapter.slug}(?:-(\d+))?\.ipynb")
    found = [(path, pattern.fullmatch(path.name)) for path in folder.glob("*.ipynb")]
    numbered = [(int(match[1] or 1), path) for path, match in found if match]
    return [path for _, path in sorted(numbered)]


def refresh(folder: Path, *, solutions: bool = True, root: Path = ROOT) -> Changes:
    """Copy every chapter that has no copy yet; replace copies that nobody has worked on.

    A copy counts as worked on if a cell was run or changed. Such a copy is never touched.

    Parameters
    ----------
    folder : Path
        Made if it is missing.
    solutions : bool
        False to leave the solutions out.
    root : Path
        The checkout that holds ``course.toml``.

    Raises
    ------
    FileNotFoundError
        If the notebooks are not beside the package.
    OSError
        If the folder cannot be written.
    """
    changes = Changes()
    every = chapters(root)
    folder.mkdir(parents=True, exist_ok=True)
    for chapter in every:
        older = copies(chapter, folder)
        if not older:
            _write(chapter, folder / chapter.path.name, solutions)
            changes.new.append(chapter)
        elif not any(_edition(path) == _edition_of(chapter) for path in older):
            untouched = [path for path in older if _is_untouched(path)]
            for path in untouched[-1:]:
                _write(chapter, path, solutions)
            (changes.updated if untouched else changes.newer_edition).append(chapter)
    for name in PAGES:
        refresh_page(name, folder, root)
    return changes


def start(wanted: str, folder: Path, *, solutions: bool = True, root: Path = ROOT) -> Path:
    """Make one more fresh copy of a chapter, without its outputs.

    Parameters
    ----------
    wanted : str
        Number or beginning of the name, such as ``"3"`` or ``"03_back"``.
    folder, solutions, root
        As in `refresh`.

    Returns
    -------
    Path
        The new file: ``03_topic.ipynb``, or ``03_topic-2.ipynb`` and so on.
    """
    chapter = find(wanted, root)
    folder.mkdir(parents=True, exist_ok=True)
    taken = {path.stem.partition("-")[2] for path in copies(chapter, folder)}
    path = next(p for p in _names(chapter, folder) if p.stem.partition("-")[2] not in taken)
    _write(chapter, path, solutions)
    return path


def _write(chapter: Chapter, path: Path, solutions: bool) -> None:
    notebook = notebook_file.read(chapter.path)
    cells = notebook["cells"] if solutions else notebook_file.without_solutions(notebook["cells"])
    notebook["cells"] = notebook_file.without_outputs(cells)
    notebook["metadata"].pop("widgets", None)
    notebook["metadata"][METADATA_KEY] = {
        "edition": _edition_of(chapter),
        "copy": notebook_file.digest(cells),
    }
    notebook_file.write(path, notebook_file.text_of(notebook))


def _edition_of(chapter: Chapter) -> str:
    return notebook_file.digest(notebook_file.read(chapter.path)["cells"])


def _edition(path: Path) -> str:
    return _metadata(path).get("edition", "")


def _is_untouched(path: Path) -> bool:
    written = _metadata(path).get("copy")
    if written is None:
        return False
    cells = notebook_file.read(path)["cells"]
    return written == notebook_file.digest(cells) and not notebook_file.was_run(cells)


def _metadata(path: Path) -> dict[str, str]:
    """Return what we noted in a copy; nothing of a file that is ours no longer."""
    try:
        return dict(notebook_file.read(path)["metadata"][METADATA_KEY])
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _names(chapter: Chapter, folder: Path) -> Iterator[Path]:
    """Give the names of copies, without an end: the plain one, then -2, -3 and so on."""
    stems = chain([chapter.name], (f"{chapter.name}-{n}" for n in count(2)))
    return (folder / f"{stem}.ipynb" for stem in stems)
