"""Plant small faults in a copy of the package, one at a time, and see which the tests catch.

    python benchmarks/planted_faults.py             # all of them, some twenty minutes
    python benchmarks/planted_faults.py metrics nn  # those whose file's path holds a word

A fault is an exact piece of one file and what takes its place. Each is planted in a temporary
copy; the test files named for it run there. Prints a line for each fault, and at the end those
that survived: each of them asks for a test. Ends with status 1 if any did.
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
COPIED = (
    *("bmcourse", "tests", "notebooks", "book/_ext", "book/assets.toml", "book/glossary.md"),
    *("course.toml", "pyproject.toml", "conftest.py"),
)
HEAVY = ("keras", "sklearn.metrics", "sklearn.model_selection", "scipy.ndimage", "hypothesis")
SECONDS = 600  # for the tests of one fault; a fault that makes them hang counts as caught


@dataclass(frozen=True)
class Fault:
    """One change: `right` must stand once in the file, of the package unless it is the book's.

    `tests` are files below ``tests``.
    """

    file: str
    right: str
    wrong: str
    tests: tuple[str, ...] = ()

    def test_files(self) -> list[str]:
        """Return the named test files, else the one of the same room and name."""
        room, name = self.file.removesuffix(".py").rpartition("/")[::2]
        named = self.tests or (f"{room}/test_{name}.py".lstrip("/"),)
        return [f"tests/{test}" for test in named]

    def place(self, root: Path) -> Path:
        """Return the file below `root`; refuse a fault whose piece is not there once."""
        path = root / self.file if self.file.startswith("book/") else root / "bmcourse" / self.file
        found = path.read_text(encoding="utf-8").count(self.right)
        if found != 1:
            raise ValueError(f"{self.file}: {self.right!r} must stand there once, found {found}")
        return path


DTYPES = ("metrics/test_dtypes.py",)
SEEN = ("widgets/test_rendering.py",)
READ, MEMORY = ("chapters/test_recurrent_networks.py",), "chapters/recurrent_networks/"
LAWS = ("chapters/test_what_training_costs.py",)
PRIVATE = "recipes/privacy/"
JUDGE = "recipes/generative/judge.py"
PLANE = ("widgets/test_latent_plane.py",)
NOISE, IDEAL = "recipes/generative/diffusion.py", "recipes/generative/ideal.py"
DENOISER, UNET = "recipes/generative/numpy_denoiser.py", "recipes/generative/unet.py"
WALK = ("widgets/test_noise_walk.py",)
FAULTS = [
    # BERT
    *(
        Fault(f"recipes/language/{file}.py", right, wrong)
        for file, right, wrong in (
            ("masked", "kind < 0.8", "kind < 0.7"),
            ("masked", "kind < 0.9", "kind < 0.8"),
            ("masked", "+ (ids < SPECIALS)", ""),
            (
                "masked",
                "self.text[other] == self.text[at]\n        while",
                "other == at\n        while",
            ),
            ("masked", "(before >= half)", "(before >= 0)"),
            ("masked", "rng.choice(np.flatnonzero(room >= 0), n, replace=False)", "np.full(n, 0)"),
            ("bert", "keras.ops.not_equal(ids, PADDING), 1)", "keras.ops.equal(ids, ids), 1)"),
            ("bert", "body.output * real", "body.output"),
            ("bert", "table(ids) + segment(segments)", "table(ids) + 0 * segment(segments)"),
            ("passages", "(u * du).sum", "du.sum"),
            ("passages", "gradient.T @ u", "gradient @ u"),
            ("passages", "each**0.75 / (each**0.75).sum()", "each / 1e6"),
            ("sentence_encoder", "norm_first=False", "norm_first=True"),
            ("sentence_encoder", "GELU(approximate=False)", "GELU(approximate=True)"),
            ("sentence_encoder", "* real).sum(axis=1)", ").sum(axis=1)"),
            ("sentence_encoder", "epsilon=1e-12", "epsilon=1e-3"),
            ("film_text", "order[TEST + VALIDATION :]", "order[TEST:]"),
            ("film_text", 'books.pop("Persuasion")', 'books["Persuasion"]'),
        )
    ),
    Fault("text/word_pieces.py", "range(len(word), start, -1)", "range(start + 1, len(word) + 1)"),
    Fault("text/word_pieces.py", 'before = "##" if start else ""', 'before = ""'),
    Fault("text/word_pieces.py", 'normalize("NFD"', 'normalize("NFC"'),
    Fault("text/word_pieces.py", "start < len(word) <= LONGEST", "start < len(word)"),
    # the checks that everything calls
    Fault("checks.py", "number < at_least", "number <= at_least"),
    Fault("checks.py", "result > above", "result >= above"),
    Fault("checks.py", "result < below", "result <= below"),
    Fault("checks.py", "result.max() >= classes", "result.max() > classes"),
    Fault("checks.py", "if value is None and fresh:", "if not value:"),
    Fault("checks.py", "isinstance(part, np.ma.MaskedArray)", "False"),
    Fault("checks.py", 'kinds != {"str"}', '"str" not in kinds', DTYPES),
    # claims
    Fault("claims.py", "- expected) <= tolerance", "- expected) <= 90 * tolerance"),
    Fault(
        "claims.py",
        "difference <= atol + relative * size",
        "difference <= 5 * (atol + relative * size)",
    ),
    Fault("claims.py", "difference <= atol + relative * size", "difference <= atol"),
    Fault("claims.py", "float(value) >= bound", "float(value) > bound"),
    Fault("claims.py", "float(value) <= bound", "float(value) < bound"),
    Fault("claims.py", "if not true:", "if False:"),
    Fault("claims.py", "bool(np.all(", "bool(np.any("),
    # metrics
    Fault("metrics/inputs.py", "np.int64 if whole else np.float64", "result.dtype", DTYPES),
    Fault("metrics/inputs.py", "values = values.astype(np.float64)\n", "", DTYPES),
    Fault("metrics/inputs.py", "result = given.astype(np.float64)", "result = given", DTYPES),
    Fault(
        "metrics/inputs.py",
        "if low < 0 or high > 1:",
        "if high > 1:",
        ("metrics/test_calibration.py",),
    ),
    Fault("metrics/confusion.py", "np.int64) * k + predicted", "np.int64) + k * predicted"),
    Fault(
        "metrics/confusion.py",
        "rest > 1e-12 * total",
        "rest > 1e-3 * total",
        ("metrics/test_ratios.py",),
    ),
    Fault("metrics/confusion.py", "rest > 1e-12 * total", "rest > -1", ("metrics/test_ratios.py",)),
    Fault("metrics/ratios.py", "hits = (1 + squared)", "hits = (1 + beta)"),
    Fault("metrics/ratios.py", "squared * actual + claimed", "actual + squared * claimed"),
    Fault(
        "metrics/ratios.py",
        "counts.true_negative + counts.false_positive",
        "counts.true_negative + counts.false_negative",
    ),
    Fault("metrics/ratios.py", "whole != 0)", "whole > 1)"),
    Fault("metrics/areas.py", "len(classes) <= 2 and", "False and"),
    Fault("metrics/areas.py", "(tps[1:] + tps[:-1])", "(2 * tps[1:])"),
    Fault("metrics/areas.py", "np.diff(tps, prepend=0.0)", "np.diff(tps, prepend=tps[0])"),
    Fault("metrics/areas.py", 'average == "macro"', 'average != "micro"'),
    Fault("metrics/curves.py", "[True], corner, [True]", "[True], ~corner, [True]"),
    Fault("metrics/curves.py", "moved[:-1] | moved[1:]", "moved[:-1] & moved[1:]"),
    Fault("metrics/curves.py", "counted = weight != 0", "counted = weight > 1"),
    Fault(
        "metrics/calibration.py",
        "np.clip(_of_true_class(codes, table), epsilon",
        "np.clip(_of_true_class(codes, table), 1e-3",
    ),
    Fault(
        "metrics/calibration.py",
        "np.searchsorted(edges[1:-1], p)",
        'np.searchsorted(edges[1:-1], p, side="right")',
    ),
    Fault("metrics/calibration.py", "n_classes < 3 if", "n_classes < 4 if"),
    Fault(
        "metrics/agreement.py",
        "** (1 if weights",
        "** (2 if weights",
        ("metrics/test_confusion.py",),
    ),
    Fault(
        "metrics/agreement.py",
        "(score - chance) / (1 - chance)",
        "(score - chance)",
        ("metrics/test_confusion.py",),
    ),
    Fault("metrics/comparison.py", "min(1.0, 2 * tail)", "min(1.0, tail)"),
    Fault("metrics/intervals.py", "stratified: bool = False", "stratified: bool = True"),
    Fault(
        "metrics/intervals.py",
        "rng.integers(0, len(rows), len(rows))",
        "rng.integers(0, len(rows) - 1, len(rows))",
    ),
    Fault("metrics/intervals.py", "[(1 - level) / 2, (1 + level) / 2]", "[1 - level, level]"),
    Fault("metrics/money.py", "np.argsort(score[::-1]", "np.argsort(-score[::-1]"),
    Fault("metrics/money.py", "rate / hits, (1 - rate)", "(1 - rate) / hits, rate"),
    Fault("metrics/money.py", "threshold = lost / (lost + won)", "threshold = won / (lost + won)"),
    # class imbalance
    Fault("imbalance/smote.py", '"sqeuclidean"', '"cityblock"'),
    Fault("imbalance/smote.py", "[:, :k]", "[:, -k:]"),
    Fault("imbalance/smote.py", "distance[own, begin + own] = np.inf", "pass"),
    Fault("imbalance/weights.py", "(len(counts) * counts)", "counts"),
    Fault("imbalance/splits.py", "1, classes.counts - 1)", "0, classes.counts)"),
    Fault("imbalance/splits.py", "share * len(found.codes)", "share * len(found.names)"),
    Fault("imbalance/resampling.py", "most - len(rows)", "most - len(rows) - 1"),
    Fault("imbalance/leakage.py", "both + 0).astype(kind)", "both).astype(kind)"),
    # the NumPy network
    Fault("nn/dense.py", "self._kept(x).reshape", "x.reshape", ("nn/test_memory.py",)),
    Fault("nn/dense.py", "grad_output.sum(axis=0)", "grad_output.mean(axis=0)"),
    Fault("nn/convolution.py", 'np.array(windows, order="C")', "windows", ("nn/test_memory.py",)),
    Fault(
        "nn/convolution.py",
        'checks.generator("rng", rng, fresh=True)',
        'checks.generator("rng", rng or None, fresh=True)',
        ("nn/test_memory.py",),
    ),
    Fault("nn/dropout.py", "kept / (1 - self.rate)", "kept * 1"),
    Fault("nn/dropout.py", ">= self.rate", "> 1 - self.rate"),
    Fault("nn/normalization.py", "(1 - self.momentum) * now", "self.momentum * now"),
    Fault(
        "nn/normalization.py",
        "grad_normalized -= self.normalized * along\n        return",
        "return",
    ),
    Fault(
        "nn/normalization.py",
        "grad_normalized -= self.normalized * along[..., np.newaxis]\n",
        "",
    ),
    Fault(
        "nn/losses.py",
        "2 * (self.logits - self.targets) / self.logits.size",
        "(self.logits - self.targets) / self.logits.size",
    ),
    Fault("nn/losses.py", "values.dtype.itemsize < 4", "False"),
    Fault("nn/losses.py", "return (gradient / len(self.logits))", "return (gradient)"),
    Fault(
        "nn/optimizers.py",
        "self.momentum * velocity - rate * gradient",
        "velocity - rate * gradient",
    ),
    Fault("nn/optimizers.py", "(np.sqrt(square) + self.epsilon)", "np.sqrt(square + self.epsilon)"),
    Fault(
        "nn/optimizers.py", "np.sqrt(velocity + self.epsilon)", "(np.sqrt(velocity) + self.epsilon)"
    ),
    Fault(
        "nn/optimizers.py", "rate *= math.sqrt(1 - self.beta_2**t) / (1 - self.beta_1**t)", "pass"
    ),
    Fault(
        "nn/optimizers.py", "rate * self.weight_decay * parameter", "self.weight_decay * parameter"
    ),
    Fault("nn/optimizers.py", "map(operator.is_, owners", "map(operator.is_not, owners"),
    Fault("nn/parallel.py", "part.examples / len(x) for part", "1 / len(parts) for part"),
    Fault("nn/parallel.py", "original[...] = layer.params[name]", "pass", ("nn/test_training.py",)),
    Fault("nn/training.py", "order = rng.permutation(n)", "order = np.arange(n)"),
    Fault(
        "nn/training.py",
        "list(shuffled_batches(len(x), batch_size, draws))",
        "list(shuffled_batches(len(x), batch_size, np.random.default_rng(1)))",
    ),
    Fault("nn/training.py", "np.average(losses, weights=sizes)", "np.average(losses)"),
    Fault("nn/training.py", "np.average(accuracies, weights=sizes)", "np.average(accuracies)"),
    Fault("nn/sequential.py", "layer is other for other", "layer == 0 for other"),
    Fault("nn/sequential.py", "layer.checks_finite = checked", "pass"),
    Fault("nn/schedules.py", "(1 + math.cos(math.pi * done)) / 2", "1 - done"),
    Fault("nn/schedules.py", "(1 - self.alpha) * wave + self.alpha", "wave + self.alpha"),
    Fault("nn/schedules.py", "(1 - done) / (1 - self.warmup)", "(1 - done)"),
    Fault("nn/initializers.py", "math.sqrt(2 / fan_in)", "math.sqrt(1 / fan_in)"),
    Fault(
        "nn/initializers.py",
        "math.sqrt(6 / (fan_in + fan_out))",
        "math.sqrt(3 / (fan_in + fan_out))",
    ),
    Fault(
        "nn/windows.py",
        "(total // 2 for total in missing)",
        "(-(-total // 2) for total in missing)",
        ("nn/test_convolution.py",),
    ),
    Fault("nn/pooling.py", "fill=-np.inf", "fill=0"),
    Fault("nn/fused.py", "np.greater(z, best,", "np.greater_equal(z, best,"),
    Fault("nn/gradcheck.py", "max(errors) <= tolerance", "min(errors) <= tolerance"),
    # recipes
    Fault("recipes/vision/remedies.py", "parameter.ndim > 1", "parameter.ndim > 0"),
    Fault("recipes/vision/remedies.py", "2 * strength * parameter", "strength * parameter"),
    Fault(
        "recipes/vision/remedies.py",
        "curves.best, curves.best_values = epoch",
        "curves.best, curves.best_values = 0",
    ),
    Fault(
        "recipes/vision/affine.py",
        "cosine, sine = np.cos(angle) / size",
        "cosine, sine = np.cos(angle)",
    ),
    Fault("recipes/vision/affine.py", "(n, 1, 1)) < 0.5", "(n, 1, 1)) < 1.5"),
    Fault("recipes/vision/shift_and_flip.py", "columns[:, ::-1], columns", "columns, columns"),
    Fault(
        "recipes/vision/whitening.py",
        "np.maximum(values, 0) + epsilon",
        "np.maximum(values, 0) + 1e-9 + 0 * epsilon",
    ),
    Fault(
        "recipes/focal_loss.py",
        "y * self.alpha + (1 - y) * (1 - self.alpha)",
        "y * (1 - self.alpha) + (1 - y) * self.alpha",
    ),
    Fault(
        "recipes/one_cycle.py", "rise = 0.05 + done", "rise = done", ("recipes/test_recipes.py",)
    ),
    # layers for sequences
    Fault(
        "nn/embedding.py",
        "table[rows] = np.add.reduceat(grad_output[order], starts, axis=0)",
        "table[self.ids] = grad_output",
    ),
    Fault("nn/embedding.py", "table[: grad_output.shape[1]] =", "table[-grad_output.shape[1] :] ="),
    Fault(
        "nn/normalization.py",
        "grad_normalized -= grad_normalized.mean(axis=-1, keepdims=True)\n",
        "",
    ),
    Fault(
        "nn/normalization.py",
        "/ np.asarray(self.features, x.dtype)",
        "/ np.asarray(max(self.features - 1, 1), x.dtype)",
    ),
    Fault("nn/erf.py", "NEAR, FAR = 0.46875, 6.0", "NEAR, FAR = 0.46875, 3.0"),
    Fault("nn/activations.py", "6 * 0.044715", "4 * 0.044715"),
    Fault("nn/recurrent.py", "dc = dc * f\n", "dc = dc * i\n"),
    Fault(
        "nn/recurrent.py", "df[...] = dc * self.cells[t] *", "df[...] = dc * self.cells[t + 1] *"
    ),
    Fault(
        "nn/recurrent.py",
        "before = self.states[t] @",
        "before = self.states[t + 1] @",
    ),
    Fault(
        "nn/recurrent.py",
        "remembering = 1",
        "remembering = 0",
    ),
    # chapter 18: its task, its truncated layer and its planted bugs
    Fault(f"{MEMORY}memory.py", "rng.integers(0, EARLY, n)", "rng.integers(0, steps, n)", READ),
    Fault(f"{MEMORY}memory.py", "UNITS : 2 * UNITS", ": UNITS", READ),
    Fault(f"{MEMORY}novels.py", "found[:, skip:]", "found[:, :skip]", READ),
    Fault(f"{MEMORY}novels.py", "np.arange(length + 1)", "np.arange(length)", READ),
    Fault(f"{MEMORY}truncated.py", "dz[: -self.window] = 0", "dz[self.window :] = 0", READ),
    Fault(f"{MEMORY}planted.py", '"ONNX": "iofg"', '"ONNX": "ifgo"', READ),
    Fault(f"{MEMORY}planted.py", "[:, np.newaxis] - 1", "[:, np.newaxis]", READ),
    Fault(f"{MEMORY}planted.py", "seen.append(np.array(x))", "pass", READ),
    Fault(
        "nn/attention.py",
        "past = np.tri(steps, dtype=bool)",
        "past = np.tri(steps, k=1, dtype=bool)",
    ),
    Fault(
        "nn/attention.py",
        "past if allowed is None else allowed & past",
        "past if allowed is None else allowed | past",
    ),
    Fault(
        "nn/attention.py",
        "1 / math.sqrt(self.key_dim), self.x.dtype",
        "1 / math.sqrt(self.features), self.x.dtype",
    ),
    Fault("nn/attention.py", "scores /= np.where(total > 0, total, 1)", "scores /= total"),
    Fault("nn/attention.py", "biases[own]", "biases[: self.features]"),
    Fault(
        "chapters/transformer/ablated.py",
        "gradient = gradient + inner if self.skip else inner",
        "gradient = gradient + inner",
        ("chapters/test_transformer.py",),
    ),
    Fault(
        "chapters/transformer/corpus.py",
        "self._starts(part, count, size) + 1",
        "self._starts(part, count, size)",
        ("chapters/test_transformer.py",),
    ),
    Fault(
        "plots/transformer_diagram.py",
        "[(0, 2), (3, 5)]",
        "[(0, 2), (3, 6)]",
        ("plots/test_transformer_diagram.py",),
    ),
    Fault("nn/transformer.py", "inner += gradient\n", ""),
    Fault("nn/activations.py", "part *= 1 - above", "part *= above"),
    Fault(
        "nn/transformer.py",
        "gradient = gradient + self._network_back(gradient)",
        "gradient = self._network_back(gradient)",
    ),
    Fault(
        "nn/transformer.py",
        "twin.parts = {name: layer.replica() for name, layer in self.parts.items()}",
        "twin.parts = self.parts",
    ),
    Fault(
        "nn/optimizers.py",
        "return min(1.0, self.global_clipnorm / length)",
        "return self.global_clipnorm / length",
    ),
    Fault("nn/initializers.py", "q *= np.sign(np.diag(r))", "q *= 1"),
    # text
    Fault(
        "text/byte_pairs.py",
        'word.encode("utf-8", "surrogatepass")',
        'word.encode("utf-8", "replace")',
    ),
    Fault(
        "text/byte_pairs.py",
        "if not 0 <= number < len(self.pieces):",
        "if not number < len(self.pieces):",
    ),
    Fault("text/byte_pairs.py", "heapq.heappush(self.queue, (-self.count[other], other))", "pass"),
    Fault("text/byte_pairs.py", 'in {"Nl", "No"}', 'in {"Nl"}'),
    Fault(
        "text/ngrams.py",
        "shorter = np.unique(longer) % self.symbols**length",
        "shorter = longer % self.symbols**length",
    ),
    Fault("text/ngrams.py", "(once + 2 * twice)", "(once + twice)"),
    Fault("text/vocabulary.py", "(-pair[1], pair[0])", "-pair[1]"),
    Fault("text/cleaning.py", 'normalize("NFC", plain)', 'normalize("NFKC", plain)'),
    Fault("text/sampling.py", "dtype=float) / warmth", "dtype=float) * warmth"),
    Fault("text/sampling.py", "before < wanted", "before + falling < wanted"),
    Fault("text/sampling.py", "rng.random(sums.shape[:-1])[..., np.newaxis]", "rng.random()"),
    Fault(
        "text/sampling.py",
        'np.argsort(-shares, axis=-1, kind="stable")',
        'np.argsort(shares, axis=-1, kind="stable")[..., ::-1]',
    ),
    Fault("text/copying.py", "+ len(best) + 1] in source", "+ len(best)] in source"),
    Fault("recipes/language/windows.py", "bits[:, half:]", "bits[:, :half]"),
    Fault(
        "nn/lora.py",
        'self.grads["lora_b"] = self.xa.T @ scaled',
        'self.grads["lora_b"] = self.xa.T @ grad_output',
    ),
    Fault("nn/lora.py", 'back += through_b @ self.params["lora_a"].T\n', ""),
    Fault(
        "nn/lora.py",
        'self.frozen.params["kernel"] + self.alpha / self.rank * low',
        'self.frozen.params["kernel"] + low',
    ),
    Fault("nn/lora.py", "(self.scale * (a.T @ dW))", "(a.T @ dW)"),
    Fault("nn/lora.py", "kernel.reshape(-1, kernel.shape[-1])", "kernel.reshape(len(kernel), -1)"),
    Fault("recipes/language/tuning.py", "+ grads[names[-2]].T", "+ 0 * grads[names[-2]].T"),
    Fault(
        "recipes/language/tuning.py",
        "push = beta / (1 + np.exp(margins",
        "push = beta / (1 + np.exp(-margins",
    ),
    Fault(
        "recipes/language/tuning.py", "(gained.sum() - gained) / (len(gained) - 1)", "gained.mean()"
    ),
    Fault(
        "recipes/language/tuning.py",
        "(right | ~part.counted[:, 1:])",
        "(right | ~part.counted[:, :-1])",
    ),
    Fault("recipes/language/tuning.py", "[rows, places - 1]", "[rows, places - 2]"),
    Fault("recipes/language/tuning.py", "gained - penalty * (sums", "gained + penalty * (sums"),
    Fault(
        "chapters/fine_tuning_and_preferences/names.py",
        "len(hits) == 1 and hits[0] in names",
        "hits and hits[0] in names",
        ("chapters/test_fine_tuning_and_preferences.py",),
    ),
    Fault(
        "chapters/fine_tuning_and_preferences/taste.py",
        "found[1 - place % 2]",
        "found[place % 2]",
        ("chapters/test_fine_tuning_and_preferences.py",),
    ),
    Fault(
        "chapters/fine_tuning_and_preferences/methods.py",
        "return len(set(found)) / len(found)",
        "return 1.0",
        ("chapters/test_fine_tuning_and_preferences.py",),
    ),
    Fault("recipes/language/windows.py", "part[:, 1:])", "part[:, :-1])"),
    Fault("recipes/language/windows.py", "places[:, 1:] < len", "places[:, :-1] < len"),
    Fault("recipes/language/numpy_gpt.py", "ids[:, -context:]", "ids[:, :context]"),
    Fault(
        "recipes/language/costs.py", "blocks * 2 * 2 * shape.context", "blocks * 2 * shape.context"
    ),
    Fault("recipes/language/costs.py", "3 * sum(", "2 * sum("),
    Fault("recipes/language/costs.py", '"logits": 2 * shape', '"logits": shape'),
    Fault("recipes/language/costs.py", "Precision(2, 2, 4, state)", "Precision(2, 2, 0, state)"),
    Fault("recipes/language/scaling.py", "optimizer.learning_rate.assign(rates[i])", "rates[i]"),
    Fault("recipes/language/scaling.py", "ids[1 : n * CONTEXT + 1]", "ids[: n * CONTEXT]"),
    Fault("recipes/language/scaling.py", "variable.assign(np.zeros", "(np.zeros"),
    Fault(
        "chapters/what_training_costs/laws.py",
        "product ** (self.beta",
        "product ** (self.alpha",
        LAWS,
    ),
    Fault("chapters/what_training_costs/laws.py", "-a * n, -b * d", "-a * d, -b * n", LAWS),
    Fault(
        "chapters/what_training_costs/laws.py",
        "(self.beta * self.B / slope)",
        "(self.B / slope)",
        LAWS,
    ),
    Fault("chapters/what_training_costs/counted.py", "shapes[dot[3]", "shapes[dot[1]", LAWS),
    Fault(
        "datasets/shipped.py",
        "if found != sha256:",
        "if len(found) != len(sha256):",
        (
            "datasets/test_texts.py",
            "datasets/test_sounds.py",
            "datasets/test_film_ratings.py",
            "recipes/answers/test_book_passages.py",
        ),
    ),
    Fault("datasets/texts/vectors.py", "n) + len(without)]", "n)]", ("datasets/test_texts.py",)),
    # a chart with a slider
    *(
        Fault(f"widgets/slider_chart/{file}", right, wrong, ("widgets/test_slider_chart.py",))
        for file, right, wrong in (
            ("numbers.py", "self.low < self.high", "self.low <= self.high"),
            ("numbers.py", "if self.log and self.low <= 0:", "if False:"),
            ("numbers.py", "low, high = np.log([low, high])", "low, high = low, high"),
            ("numbers.py", "np.ceil(self.low / step - 1e-9)", "np.floor(self.low / step)"),
            ("numbers.py", "if len(values) <= most", "if len(values) <= 3 * most"),
            ("numbers.py", "return low / 1.1, high * 1.1", "return low - 1, high * 1.1"),
            ("numbers.py", "0.04 * (high - low) or 0.5", "0.4 * (high - low) or 0.5"),
            ("numbers.py", "2 * (up.length - up.place(y))", "2 * up.place(y)"),
            ("numbers.py", "            last = None\n            continue", "            continue"),
            ("numbers.py", "min(max(b, -2 * up.length), 4 * up.length)", "b"),
            ("view.js", "line.paths.length > 1 ? position : 0", "0"),
            ("view.js", "scene.values[position]}. ${", "position}. ${"),
            ("view.py", "_check(values, drawn, says, log, start)", "pass"),
            ("view.py", '"x" in log), WIDTH', "False), WIDTH"),
        )
    ),
    # the book
    *(
        Fault(f"book/_ext/{file}.py", right, wrong, (f"site/{test}.py",))
        for file, test, right, wrong in (
            ("stored", "test_reading", '"opening" in tags(cell)', "False"),
            ("stored", "test_reading", 'html.unescape(found["caption"] or "")', 'found["caption"]'),
            ("stored", "test_reading", ".mean() > PAPER", ".mean() > 0"),
            ("stored", "test_reading", 'and "solution" not in tags(c)', ""),
            ("stored", "test_reading", "if not only_draws(c) and", "if"),
            ("stored", "test_reading", "words / WORDS_A_MINUTE + lines", "lines"),
            ("stored", "test_reading", '".check(" in source and bool(', "bool("),
            ("chapter_page", "test_reading", '.startswith("## Exercises")', '.startswith("## ")'),
            ("chapter_page", "test_reading", "> LONG and not any(", "> LONG and any("),
            ("contents", "test_reading", '.replace("FOLDER", ', '.replace("ADDRESS", '),
            ("terms", "test_reading", "anchors.pop(", "anchors.get("),
            ("terms", "test_reading", '.strip(" .,:").lower()', ""),
            ("terms", "test_reading", 'if line and not line.startswith(" ")', "if line"),
            ("sharing", "test_reading", "owner.lower()", "owner"),
            ("sharing", "test_reading", 'chosen.rstrip("/") + "/"', "chosen"),
            ("sharing", "test_reading", "if len(plain) <= length:", "if True:"),
            ("own_host", "test_reading", "if models - OWN_MODELS:", "if False:"),
            ("own_host", "test_book_build", "if after == before:", "if False:"),
            ("contents", "test_book_build", "title if title[0].isdigit() else ", ""),
            ("contents", "test_book_build", '.replace(" ", "-")', '.replace(" ", "_")'),
            ("formulas", "test_formulas", '["throwOnError"] = True', '["throwOnError"] = False'),
            ("formulas", "test_formulas", "app.config.katex_prerender = True", "pass"),
            ("formulas", "test_formulas", ", ConnectionRefusedError)", ",)"),
            ("formulas", "test_formulas", "if package and package.origin:", "if False:"),
        )
    ),
    # what a reader sees in the widgets
    *(
        Fault(f"widgets/{file}/view.js", right, wrong, SEEN)
        for file, right, wrong in (
            (
                "threshold_explorer",
                'head("is negative"), cells.tn, cells.fp',
                'head("is negative"), cells.fp, cells.tn',
            ),
            (
                "threshold_explorer",
                "[1 - now.specificity, now.recall]);",
                "[now.specificity, now.recall]);",
            ),
            ("threshold_explorer", "const { tp, fp } = all[0];", "const { tp, fp } = all[1];"),
            ("threshold_explorer", "fp = times * sum(", "fp = sum("),
            ("planner", "const chosen = best(validation, s);", "const chosen = best(test, s);"),
            ("planner", "const profit = MONTHS * profits", "const profit = profits"),
            (
                "planner",
                "const worth = s.hit + s.miss + s.false_alarm;",
                "const worth = s.hit + s.false_alarm;",
            ),
            (
                "planner",
                "flagging nobody brings ${money(MONTHS * nobody",
                "flagging nobody brings ${money(nobody",
            ),
            ("planner", "follow = false; update();", "follow = false;"),
            ("descent", "cells[i].textContent = losses[at]", "cells[i].textContent = losses[0]"),
            ("descent", "trail(path, at)", "trail(path, 0)"),
            ("descent", "a.losses[step] - b.losses[step]", "b.losses[step] - a.losses[step]"),
            ("slide_filter", "text(now.total)", "text(now.products[4])"),
            ("slide_filter", "pixel * weights[i]", "pixel + weights[i]"),
            ("playground", "(p > 0.5) === (wanted[i] === 1)", "(p > 0.5) !== (wanted[i] === 1)"),
            ("look_up", "sum + weight * values[i]", "sum + values[i]"),
            ("next_piece", "drawn.slice(0, at)", "drawn.slice(0, at + 1)"),
            ("next_piece", "id === came ?", "i === 0 ?"),
            ("next_piece", "found.order.indexOf(came) + 1", "came + 1"),
            ("look_up", "size * Math.sin(turn)", "size * Math.cos(turn)"),
            ("latent_plane", "-length * length / 2", "-length / 2"),
            (
                "latent_plane",
                'here.setAttribute("cx", across(right))',
                'here.setAttribute("cx", across(up))',
            ),
            ("latent_plane", 'if (event.type === "pointermove" && !event.buttons) return;', ""),
            ("look_up", "number(weight);", "number(found.scores[i]);"),
        )
    ),
    Fault(
        "widgets/quick_questions/view.js",
        "if (right) solved(index);",
        "solved(index);",
        ("widgets/test_quick_questions.py",),
    ),
    # how outputs are compared
    Fault("testing/comparison.py", "RELATIVE_TOLERANCE = 1e-4", "RELATIVE_TOLERANCE = 2e-3"),
    Fault("testing/comparison.py", "rel=RELATIVE_TOLERANCE", "rel=20 * RELATIVE_TOLERANCE"),
    Fault("testing/comparison.py", 'if compare == "plain" else', 'if compare == "" else'),
    Fault("testing/comparison.py", "return not self == other", "return False"),
    # numbers in the prose
    Fault("tools/prose_numbers.py", "NEARBY = 2", "NEARBY = 300"),
    Fault("tools/prose_numbers.py", " and number.agrees(computed))", ")"),
    Fault("tools/prose_numbers.py", "else (1,)", "else (1, 100)"),
    Fault("tools/prose_numbers.py", "< 1e-9 for", "< 1 for"),
    # data sets
    Fault(
        "datasets/formats/framing.py",
        'split("\\n")',
        "splitlines()",
        ("datasets/test_labelled_texts.py",),
    ),
    Fault(
        "datasets/formats/text_archives.py",
        "for name in sorted(found):",
        "for name in found:",
        ("datasets/test_labelled_texts.py",),
    ),
    Fault(
        "datasets/formats/text_archives.py",
        "labels = [0] * len(negative) + [1] * len(positive)",
        "labels = [1] * len(negative) + [0] * len(positive)",
        ("datasets/test_labelled_texts.py",),
    ),
    Fault(
        "datasets/fetching/pip.py",
        "--hash=sha256:{sha256}",
        "--hash=sha256:{sha256[:10]}",
        ("datasets/test_labelled_texts.py",),
    ),
    Fault(
        "datasets/fetching/pip.py",
        "if not (folder / file).is_file():",
        "if False:",
        ("datasets/test_labelled_texts.py",),
    ),
    Fault(
        "datasets/fetching/client.py",
        "if any(words in said for words in FULL):",
        "if False:",
        ("datasets/test_labelled_texts.py",),
    ),
    Fault(
        "datasets/routes.py",
        "if spec.sample is None:",
        "if False:",
        ("datasets/test_labelled_texts.py",),
    ),
    Fault(
        "recipes/text/networks.py",
        "mask_zero=True",
        "mask_zero=False",
        ("recipes/text/test_text_recipes.py",),
    ),
    Fault(
        "recipes/text/networks.py",
        "restore_best_weights=True",
        "restore_best_weights=False",
        ("recipes/text/test_text_recipes.py",),
    ),
    Fault(
        "recipes/text/networks.py",
        "keras.Model([input_ids, input_mask, segment_ids], output)",
        "keras.Model([input_ids, input_ids, segment_ids], output)",
        ("recipes/text/test_text_recipes.py",),
    ),
    Fault(
        "recipes/text/mean_vectors.py",
        ".mean(axis=0)",
        ".sum(axis=0)",
        ("recipes/text/test_text_recipes.py",),
    ),
    Fault(
        "recipes/text/paired.py",
        "gap[dice.integers(draws, size=draws)].mean(axis=0)",
        "gap.mean(axis=0)",
        ("recipes/text/test_text_recipes.py",),
    ),
    Fault(
        "recipes/text/paired.py",
        "means.append(mean[dice.integers(tests, size=tests)].mean())",
        "means.append(mean.mean())",
        ("recipes/text/test_text_recipes.py",),
    ),
    Fault(
        "recipes/text/paired.py",
        "left[:draws] - right[:draws]",
        "right[:draws] - left[:draws]",
        ("recipes/text/test_text_recipes.py",),
    ),
    Fault(
        "text/duplicates.py",
        "if len(meanings[plain]) == 1",
        "if len(meanings[plain]) >= 1",
    ),
    Fault("text/duplicates.py", "first.setdefault(plain, place)", "first[plain] = place"),
    Fault(
        "datasets/registry.toml",
        '"frog", "horse"',
        '"horse", "frog"',
        ("datasets/test_environment.py",),
    ),
    Fault(
        "nn/rms_normalization.py",
        "grad_normalized -= self.normalized * along[..., np.newaxis]\n",
        "",
        ("nn/test_llama_parts.py",),
    ),
    Fault(
        "nn/rms_normalization.py",
        "x / self.root\n",
        "x / self.root**2\n",
        ("nn/test_llama_parts.py",),
    ),
    Fault(
        "nn/rotary.py",
        "first * cos - second * sin",
        "first * cos + second * sin",
        ("nn/test_llama_parts.py",),
    ),
    Fault(
        "nn/rotary.py",
        "np.arange(0, features, 2) / features",
        "np.arange(features // 2) / features",
        ("nn/test_llama_parts.py",),
    ),
    Fault(
        "nn/rotary.py",
        "turned(self._check_gradient(grad_output), -self.angles)",
        "turned(self._check_gradient(grad_output), self.angles)",
        ("nn/test_llama_parts.py",),
    ),
    Fault(
        "nn/gated.py",
        "(self.share + self.silu * (1 - self.share))",
        "self.share",
        ("nn/test_llama_parts.py",),
    ),
    Fault(
        "nn/gated.py",
        "d_up = d_hidden * self.silu",
        "d_up = d_hidden * self.gate",
        ("nn/test_llama_parts.py",),
    ),
    Fault(
        "nn/grouped_attention.py",
        'if name != "value":',
        'if name == "query":',
        ("nn/test_llama_parts.py",),
    ),
    Fault(
        "nn/grouped_attention.py",
        "np.tri(steps, dtype=bool), (self.group, 1)",
        "np.tri(steps, k=1, dtype=bool), (self.group, 1)",
        ("nn/test_llama_parts.py",),
    ),
    Fault(
        "datasets/formats/gguf.py",
        "packed & 15, packed >> 4",
        "packed >> 4, packed & 15",
        ("datasets/test_gguf.py",),
    ),
    Fault(
        "datasets/formats/gguf.py",
        "if start + row.bytes > end:",
        "if start > end:",
        ("datasets/test_gguf.py",),
    ),
    Fault(
        "recipes/language/llama.py",
        "np.arange(cache.length, cache.length + steps)",
        "np.arange(steps)",
        ("recipes/language/test_llama.py",),
    ),
    Fault(
        "recipes/language/llama.py",
        "np.tri(steps, before + steps, before, dtype=bool)",
        "np.tri(steps, before + steps, dtype=bool)",
        ("recipes/language/test_llama.py",),
    ),
    Fault(
        "recipes/language/llama.py",
        "cache.length += len(numbers)",
        "cache.length = len(numbers)",
        ("recipes/language/test_llama.py",),
    ),
    Fault(
        "recipes/language/chat_tokenizer.py",
        "if own in self._outward]",
        "if own in self._inward]",
        ("recipes/language/test_llama.py",),
    ),
    # diffusion
    Fault(NOISE, "np.cumprod(1 - beta)", "np.cumprod(beta)"),
    Fault(NOISE, "np.sqrt(before) * (1 - alpha) / (1 - after)", "np.sqrt(before) * (1 - alpha)"),
    Fault(NOISE, "np.sqrt(alpha) * (1 - before) / (1 - after)", "np.sqrt(after) / (1 - after)"),
    Fault(NOISE, "(1 - alpha) * (1 - before) / (1 - after))", "(1 - alpha))"),
    Fault(NOISE, "1 - before - spread**2", "1 - before"),
    Fault(NOISE, "np.sqrt(kept) * noise - np.sqrt(1 - kept) * x0", "noise - x0"),
    Fault(NOISE, "np.sqrt(1 - kept) * xt + np.sqrt(kept)", "np.sqrt(kept) * xt + np.sqrt(kept)"),
    Fault(NOISE, "1 + (parts * steps)", "(parts * steps)"),
    Fault(NOISE, "if bound is not None", "if bound is None"),
    Fault(NOISE, '"picture": wrong * (1 - kept) / kept', '"picture": wrong / kept'),
    Fault(IDEAL, "/ (2 * spread)", "/ spread"),
    Fault(IDEAL, "2 * np.sqrt(kept) *", "2 * kept *"),
    Fault(IDEAL, "far.min(axis=1, keepdims=True) - far", "-far"),
    Fault(DENOISER, "through if i == 1 else dh + through", "through"),
    Fault(DENOISER, 'dc += dz @ p[f"U{i}"].T', 'dc = dz @ p[f"U{i}"].T'),
    Fault(DENOISER, "s * (1 + z * (1 - s))", "s * (1 + z * s)"),
    Fault(DENOISER, "(1 + guidance) * found - guidance * bare", "found - guidance * bare"),
    Fault(DENOISER, '"noise": lambda kept: kept', '"noise": lambda kept: 1 - kept'),
    Fault(UNET, "(1 + guidance) * found - guidance * bare", "found - guidance * bare"),
    Fault(UNET, 'layers.Add()([x, first]), known, "up"', 'x, known, "up"'),
    Fault("widgets/noise_walk/numbers.py", "greys[:, 0] * 16", "greys[:, 1] * 16", WALK),
    Fault("widgets/noise_walk/view.js", "byte >> 4, byte & 15", "byte & 15, byte >> 4", WALK),
    # the judge of digits
    Fault(JUDGE, "- 2 * mixed", "- mixed"),
    Fault(JUDGE, "root @ of_b @ root", "of_a @ of_b"),
    Fault(JUDGE, "classes > PRESENT", "classes >= 0"),
    Fault(JUDGE, "present @ np.log(present)", "present @ np.log2(present)"),
    Fault(JUDGE, "likely.max(axis=1).mean()", "likely.mean()"),
    Fault(JUDGE, "checks.same_length(images=features, reference=real)", "pass"),
    Fault(JUDGE, "[last.input, last.output]", "[last.output, last.output]"),
    Fault(JUDGE, "np.sqrt(((ours - theirs[index])", "(((ours - theirs[index])"),
    Fault(JUDGE, "(half - block @ theirs.T)", "(-block @ theirs.T)"),
    Fault(JUDGE, "frechet_distance(draw(first), draw(second))", "frechet_distance(draw(first), b)"),
    # the variational autoencoder
    *(
        Fault("recipes/generative/vae.py", right, wrong)
        for right, wrong in (
            (
                "0.5 * np.sqrt(self._variance) * self._noise",
                "np.sqrt(self._variance) * self._noise",
            ),
            ("self._variance - 1 - log_variance", "self._variance - log_variance"),
            ("0.5 * weight * (self._variance - 1)", "0.5 * weight * self._variance"),
            ("np.ones((pixels, pixels), dtype), 1)", "np.ones((pixels, pixels), dtype), 0)"),
            ("(noise**2 - z**2) + np.log(sigma)", "(noise**2 - z**2)"),
            ("self.code.backward(dz, kl_weight / n)", "self.code.backward(dz, kl_weight)"),
            (
                "np.exp(log_weights - largest).mean(axis=1)",
                "np.exp(log_weights - largest).sum(axis=1)",
            ),
            ("np.maximum(logits, 0) + np.log1p", "np.abs(logits) + np.log1p"),
            ("if i < per_epoch and steps > 0", "if steps > 0"),
            ("kl.mean(axis=0) > least", "kl.max(axis=0) > least"),
            ("min(1.0, step / steps)", "step / steps"),
            ("sigma**2 - 1) - np.log(sigma)", "sigma**2 - 1)"),
        )
    ),
    Fault("widgets/latent_plane/numbers.py", "(reach - up) * steps", "(reach + up) * steps", PLANE),
    Fault("widgets/latent_plane/numbers.py", ".swapaxes(1, 2)", "", PLANE),
    # the game of two networks, and the rare digits
    Fault(f"{PRIVATE}accountant.py", "k * (k - 1) / (2", "k * k / (2"),
    Fault(f"{PRIVATE}accountant.py", "math.log1p(-1 / order)", "math.log1p(1 / order)"),
    Fault(f"{PRIVATE}accountant.py", "best = max(first, second, 1.0)", "best = max(first, 1.0)"),
    Fault(
        f"{PRIVATE}canary.py",
        "epsilon(delta)\n        if reached > best",
        "epsilon(delta)\n        if reached < best",
    ),
    Fault(
        f"{PRIVATE}canary.py",
        "return count(present[halves[0] :]",
        "return count(present[: halves[0]]",
    ),
    Fault(f"{PRIVATE}clients.py", "if answered == number", "if answered"),
    Fault(f"{PRIVATE}clients.py", "except (WorkerDied, NoAnswer)", "except WorkerDied"),
    Fault(f"{PRIVATE}dp_sgd.py", ".sum(axis=1) + 1)", ".sum(axis=1))"),
    Fault(f"{PRIVATE}dp_sgd.py", "np.minimum(1.0, clip / ", "np.maximum(1.0, clip / "),
    Fault(f"{PRIVATE}dp_sgd.py", "(noise * clip)", "noise"),
    Fault(f"{PRIVATE}dp_sgd.py", "expected = share * len(x)", "expected = len(x)"),
    Fault(f"{PRIVATE}federated.py", "np.asarray(sizes)[alive]", "np.ones(len(alive))"),
    Fault(
        f"{PRIVATE}federated.py",
        "np.minimum(1.0, np.median(length)",
        "np.maximum(1.0, np.median(length)",
    ),
    Fault(f"{PRIVATE}federated.py", "lie * (returned[0] - weights)", "(returned[0] - weights)"),
    Fault(f"{PRIVATE}inversion.py", "np.diff(np.append(bias, 0))", "np.diff(np.append(0, bias))"),
    Fault(f"{PRIVATE}membership.py", "[-allowed - 1]", "[-allowed]"),
    Fault(f"{PRIVATE}membership.py", "(inside > limit)", "(inside >= limit)"),
    Fault(f"{PRIVATE}membership.py", "beta.ppf(1 - tail, count + 1", "beta.ppf(1 - tail, count"),
    Fault(f"{PRIVATE}network.py", "] -= 1\n", "] -= 0\n", (f"{PRIVATE}test_privacy_network.py",)),
    # many machines
    Fault(
        "recipes/machines/ring.py",
        "addresses[(rank + 1) % size]",
        "addresses[(rank + 2) % size]",
        ("recipes/machines/test_sums.py",),
    ),
    *(
        Fault(
            f"recipes/machines/{file}.py",
            right,
            wrong,
            (f"recipes/machines/test_{file.removesuffix('_worker')}.py",),
        )
        for file, right, wrong in (
            (
                "costs",
                "self.latency + size / self.bandwidth",
                "self.latency + size * self.bandwidth",
            ),
            ("costs", ", axis=1) / t[:, np.newaxis]", ", axis=1) / t[::-1, np.newaxis]"),
            ("costs", "2 * (n - 1) * link.seconds(size / n)", "2 * n * link.seconds(size / n)"),
            ("costs", "n - 1 if way", "n if way"),
            ("costs", "math.ceil(math.log2(n))", "math.floor(math.log2(n))"),
            ("costs", "length = parts + stages - 1", "length = parts + stages"),
            (
                "costs",
                "2 * length - 1 - stage - part",
                "2 * length - 1 - stage - (parts - 1 - part)",
            ),
            ("costs", "if i < stage else 1", "if i <= stage else 1"),
            ("costs", "OPTIMIZER = 2, 2, 12", "OPTIMIZER = 2, 2, 8"),
            ("costs", "batch / machines", "batch"),
            ("costs", "batch - 2 * self.size", "batch - self.size"),
            ("costs", "near = {max(1, math.floor(root)), ", "near = {"),
            (
                "ring",
                "self.rank - step - 1) % self.size] +=",
                "self.rank - step - 1) % self.size] -=",
            ),
            ("ring", "(self.rank - step + 1) % self.size", "(self.rank - step) % self.size"),
            ("ring", "+= part.nbytes", "+= part.size"),
            ("sums", "vectors[rank].copy()", "vectors[0].copy()"),
            ("data_parallel", "[self.seed, step]", "[self.seed, 0]"),
            ("data_parallel", "self.velocity *= self.job.momentum", "self.velocity *= 0.5"),
            (
                "data_parallel",
                '"velocity": self.velocity}\n        save',
                '"velocity": 0 * self.velocity}\n        save',
            ),
            ("data_parallel", "self.step = int(step)", "self.step = 0"),
            (
                "data_parallel",
                "/ job.batch)\n        loss",
                "/ job.batch * 1.1)\n        loss",
            ),
            ("data_parallel", "training.step % job.every == 0", "training.step % job.every == 1"),
            ("elastic_worker", "len(rows) * size / job.batch", "1.0"),
            ("elastic_worker", "theirs.copy_(torch.from_numpy(w.T.copy()))", "theirs.mul_(1.0)"),
            ("elastic_worker", "optimizer.load_state_dict", "optimizer.state_dict(); len"),
            ("workers", "_kill_tree(os.getpid())", "pass"),
        )
    ),
    Fault("recipes/generative/gan.py", "ops.softplus(-fooled)", "ops.softplus(fooled)"),
    Fault("recipes/generative/gan.py", "+ (1 - REAL_LABEL) * ", "+ REAL_LABEL * "),
    Fault(
        "recipes/generative/gan.py",
        "self._judge(ops.stop_gradient(drawn), ",
        "self._judge((drawn), ",
    ),
    Fault("recipes/generative/gan.py", "[ops.stop_gradient(w) for w in", "[w for w in"),
    Fault("recipes/generative/gan.py", "rng.choice(present, n)", "rng.choice(labels, n)"),
    Fault(
        "recipes/generative/minority.py",
        "rows = rng.permutation(np.flatnonzero(labels == digit))",
        "rows = np.flatnonzero(labels == digit)",
    ),
    Fault(
        "recipes/generative/minority.py", "(logits - np.log(shares))", "(logits + np.log(shares))"
    ),
    Fault("recipes/generative/minority.py", "counts.max() - counts", "counts.max() - counts + 1"),
    Fault("recipes/generative/minority.py", ".mean(axis=(2, 4))", ".max(axis=(2, 4))"),
    # explanations
    *(
        Fault(f"recipes/explain/{file}.py", right, wrong)
        for file, right, wrong in (
            ("gradients", "(step + RULES[rule]) / many", "(step + 1 - RULES[rule]) / many"),
            ("gradients", "return (end - start) * total / many", "return end * total / many"),
            ("gradients", "return (end - start) * total / many", "return (end - start) * total"),
            ("gradients", "- np.asarray(score_of_baseline, dtype=float))", ")"),
            ("gradients", "covers[place] += 1", "covers[place] = 1"),
            ("gradients", "painted[:, place[0], place[1]] = paint", "painted[:, place[0]] = paint"),
            ("gradients", "move > side or ", ""),
            ("shapley", "factorial(s) * factorial(many - s - 1)", "factorial(s) ** 2"),
            ("shapley", "values[without + 2**feature]", "values[without | 2**feature - 1]"),
            (
                "shapley",
                "np.where(sets[:, np.newaxis], row, rows)",
                "np.where(sets[:, np.newaxis], rows, row)",
            ),
            ("shapley", "bits = 2**orders", "bits = 2 ** orders[:, ::-1]"),
            ("deletion", "np.argsort(-weights", "np.argsort(weights"),
            ("deletion", "zip(np.asarray(a), np.asarray(b)", "zip(np.asarray(a), np.asarray(a)"),
            ("heads", "query - steps + 1]", "query - steps]"),
            ("heads", "query, query - 1]", "query - 1, query - 1]"),
            ("heads", "kernel[...] = kept", "pass"),
            ("heads", "query, query - back] = False", "query, query] = False"),
            ("heads", "may &= before", "pass"),
            ("heads", '["output_kernel"][head]', '["output_kernel"][:]'),
            ("copying", "x[:, 1:, np.newaxis]", "x[:, :-1, np.newaxis]"),
            ("copying", "logits[:, length:-1]", "logits[:, length - 1 : -2]"),
            ("copying", "slope / (batch * (length - 1))", "slope / batch"),
            ("copying", "x[:, length + 1 :]] -= 1", "x[:, length:-1]] -= 1"),
            ("digits", "np.maximum(np.asarray(dy), 0)", "np.asarray(dy)"),
            ("digits", "[len(names) - checks", "[len(names) - 1 - checks"),
            ("digits", "/ powers.sum(axis=1))", "/ powers.max(axis=1))"),
            ("digits", "found = images.copy()", "found = images"),
            ("digits", "self.classes] = 1", "self.classes] = 2"),
        )
    ),
    # compression
    *(
        Fault(f"recipes/compression/{file}.py", right, wrong)
        for file, right, wrong in (
            ("affine", "/ (high - low)", "/ (high - low + 1)"),
            ("affine", "np.round(low - minimum / scale)", "np.floor(low - minimum / scale)"),
            ("affine", "min(float(minimum), 0.0)", "float(minimum)"),
            ("affine", "if i != axis % w.ndim", "if i == axis % w.ndim"),
            ("blocks", "steps[:, 16:] << 4", "steps[:, ::2] << 4"),
            ("blocks", "(4 + BLOCK * bits // 8)", "(2 + BLOCK * bits // 8)"),
            ("blocks", "0, most).astype", "0, most - 1).astype"),
            ("integer", "q.astype(np.float64) - self.before.zero", "q.astype(np.float64)"),
            (
                "integer",
                "np.float64)).astype(np.int64) + self.bias",
                "np.float64)).astype(np.int64)",
            ),
            (
                "integer",
                "self.sums(q)).astype(np.int64) + self.after",
                "self.sums(q)).astype(np.int64) - self.after",
            ),
            ("integer", "np.maximum(x, 0) if relu else x", "x"),
            ("pruning", "np.abs(np.concatenate(", "(np.concatenate("),
            ("pruning", "(1 - done) ** 3", "(1 - done) ** 2"),
            ("pruning", "        apply(model.params, masks)\n", ""),
            ("distillation", "self.hard) * t**2 * soft", "self.hard) * t * soft"),
            ("distillation", "(1 - self.hard) * t * (p - q)", "(1 - self.hard) * (p - q)"),
            ("distillation", "softmax(self.teacher / t)  #", "softmax(self.teacher)  #"),
            ("latency", "if number >= warm_up", "if number > warm_up"),
            ("latency", "number % len(examples)", "0"),
        )
    ),
    # service
    *(
        Fault(f"recipes/service/{file}.py", right, wrong, (f"recipes/service/{test}.py",))
        for file, test, right, wrong in (
            (
                "contract",
                "test_data_contract",
                "self.low <= float(value)",
                "self.low < float(value)",
            ),
            ("contract", "test_data_contract", "isinstance(value, bool) or not", "not"),
            (
                "contract",
                "test_data_contract",
                "if len(absent) <= column",
                "if len(absent) < column",
            ),
            (
                "features",
                "test_features_and_forest",
                'sold - row["Year_Built"]',
                '2010 - row["Year_Built"]',
            ),
            ("forest", "test_features_and_forest", "x = x.astype(np.float32)", "x = x"),
            ("forest", "test_features_and_forest", "] <= tree", "] < tree"),
            ("batching", "test_served", "len(batch) < self.most", "len(batch) <= self.most"),
            (
                "service",
                "test_served",
                "forest, version = self.now",
                "forest, version = self.now[0], ''",
            ),
            ("service", "test_served", 'labels("500").inc()', 'labels("500")'),
            ("server", "test_served", 'HOST = "127.0.0.1"', 'HOST = "0.0.0.0"  # noqa: S104'),
            ("load", "test_served", "return 0, time", "return 200, time"),
            ("exposition", "test_exposition", "(wanted - below)", "wanted"),
            ("drift", "test_drift_alarms", "np.sum((q - p)", "np.sum(q"),
            ("drift", "test_drift_alarms", "chi2.isf(alpha, parts - 1)", "chi2.isf(alpha, parts)"),
            ("drift", "test_drift_alarms", "replace=False)", "replace=True)"),
            ("late", "test_late_and_duel", "np.asarray(delay) <= now", "np.asarray(delay) < now"),
            ("late", "test_late_and_duel", "months > last - window", "months >= last - window"),
            ("duel", "test_late_and_duel", "t.isf(alpha / 2,", "t.isf(alpha,"),
            ("duel", "test_late_and_duel", "alpha / len(looks) if corrected", "alpha if corrected"),
        )
    ),
    # answers
    *(
        Fault(f"recipes/answers/{file}.py", right, wrong, (f"recipes/answers/{test}.py",))
        for file, test, right, wrong in (
            ("passages", "test_book_passages", "parts[begin:]", "parts"),
            ("passages", "test_book_passages", "not in LEFT_OUT", "not in ()"),
            ("bm25", "test_bm25_ranking", "holding + 0.5) / (holding", "holding) / (holding"),
            ("bm25", "test_bm25_ranking", "1 - b + b * (length", "b + b * (length"),
            (
                "bm25",
                "test_bm25_ranking",
                "asked[self.number[word]] += 1",
                "asked[self.number[word]] = 1",
            ),
            (
                "fusion",
                "test_rank_fusion",
                "np.arange(1, table.shape[1] + 1)",
                "np.arange(table.shape[1])",
            ),
            ("fusion", "test_rank_fusion", "(1 - share) * scaled(other)", "scaled(other)"),
            ("judging", "test_rank_fusion", "row[list(rows)].min()", "row[list(rows)].max()"),
            ("judging", "test_rank_fusion", "<= checks.integer", "< checks.integer"),
            ("judging", "test_rank_fusion", "[0.025, 0.975]", "[0.25, 0.75]"),
            (
                "refusal",
                "test_refusal_and_support",
                "best >= threshold, answered",
                "best <= threshold, answered",
            ),
            (
                "refusal",
                "test_refusal_and_support",
                "(prices.wrong - prices.right)",
                "prices.wrong",
            ),
            (
                "support",
                "test_refusal_and_support",
                "findall(answer)) <= set",
                "findall(answer)) >= set",
            ),
            (
                "writing",
                "test_refusal_and_support",
                "while SIGN.search(text)",
                "if SIGN.search(text)",
            ),
            (
                "writing",
                "test_refusal_and_support",
                "Question: {clean(question)}",
                "Question: {question}",
            ),
            (
                "chinese",
                "test_refusal_and_support",
                "range(LONGEST, 0, -1)",
                "range(1, LONGEST + 1)",
            ),
            (
                "vectors",
                "test_refusal_and_support",
                "np.rint(vectors / scale)",
                "np.floor(vectors / scale)",
            ),
            ("questions", "test_book_questions", "q.part == part", "True"),
        )
    ),
    # recommendation
    *(
        Fault(f"{file}.py", right, wrong, (f"{test}.py",))
        for file, test, right, wrong in (
            (
                "metrics/ranking",
                "metrics/test_ranking",
                "np.arange(2, k + 2)",
                "np.arange(1, k + 1) + 2",
            ),
            (
                "metrics/ranking",
                "metrics/test_ranking",
                "np.minimum(relevant.sum(axis=1), k)",
                "relevant.sum(axis=1)",
            ),
            (
                "metrics/ranking",
                "metrics/test_ranking",
                "scores[row] >= least[row]",
                "scores[row] > least[row]",
            ),
            (
                "datasets/ratings/films",
                "datasets/test_film_ratings",
                'stored["halves"] / 2.0',
                'stored["halves"] // 2.0',
            ),
            *(
                (f"recipes/recommendation/{file}", f"recipes/recommendation/{test}", right, wrong)
                for file, test, right, wrong in (
                    ("als", "test_factors", "np.eye(n) + c[:, :, None] * (W", "np.eye(n) + (W"),
                    ("als", "test_factors", "p[rows] -= ", "p[rows] += "),
                    ("als", "test_factors", "(c[:, :, None] * V)", "V"),
                    (
                        "als",
                        "test_factors",
                        "(1 + confidence) * seen, confidence",
                        "confidence * seen, confidence",
                    ),
                    ("als", "test_factors", "everywhere * (Q.T @ Q) +", ""),
                    (
                        "factorise",
                        "test_factors",
                        "np.subtract.at(dQ, film,",
                        "np.add.at(dQ, film,",
                    ),
                    ("factorise", "test_factors", "penalty * P, penalty * Q", "P * 0, penalty * Q"),
                    ("neighbours", "test_recommenders", "XP / diagonal", "XP * penalty"),
                    (
                        "neighbours",
                        "test_recommenders",
                        "(alike @ seen).todense()) * weight",
                        "(alike @ seen).todense())",
                    ),
                    (
                        "splits",
                        "test_recommenders",
                        "time > np.quantile(time, 1 - share)",
                        "time < np.quantile(time, share)",
                    ),
                    (
                        "splits",
                        "test_recommenders",
                        "return left[~valid], left[valid]",
                        "return left, left[valid]",
                    ),
                    ("sampled", "test_recommenders", "candidate[film[rows]] = False", ""),
                    ("sampled", "test_recommenders", "hypergeom.cdf(k - 1,", "hypergeom.cdf(k,"),
                    (
                        "cold_start",
                        "test_recommenders",
                        "np.flatnonzero(~np.isin(of, drawn))",
                        "np.arange(len(of))",
                    ),
                    (
                        "methods",
                        "test_recommenders",
                        "time > time.max() - setting",
                        "time < time.max() - setting",
                    ),
                    ("feedback", "test_worlds", "free = log.copy()", "free = np.zeros_like(log)"),
                    ("feedback", "test_worlds", 'if learn_from == "random":', "if False:"),
                    ("uplift", "test_worlds", "(hit - anyway).mean()", "hit.mean()"),
                    ("uplift", "test_worlds", "1 - without_us / rate", "without_us / rate"),
                )
            ),
        )
    ),
    # experiments
    *(
        Fault(f"recipes/experiments/{file}.py", right, wrong, (f"recipes/experiments/{test}.py",))
        for file, test, right, wrong in (
            ("record", "test_record_of_a_run", "{array.dtype.str} {np.shape(each)} ", ""),
            ("record", "test_record_of_a_run", '" changed" if said[1]', '" changed" if said[0]'),
            ("store", "test_store", '_born(row["process"]) != row["born"]', "False"),
            ("store", "test_store", 'self._end(run, f"failed', 'self._end(run, f"finished'),
            ("curse", "test_search_and_curse", "differ / (2 * n), max", "differ / n, max"),
            ("curse", "test_search_and_curse", "x[learn], y[learn], rng, c", "x, y, rng, c"),
            ("curse", "test_search_and_curse", "high * truth), float(high * luck)", "high), 0.0"),
            ("digits", "test_search_and_curse", "seed if order is None else order", "seed"),
            ("search", "test_search_and_curse", 'if kind == "even":', 'if kind != "whole log":'),
            (
                "pipeline",
                "test_pipeline_and_events",
                "line.waits.append((asked, came))",
                "line.waits.append((asked, asked))",
            ),
            (
                "events",
                "test_pipeline_and_events",
                "if end > len(content):",
                "if end >= len(content):",
            ),
        )
    ),
    # speech
    *(
        Fault(f"{file}.py", right, wrong, (f"{test}.py",))
        for file, test, right, wrong in (
            ("sound/fourier", "sound/test_fourier_and_frames", "np.exp(-2j", "np.exp(2j"),
            ("sound/frames", "sound/test_fourier_and_frames", "[::hop]", "[:: hop + 1]"),
            ("sound/frames", "sound/test_fourier_and_frames", "0.5 - 0.5 * np", "0.5 + 0.5 * np"),
            ("sound/mel", "sound/test_mel_and_cepstra", "np.log1p(f / 700.0)", "np.log1p(f / 600)"),
            ("sound/mel", "sound/test_mel_and_cepstra", "if not weights.any(axis=0)", "if weights"),
            ("sound/cepstra", "sound/test_mel_and_cepstra", "np.arange(m) + 0.5", "np.arange(m)"),
            ("sound/cepstra", "sound/test_mel_and_cepstra", "np.sqrt(1 / m)", "np.sqrt(2 / m)"),
            ("sound/edit_distance", "sound/test_distances", "+ (word != other)", "+ 1"),
            ("sound/edit_distance", "sound/test_distances", "left_out + 1, i - 1", "0, i - 1"),
            ("sound/warping", "sound/test_distances", "min(way, here[-1])", "way"),
            ("sound/warping", "sound/test_distances", "(len(a) + len(b))", "len(a)"),
            ("sound/mu_law", "sound/test_files_and_noise", ">> (power + 3)", ">> (power + 2)"),
            ("sound/noise", "sound/test_files_and_noise", "/ np.mean(noise**2)", ""),
            ("sound/wav", "sound/test_files_and_noise", "(sound.getnchannels(), 1)", "(1, 1)"),
            ("sound/wav", "sound/test_files_and_noise", "if len(content) != 2 * promised or", "if"),
            ("sound/player", "sound/test_files_and_noise", "if seconds > LONGEST:", "if False:"),
            (
                "recipes/speech/vowels",
                "recipes/speech/test_vowels",
                "x[rows.speaker == speaker].mean(axis=0)",
                "x.mean(axis=0)",
            ),
            (
                "recipes/speech/engine",
                "recipes/speech/test_engine",
                "resample_poly(samples, ENGINE_RATE // rate, 1)",
                "samples",
            ),
        )
    ),
    # alarms
    *(
        Fault(f"recipes/alarms/{file}.py", right, wrong, (f"recipes/alarms/{test}.py",))
        for file, test, right, wrong in (
            (
                "survival",
                "test_survival_curves",
                'np.sort(lasted), times, side="left"',
                'np.sort(lasted), times, side="right"',
            ),
            (
                "survival",
                "test_survival_curves",
                "lasted[:, None] - bounds[:-1], 0",
                "lasted[:, None], 0",
            ),
            (
                "windows",
                "test_alarm_windows",
                "np.searchsorted(ordered, now + ahead)",
                'np.searchsorted(ordered, now + ahead, "right")',
            ),
            (
                "windows",
                "test_alarm_windows",
                "until(starts, at) < horizon",
                "until(starts, at) <= horizon",
            ),
            (
                "windows",
                "test_alarm_windows",
                "prepend=-np.inf) > quiet",
                "prepend=-np.inf) >= quiet",
            ),
            (
                "turbines",
                "test_alarm_windows",
                'log.loc[log["hour"] < FIRST, "code"]',
                'log["code"]',
            ),
            ("events", "test_charts_and_alarms", "raised[-1] >= rest", "raised[-1] > rest"),
            ("events", "test_charts_and_alarms", "(gap < horizon)", "(gap <= horizon)"),
            ("events", "test_charts_and_alarms", "event].max()", "event].min()"),
            ("control_charts", "test_charts_and_alarms", "down - values", "down + values"),
            (
                "control_charts",
                "test_charts_and_alarms",
                "beyond.argmax(axis=1) + 1",
                "beyond.argmax(axis=1)",
            ),
            (
                "late_labels",
                "test_charts_and_alarms",
                "at + horizon + delay <= now",
                "at + horizon <= now",
            ),
            ("late_labels", "test_charts_and_alarms", " & (at < now)", " & (at <= now)"),
            ("blocks", "test_charts_and_alarms", "size=len(names)", "size=len(codes)"),
        )
    ),
    Fault(
        "chapters/compression/measured.py",
        'table.sort_values("seed")["test_wrong"]',
        'table["test_wrong"]',
        ("chapters/test_compression.py",),
    ),
]


def survives(fault: Fault, copy: Path) -> bool:
    """Plant one fault in the copy, run its tests, mend it; say whether they all passed."""
    path = fault.place(copy)
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole.replace(fault.right, fault.wrong), encoding="utf-8")
    run = multiprocessing.get_context("fork").Process(target=run_tests, args=(fault, copy))
    try:
        run.start()
        run.join(SECONDS)
        if run.exitcode is None:
            run.kill()
            run.join()
            return False
    finally:
        path.write_text(whole, encoding="utf-8")
    if run.exitcode not in (0, 1, 2):  # 2: the fault breaks the import of the tests
        raise RuntimeError(f"the tests of {fault.file} did not run: status {run.exitcode}")
    return run.exitcode == 0


def run_tests(fault: Fault, copy: Path) -> None:
    """In a process of its own: run the tests of one fault against the copy, and end with it."""
    os.chdir(copy)
    sys.path.insert(0, str(copy))
    os.environ.update(PYTHONPATH=str(copy), PYTHONDONTWRITEBYTECODE="1")
    silent = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(silent, stream)
    options = ["-x", "-q", "-n0", "-p", "no:cacheprovider", "-W", "ignore"]
    os._exit(int(pytest.main([*options, *fault.test_files()])))


def main(words: list[str]) -> int:
    """Plant the faults whose file's path holds one of the words; all without words."""
    chosen = [f for f in FAULTS if not words or any(word in f.file for word in words)]
    for fault in chosen:
        fault.place(ROOT)
    for library in HEAVY:  # once, here: every process of tests starts as a copy of this one
        importlib.import_module(library)
    left = []
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in COPIED:
            source = ROOT / name
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
            elif source.exists():
                shutil.copy(source, copy / name)
        for fault in chosen:
            start = time.perf_counter()
            survived = survives(fault, copy)
            left += [fault] if survived else []
            verdict = "SURVIVED" if survived else "caught"
            seconds = time.perf_counter() - start
            print(f"{verdict:<9}{seconds:4.0f} s  {fault.file}: {fault.wrong!r}", flush=True)
    print(f"{len(chosen) - len(left)} of {len(chosen)} caught")
    for fault in left:
        print(f"survived: {fault.file}: {fault.right!r} -> {fault.wrong!r}")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
