"""Recordings that ship inside the package, each file checked by its SHA-256."""

from __future__ import annotations

from bmcourse.datasets.sounds.prompts import Prompts, prompts
from bmcourse.datasets.sounds.voices import Voices, voices

__all__ = ["Prompts", "Voices", "prompts", "voices"]
