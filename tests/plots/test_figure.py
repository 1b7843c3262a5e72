from __future__ import annotations

import base64
import io
import re
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

from bmcourse import outputs, plots

CAPTION, ALT = "What the figure shows.", "A straight line that rises from left to right."


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Catch what `show` would display in a notebook."""
    caught: dict[str, str] = {}
    monkeypatch.setattr(outputs, "in_notebook", lambda: True)
    monkeypatch.setattr(
        outputs, "display_html", lambda body, *, plain: caught.update(body=body, plain=plain)
    )
    return caught


def picture_of(shown: dict[str, str]) -> Image.Image:
    """Return the picture that was shown."""
    data = re.search(r"base64,([^\"]+)", shown["body"])
    assert data
    return Image.open(io.BytesIO(base64.b64decode(data.group(1)))).convert("RGB")


def test_show_gives_picture_caption_and_alternative_text(shown: dict[str, str]) -> None:
    figure, ax = plots.figure(size=(3, 2))
    ax.plot([0, 1])
    plots.show(figure, caption=CAPTION, alt='less < more, "quoted"')
    assert shown["plain"] == f"Figure: {CAPTION}"
    assert 'alt="less &lt; more, &quot;quoted&quot;"' in shown["body"]
    assert picture_of(shown).size == (3 * 144, 2 * 144)
    assert not plt.fignum_exists(figure.number)  # type: ignore[attr-defined]


def test_drawings_lose_shades_that_nobody_sees(shown: dict[str, str]) -> None:
    figure, ax = plots.figure(size=(3, 2))
    for k, colour in enumerate(plots.COLOURS):
        ax.bar(k, 1 + k, color=colour)
    ax.plot([0, 6], [7, 1], color="#444444")
    figure.canvas.draw()
    plots.show(figure, caption=CAPTION, alt=ALT)
    picture = picture_of(shown)
    colours = picture.getcolors(1 << 16)
    assert colours is not None
    assert len(colours) <= 128
    assert picture.getpixel((2, 2)) == (255, 255, 255)
    seen = np.array(picture).reshape(-1, 3).astype(int)
    for colour in plots.COLOURS:
        wanted = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
        assert np.abs(seen - wanted).max(axis=1).min() <= 3


def test_photographs_keep_all_their_colours(shown: dict[str, str]) -> None:
    photograph = np.random.default_rng(0).integers(0, 256, (1, 120, 120, 3), dtype=np.uint8)
    plots.show(plots.gallery(photograph, cell=2), caption=CAPTION, alt=ALT)
    assert picture_of(shown).getcolors(8000) is None


@pytest.mark.parametrize("texts", [{"caption": "x", "alt": ALT}, {"caption": CAPTION, "alt": ""}])
def test_short_texts_are_refused(texts: dict[str, str]) -> None:
    figure, _ = plots.figure()
    with pytest.raises(ValueError, match="must be a sentence"):
        plots.show(figure, **texts)
    plt.close(figure)


def luminance(colour: str) -> float:
    channels = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def test_the_first_colours_differ_in_lightness_too() -> None:
    first, second = (luminance(colour) for colour in plots.COLOURS[:2])
    assert (max(first, second) + 0.05) / (min(first, second) + 0.05) > 1.2
    for colour in plots.COLOURS[:4]:
        assert 1.05 / (luminance(colour) + 0.05) > 2.5  # against white


def test_lines_draws_every_curve_with_its_own_marker() -> None:
    figure, ax = plots.figure()
    plots.lines(ax, {"a": [1, 2], "b": [2, 1]}, xlabel="epoch", ylabel="loss (nats)")
    drawn = ax.get_lines()
    assert [line.get_label() for line in drawn] == ["a", "b"]
    assert len({line.get_marker() for line in drawn}) == 2
    np.testing.assert_array_equal(drawn[0].get_xdata(), [1, 2])
    assert ax.get_ylabel() == "loss (nats)"
    plt.close(figure)


@pytest.mark.parametrize("shape", [(5, 4, 4), (5, 4, 4, 1), (5, 4, 4, 3)])
def test_gallery_draws_every_image(shape: tuple[int, ...]) -> None:
    images = np.random.default_rng(0).random(shape)
    figure = plots.gallery(images, [str(i) for i in range(5)], columns=3)
    pictures: list[Any] = [ax for ax in figure.axes if ax.get_images()]
    assert len(figure.axes) == 6
    assert [ax.get_title() for ax in pictures] == list("01234")
    plt.close(figure)


def test_heatmap_writes_every_number() -> None:
    figure, ax = plots.figure()
    matrix = np.array([[1, 0], [2, 3]])
    plots.heatmap(
        ax, matrix, rows="ab", columns="cd", xlabel="predicted", ylabel="true", numbers="d"
    )
    assert [text.get_text() for text in ax.texts] == ["1", "0", "2", "3"]
    plt.close(figure)
