from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest

from bmcourse.recipes.experiments import record


def test_a_digest_sees_values_kinds_shapes_and_order() -> None:
    x = np.arange(6.0)
    other = [x + 1e-16 * (x == 0), x.astype(np.float32), x.reshape(2, 3), x[::-1]]
    digests = {record.digest(each) for each in [x, *other]}
    assert len(digests) == 5
    assert record.digest(x, x[:2]) != record.digest(x[:2], x)
    assert len(record.digest(x)) == 64


def test_a_digest_does_not_see_how_the_memory_lies() -> None:
    x = np.arange(6.0).reshape(2, 3)
    assert record.digest(np.asfortranarray(x)) == record.digest(x)
    assert record.digest(x.astype(">f8")) == record.digest(x)


def test_a_digest_of_code_sees_names_and_contents_and_no_line_ends(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"x = 1\n")
    first = record.code_digest(tmp_path)
    (tmp_path / "a.py").write_bytes(b"x = 1\r\n")
    (tmp_path / "notes.txt").write_text("not code")
    assert record.code_digest(tmp_path) == first
    (tmp_path / "a.py").write_bytes(b"x = 2\n")
    second = record.code_digest(tmp_path)
    (tmp_path / "a.py").rename(tmp_path / "b.py")
    assert len({first, second, record.code_digest(tmp_path)}) == 3


def test_git_state(tmp_path: Path) -> None:
    assert record.git_state(tmp_path) == "no git"
    if not record.shutil.which("git"):
        pytest.skip("no git")

    def git(*words: str) -> None:
        who = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
        call = ["git", "-C", str(tmp_path), *who, *words]
        subprocess.run(call, check=True, capture_output=True)

    git("init")
    (tmp_path / "a.py").write_text("1")
    git("add", "a.py")
    git("commit", "-m", "one", "--no-verify")
    clean = record.git_state(tmp_path)
    assert len(clean) == 12
    (tmp_path / "a.py").write_text("2")
    assert record.git_state(tmp_path) == clean + " changed"


def test_an_identity_sees_each_part_and_no_order_of_keys() -> None:
    parts = ({"a": 1, "b": 2.0}, 0, "data", {"code": "x"})
    same = record.identity({"b": 2.0, "a": 1}, *parts[1:])
    assert record.identity(*parts) == same
    others = [({"a": 2, "b": 2.0}, *parts[1:]), (parts[0], 1, *parts[2:])]
    others += [(*parts[:2], "other", parts[3]), (*parts[:3], {"code": "y"})]
    assert len({same, *(record.identity(*each) for each in others)}) == 5


def test_the_surroundings_name_the_packages() -> None:
    around = record.surroundings()
    assert around["numpy"] == np.__version__
    assert around["code"] == record.code_digest()
