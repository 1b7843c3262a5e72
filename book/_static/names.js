// Give controls that libraries leave nameless the name that stands beside them.
function nameControls() {
  for (const handle of document.querySelectorAll(".noUi-handle:not([aria-label])")) {
    const label = handle.closest(".jupyter-widgets")?.querySelector(".widget-label");
    handle.setAttribute("aria-label", label?.textContent || "slider");
  }
  for (const input of document.querySelectorAll(".Quiz input:not([aria-label])")) {
    const question = input.closest(".Quiz").querySelector(".QuizCode, [id^=mcDiv], div");
    input.setAttribute("aria-label", `Your answer: ${question?.textContent.trim() ?? ""}`);
  }
}
new MutationObserver(nameControls).observe(document, { childList: true, subtree: true });
