"""Quick questions, shown by jupyterquiz; the questions lie in `questions/`, one file a chapter."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

# White text on each of these has a contrast of at least 4.5 to 1.
COLOURS = {
    "--jq-multiple-choice-bg": "#1f4e79",
    "--jq-many-choice-bg": "#1f4e79",
    "--jq-numeric-bg": "#1f4e79",
    "--jq-string-bg": "#1f4e79",
    "--jq-mc-button-bg": "#fafafa",
    "--jq-mc-button-border": "#e0e0e0",
    "--jq-mc-button-inset-shadow": "#555555",
    "--jq-numeric-input-bg": "#fafafa",
    "--jq-numeric-input-label": "#101010",
    "--jq-numeric-input-shadow": "#999999",
    "--jq-incorrect-color": "#a3340b",
    "--jq-correct-color": "#00664b",
    "--jq-text-color": "#fafafa",
    "--jq-link-color": "#cfe3ff",
}
# Where jupyterquiz would ask an outside host for MathJax; our questions hold no formulas.
LOADS_MATHJAX = "typeof MathJax != 'undefined'"
QUESTIONS = Path(__file__).parent / "questions"


def chapters() -> list[str]:
    """List the chapters that have questions."""
    return sorted(path.stem for path in QUESTIONS.glob("*.json"))


def questions(chapter: str) -> list[dict[str, Any]]:
    """Load the questions of a chapter, in the format of jupyterquiz.

    Raises
    ------
    ValueError
        If the chapter has no questions.
    """
    if chapter not in chapters():
        raise ValueError(f"chapter must be one of {', '.join(chapters())}, got {chapter!r}")
    loaded: list[dict[str, Any]] = json.loads(
        (QUESTIONS / f"{chapter}.json").read_text(encoding="utf-8")
    )
    return loaded


def ask(chapter: str) -> None:
    """Show the questions of a chapter; they work in JupyterLab and on a static page."""
    from IPython.display import HTML, Javascript

    from bmcourse import outputs

    asked = questions(chapter)
    markup, script = _render(asked, element=f"quiz{chapter.replace('_', '')}")
    outputs.show(f"{len(asked)} quick questions: choose an answer, or type a number and Enter.")
    outputs.show_measured(HTML(markup))
    outputs.show_measured(Javascript(script))


def _render(asked: list[dict[str, Any]], element: str) -> tuple[str, str]:
    """Build the HTML and the script, as jupyterquiz does, under an id that never changes."""
    from jupyterquiz.dynamic.loader import load_questions_script
    from jupyterquiz.dynamic.renderer import build_script, build_styles, render_div

    prefix, static, url = load_questions_script(asked, element)
    box = render_div(element, False, False, False, len(asked), 720, 8, "left")
    script = build_script(prefix, static, url, element, True).replace(LOADS_MATHJAX, "false")
    return box + build_styles(element, COLOURS), script
