"""Show results so that readers see every digit and tests compare only what is stable.

A notebook's stored output is compared with a new run. What differs between machines
(a time, an accuracy to the last digit) must be visible, but must not be compared. Both
kinds go through this module, which marks the output for the test run (``conftest.py``):

- `show` has a stable line, which is compared, and a detail, which is not;
- `show_measured` is compared by its presence alone.
"""

from __future__ import annotations

import html
import sys
from typing import Any

METADATA_KEY = "bmcourse"


def in_notebook() -> bool:
    """Say whether a Jupyter kernel is running this code."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell is not None and hasattr(shell, "kernel")


def show(stable: str, detail: str = "", *, mark: str = "", **metadata: Any) -> None:
    """Show one line: `stable` is compared between runs, `detail` is not.

    Parameters
    ----------
    stable : str
        Text that is the same on every machine.
    detail : str
        Measured text, shown behind the stable one.
    mark : str
        A short sign in front, for example a tick.
    **metadata
        Stored with the output, for the test run.

    Examples
    --------
    >>> show("the sum is at least 3", "measured 3.2", mark="✓")
    ✓ the sum is at least 3 (measured 3.2)
    """
    line = f"{mark} {stable}".strip()
    if not in_notebook():
        print(line + (f" ({detail})" if detail else ""))
        return
    note = f' <span style="opacity:.75">({html.escape(detail)})</span>' if detail else ""
    body = f'<div style="font-family:monospace">{html.escape(line)}{note}</div>'
    display_html(body, plain=line, **metadata)


def display_html(body: str, *, plain: str, **metadata: Any) -> None:
    """Display HTML of which only the text `plain` is compared between runs."""
    from IPython.display import display

    display(
        {"text/plain": plain, "text/html": body},
        raw=True,
        metadata={METADATA_KEY: {"compare": "plain", **metadata}},
    )


def show_measured(value: Any) -> None:
    """Show a value, such as a table of measurements, that is never compared.

    Examples
    --------
    >>> show_measured("12 images/s")
    12 images/s
    """
    if not in_notebook():
        print(value)
        return
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.display import display

    formatter = InteractiveShell.instance().display_formatter
    assert formatter is not None
    data, metadata = formatter.format(value)
    display(data, raw=True, metadata={**metadata, METADATA_KEY: {"compare": "presence"}})
