"""Copies of the notebooks for Colab, which has TensorFlow but not this course."""

from __future__ import annotations

import re
from pathlib import Path

from bmcourse import checks
from bmcourse.tools import notebook_file
from bmcourse.tools.course import ROOT, chapters

ADDRESS = re.compile(r"https://[\w.-]+/[\w.-]+/[\w.-]+")
SAYS = """# Colab does not have this course: this cell fetches it, once a session.
%pip install --quiet "bmcourse @ git+{address}"
"""


def write(address: str, folder: Path, root: Path = ROOT) -> list[Path]:
    """Write each chapter, without outputs, with a first code cell that installs the course.

    Parameters
    ----------
    address : str
        Where the repository is on the web, such as ``https://github.com/OWNER/NAME``.
    folder : Path
        A folder that does not exist yet, or is empty.
    root : Path
        The checkout.

    Returns
    -------
    list of Path
        The notebooks written.

    Raises
    ------
    ValueError
        If the address is none of a repository, or the folder holds files.
    """
    if not ADDRESS.fullmatch(address):
        checks.fail("address", "https://HOST/OWNER/NAME", repr(address))
    if folder.exists() and any(folder.iterdir()):
        checks.fail("folder", "a new or empty folder", f"one with files: {folder}")
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for chapter in chapters(root):
        notebook = notebook_file.read(chapter.path)
        install: notebook_file.Cell = {
            "cell_type": "code",
            "execution_count": None,
            "id": "install-on-colab",
            "metadata": {},
            "outputs": [],
            "source": SAYS.format(address=address).splitlines(True),
        }
        cells = notebook_file.without_outputs(notebook["cells"])
        first = next(i for i, cell in enumerate(cells) if cell["cell_type"] == "code")
        notebook["cells"] = [*cells[:first], install, *cells[first:]]
        notebook["metadata"].pop("widgets", None)
        path = folder / chapter.path.name
        notebook_file.write(path, notebook_file.text_of(notebook))
        written.append(path)
    return written
