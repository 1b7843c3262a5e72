"""Print the lowest series of versions that pyproject.toml allows, as constraints for pip."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

PROJECT = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]

for line in [*PROJECT["dependencies"], *EXTRAS["test"]]:
    if found := re.fullmatch(r"([\w.-]+)>=([\w.]+),.*", line):
        print(f"{found[1]}=={found[2]}.*")
