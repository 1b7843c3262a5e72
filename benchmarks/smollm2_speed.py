"""How fast the 135 million weights write, by how they are kept, beside llama.cpp where it is.

Run it on a quiet machine, alone. For the reference runtime: pip install xllamacpp==2026.10.11549
    python benchmarks/smollm2_speed.py
    python benchmarks/smollm2_speed.py 1   # one thread only, where the machine is busy
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from machine import store
from threadpoolctl import threadpool_limits

from bmcourse import datasets
from bmcourse.chapters.open_a_language_model.asking import Asker
from bmcourse.chapters.open_a_language_model.prompts import PROMPTS
from bmcourse.chapters.open_a_language_model.stored import Halves, Packed, tokens_per_second
from bmcourse.datasets.formats.gguf import GGUFFile
from bmcourse.recipes.language.chat_tokenizer import chat

STEPS = {"unpacked once": 40, "half precision": 4, "packed": 2}
ROUNDS = 2


def main() -> None:
    """Measure each form with one thread and two, in turn."""
    found = datasets.smollm2()
    asker = Asker(found)
    if asker.model is None:
        raise SystemExit("This needs the whole model: python -m bmcourse data smollm2")
    ids = asker.tokenizer.encode(chat(PROMPTS[1]))
    models = {
        "unpacked once": asker.model,
        "half precision": Halves(asker.model),
        "packed": Packed(GGUFFile(found.content)),
    }
    rows = []
    threads_tried = [int(word) for word in sys.argv[1:]] or [1, 2]
    for threads in threads_tried:
        for _ in range(ROUNDS):
            for name, model in models.items():
                with threadpool_limits(threads):
                    wall, processor = tokens_per_second(model, ids, STEPS[name])
                rows.append(
                    {
                        "weights": name,
                        "threads": threads,
                        "megabytes": round(model.nbytes / 1e6, 1),
                        "tokens_per_second": round(wall, 2),
                        "tokens_per_processor_second": round(processor, 2),
                    }
                )
    reference = [llama_cpp(found, ids, threads) for threads in threads_tried]
    store(__file__, {"rows": rows, "llama_cpp": [row for row in reference if row]})


def llama_cpp(found: datasets.ModelFile, ids: list[int], threads: int) -> dict | None:
    """Return the reference runtime's own timing; None where it is not installed."""
    try:
        import xllamacpp
    except ImportError:
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "model.gguf")
        found.content.tofile(path)
        settings = xllamacpp.CommonParams()
        settings.model.path = str(path)
        settings.cpuparams.n_threads = settings.cpuparams_batch.n_threads = threads
        settings.n_ctx, settings.n_parallel, settings.warmup = 1024, 1, True
        server = xllamacpp.Server(settings)
        body = {"prompt": ids, "max_tokens": 100, "temperature": 0, "ignore_eos": True}
        found_rows = [server.handle_completions(body) for _ in range(ROUNDS)]
    speeds = [row["timings"]["predicted_per_second"] for row in found_rows]
    return {"threads": threads, "tokens_per_second": [round(speed, 2) for speed in speeds]}


if __name__ == "__main__":
    main()
    os._exit(0)  # the runtime's threads do not end by themselves
