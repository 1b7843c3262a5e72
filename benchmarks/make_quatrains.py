"""Make the quatrains: ``python benchmarks/make_quatrains.py ARCHIVE``.

The archive comes from ``npm pack chinese-poetry@2.0.1``. Needs opencc-python-reimplemented 0.1.7
(traditional to simplified signs) and pypinyin 0.55.0 (how a sign is read). No random numbers.
"""

from __future__ import annotations

import collections
import hashlib
import json
import lzma
import re
import sys
import tarfile
from collections.abc import Iterator

from bmcourse.datasets import shipped

RAREST = 5  # poems with a sign that stands less often in all of them are left out
GROUPS = {
    "a": "a ia ua",
    "o": "o e uo",
    "ie": "ie ue ve",
    "ai": "ai uai",
    "ei": "ei ui",
    "ao": "ao iao",
    "ou": "ou iu",
    "an": "an ian uan van",
    "en": "en in un vn",
    "ang": "ang iang uang",
    "eng": "eng ing ong iong",
    "i": "i v er",
    "u": "u",
}
"""The thirteen groups of finals that rhyme in verse of today, by their finals in pinyin."""


def quatrains(archive: str) -> Iterator[str]:
    """Yield each poem of four lines of five, or four of seven signs, simplified."""
    from opencc import OpenCC  # type: ignore[import-not-found]

    convert = OpenCC("t2s").convert
    with tarfile.open(archive) as members:
        for name in sorted(members.getnames()):
            file = members.extractfile(name)
            if file and re.search(r"dist/quantangshi/(json/)?poet\.tang\.\d+\.json$", name):
                for poem in json.load(file):
                    lines = re.split("[，。？！；]", convert("".join(poem["paragraphs"])))
                    signs = "".join(lines)
                    whole = len(lines) == 5 and {len(line) for line in lines[:4]} in ({5}, {7})
                    if whole and re.fullmatch("[\u4e00-\u9fff]+", signs):
                        yield "{}，{}。{}，{}。".format(*lines)


def rhymes(signs: set[str]) -> dict[str, str]:
    """Return the signs of each group, each by its first reading."""
    from pypinyin import Style, pinyin  # type: ignore[import-not-found]

    group = {final: name for name, finals in GROUPS.items() for final in finals.split()}
    found = collections.defaultdict(list)
    for sign in sorted(signs):
        readings = pinyin(sign, style=Style.FINALS, heteronym=True, strict=False)[0]
        if readings[0] in group:
            found[group[readings[0]]].append(sign)
    return {name: "".join(found[name]) for name in GROUPS}


def main() -> None:
    """Write both files, and print their digests."""
    poems = list(dict.fromkeys(quatrains(sys.argv[1])))
    counts = collections.Counter("".join(poems))
    poems = [poem for poem in poems if min(counts[sign] for sign in poem) >= RAREST]
    groups = rhymes(set("".join(poems)) - set("，。"))
    lines = "".join(f"{name} {signs}\n" for name, signs in groups.items())
    for name, text in (("quatrains", "\n".join(poems) + "\n"), ("rhymes", lines)):
        content = lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME)
        (shipped.TEXTS / f"{name}.txt.xz").write_bytes(content)
        print(name, len(content), hashlib.sha256(content).hexdigest())
    print(len(poems), "poems", len(set("".join(poems))), "signs")


if __name__ == "__main__":
    main()
