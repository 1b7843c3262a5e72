"""Show results so that readers see every digit and tests compare only what is stable.

A notebook's stored output is compared with a new run. What differs between machines
(a time, an accuracy to the last digit) must be visible, but must not be compared. Both
kinds go through this module, which marks the output for the test run (`bmcourse.testing`):

- `show` has a stable line, which is compared, and a detail, which is not;
- `show_measured` is compared by its presence alone.
"""

from __future__ import annotations

import html
import sys
from collections.abc import Iterable
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


class LiveLine:
    """A line that is rewritten in place while something runs; never compared.

    Examples
    --------
    >>> line = LiveLine()
    >>> line.write("epoch 1 of 2")
    >>> line.write("epoch 2 of 2", last=True)
    epoch 2 of 2
    """

    def __init__(self) -> None:
        self._handle: Any = None

    def write(self, text: str, *, last: bool = False) -> None:
        """Rewrite the line; outside a notebook only the last text is printed."""
        if not in_notebook():
            if last:
                print(text)
            return
        from IPython.display import display

        content: dict[str, Any] = {
            "raw": True,
            "metadata": {METADATA_KEY: {"compare": "presence"}},
        }
        data = {"text/plain": text, "text/html": f"<code>{html.escape(text)}</code>"}
        if self._handle is None:
            self._handle = display(data, display_id=True, **content)
        else:
            self._handle.update(data, **content)


class Lines(str):
    """Lines of text that a notebook shows as they are, without quotation marks.

    Examples
    --------
    >>> Lines(["first", "second"])
    first
    second
    """

    def __new__(cls, lines: Iterable[str]) -> Lines:
        """Join the lines."""
        return super().__new__(cls, "\n".join(lines))

    def __repr__(self) -> str:
        return str(self)


def show_source(thing: Any) -> None:
    """Show the source code of a function or class of this package, as it is now.

    Examples
    --------
    >>> show_source(in_notebook)  # doctest: +ELLIPSIS
    def in_notebook() -> bool:
    ...
    """
    import inspect
    import textwrap

    code = textwrap.dedent(inspect.getsource(thing)).rstrip()
    if not in_notebook():
        print(code)
        return
    from IPython.display import Code

    body = Code(code, language="python")._repr_html_()
    display_html(body, plain=f"Source of {thing.__qualname__}")
