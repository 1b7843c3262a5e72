"""The book in a real Chromium: wide and narrow, light and dark, without any other host."""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bmcourse.chapters.welcome import questions

OpenPage = Callable[..., Any]
ROOT = Path(__file__).resolve().parents[3]
PAGES = [f"book/{path.stem}.html" for path in sorted((ROOT / "book").glob("*.md"))] + [
    f"notebooks/{path.stem}.html" for path in sorted((ROOT / "notebooks").glob("*.ipynb"))
]
PAPER = 718
"""Width in pixels of a sheet of A4 less its margins."""
SHOWCASE = "notebooks/01_showcase.html"


def visit(page: Any, url: str) -> None:
    """Open an address, wait for widgets, and lay all of it out, as reading to its end would."""
    page.goto(url)
    page.wait_for_load_state("networkidle")
    page.add_style_tag(content="* { content-visibility: visible !important }")


def faults(page: Any, axe: str) -> list[str]:
    """Return what axe-core finds, down to what it calls minor."""
    page.wait_for_function(  # a colour in mid-fade is none
        "document.getAnimations().every(animation => animation.playState !== 'running')"
    )
    page.evaluate(axe)
    found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
    return [
        f"{fault['id']} at {node['target']}: {node['html'][:120]}"
        for fault in found
        for node in fault["nodes"]
    ]


