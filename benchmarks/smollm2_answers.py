"""Store chapter 23's answers, for those who have the sample alone.

python benchmarks/smollm2_answers.py
"""

from __future__ import annotations

from dataclasses import asdict

from machine import store

from bmcourse import datasets
from bmcourse.chapters.open_a_language_model.asking import Asker
from bmcourse.chapters.open_a_language_model.prompts import LONGEST, QUESTIONS

if __name__ == "__main__":
    asker = Asker(datasets.smollm2())
    if asker.model is None:
        raise SystemExit("This needs the whole model: python -m bmcourse data smollm2")
    answers = {}
    for question in QUESTIONS:
        row = asdict(asker.ask(question, LONGEST))
        row["probabilities"] = [round(share, 4) for share in row["probabilities"]]
        row["likely"] = [[(piece, round(p, 4)) for piece, p in step] for step in row["likely"]]
        answers[question] = row
    store(__file__, {"answers": answers})
