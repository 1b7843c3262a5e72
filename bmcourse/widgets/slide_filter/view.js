// The front of SlideFilter: a digit, nine weights, nine products, and the output picture.
const PIXELS = 28, SIDE = 3, PLACES = PIXELS - SIDE + 1, ZOOM = 9;
const OWN = "own weights";

// What the window computes at one place, counted in reading order from 0.
export function step(picture, width, weights, position) {
  const across = width - SIDE + 1;
  const row = Math.floor(position / across), column = position % across;
  const pixels = weights.map(
    (_, i) => picture[(row + Math.floor(i / SIDE)) * width + column + (i % SIDE)],
  );
  const products = pixels.map((pixel, i) => pixel * weights[i]);
  const total = products.reduce((sum, product) => sum + product, 0);
  return { row, column, pixels, products, total };
}

function unpack(text) {
  return Array.from(atob(text), (c) => c.charCodeAt(0) / 255);
}

function make(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function board(pixels, label) {
  const made = make("canvas", { width: pixels * ZOOM, height: pixels * ZOOM });
  made.setAttribute("role", "img");
  made.setAttribute("aria-label", label);
  return made;
}

// Blue for negative, white for 0, orange for positive.
function signed(share) {
  const end = share < 0 ? [0, 114, 178] : [213, 94, 0], size = Math.min(Math.abs(share), 1);
  return `rgb(${end.map((v) => Math.round(255 + (v - 255) * size)).join(",")})`;
}

function square(canvas, row, column, colour) {
  const pen = canvas.getContext("2d");
  pen.fillStyle = colour;
  pen.fillRect(column * ZOOM, row * ZOOM, ZOOM, ZOOM);
}

function frame(canvas, row, column, side) {
  const pen = canvas.getContext("2d");
  for (const [colour, width] of [["white", 5], ["black", 2.5]]) {
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.strokeRect(column * ZOOM, row * ZOOM, side * ZOOM, side * ZOOM);
  }
}

function choice(label, names, action) {
  const options = names.map((name) => make("option", { value: name, textContent: name }));
  const select = make("select", {}, ...options);
  select.addEventListener("change", action);
  return [make("label", {}, `${label} `, select), select];
}

function figure(canvas, text) {
  return make("figure", {}, canvas, make("figcaption", { textContent: text }));
}

function text(value) {
  return (Math.abs(value) < 0.005 ? 0 : value).toFixed(2).replace("-", "−");
}

function weightBox(i, action) {
  const box = make("input", { type: "number", step: "any" });
  box.setAttribute("aria-label", `weight, row ${Math.floor(i / SIDE) + 1}, column ${(i % SIDE) + 1}`);
  box.addEventListener("input", action);
  return box;
}

// Nine fields, three in a row, under their name.
function table(name, fields) {
  return make("div", { className: "grid" }, make("b", { textContent: name }), ...fields);
}

function paintDigit(canvas, picture, { row, column }) {
  picture.forEach((value, i) => {
    const grey = Math.round(255 * (1 - value));
    square(canvas, Math.floor(i / PIXELS), i % PIXELS, `rgb(${grey},${grey},${grey})`);
  });
  frame(canvas, row, column, SIDE);
}

function paintOutput(canvas, picture, weights, last) {
  const positive = weights.reduce((sum, w) => sum + Math.max(w, 0), 0);
  const negative = weights.reduce((sum, w) => sum + Math.max(-w, 0), 0);
  const largest = Math.max(positive, negative) || 1;
  for (let place = 0; place < PLACES * PLACES; place++) {
    const { row, column, total } = step(picture, PIXELS, weights, place);
    square(canvas, row, column, place <= last ? signed(total / largest) : "#d9d9d9");
  }
  const { row, column } = step(picture, PIXELS, weights, last);
  frame(canvas, row, column, 1);
}

function render({ model, el }) {
  const pictures = model.get("images").map(unpack), names = model.get("names");
  const presets = Object.fromEntries(model.get("filters"));
  const before = board(PIXELS, "The digit, with the window on it");
  const after = board(PLACES, "The output so far");
  const sum = make("p", {}), where = make("output", {});
  sum.setAttribute("aria-live", "polite");
  const [digitLabel, digit] = choice("Digit", names, draw);
  const [filterLabel, filter] = choice("Filter", [...Object.keys(presets), OWN], choose);
  const pixelFields = Array.from({ length: 9 }, () => make("span", {}));
  const productFields = Array.from({ length: 9 }, () => make("span", {}));
  const boxes = Array.from({ length: 9 }, (_, i) => weightBox(i, ownWeights));
  const range = make("input", { type: "range", min: 0, max: PLACES * PLACES - 1, step: 1 });
  range.addEventListener("input", draw);
  range.value = 7 * PLACES + 16;
  let timer = null;

  function draw() {
    const picture = pictures[names.indexOf(digit.value)], place = Number(range.value);
    const weights = boxes.map((box) => Number(box.value));
    const now = step(picture, PIXELS, weights, place);
    paintDigit(before, picture, now);
    paintOutput(after, picture, weights, place);
    now.pixels.forEach((value, i) => { pixelFields[i].textContent = text(value); });
    now.products.forEach((value, i) => { productFields[i].textContent = text(value); });
    sum.textContent = `Sum of the nine products: ${text(now.total)}`;
    where.textContent = `row ${now.row + 1}, column ${now.column + 1}`;
  }

  function choose() {
    const weights = presets[filter.value];
    if (weights) boxes.forEach((box, i) => { box.value = weights[i]; });
    draw();
  }

  function ownWeights() {
    filter.value = OWN;
    draw();
  }

  function move(by) {
    range.value = Number(range.value) + by;
    draw();
  }

  function pause() {
    clearInterval(timer);
    timer = null;
    play.textContent = "Play";
  }

  function tick() {
    if (!el.isConnected || Number(range.value) >= Number(range.max)) pause();
    else move(1);
  }

  function button(name, action) {
    const made = make("button", { type: "button", textContent: name });
    made.addEventListener("click", action);
    return made;
  }

  const play = button("Play", () => {
    if (timer) return pause();
    if (range.value === range.max) move(-PLACES * PLACES);
    play.textContent = "Pause";
    timer = setInterval(tick, 60);
  });
  const steps = [button("Step", () => move(1)), button("Next row", () => move(PLACES)), play];
  const all = button("Show all", () => move(PLACES * PLACES));
  el.classList.add("slide-filter");
  el.append(
    make("div", { className: "bar" }, digitLabel, filterLabel, ...steps, all),
    make("div", { className: "place" }, make("label", {}, "Position ", range), where),
    figure(before, "The digit; the frame is the window. Black is 1, white is 0."),
    figure(after, "The output so far. Orange: positive, blue: negative, white: 0, grey: to come."),
    make("div", { className: "sum" }, table("pixels", pixelFields), table("× weights", boxes),
      table("= products", productFields)),
    sum,
  );
  choose();
}

export default { render };
