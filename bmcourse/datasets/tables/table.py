"""Tables that ship with the package: a checked CSV file each."""

from __future__ import annotations

import hashlib
import io
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bmcourse.datasets.errors import DataError
from bmcourse.datasets.own import OURS, own_folder

if TYPE_CHECKING:
    import pandas as pd

FOLDER = Path(__file__).parent


@dataclass(frozen=True, eq=False, repr=False)
class Table:
    """One table, as a data frame whose last column is the target.

    Attributes
    ----------
    name, title : str
        Short name for code, and name for readers.
    frame : pandas.DataFrame
        All rows and columns; your own copy. No value is missing.
    target : str
        Name of the column to predict.
    citation : str
    """

    name: str
    title: str
    frame: pd.DataFrame
    target: str
    citation: str

    def describe(self) -> str:
        """Say in one line which data this is."""
        rows, columns = self.frame.shape
        return f"{self.title}: {rows:,} rows, {columns - 1} features, target {self.target!r}"

    def __repr__(self) -> str:
        return f"<{self.describe()}>"


def read_table(name: str, folder: Path = FOLDER) -> Table:
    """Read a table and verify it against ``registry.toml``.

    Parameters
    ----------
    name : str
        A name in the registry.
    folder : Path
        Where ``registry.toml`` and the CSV files lie.

    Raises
    ------
    DataError
        If the file is missing or is not the published one; or, for a teacher's own table (see
        `bmcourse.datasets.own`), if it has no such target.
    """
    import pandas as pd

    spec = _registry(folder)[name]
    own = own_folder(name)
    if own is not None:
        return _read_own(own / f"{name}.csv", name, spec)
    path = folder / f"{name}.csv"
    if not path.is_file():
        raise DataError(f"{path} is missing. Install bmcourse again.")
    # A checkout on Windows may end its lines differently.
    content = path.read_bytes().replace(b"\r\n", b"\n")
    found = hashlib.sha256(content).hexdigest()
    if found != spec["sha256"]:
        raise DataError(
            f"{path.name} must have the SHA-256 {spec['sha256']}, got {found}. "
            "Put the published file back, or install bmcourse again."
        )
    frame = pd.read_csv(io.BytesIO(content), keep_default_na=False)
    return Table(name, spec["title"], frame, spec["target"], spec["citation"])


def _read_own(path: Path, name: str, spec: dict[str, Any]) -> Table:
    import pandas as pd

    try:
        frame = pd.read_csv(path, keep_default_na=False)
    except (OSError, ValueError) as error:
        raise DataError(f"{path} cannot be read as a table: {error}") from error
    if spec["target"] not in frame.columns:
        columns = ", ".join(map(str, frame.columns[:5]))
        raise DataError(f"{path} must have the column {spec['target']}, got {columns} …")
    title = f"{spec['title']}, replaced by {OURS}"
    return Table(name, title, frame, spec["target"], "")


@lru_cache
def _registry(folder: Path) -> dict[str, Any]:
    with (folder / "registry.toml").open("rb") as file:
        return tomllib.load(file)