def overflow(page: Any) -> int:
    """Return by how many pixels the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))


@pytest.mark.parametrize("path", PAGES)
def test_page_is_sound_at_both_widths_and_in_both_themes(
    book: str, path: str, open_page: OpenPage, axe: str
) -> None:
    for width, theme in [(1280, "light"), (390, "dark")]:
        page = open_page(width, theme)
        visit(page, f"{book}/{path}")
        assert page.evaluate("document.documentElement.dataset.theme") == theme
        assert overflow(page) <= 0
        assert faults(page, axe) == []


@pytest.mark.parametrize("path", PAGES)
def test_page_weighs_little_on_the_wire(book: str, path: str, open_page: OpenPage) -> None:
    page = open_page()
    bodies: dict[str, bytes] = {}
    page.on("response", lambda r: bodies.setdefault(r.url, r.body()))
    visit(page, f"{book}/{path}")
    weight = sum(len(gzip.compress(body, 6)) for body in bodies.values())
    assert weight <= (300_000 if path == "book/intro.html" else 1_500_000)


def test_search_finds_a_word_and_opens_its_page(book: str, open_page: OpenPage) -> None:
    page = open_page()
    visit(page, f"{book}/book/intro.html")
    page.keyboard.press("Control+k")
    page.get_by_role("searchbox").fill("cross-entropy")
    page.keyboard.press("Enter")
    results = page.locator("#search-results ul.search li a")
    results.first.wait_for()
    hits = results.evaluate_all("links => links.map(link => link.textContent)")
    assert "Glossary" in hits
    results.get_by_text("Glossary", exact=True).first.click()
    page.wait_for_url(re.compile(r"glossary\.html"))


@pytest.mark.parametrize("width", [1280, 390])
def test_theme_switch_changes_the_theme(book: str, open_page: OpenPage, width: int) -> None:
    page = open_page(width)
    visit(page, f"{book}/book/intro.html")
    seen = set()
    for _ in range(3):
        page.get_by_role("button", name="Color mode").click()
        background = page.evaluate("getComputedStyle(document.body).backgroundColor")
        seen.add((page.evaluate("document.documentElement.dataset.theme"), background))
    assert {theme for theme, _ in seen} == {"light", "dark"}
    assert len(seen) == 2


@pytest.mark.parametrize("width", [1280, 390])
def test_headings_shrink_with_their_depth(book: str, open_page: OpenPage, width: int) -> None:
    page = open_page(width)
    visit(page, f"{book}/notebooks/11_faster_and_better.html")
    sizes = [
        page.locator(f"article {level}").first.evaluate(
            "heading => parseFloat(getComputedStyle(heading).fontSize)"
        )
        for level in ("h1", "h2", "h3", "p")
    ]
    assert all(upper > 1.1 * lower for upper, lower in pairwise(sizes)), sizes


def test_menu_opens_on_a_phone(book: str, open_page: OpenPage) -> None:
    page = open_page(390)
    visit(page, f"{book}/book/intro.html")
    link = page.get_by_role("link", name="Glossary").first
    page.locator("button.primary-toggle").first.click()
    link.wait_for(state="visible")
    link.click()
    page.wait_for_url(re.compile(r"glossary\.html"))


def test_every_element_of_a_notebook_is_sound(showcase: str, open_page: OpenPage, axe: str) -> None:
    for width, theme in [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")]:
        page = open_page(width, theme)
        visit(page, f"{showcase}/{SHOWCASE}")
        page.locator("button.counter").wait_for()
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert overflow(page) <= 0
        assert faults(page, axe) == []
        card = page.locator(".widget-subarea").first  # no light frame around dark parts
        assert card.evaluate("e => getComputedStyle(e).backgroundColor") == "rgba(0, 0, 0, 0)"


def test_widgets_work_without_a_kernel(showcase: str, open_page: OpenPage) -> None:
    page = open_page()
    visit(page, f"{showcase}/{SHOWCASE}")
    page.locator("button.counter").click()
    assert page.locator("button.counter").inner_text() == "count is 1"
    page.get_by_role("slider", name="a").press("ArrowRight")
    assert page.locator(".widget-text input").input_value() == "4"


@pytest.mark.parametrize(
    ("chapter", "slider"),
    [
        ("02_losses", ".slider-chart input[type=range]"),
        ("05_convolution_and_pooling", ".slide-filter input[type=range]"),
        ("14_metrics", ".threshold-explorer input[type=range]"),
        ("16_thresholds_and_money", ".planner input[type=range]"),
        ("19_attention", ".look-up input[type=range]"),
        ("34_life_cycle", ".slider-chart input[type=range]"),
    ],
)
def test_sliders_answer_at_once(book: str, open_page: OpenPage, chapter: str, slider: str) -> None:
    """From the movement of the hand to the picture: at most a fifth of a second, best of five."""
    page = open_page()
    visit(page, f"{book}/notebooks/{chapter}.html")
    page.locator(slider).first.wait_for()
    move = """slider => new Promise(done => {
        const start = performance.now();
        slider.value = Number(slider.value) + Number(slider.step || 1);
        slider.dispatchEvent(new Event("input", { bubbles: true }));
        requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - start)));
    })"""
    box = page.locator(slider).first.evaluate_handle("element => element.closest('.cell_output')")
    before = box.evaluate("element => element.innerText")
    times = [page.locator(slider).first.evaluate(move) for _ in range(5)]
    assert min(times) < 200
    assert box.evaluate("element => element.innerText") != before


def test_a_digit_can_be_drawn_by_keyboard(book: str, open_page: OpenPage) -> None:
    page = open_page()
    visit(page, f"{book}/notebooks/00_welcome.html")
    widget = page.locator(".draw-digit")
    widget.get_by_role("button", name="Clear").click()
    widget.locator("canvas").first.focus()
    for key in ["Space", *["ArrowDown"] * 16, "Space", "ArrowRight"]:
        page.keyboard.press(key)
    assert widget.locator("p").inner_text() == "The network says: 1"
    assert "It is up" in widget.locator("small").inner_text()


def test_a_chart_with_a_slider_is_read_by_keyboard(book: str, open_page: OpenPage) -> None:
    page = open_page(390, "dark")
    visit(page, f"{book}/notebooks/10_generalisation.html")
    chart = page.locator(".slider-chart")
    slider = chart.locator("input[type=range]")
    before = chart.locator("path").all()
    drawn = [line.get_attribute("d") for line in before]
    slider.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext") == "2"
    assert "degree: 2. Mean squared error" in (
        chart.locator("svg").first.get_attribute("aria-label")
    )
    changed = [line.get_attribute("d") != d for line, d in zip(before, drawn, strict=True)]
    assert sum(changed) == 1  # the fitted curve moves, the truth and the axes stay


@pytest.mark.parametrize("early", [True, False])
def test_a_link_leads_to_its_place_although_sections_are_laid_out_late(
    book: str, open_page: OpenPage, early: bool
) -> None:
    page = open_page(1366)
    address = f"{book}/notebooks/19_attention.html"
    page.goto(address, wait_until="load")
    links = page.locator("#pst-page-toc-nav a").evaluate_all(
        "all => all.map(a => a.getAttribute('href'))"
    )
    last = next(link for link in reversed(links) if "quick" in link.lower())
    if early:
        page.goto(address, wait_until="load")
    else:
        page.locator(".bd-article > section > section > :not(.laid-out)").first.wait_for(
            state="detached"
        )
    page.locator(f'#pst-page-toc-nav a[href="{last}"]').evaluate("link => link.click()")
    page.wait_for_timeout(500)
    top = "id => document.getElementById(id).querySelector('h2').getBoundingClientRect().top"
    assert 40 < page.evaluate(top, last[1:]) < 140


def test_the_first_stroke_takes_the_place_of_the_example(book: str, open_page: OpenPage) -> None:
    page = open_page(1366)
    visit(page, f"{book}/book/intro.html")
    widget = page.locator("#draw-digit")
    assert widget.locator("p").inner_text() == "The network says: 0"
    places = "all => all.map(one => one.getBoundingClientRect().x)"
    before = widget.locator("button").evaluate_all(places)
    box = widget.locator("canvas").first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 140, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 140, box["y"] + 240, steps=8)
    page.mouse.up()
    assert widget.locator("p").inner_text() == "The network says: 1"
    widget.get_by_role("button", name="Clear").click()
    assert widget.locator("button").evaluate_all(places) == before


@pytest.mark.parametrize("path", ["book/intro.html", "notebooks/00_welcome.html"])
def test_paper_shows_the_text_alone_and_cuts_nothing(
    book: str, path: str, open_page: OpenPage
) -> None:
    page = open_page(PAPER, "dark")
    page.goto(f"{book}/{path}")
    page.wait_for_load_state("networkidle")
    page.evaluate(
        "addEventListener('beforeprint', () => window.paper = "
        "document.documentElement.dataset.theme)"
    )
    assert page.pdf(format="A4").startswith(b"%PDF")
    theme = "document.documentElement.dataset.theme"
    assert (page.evaluate("window.paper"), page.evaluate(theme)) == ("light", "dark")
    page.emulate_media(media="print")
    shown = "all => all.map(e => getComputedStyle(e).contentVisibility)"
    assert set(page.locator("article section").evaluate_all(shown)) == {"visible"}
    seen = page.locator("header, .bd-sidebar, footer, .copybtn, .tag_solution")
    assert [item.inner_text() for item in seen.all() if item.is_visible()] == []
    cut = """[...document.querySelectorAll("article, article :is(p, pre, img, table, form)")]
        .filter(e => e.getBoundingClientRect().right > innerWidth
            || e.scrollWidth > e.clientWidth + 1)
        .map(e => e.outerHTML.slice(0, 80))"""
    assert page.evaluate(cut) == []


def test_badges_lead_to_the_repository(showcase: str, open_page: OpenPage) -> None:
    page = open_page()
    visit(page, f"{showcase}/{SHOWCASE}")
    links = page.locator(".dropdown-launch-buttons a").evaluate_all("all => all.map(a => a.href)")
    hosts = {re.match(r"https://([\w.]+)/", link)[1] for link in links}  # type: ignore[index]
    assert {"mybinder.org", "colab.research.google.com"} <= hosts
    colab = next(link for link in links if "colab" in link)
    assert colab.endswith("/github/example/course/blob/colab/notebooks/01_showcase.ipynb")
    assert all("example/course" in link and "01_showcase.ipynb" in link for link in links)
    visit(page, f"{showcase}/book/run.html")
    told = page.locator("article").inner_text()
    assert "git clone https://github.com/example/course\ncd course\n" in told
    assert "ADDRESS" not in told


def test_formulas_are_drawn(showcase: str, open_page: OpenPage) -> None:
    page = open_page()
    visit(page, f"{showcase}/{SHOWCASE}")
    formulas = page.locator(".math .katex-html")
    assert formulas.count() >= 5
    family = "e => getComputedStyle(e.querySelector('.mord')).fontFamily"
    assert formulas.first.evaluate(family).startswith("KaTeX_")
    assert page.evaluate("document.fonts.check('16px KaTeX_Math')")
    assert page.locator("script[src*=katex], script[src*=mathjax]").count() == 0


def test_solutions_are_folded_and_open_by_keyboard(showcase: str, open_page: OpenPage) -> None:
    page = open_page()
    visit(page, f"{showcase}/{SHOWCASE}")
    solution = page.locator(".tag_solution details")
    assert solution.get_attribute("open") is None
    assert not solution.locator("pre").first.is_visible()
    solution.locator("summary").focus()
    page.keyboard.press("Enter")
    assert solution.locator("pre").first.is_visible()


def test_chapter_is_numbered_and_listed_with_what_it_needs(
    showcase: str, open_page: OpenPage
) -> None:
    page = open_page()
    visit(page, f"{showcase}/book/intro.html")
    card = page.locator(".chapter-card").first.inner_text()
    assert card.startswith("1. A showcase of every element")
    assert "needs no other chapter" in card


def test_a_digit_is_read_on_the_first_screen(book: str, open_page: OpenPage) -> None:
    """Drawn by mouse on a wide page, by keyboard on a phone; the doors lead somewhere."""
    page = open_page(1366)
    page.set_viewport_size({"width": 1366, "height": 768})
    visit(page, f"{book}/book/intro.html")
    widget = page.locator("#draw-digit")
    widget.get_by_role("button", name="Clear").click()
    board = widget.locator("canvas").first.bounding_box()
    x, top = board["x"] + board["width"] / 2, board["y"] + 40
    page.mouse.move(x, top)
    page.mouse.down()
    for step in range(1, 21):
        page.mouse.move(x, top + 10 * step)
    page.mouse.up()
    assert widget.locator("p").inner_text() == "The network says: 1"
    doors = page.locator(".door")
    assert doors.evaluate_all("all => all.map(a => a.querySelector('strong').textContent)") == [
        "Read", "Run", "Teach",
    ]  # fmt: skip
    lowest = doors.last.bounding_box()
    assert lowest["y"] + lowest["height"] <= 768
    doors.nth(1).click()
    page.wait_for_url(re.compile(r"run\.html"))
    assert "bmcourse open" in page.locator("article").inner_text()


def test_figure_code_is_folded_and_an_exercise_stands_out(book: str, open_page: OpenPage) -> None:
    page = open_page()
    visit(page, f"{book}/notebooks/19_attention.html")
    assert page.locator("figure.opening img").is_visible()
    assert "minutes to read" in page.locator("article p", has_text="Time:").first.inner_text()
    folded = page.locator(".tag_figure-code details").first
    assert folded.get_attribute("open") is None
    label = folded.locator("summary .collapsed")
    assert label.evaluate("e => getComputedStyle(e, '::before').content") == '"Figure code: "'
    turn = page.locator(".tag_exercise").first
    assert turn.evaluate("e => getComputedStyle(e, '::before').content") == '"Your turn"'


def test_quiz_by_keyboard_on_the_page(showcase: str, open_page: OpenPage) -> None:
    """Wrong, then right, without a mouse and without a kernel."""
    page = open_page()
    visit(page, f"{showcase}/{SHOWCASE}")
    form = page.locator(".quick-questions form").first
    says = form.get_by_role("status")
    right = next(
        place for place, answer in enumerate(questions.read()[0]["answers"]) if answer["correct"]
    )
    radios = form.get_by_role("radio")
    radios.nth(0).focus()
    page.keyboard.press("Enter")
    assert says.inner_text() == "Choose an answer first."
    page.keyboard.press("Space")
    for _ in range((right + 1) % radios.count()):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert says.inner_text().startswith("✗ Not yet.")
    for _ in range(radios.count() - 1):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")  # to the button
    page.keyboard.press("Enter")
    assert says.inner_text().startswith("✓ Right.")


def test_quiz_takes_numbers_with_enter(showcase: str, open_page: OpenPage) -> None:
    page = open_page()
    visit(page, f"{showcase}/{SHOWCASE}")
    form = page.locator(".quick-questions form").nth(1)
    field, says = form.get_by_role("textbox"), form.get_by_role("status")
    for typed, start in [("about 2", "Type a number"), ("2000", "✗ Not yet. The biases"),
                         ("2,020", "✓ Right.")]:  # fmt: skip
        field.fill(typed)
        field.press("Enter")
        assert says.inner_text().startswith(start)


def test_a_broken_link_fails_the_build(showcase_root: Path, showcase: str) -> None:
    page = showcase_root / "book" / "notation.md"
    before = page.read_text(encoding="utf-8")
    page.write_text(f"{before}\n[nowhere](no_such_page.md)\n", encoding="utf-8")
    command = [sys.executable, str(showcase_root / "book" / "build.py")]
    run = subprocess.run(command, capture_output=True, text=True)
    page.write_text(before, encoding="utf-8")
    assert run.returncode == 1
    assert "no_such_page.md" in run.stdout + run.stderr
