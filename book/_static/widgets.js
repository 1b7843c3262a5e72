// Tell RequireJS where the book keeps anywidget, so that no page asks another host for it.
requirejs.config({
  paths: { anywidget: new URL("vendor/anywidget/index", document.currentScript.src).href },
});

// A slider's handle takes the name of its visible label, for those who cannot see it.
new MutationObserver(() => {
  for (const handle of document.querySelectorAll(".noUi-handle:not([aria-label])")) {
    const label = handle.closest(".jupyter-widgets")?.querySelector(".widget-label");
    handle.setAttribute("aria-label", label?.textContent || "slider");
  }
}).observe(document, { childList: true, subtree: true });
