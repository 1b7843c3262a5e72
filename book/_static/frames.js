// A figure that scrolls in its frame can be reached by keyboard; one that does not is no stop.
function reachFrames() {
  for (const frame of document.querySelectorAll(".cell_output figure")) {
    if (frame.scrollWidth > frame.clientWidth) frame.tabIndex = 0;
    else frame.removeAttribute("tabindex");
  }
}
addEventListener("load", reachFrames);
addEventListener("resize", reachFrames);
