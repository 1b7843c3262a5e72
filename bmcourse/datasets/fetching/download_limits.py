"""How long a download may take, and how slow it may be."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """How long to be patient with a host: times in seconds, speed in bytes a second.

    The speed is the least accepted mean over each `window`.
    """

    connect: float = 4.0
    read: float = 10.0
    window: float = 15.0
    speed: float = 50_000.0
    redirects: int = 5
