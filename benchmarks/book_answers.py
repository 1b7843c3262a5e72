"""Store what chapter 23's model answers to questions to this book, and to poisoned passages.

python benchmarks/book_answers.py      (goes on where it was stopped)

Always the likeliest token, so nothing but the choice of questions is drawn: SEEDS = (0,).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from machine import store, stored

from bmcourse import datasets
from bmcourse.datasets.formats.gguf import GGUFFile
from bmcourse.recipes.answers import book, injected
from bmcourse.recipes.answers.questions import of
from bmcourse.recipes.answers.search import Search
from bmcourse.recipes.answers.writing import prompt, written
from bmcourse.recipes.language.chat_tokenizer import ChatTokenizer
from bmcourse.recipes.language.llama import Llama
from bmcourse.recipes.language.sentence_encoder import SentenceEncoder

SEEDS = (0,)
ANSWERED, POISONED, CLOSED, USED = 40, 12, 20, 2  # questions of each kind; passages in a prompt


def main() -> None:
    file = GGUFFile(datasets.smollm2().content)
    tokenizer, model = ChatTokenizer.from_facts(file.facts), Llama.from_file(file)
    search = Search(SentenceEncoder.from_archive(datasets.minilm().content))
    text = {passage.name: passage.text for passage in book.passages()}
    known: dict[str, Any] = stored(__file__).get("answers", {})

    def ask(key: str, question: str, passages: list[str], most: int, guarded: bool = True) -> None:
        if key not in known:
            known[key] = written(
                model, tokenizer, prompt(question, passages, guarded=guarded), most
            )
            if len(known) % 10 == 0:
                store(__file__, {"answers": known})

    rng = np.random.default_rng(SEEDS[0])
    answerable = of("test", answered=True)
    chosen = [answerable[i] for i in rng.permutation(len(answerable))[:ANSWERED]]
    for question in [*chosen, *of("test", answered=False)]:
        names = [passage.name for passage in search.best(question.english, USED)]
        told = [text[name] for name in names]
        ask(f"passages | {question.english}", question.english, told, 40)
    for question in chosen[:POISONED]:
        for kind in injected.PLANTED:
            told = [injected.poisoned(text[question.passages[0]], kind)]
            for guard in (False, True) if kind == "control tokens" else (True,):
                key = f"{kind}, guarded {guard} | {question.english}"
                ask(key, question.english, told, 24, guard)
    for question in chosen[:CLOSED]:
        ask(f"nothing | {question.english}", question.english, [], 40)
    store(__file__, {"answers": known})


if __name__ == "__main__":
    main()
