// What lies below the first screen is laid out when it comes near (chapter.css), so that the page is
// there soon. Once it is quiet, the rest follows piece by piece: the scroll bar tells the truth
// again, and a link leads to its place. Whoever follows a link before gets all of it at once.
{
  const PIECES = ".bd-article > section > section > :not(.laid-out)";
  const layOutAll = () => document.querySelectorAll(PIECES).forEach((piece) => piece.classList.add("laid-out"));
  const idle = window.requestIdleCallback ?? ((call) => setTimeout(call, 50, { timeRemaining: () => 0 }));
  function next(pieces, time) {
    do {
      const { done, value } = pieces.next();
      if (done) return;
      value.classList.add("laid-out");
      value.getBoundingClientRect(); // now, while there is time
    } while (time.timeRemaining() > 10);
    idle((later) => next(pieces, later));
  }
  addEventListener("load", () => idle((time) => next(document.querySelectorAll(PIECES).values(), time)));
  addEventListener("DOMContentLoaded", () => { if (location.hash) layOutAll(); });
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("a[href*='#']")) layOutAll();
  }, true);
}
