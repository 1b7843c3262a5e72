from __future__ import annotations

import os
import random
import subprocess
import sys
import textwrap

import numpy as np
import pytest

from bmcourse import runtime

AT_ONCE = "rng = runtime.start(seed={seed})"
LATE = """
    rng = runtime.start(seed={seed}, keras=False)
    assert "keras" not in sys.modules
    random.random(), np.random.rand()  # the notebook has drawn some numbers already
    runtime.start_keras(seed={seed})
"""
SCRIPT = """
    import os, random, sys
    import numpy as np
    from bmcourse import runtime
    {start}
    import keras
    x = np.linspace(-1, 1, 64).reshape(16, 4)
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3), keras.layers.Dense(1)])
    model.compile("adam", "mse")
    history = model.fit(x, x.sum(axis=1), epochs=2, batch_size=4, verbose=0)
    numbers = [rng.random(), np.random.rand(), random.random(), history.history["loss"][-1]]
    print(*[float(n).hex() for n in numbers])
"""


def run(seed: int, start: str = AT_ONCE) -> tuple[str, str]:
    code = textwrap.dedent(SCRIPT.format(start=start.strip().format(seed=seed)))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[-1], done.stderr


def test_a_seed_decides_every_number() -> None:
    first, again, other = run(3)[0], run(3)[0], run(4)[0]
    assert first == again
    assert not set(first.split()) & set(other.split())


def test_without_keras_the_seed_decides_too() -> None:
    drawn = []
    for seed in (3, 3, 4):
        rng = runtime.start(seed, keras=False)
        drawn.append((rng.random(), np.random.rand(), random.random()))  # noqa: NPY002
    assert drawn[0] == drawn[1]
    assert not set(drawn[0]) & set(drawn[2])


def test_keras_loaded_late_gives_the_same_numbers() -> None:
    assert run(3, LATE)[0] == run(3)[0]


def test_loading_keras_leaves_the_garbage_collector_as_it_was() -> None:
    code = """
        import gc, sys
        from bmcourse import runtime
        gc.disable() if sys.argv[1] == "off" else gc.enable()
        runtime.start(0)
        print("collects" if gc.isenabled() else "does not collect")
    """
    for state, expected in (("on", "collects"), ("off", "does not collect")):
        command = [sys.executable, "-c", textwrap.dedent(code), state]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert done.stdout.splitlines()[-1] == expected


def test_a_kernel_that_starts_keras_prints_nothing_on_stderr() -> None:
    from nbclient import NotebookClient
    from nbformat.v4 import new_code_cell, new_notebook

    sources = [
        "from bmcourse import runtime\nrng = runtime.start(seed=0)",
        "import keras, numpy as np\nmodel = keras.Sequential([keras.layers.Dense(1)])\n"
        "model.compile('sgd', 'mse')\nmodel.fit(np.ones((8, 2)), np.ones(8), verbose=0);",
        "import warnings\nwarnings.warn('this one must be seen')",
    ]
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    NotebookClient(notebook, kernel_name="python3").execute()
    errors = [[o for o in c["outputs"] if o.get("name") == "stderr"] for c in notebook["cells"]]
    assert errors[:2] == [[], []]
    assert "this one must be seen" in errors[2][0]["text"]
    (ready,) = notebook["cells"][0]["outputs"]
    assert ready["data"]["text/plain"] == "Ready. Seed 0."
    assert "Keras" in ready["data"]["text/html"]


def test_silenced_stderr_comes_back(capfd: pytest.CaptureFixture[str]) -> None:
    with runtime.silenced_stderr():
        os.write(2, b"hidden")
    os.write(2, b"seen")
    assert capfd.readouterr().err == "seen"


def test_timer_measures_and_reports(capsys: pytest.CaptureFixture[str]) -> None:
    with runtime.Timer("waiting") as timer:
        pass
    assert 0 <= timer.seconds < 5
    assert capsys.readouterr().out.startswith("Timed: waiting (")
    with pytest.raises(KeyError), runtime.Timer("failing"):
        raise KeyError
    assert capsys.readouterr().out == ""
