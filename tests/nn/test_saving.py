from __future__ import annotations

import numpy as np
import pytest

from bmcourse.nn import BatchNormalization, Dense, Sequential


def network(seed, units=4):
    rng = np.random.default_rng(seed)
    return Sequential([Dense(3, units, rng=rng), BatchNormalization(units), Dense(units, 1)])


def test_a_network_comes_back_whole(tmp_path, rng):
    model, other = network(0), network(1)
    x = rng.standard_normal((8, 3))
    model.forward(x, training=True)  # moves the averages
    model.save(tmp_path / "weights.npz")
    other.load_weights(tmp_path / "weights.npz")
    np.testing.assert_array_equal(other.predict(x), model.predict(x))
    assert [path.name for path in tmp_path.iterdir()] == ["weights.npz"]


def test_an_interrupted_save_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "weights.npz"
    network(0).save(path)
    old = path.read_bytes()

    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(np, "savez", interrupted)
    with pytest.raises(KeyboardInterrupt):
        network(1).save(path)
    assert path.read_bytes() == old
    assert [file.name for file in tmp_path.iterdir()] == ["weights.npz"]


def test_another_network_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "weights.npz"
    network(0).save(path)
    wider = network(1, units=5)
    before = {name: values.copy() for name, values in wider.params.items()}
    message = r"0_Dense.kernel in the file must be an array of shape \(3, 5\), got shape \(3, 4\)"
    with pytest.raises(ValueError, match=message):
        wider.load_weights(path)
    for name, values in wider.params.items():
        np.testing.assert_array_equal(values, before[name])
    with pytest.raises(ValueError, match=r"arrays in the file must be 0_Dense\.bias, 0_"):
        Sequential([Dense(3, 4)]).load_weights(path)


def test_refuses_what_is_not_an_archive_and_pickles(tmp_path):
    path = tmp_path / "weights.npz"
    path.write_bytes(b"no archive")
    with pytest.raises(ValueError, match="path must be an npz file without pickles"):
        network(0).load_weights(path)
    np.savez(path, **{"0_Dense.kernel": np.array([{}], dtype=object)})
    with pytest.raises(ValueError, match="path must be an npz file without pickles"):
        network(0).load_weights(path)
    with pytest.raises(FileNotFoundError):
        network(0).load_weights(tmp_path / "missing.npz")
