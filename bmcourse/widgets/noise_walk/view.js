// The front of NoiseWalk: a noisy picture, the guess of the finished one, and a slider along the way.
const ZOOM = 7;

// Greys from 0 to 15, two in a byte.
export function unpack(text) {
  return Array.from(atob(text), (c) => c.charCodeAt(0)).flatMap((byte) => [byte >> 4, byte & 15]);
}

function make(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function paint(canvas, greys, side) {
  const pen = canvas.getContext("2d");
  greys.forEach((grey, i) => {
    const light = 255 - 17 * grey; // much ink is dark
    pen.fillStyle = `rgb(${light},${light},${light})`;
    pen.fillRect((i % side) * ZOOM, Math.floor(i / side) * ZOOM, ZOOM, ZOOM);
  });
}

function render({ model, el }) {
  const names = model.get("names"), steps = model.get("steps"), side = model.get("side");
  const noisy = model.get("noisy"), guesses = model.get("guesses");
  const options = names.map((name, i) => make("option", { value: i, textContent: name }));
  const select = make("select", {}, ...options);
  const range = make("input", { type: "range", min: 0, max: steps.length - 1, step: 1 });
  range.value = 0;
  const said = make("p", {});
  said.setAttribute("aria-live", "polite");
  const boards = ["the noisy picture", "the guess of the finished one"].map((name) => {
    const canvas = make("canvas", { width: side * ZOOM, height: side * ZOOM });
    canvas.setAttribute("role", "img");
    return { name, canvas };
  });

  function show() {
    const walk = Number(select.value), stop = Number(range.value);
    [noisy, guesses].forEach((pictures, i) => {
      paint(boards[i].canvas, unpack(pictures[walk][stop]), side);
      boards[i].canvas.setAttribute("aria-label", `${boards[i].name}, ${names[walk]}, step ${steps[stop]}`);
    });
    said.textContent = `Stop ${stop + 1} of ${steps.length}: step ${steps[stop]} of the noise`;
  }

  select.addEventListener("change", show);
  range.addEventListener("input", show);
  el.classList.add("noise-walk");
  el.append(
    make("div", { className: "bar" }, make("label", {}, "Asked for ", select), make("label", {}, "Way ", range)),
    ...boards.map(({ name, canvas }) => make("figure", {}, canvas, make("figcaption", { textContent: name }))),
    said,
  );
  show();
}

export default { render };
