// Interactive parts without a kernel and without a widget library: each is a module that draws
// itself into an element, from the values that the notebook stored.
{
  const TYPE = "application/vnd.jupyter.widget";

  // What a part asks of its model; there is no kernel that would hear of a change.
  function modelOf(stored) {
    const values = { ...stored }, listeners = {};
    return {
      get: (name) => values[name],
      set(name, value) {
        values[name] = value;
        for (const listener of listeners[`change:${name}`] ?? []) listener();
      },
      on(event, listener) { (listeners[event] ??= []).push(listener); },
      off(event, listener) {
        listeners[event] = (listeners[event] ?? []).filter((one) => one !== listener);
      },
      save_changes() {},
    };
  }

  async function draw(place, stored) {
    const frame = document.createElement("div"), el = document.createElement("div");
    const style = document.createElement("style");
    frame.className = "widget-subarea";
    style.textContent = stored._css ?? "";
    frame.append(style, el);
    place.after(frame);
    const address = URL.createObjectURL(new Blob([stored._esm], { type: "text/javascript" }));
    const module = await import(address);
    URL.revokeObjectURL(address);
    await (module.default?.render ?? module.render)({ model: modelOf(stored), el });
  }

  addEventListener("DOMContentLoaded", () => {
    const store = document.querySelector(`script[type="${TYPE}-state+json"]`);
    if (!store) return;
    const { state } = JSON.parse(store.textContent);
    for (const place of document.querySelectorAll(`script[type="${TYPE}-view+json"]`)) {
      draw(place, state[JSON.parse(place.textContent).model_id].state);
    }
  });
}
