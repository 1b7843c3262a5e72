// Give controls that libraries leave nameless the name that stands beside them.
function nameControls() {
  for (const handle of document.querySelectorAll(".noUi-handle:not([aria-label])")) {
    const label = handle.closest(".jupyter-widgets")?.querySelector(".widget-label");
    handle.setAttribute("aria-label", label?.textContent || "slider");
  }
}
new MutationObserver(nameControls).observe(document, { childList: true, subtree: true });
