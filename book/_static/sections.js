// A section is laid out when it comes near (chapter.css), so that the first screen is there soon.
// Once the page is quiet, the others follow one by one: the scroll bar tells the truth again, and a
// link leads to its place. Whoever follows a link before gets all of them at once.
{
  const waiting = () => [...document.querySelectorAll(".bd-article > section > section:not(.laid-out)")];
  const layOut = (sections) => sections.forEach((section) => section.classList.add("laid-out"));
  const idle = window.requestIdleCallback ?? ((call) => setTimeout(call, 50));
  function next() {
    layOut(waiting().slice(0, 1));
    if (waiting().length) idle(next);
  }
  addEventListener("load", () => idle(next));
  addEventListener("DOMContentLoaded", () => { if (location.hash) layOut(waiting()); });
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("a[href*='#']")) layOut(waiting());
  }, true);
}
