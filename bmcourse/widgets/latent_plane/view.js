// The front of LatentPlane: a place in the plane of codes, and the image of the nearest grid code.
const SIZE = 280, SVG = "http://www.w3.org/2000/svg";

// Row and column of the grid's code that is nearest.
export function cell(right, up, side, reach) {
  const steps = (side - 1) / (2 * reach);
  const inside = (value) => Math.min(Math.max(value, -reach), reach);
  return [Math.floor((reach - inside(up)) * steps + 0.5), Math.floor((inside(right) + reach) * steps + 0.5)];
}

function make(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function draw(tag, attributes) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

function slider(name, reach, action) {
  const range = make("input", { type: "range", min: -reach, max: reach, step: 0.05 });
  range.value = 0;
  range.addEventListener("input", action);
  const shown = make("output", {});
  return { range, shown, label: make("label", {}, name, range, shown) };
}

function render({ model, el }) {
  const side = model.get("side"), reach = model.get("reach");
  const first = slider("z₁", reach, show), second = slider("z₂", reach, show);
  const across = (value) => SIZE * (value + reach) / (2 * reach);
  const down = (value) => SIZE * (reach - value) / (2 * reach);

  const plane = draw("svg", { viewBox: `0 0 ${SIZE} ${SIZE}`, role: "img",
    "aria-label": "The plane of codes, with held-out digits written at their places" });
  for (const radius of [1, 2]) {
    const r = SIZE * radius / (2 * reach);
    plane.append(draw("circle", { cx: across(0), cy: down(0), r, fill: "none", stroke: "#bbb" }));
  }
  for (const [right, up, digit] of model.get("marks")) {
    const mark = draw("text", { x: across(right), y: down(up) });
    mark.textContent = String(digit);
    plane.append(mark);
  }
  const here = draw("circle", { r: 6, fill: "none", stroke: "#d55e00", "stroke-width": 3 });
  plane.append(here);

  const digit = make("div", { className: "digit" });
  digit.setAttribute("role", "img");
  digit.style.backgroundImage = `url(${model.get("sheet")})`;
  digit.style.backgroundSize = `${100 * side}%`;
  const said = make("p", {});
  said.setAttribute("aria-live", "polite");

  function show() {
    const right = Number(first.range.value), up = Number(second.range.value);
    const [row, column] = cell(right, up, side, reach);
    first.shown.textContent = right.toFixed(2);
    second.shown.textContent = up.toFixed(2);
    here.setAttribute("cx", across(right));
    here.setAttribute("cy", down(up));
    digit.style.backgroundPosition = `${100 * column / (side - 1)}% ${100 * row / (side - 1)}%`;
    const length = Math.hypot(right, up);
    digit.setAttribute("aria-label", `The decoder's image of z = (${right.toFixed(2)}, ${up.toFixed(2)})`);
    said.textContent = `z = (${right.toFixed(2)}, ${up.toFixed(2)}), at distance ${length.toFixed(2)} from the middle. `
      + `Of codes drawn from N(0, 1), a share of ${Math.exp(-length * length / 2).toFixed(3)} lies further out.`;
  }

  function point(event) {
    if (event.type === "pointermove" && !event.buttons) return;
    const box = plane.getBoundingClientRect();
    first.range.value = reach * (2 * (event.clientX - box.left) / box.width - 1);
    second.range.value = reach * (1 - 2 * (event.clientY - box.top) / box.height);
    show();
  }
  plane.addEventListener("pointerdown", point);
  plane.addEventListener("pointermove", point);

  el.classList.add("latent-plane");
  el.append(
    make("div", { className: "both" }, plane, digit),
    make("div", { className: "bar" }, first.label, second.label),
    said,
  );
  show();
}

export default { render };
