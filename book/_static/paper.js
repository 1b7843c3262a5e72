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
