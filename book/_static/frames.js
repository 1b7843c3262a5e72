// A box that scrolls can be reached by keyboard; one that does not is no stop.
{
  const BOXES = "pre, .cell_output > .output, .cell_output figure, .pst-scrollable-table-container, div.math";
  // Told of a box when it is laid out, and whenever its width changes.
  const watched = new ResizeObserver((changes) => {
    const scrolls = changes.map(({ target: { scrollWidth, clientWidth, scrollHeight, clientHeight } }) =>
      scrollWidth > clientWidth || scrollHeight > clientHeight);
    changes.forEach(({ target }, index) => {
      if (scrolls[index]) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    });
  });
  addEventListener("DOMContentLoaded", () => {
    for (const box of document.querySelectorAll(BOXES)) watched.observe(box);
  });
}
