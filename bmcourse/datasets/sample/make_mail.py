"""Make the bundled sample of mail: ``python -m bmcourse.datasets.sample.make_mail``.

No random numbers: the same for ever. Left out are mails with obscene words, those that hold
packed files, and very long ones. Of the others, each month of each folder gives its share.
Addresses, names and hosts are then replaced; README.md beside this file says how.
"""

from __future__ import annotations

import hashlib
import html
import json
import lzma
import quopri
import re
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from pathlib import Path

import numpy as np

from bmcourse.datasets import LabelledTexts, fetch
from bmcourse.datasets.formats.framing import framed
from bmcourse.datasets.registry import REGISTRY
from bmcourse.datasets.sample.make import choose

SIZE, LONGEST = 900, 6_000  # mails, signs
OBSCENE = re.compile(
    r"sex|porn|xxx|nud(?:e|ity)|naked|lolita|erect|ejac|orgas|viagra|penis|vagin|breast|fuck|shit"
    r"|bitch|bastard|cunt|cock|dick\b|\bass\b|asshole|slut|whore|horny|incest|rape|masturb|teen"
    r"|nigg|fagg|adult|lesbian|virgin|hardcore|webcam|escort|swinger|fetish|bondage|hitler|nazi"
    r"|\bcum\b|\btits?\b|damn|crap|piss|hooters|lingerie|libido|impoten|bestial|pedo|erotic",
    re.IGNORECASE,
)
PACKED = re.compile(
    r"(?m)^(?:[A-Za-z0-9+/]{60,}|begin \d{3} \S+)$|encoding: *base64", re.IGNORECASE
)
ADDRESS = re.compile(r"[\w.+=/%*!#$-]+@[\w.-]*\w")
HOST = re.compile(r"(?i)(?<=://)[^\s/\"'<>?:]+|\bwww\.[\w.-]*\w")
NUMBERS = re.compile(r"(?<![\d.])(?:\+?1[-. ])?\(?\d{3}\)?[-. ]{1,2}\d{3}[-. ]\d{4}(?!\d)")
STREET = re.compile(
    r"\b\d+ (?:[NSEW]\.? )?(?:[A-Z]\w+ ){1,3}(?:Street|St|Avenue|Ave|Road|Rd|Drive|Blvd|Lane|Way)\b"
)
NAMED = re.compile(  # headers whose words are names of people
    r"(?mi)^((?:from|to|cc|reply-to|sender|resent-from|x-sender|x-original-to|apparently-to"
    r"|mail-followup-to):[ \t]*)(.*(?:\n[ \t].*)*)"
)


class Pseudonyms:
    """Replaces what is found by numbered stand-ins, the same for the same."""

    def __init__(self, form: str) -> None:
        self.form = form
        self.number: dict[str, int] = {}

    def __call__(self, found: str) -> str:
        """Return the stand-in of a text; its capitals do not count."""
        return self.form.format(self.number.setdefault(found.lower(), len(self.number) + 1))


def kept(text: str) -> bool:
    """Say whether a mail may be in the sample.

    Examples
    --------
    >>> kept("Subject: lunch\\n\\nAt noon?"), kept("Subject: lunch\\n\\nse<b></b>x")
    (True, False)
    """
    plain = quopri.decodestring(text.encode()).decode("utf-8", "replace")
    plain = html.unescape(re.sub(r"(?s)<!--.*?-->|<[^<>]*>", "", plain))
    readable = len(text) <= LONGEST and not PACKED.search(text)
    return readable and not OBSCENE.search(plain) and not OBSCENE.search(text)


def month(text: str) -> str:
    """Return the year and month of a mail's header Date, or "" where it has none.

    Examples
    --------
    >>> month("Subject: lunch\\nDate: Thu, 22 Aug 2002 18:26:25 +0700\\n\\nAt noon?")
    '2002-08'
    """
    found = re.search(r"(?mi)^date: *(.*)$", text.split("\n\n", 1)[0])
    try:
        return parsedate_to_datetime(found[1]).strftime("%Y-%m") if found else ""
    except (ValueError, TypeError):
        return ""


def anonymous() -> Callable[[str], str]:
    """Return a function that replaces addresses, names in headers and hosts in links.

    Examples
    --------
    >>> replaced = anonymous()
    >>> print(replaced("From: Ada L <ada@engine.org>\\n\\nSee http://engine.org/a, ada@engine.org"))
    From: Name 1 <user1@domain1.example>
    <BLANKLINE>
    See http://domain1.example/a, user1@domain1.example
    """
    user, domain, name = Pseudonyms("user{}"), Pseudonyms("domain{}.example"), Pseudonyms("Name {}")

    def address(found: re.Match[str]) -> str:
        local, _, host = found[0].rpartition("@")
        return f"{user(local)}@{domain(host)}"

    def named(found: re.Match[str]) -> str:
        people = re.sub(r"\"?([^\s\"<>,;()@=][^\"<>,;()@]*)\"?(?=\s*<)", _name, found[2])
        return found[1] + re.sub(r"(?<=\()[^()@]+(?=\))", _name, people)

    def _name(found: re.Match[str]) -> str:
        return name(found[0].strip().strip('"')) + " " * found[0].endswith(" ")

    def replaced(text: str) -> str:
        head, blank, body = text.partition("\n\n")
        whole = NAMED.sub(named, head) + blank + body
        whole = HOST.sub(lambda found: domain(found[0].removeprefix("www.")), whole)
        whole = ADDRESS.sub(address, whole)
        return STREET.sub("1 Example Street", NUMBERS.sub("000-000-0000", whole))

    return replaced


def make(full: LabelledTexts, folder: Path) -> str:
    """Write ``mail.jsonl.xz`` into `folder`; return its digests as TOML lines."""
    if full.is_sample:
        raise ValueError(f"full must be a full set, got {full!r}")
    able = np.array([place for place, text in enumerate(full.texts) if kept(text)])
    strata = [f"{full.groups[place]} {month(full.texts[place])}" for place in able]
    numbers = np.unique(strata, return_inverse=True)[1]
    places = able[choose(numbers, SIZE, classes=int(numbers.max()) + 1)]
    replaced = anonymous()
    texts = [replaced(full.texts[place]) for place in places]
    labels, groups = full.labels[places], full.groups[places]
    rows = zip(texts, labels.tolist(), groups.tolist(), strict=True)
    lines = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)
    packed = lzma.compress(lines.encode(), preset=9 | lzma.PRESET_EXTREME)
    (folder / "mail.jsonl.xz").write_bytes(packed)
    told = ["[mail.sample.arrays]"]
    contents = {"texts": framed(texts), "labels": labels.tobytes(), "groups": groups.tobytes()}
    for key, content in contents.items():
        digest = hashlib.sha256(content).hexdigest()
        told.append(f'{key} = {{ shape = [{len(content)}], sha256 = "{digest}" }}')
    return "\n".join(told)


if __name__ == "__main__":
    mails = fetch("mail")
    assert isinstance(mails, LabelledTexts)
    print(make(mails, REGISTRY.with_name("sample")))
