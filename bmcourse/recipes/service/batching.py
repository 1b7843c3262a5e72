"""Micro-batching: requests that wait at the same time are answered by one call of the model."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from bmcourse import checks


class Batcher:
    """Collect items, and give up to `most` of them at once to one function.

    One thread calls the function. While it works, new items wait, and the next call takes them
    together: nobody waits for a batch to become full.

    Parameters
    ----------
    function : callable
        From a list of items to as many answers.
    most : int
        Largest number of items a call, at least 1. With 1 there are no batches.
    told : callable
        Called with the number of items of each batch.
    """

    def __init__(
        self,
        function: Callable[[list[Any]], Sequence[Any]],
        most: int,
        told: Callable[[int], None] = lambda size: None,
    ) -> None:
        self.function, self.most, self.told = function, checks.integer("most", most), told
        self._waiting: asyncio.Queue[tuple[Any, asyncio.Future[Any]]] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1)

    async def answer(self, item: Any) -> Any:
        """Return the answer for one item; an error of the function is raised here."""
        if self._task is None:
            self._task = asyncio.create_task(self._work())
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        await self._waiting.put((item, future))
        return await future

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            batch = [await self._waiting.get()]
            while len(batch) < self.most and not self._waiting.empty():
                batch.append(self._waiting.get_nowait())
            self.told(len(batch))
            items = [item for item, _ in batch]
            try:
                answers = await loop.run_in_executor(self._thread, self.function, items)
            except Exception as error:  # each of them must hear of it
                for _, future in batch:
                    if not future.cancelled():
                        future.set_exception(error)
                continue
            for (_, future), answer in zip(batch, answers, strict=True):
                if not future.cancelled():  # a customer may have gone
                    future.set_result(answer)

    async def close(self) -> None:
        """Stop. Whoever waits is not answered."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self._thread.shutdown()
