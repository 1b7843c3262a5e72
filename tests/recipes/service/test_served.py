"""The service and its process: what it answers, refuses and counts, and that it ends."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from bmcourse.recipes.service import exposition, houses, load, service
from bmcourse.recipes.service.batching import Batcher
from bmcourse.recipes.service.forest import Forest
from bmcourse.recipes.service.server import Server, serving

needs_server = pytest.mark.skipif(bool(service.missing()), reason="FastAPI is an optional package")
SALES = houses.load()
TRAIN, LATER = SALES.between(0, 3), SALES.between(24, 26)
PARENT = """
import sys, time
from pathlib import Path
from typing import Any
from bmcourse.recipes.service.server import serving
if __name__ == "__main__":
    with serving(Path(sys.argv[1])) as server:
        print(server.pid, server.port, flush=True)
        time.sleep(300)
"""


@pytest.fixture(scope="module")
def forests() -> list[Forest]:
    return [Forest.trained(TRAIN.rows, TRAIN.prices, trees=5, seed=seed) for seed in (0, 1)]


@pytest.fixture(scope="module")
def paths(forests: list[Forest], tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("models")
    return [forest.save(folder) for forest in forests]


@pytest.fixture(scope="module")
def server(paths: list[Path]) -> Iterator[Server]:
    with serving(paths[0]) as running:
        yield running


def listens(pid: int) -> list[Any]:
    return [c for c in psutil.Process(pid).net_connections() if c.status == psutil.CONN_LISTEN]


def gone(pid: int) -> bool:
    for _ in range(100):
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.05)
    return False


@needs_server
def test_many_customers_get_the_model_s_answers_to_the_last_bit(
    server: Server, forests: list[Forest]
) -> None:
    came = load.send(server.url, LATER.rows, clients=8)
    assert came.lost == 0
    assert set(came.status) == {200}
    prices = [answer["price"] for answer in came.answers]
    np.testing.assert_array_equal(prices, forests[0].prices(LATER.rows))
    assert 0 < came.percentile(50) <= came.percentile(99)
    assert came.throughput == pytest.approx(len(LATER.rows) / came.duration)


@needs_server
def test_bad_requests_are_refused_with_a_clear_error_and_counted(server: Server) -> None:
    before = exposition.read(load.get(server.url, "/metrics"))
    bad = dict(LATER.rows[0], Gr_Liv_Area="1500")
    answer = load.send(server.url, [bad])
    assert answer.status.tolist() == [422]
    assert answer.throughput == 0
    (error,) = answer.answers[0]["errors"]
    assert error["column"] == "Gr_Liv_Area"
    assert error["expected"] == "a number from 200 to 8000"
    assert error["received"] == "'1500'"
    no_house = load.send(server.url, [[1, 2]])  # type: ignore[list-item]
    assert no_house.status.tolist() == [422]
    assert no_house.answers[0]["errors"][0]["column"] == "(body)"
    after = exposition.read(load.get(server.url, "/metrics"))
    refused = 'requests_total{status="422"}'
    assert after[refused] - before.get(refused, 0) == 2


@needs_server
def test_counters_agree_with_the_customer(server: Server) -> None:
    name = 'requests_total{status="200"}'
    before = exposition.read(load.get(server.url, "/metrics")).get(name, 0)
    load.send(server.url, LATER.rows[:20], clients=4)
    samples = exposition.read(load.get(server.url, "/metrics"))
    assert samples[name] - before == 20
    assert samples["batch_rows_sum"] == samples[name]
    assert exposition.buckets(samples, "seconds")[-1] == (float("inf"), samples[name])


@needs_server
def test_it_listens_on_this_machine_only(server: Server) -> None:
    assert [c.laddr.ip for c in listens(server.pid)] == ["127.0.0.1"]
    assert listens(server.pid)[0].laddr.port == server.port


@needs_server
def test_a_model_is_exchanged_under_load_and_nobody_is_lost(
    server: Server, forests: list[Forest], paths: list[Path]
) -> None:
    rows, came = LATER.rows * 3, []
    thread = threading.Thread(target=lambda: came.append(load.send(server.url, rows, clients=4)))
    thread.start()
    time.sleep(0.1)
    assert server.use(paths[1]) == forests[1].version
    assert server.use(paths[0]) == forests[0].version
    thread.join()
    assert came[0].lost == 0
    right = {f.version: f.prices(rows) for f in forests}
    assert all(a["price"] == right[a["version"]][i] for i, a in enumerate(came[0].answers))


@needs_server
def test_a_bad_model_is_refused_and_the_old_one_stays(
    server: Server, forests: list[Forest], tmp_path: Path
) -> None:
    (tmp_path / "broken.npz").write_bytes(b"no model")
    for path in (tmp_path / "broken.npz", tmp_path / "absent.npz"):
        with pytest.raises(ValueError, match="Error"):
            server.use(path)
    answer = load.send(server.url, LATER.rows[:1]).answers[0]
    assert answer["version"] == forests[0].version


@needs_server
def test_stop_ends_it_and_a_customer_hears_nothing(paths: list[Path]) -> None:
    with serving(paths[0], most=1) as server:
        assert load.send(server.url, LATER.rows[:3]).lost == 0
        server.stop()
        assert gone(server.pid)
        assert load.send(server.url, LATER.rows[:2]).lost == 2


@needs_server
def test_without_a_model_no_service_starts(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="FileNotFoundError"), serving(tmp_path / "none.npz"):
        pass


@needs_server
def test_it_ends_with_a_parent_that_is_killed(paths: list[Path]) -> None:
    call = [sys.executable, "-c", PARENT, str(paths[0])]
    with subprocess.Popen(call, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid, port = (int(word) for word in parent.stdout.readline().split())
        assert listens(pid)[0].laddr.port == port
        os.kill(parent.pid, signal.SIGKILL)
    assert gone(pid)


def test_what_is_missing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "NEEDS", ("numpy", "no_such_package"))
    assert service.missing().startswith("Not installed: no_such_package (pip install")


def batches(most: int, items: int, fail: bool = False) -> tuple[list[int], list[object]]:
    sizes: list[int] = []

    def double(values: list[int]) -> list[int]:
        time.sleep(0.01)
        if fail:
            raise KeyError
        return [2 * value for value in values]

    async def main() -> list[object]:
        batcher = Batcher(double, most, sizes.append)
        answers = (batcher.answer(i) for i in range(items))
        came = await asyncio.gather(*answers, return_exceptions=True)
        await batcher.close()
        return list(came)

    return sizes, asyncio.run(main())


@pytest.mark.parametrize(("most", "sizes"), [(1, [1] * 7), (3, [3, 3, 1]), (16, [7])])
def test_who_waits_together_is_answered_together(most: int, sizes: list[int]) -> None:
    assert batches(most, 7) == (sizes, [0, 2, 4, 6, 8, 10, 12])


def test_all_of_a_batch_hear_of_an_error() -> None:
    _, came = batches(4, 5, fail=True)
    assert [type(answer) for answer in came] == [KeyError] * 5


def test_a_customer_who_leaves_does_not_stop_the_others() -> None:
    async def main() -> list[object]:
        def slowly(values: list[int]) -> list[int]:
            time.sleep(0.02)
            return values

        batcher = Batcher(slowly, 1)
        first = asyncio.create_task(batcher.answer(1))
        second = asyncio.create_task(batcher.answer(2))
        await asyncio.sleep(0.01)
        first.cancel()
        answer = await asyncio.wait_for(second, 5)
        await batcher.close()
        return [answer, first.cancelled()]

    assert asyncio.run(main()) == [2, True]


@needs_server
def test_an_error_of_the_model_is_status_500_and_counted(forests: list[Forest]) -> None:
    import httpx

    class Broken(service.Model):
        def __init__(self) -> None:
            pass

        def answers(self, rows: object) -> list[tuple[float, str]]:
            raise KeyError("a fault of ours")

    async def main() -> list[tuple[int, str]]:
        transport = httpx.ASGITransport(
            service.application(Broken(), 4), raise_app_exceptions=False
        )
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            answers = [await client.post("/price", json=LATER.rows[0])]
            answers.append(await client.get("/metrics"))
        return [(answer.status_code, answer.text) for answer in answers]

    broken, counted = asyncio.run(main())
    assert broken[0] == 500
    assert exposition.read(counted[1])['requests_total{status="500"}'] == 1
