// Paper is white: print in the light theme, whatever the screen shows.
{
  const root = document.documentElement;
  let onScreen = "";
  addEventListener("beforeprint", () => {
    onScreen = root.dataset.theme;
    root.dataset.theme = "light";
  });
  addEventListener("afterprint", () => { root.dataset.theme = onScreen; });
}
// Pictures load when they are needed; once the page is quiet, all do, so that paper has them.
addEventListener("load", () => {
  const all = () => document.querySelectorAll("img[loading=lazy]").forEach((img) => { img.loading = "eager"; });
  setTimeout(() => (window.requestIdleCallback || setTimeout)(all), 3000);
});
