"""Small synthetic data sets in every published form, with registries of their own.

`gray` has MNIST's forms, `tint` has CIFAR-10's. The packers are written
from the formats' descriptions and share no code with the package's readers.
"""

import gzip
import hashlib
import io
import json
import struct
import tarfile
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
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        for name, data in members.items():
            info = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return file.getvalue()


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
