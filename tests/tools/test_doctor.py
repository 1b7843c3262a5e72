from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bmcourse import __main__ as command_line
from bmcourse import datasets
from bmcourse.tools import doctor


def test_python_versions() -> None:
    assert doctor.python_version((3, 11)).level == "ok"
    for version in ((3, 10), (3, 14)):
        finding = doctor.python_version(version)
        assert finding.level == "problem"
        assert "3.11" in finding.advice


def test_a_wrong_or_missing_version_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    versions = dict.fromkeys(doctor.REQUIRED, "1.0") | {"numpy": "0.9", "tqdm": "0.9"}
    del versions["keras"]
    monkeypatch.setattr(doctor, "_installed", versions.get)
    constraints = tmp_path / "constraints.txt"
    pins = [f"{name}==1.0" for name in (*doctor.REQUIRED, "tqdm", "absent")]
    constraints.write_text("# tested\n" + "\n".join(pins), encoding="utf-8")
    found = {finding.subject: finding for finding in doctor.packages(constraints)}
    assert {s: f.level for s, f in found.items()} == {
        "keras": "problem",
        "numpy": "problem",
        "tqdm": "note",
    }
    assert "0.9, but the course is tested with 1.0" in str(found["numpy"])
    assert "pip install -c constraints.txt" in found["numpy"].advice


def test_only_installed_packages_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "_installed", dict.fromkeys(doctor.REQUIRED, "1.0").get)
    constraints = tmp_path / "constraints.txt"
    constraints.write_text("\n".join(f"{name}==1.0" for name in (*doctor.REQUIRED, "absent")))
    (finding,) = doctor.packages(constraints)
    assert finding.level == "ok"
    assert finding.state == f"{len(doctor.REQUIRED)} installed, each in its tested version"


def test_without_constraints_it_says_so(tmp_path: Path) -> None:
    (finding,) = doctor.packages(tmp_path / "none.txt")
    assert finding.level == "note"


def test_little_memory_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    import psutil

    monkeypatch.setattr(psutil, "virtual_memory", lambda: (8 * 2**30, 1 * 2**30))
    finding = doctor.memory()
    assert (finding.level, finding.state) == ("note", "8.0 GB, 1.0 free")
    assert "close other programs" in finding.advice


def test_every_data_set_is_looked_at() -> None:
    assert [finding.subject for finding in doctor.data()] == list(datasets.names())


def test_a_set_that_may_not_be_shipped_is_no_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BMCOURSE_CACHE", str(tmp_path))
    monkeypatch.delenv("BMCOURSE_DATA", raising=False)
    for name, instead in (("mail", "the sample works"), ("reviews", "its chapters run without it")):
        finding = about(name)
        assert finding.level == "note"
        assert instead in finding.state
        assert f"python -m bmcourse data {name}" in finding.advice


def put_junk(folder: Path) -> None:
    folder.mkdir(parents=True)
    for name in ("x_train", "y_train", "x_test", "y_test"):
        (folder / f"{name}.npy").write_bytes(b"junk")


def about(name: str) -> doctor.Finding:
    return next(finding for finding in doctor.data() if finding.subject == name)


def test_damaged_data_are_not_called_verified(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BMCOURSE_CACHE", str(tmp_path))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.setenv("BMCOURSE_OFFLINE", "1")
    put_junk(tmp_path / "mnist")
    finding = about("mnist")
    assert finding.level == "note"
    assert "x_t" in finding.state
    assert "unset BMCOURSE_OFFLINE" in finding.advice


@pytest.mark.parametrize("damaged", [False, True])
def test_a_wrong_folder_of_the_learners_own_is_a_problem(
    damaged: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BMCOURSE_DATA", str(tmp_path / "own"))
    if damaged:
        put_junk(tmp_path / "own" / "mnist")
    finding = about("mnist")
    assert finding.level == "problem"
    assert "unset BMCOURSE_DATA" in finding.advice


@pytest.mark.parametrize(("stated", "problems"), [("", 0), ("2", 0), ("zero", 1), ("0", 1)])
def test_threads(stated: str, problems: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BMCOURSE_THREADS", stated)
    assert len(list(doctor.threads())) == problems


def test_the_exit_status(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> None:
    well = doctor.Finding("ok", "Python", "3.12")
    ill = doctor.Finding("problem", "keras", "not installed", "install it")
    monkeypatch.setattr(doctor, "examine", lambda: iter([well]))
    assert command_line.main(["doctor"]) == 0
    assert "The course can run here." in capsys.readouterr().out
    monkeypatch.setattr(doctor, "examine", lambda: iter([well, ill]))
    assert command_line.main(["doctor"]) == 1
    assert "✗ keras: not installed\n    → install it" in capsys.readouterr().out


def test_unknown_data_set(capsys: pytest.CaptureFixture) -> None:
    assert command_line.main(["data", "imagenet"]) == 1
    assert "imagenet" in capsys.readouterr().err


def test_data_reports_what_it_has(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    class Had:
        def describe(self) -> str:
            return "all of it"

    monkeypatch.setattr(datasets, "fetch", lambda name, progress: Had())
    assert command_line.main(["data"]) == 0
    assert capsys.readouterr().out.splitlines() == ["all of it"] * len(datasets.names())


def test_the_module_runs_as_a_command() -> None:
    import subprocess

    done = subprocess.run([sys.executable, "-m", "bmcourse", "--help"], capture_output=True)
    assert done.returncode == 0
    assert b"doctor" in done.stdout
