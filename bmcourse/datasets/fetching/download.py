"""Download one file over HTTP: resumed, verified by its hash, and abandoned if too slow."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pooch
import requests
import urllib3
from tqdm import tqdm

from bmcourse import logs
from bmcourse.datasets.errors import DataError
from bmcourse.datasets.fetching.download_limits import Limits


class Downloader:
    """A pooch downloader that keeps what it got in a .part file, and continues from it.

    Parameters
    ----------
    part : Path
        Where the unfinished file is kept between attempts.
    limits : Limits
    most : int
        The most bytes to accept.
    progress : bool
        Show a progress bar on stderr.
    """

    def __init__(self, part: Path, limits: Limits, most: int, progress: bool) -> None:
        self._part = part
        self._limits = limits
        self._most = most
        self._progress = progress

    def __call__(self, url: str, output_file: str, pooch: Any) -> None:
        """Download `url`, then move it to `output_file`, as pooch asks."""
        with requests.Session() as session:
            session.max_redirects = self._limits.redirects
            start = self._part.stat().st_size if self._part.exists() else 0
            with self._get(session, url, start) as response:
                self._save(response, start)
        os.replace(self._part, output_file)

    def _get(self, session: requests.Session, url: str, start: int) -> requests.Response:
        headers = {"Accept-Encoding": "identity"}
        if start:
            headers["Range"] = f"bytes={start}-"
        patience = (self._limits.connect, self._limits.read)
        try:
            response = session.get(url, headers=headers, timeout=patience, stream=True)
        except requests.RequestException:
            raise  # said in plain words later
        except OSError as error:  # requests looks for the file before it asks the host
            raise DataError(f"cannot be asked: {_certificates(error)}") from error
        if response.status_code == requests.codes.requested_range_not_satisfiable:
            self._part.unlink()
        response.raise_for_status()
        return response

    def _save(self, response: requests.Response, start: int) -> None:
        answered = response.headers.get("Content-Range", "")
        resumed = response.status_code == 206 and answered.startswith(f"bytes {start}-")
        start = start if resumed else 0
        length = response.headers.get("Content-Length", "")
        total = start + int(length) if length.isdigit() else None
        bar = tqdm(
            total=total,
            initial=start,
            unit="B",
            unit_scale=True,
            desc=self._part.stem,
            disable=not self._progress,
        )
        with bar, self._part.open("ab" if resumed else "wb") as file:
            done = start
            for chunk in self._chunks(response):
                done += len(chunk)
                if done > self._most:
                    raise DataError(f"sends more than {self._most:,} bytes")
                file.write(chunk)
                bar.update(len(chunk))
        if total is not None and done != total:
            raise DataError(f"sent {done:,} of {total:,} bytes")

    def _chunks(self, response: requests.Response) -> Iterator[bytes]:
        begun, got = time.monotonic(), 0
        # read1 returns what has come, so that a dripping server cannot hold us.
        while chunk := response.raw.read1(1 << 16, decode_content=False):
            yield chunk
            got += len(chunk)
            spent = time.monotonic() - begun
            if spent > self._limits.window:
                if got < self._limits.speed * spent:
                    raise DataError(f"is too slow: {got / spent / 1000:,.1f} kB a second")
                begun, got = time.monotonic(), 0


def download(
    url: str,
    file: Path,
    known_hash: str,
    *,
    limits: Limits,
    most: int,
    progress: bool,
) -> Path:
    """Download `url` to `file` unless it is there already, and verify its hash.

    An interrupted download is continued by the next call. If the continued
    file turns out wrong, it is downloaded once more from the start.

    Raises
    ------
    DataError
        If the host cannot be reached, is too slow, or sends something else.
    OSError
        If the file cannot be written.
    """
    part = file.with_name(f"{file.name}.part")
    downloader = Downloader(part, limits, most, progress)
    continued = part.exists()
    with logs.errors_only(pooch.get_logger()):
        try:
            _retrieve(url, file, known_hash, downloader)
        except _WrongFileError:
            if not continued:
                raise
            _retrieve(url, file, known_hash, downloader)
    return file


def _retrieve(url: str, file: Path, known_hash: str, downloader: Downloader) -> None:
    with _plainly():
        pooch.retrieve(url, known_hash, file.name, file.parent, downloader=downloader)


class _WrongFileError(DataError):
    """What came is whole but not what was asked for."""


@contextmanager
def _plainly() -> Iterator[None]:
    """Say in a few words why a host failed."""
    try:
        yield
    except requests.HTTPError as error:
        code = error.response.status_code
        raise (_WrongFileError if code == 416 else DataError)(f"answers HTTP {code}") from error
    except requests.TooManyRedirects as error:
        raise DataError("redirects without end") from error
    except requests.exceptions.SSLError as error:
        raise DataError(
            "has no certificate that this machine trusts; a proxy that opens connections needs "
            "its own, named in REQUESTS_CA_BUNDLE"
        ) from error
    except requests.exceptions.ProxyError as error:
        raise DataError(
            "cannot be reached through the proxy that HTTPS_PROXY or HTTP_PROXY names"
        ) from error
    except (requests.ConnectTimeout, requests.ConnectionError) as error:
        raise DataError("cannot be reached") from error
    except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
        raise DataError(f"breaks off ({type(error).__name__})") from error
    except DataError:
        raise
    except ValueError as error:  # pooch: the hash differs
        raise _WrongFileError("sends a file whose hash is not the expected one") from error


def _certificates(error: OSError) -> str:
    """Say which variable names certificates that are not there."""
    for variable in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        named = os.environ.get(variable)
        if named and not os.path.exists(named):
            return f"{variable} names certificates that are not there, {named}; mend or unset it"
    return str(error)
