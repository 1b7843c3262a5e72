"""The film ratings are what the registry says, and damage is named."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import numpy as np
import pytest

from bmcourse.datasets import DataError, film_ratings, shipped


def test_the_ratings_are_whole() -> None:
    found = film_ratings()
    assert found.shape == (671, 9066)
    assert len(found.user) == len(found.film) == len(found.stars) == len(found.time) == 100_004
    assert len(set(zip(found.user.tolist(), found.film.tolist(), strict=True))) == 100_004
    assert set(found.stars.tolist()) == {half / 2 for half in range(1, 11)}
    assert found.stars.mean() == pytest.approx(3.543608, abs=1e-6)  # of the published table
    assert (found.time.min(), found.time.max()) == (789_652_009, 1_476_640_644)
    assert found.film.max() == 9065


def test_rows_are_in_order_of_user_and_time() -> None:
    found = film_ratings()
    same = np.diff(found.user) == 0
    assert (np.diff(found.user) >= 0).all()
    assert (np.diff(found.time)[same] >= 0).all()
    assert np.bincount(found.user).min() >= 20  # as the publishers say


def test_films_have_titles_years_and_genres() -> None:
    found = film_ratings()
    at = found.titles.index("Casablanca")
    assert (found.years[at], found.genres[at]) == (1942, ("Drama", "Romance"))
    assert sum(not title for title in found.titles) == sum(found.years == 0) == 5
    assert len({kind for kinds in found.genres for kind in kinds}) == 19
    assert repr(found).endswith("100,004 ratings by 671 users of 9,066 films>")


def test_the_conditions_and_the_digest_travel_with_the_file() -> None:
    about = shipped.registry(shipped.RATINGS)["films"]
    content = (shipped.RATINGS / about["file"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == about["sha256"]
    assert len(content) < 600_000
    told = " ".join((shipped.RATINGS / "README.md").read_text(encoding="utf-8").split())
    for condition in ("imply any endorsement", "these same license conditions", "commercial"):
        assert condition in told
    assert "10.1145/2827872" in told


def test_damage_and_loss_are_named(tmp_path: Path) -> None:
    for name in ("films.npz", "registry.toml"):
        shutil.copy(shipped.RATINGS / name, tmp_path)
    path = tmp_path / "films.npz"
    content = bytearray(path.read_bytes())
    content[1000] ^= 1
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"films\.npz must have the SHA-256 .* install bmcourse ag"):
        film_ratings(tmp_path)
    path.unlink()
    with pytest.raises(DataError, match=r"is missing\. Install bmcourse again"):
        film_ratings(tmp_path)
