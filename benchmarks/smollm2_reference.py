"""What two other programs compute from the same model file: chapter 23 compares itself with them.

For each of ten prompts llama.cpp cuts the prompt into tokens and answers greedily. Stored are its
tokens, its log-probabilities of the likeliest tokens at each step, and the logits of a second,
independent program, PyTorch through Hugging Face's `transformers`, which works in float32 on the
same text. llama.cpp rounds what it multiplies with 4-bit weights to 8 bits, PyTorch does not.

Neither program belongs to the course. Run it in an environment of its own, beside the course:
    pip install xllamacpp==2026.10.11549 transformers==4.57.1 torch gguf==0.19.0
    python benchmarks/smollm2_reference.py
"""

from __future__ import annotations

import json
import tempfile
from importlib.metadata import version
from pathlib import Path
from urllib.request import Request, urlopen

import numpy as np
from machine import store

from bmcourse import datasets
from bmcourse.chapters.open_a_language_model.prompts import PROMPTS, STEPS
from bmcourse.recipes.language.chat_tokenizer import chat

KEPT = 8  # the likeliest tokens at each step
END = 2  # the id of <|im_end|>
FILE = "smollm2.gguf"


def main() -> None:
    """Ask both programs, and store what they say."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, FILE)
        datasets.smollm2().content.tofile(path)
        rows = by_llama_cpp(path)
        by_pytorch(path, rows)
    programs = {name: version(name) for name in ("xllamacpp", "transformers", "torch")}
    store(__file__, {"programs": programs, "kept": KEPT, "prompts": rows})


def by_llama_cpp(path: Path) -> list[dict]:
    """Return tokens and log-probabilities, with one thread."""
    import xllamacpp

    settings = xllamacpp.CommonParams()
    settings.model.path = str(path)
    settings.cpuparams.n_threads = settings.cpuparams_batch.n_threads = 1
    settings.n_ctx, settings.n_parallel, settings.warmup = 1024, 1, False
    server = xllamacpp.Server(settings)

    def ask(what: str, **body: object) -> dict:
        address = f"{server.listening_address}/{what}"
        content = json.dumps(body).encode()
        request = Request(address, content, {"Content-Type": "application/json"})  # noqa: S310
        with urlopen(request) as answer:  # noqa: S310 (our own server)
            return json.loads(answer.read())

    rows = []
    for prompt in PROMPTS:
        ids = ask("tokenize", content=chat(prompt), parse_special=True)["tokens"]
        said = ask("completion", prompt=ids, n_predict=STEPS, temperature=0, return_tokens=True)
        answer = said["tokens"]
        steps = []
        for step in range(len(answer)):
            # It hides the numbers of a token that ends within a character. So it is made to draw
            # the end of the answer; the numbers that it returns are those before this bias.
            forced = {"logit_bias": [[END, 1000.0]], "temperature": 0, "n_probs": KEPT}
            found = ask("completion", prompt=ids + answer[:step], n_predict=1, **forced)
            steps += found["completion_probabilities"]
        likely = [[row["id"] for row in step["top_logprobs"]] for step in steps]
        logs = [[round(row["logprob"], 5) for row in step["top_logprobs"]] for step in steps]
        assert len(likely) == len(answer)
        kind = {"likely": likely, "log_probabilities": logs}
        rows.append({"prompt": prompt, "ids": ids, "answer": answer, "llama_cpp": kind})
    return rows


def by_pytorch(path: Path, rows: list[dict]) -> None:
    """Add the float32 logits behind the prompt and behind each token of the answer."""
    import torch
    from transformers import AutoModelForCausalLM

    model = AutoModelForCausalLM.from_pretrained(
        path.parent, gguf_file=path.name, dtype=torch.float32, attn_implementation="eager"
    ).eval()
    for row in rows:
        whole = torch.tensor([row["ids"] + row["answer"]])
        with torch.no_grad():
            logits = model(whole).logits[0].double().numpy()
        behind = logits[len(row["ids"]) - 1 : -1]  # (steps, vocabulary)
        likely = np.argsort(-behind, axis=1, kind="stable")[:, :KEPT]
        kept = np.take_along_axis(behind, likely, axis=1)
        total = np.log(np.exp(behind - behind.max(1, keepdims=True)).sum(1)) + behind.max(1)
        row["pytorch"] = {
            "likely": likely.tolist(),
            "logits": kept.round(5).tolist(),
            "log_sum_exp": total.round(5).tolist(),
        }


if __name__ == "__main__":
    main()
