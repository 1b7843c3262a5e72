// The front of Playground: two inputs, two hidden units, one output, nine sliders.
const ACTIVATIONS = {
  ReLU: (z) => Math.max(z, 0),
  tanh: Math.tanh,
  sigmoid: (z) => 1 / (1 + Math.exp(-z)),
  none: (z) => z,
};
const CORNERS = [[0, 0], [0, 1], [1, 0], [1, 1]];
const SIZE = 260, LOW = -0.5, HIGH = 1.5;

// values = [W11, W12, W21, W22, b1, b2, v1, v2, c]; W12 leads from input 1 to unit 2.
export function hidden(values, [x1, x2], activation) {
  const [w11, w12, w21, w22, b1, b2] = values, g = ACTIVATIONS[activation];
  return [g(x1 * w11 + x2 * w21 + b1), g(x1 * w12 + x2 * w22 + b2)];
}

export function logit(values, [h1, h2]) {
  const [v1, v2, c] = values.slice(6);
  return h1 * v1 + h2 * v2 + c;
}

export function probability(values, x, activation) {
  return ACTIVATIONS.sigmoid(logit(values, hidden(values, x, activation)));
}

// From orange (0) over white (a half) to blue (1), as in the course's figures.
function colour(p) {
  const end = p < 0.5 ? [230, 159, 0] : [86, 180, 233], share = Math.abs(2 * p - 1);
  return end.map((v) => 255 + (v - 255) * share);
}

function make(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function plane(label) {
  const made = make("canvas", { width: SIZE, height: SIZE });
  made.setAttribute("role", "img");
  made.setAttribute("aria-label", label);
  return made;
}

// Colour the plane by f(u, v), a logit, and draw black where it changes its sign.
function paint(canvas, f, [u0, u1], [v0, v1]) {
  const pen = canvas.getContext("2d");
  const image = pen.createImageData(SIZE, SIZE), z = new Float64Array(SIZE * SIZE);
  for (let row = 0; row < SIZE; row++) {
    for (let column = 0; column < SIZE; column++) {
      const u = u0 + ((column + 0.5) / SIZE) * (u1 - u0);
      const v = v1 - ((row + 0.5) / SIZE) * (v1 - v0);
      z[row * SIZE + column] = f([u, v]);
    }
  }
  z.forEach((value, i) => {
    const right = (i + 2) % SIZE > 1 ? z[i + 2] : value, below = z[i + 2 * SIZE] ?? value;
    const border = value > 0 !== right > 0 || value > 0 !== below > 0;
    image.data.set(border ? [0, 0, 0] : colour(ACTIVATIONS.sigmoid(value)), 4 * i);
    image.data[4 * i + 3] = 255;
  });
  pen.putImageData(image, 0, 0);
}

function scale([u0, u1], [v0, v1]) {
  return ([u, v]) => [(SIZE * (u - u0)) / (u1 - u0), (SIZE * (v1 - v)) / (v1 - v0)];
}

// Class 0 is a white square, class 1 a black disc; `texts` stand beside the points.
function marks(canvas, points, classes, texts, place) {
  const pen = canvas.getContext("2d");
  pen.lineWidth = 2;
  pen.font = "13px sans-serif";
  points.forEach((point, i) => {
    const [x, y] = place(point);
    pen.beginPath();
    if (classes[i]) pen.arc(x, y, 7, 0, 2 * Math.PI);
    else pen.rect(x - 7, y - 7, 14, 14);
    pen.fillStyle = classes[i] ? "black" : "white";
    pen.strokeStyle = "black";
    pen.fill();
    pen.stroke();
    pen.fillStyle = "black";
    if (texts[i]) pen.fillText(texts[i], Math.min(x + 11, SIZE - 34), Math.max(y - 9, 14));
  });
}

// The line on which a hidden unit's pre-activation is 0.
function unitLine(canvas, [wa, wb, bias], dashes, place) {
  const size = wa * wa + wb * wb;
  if (size === 0) return;
  const pen = canvas.getContext("2d"), foot = [(-bias * wa) / size, (-bias * wb) / size];
  pen.save();
  pen.setLineDash(dashes);
  pen.strokeStyle = "#444";
  pen.lineWidth = 1.5;
  pen.beginPath();
  pen.moveTo(...place([foot[0] - 9 * wb, foot[1] + 9 * wa]));
  pen.lineTo(...place([foot[0] + 9 * wb, foot[1] - 9 * wa]));
  pen.stroke();
  pen.restore();
}

function span(numbers) {
  const low = Math.min(...numbers), high = Math.max(...numbers);
  const margin = Math.max(0.25 * (high - low), 0.3);
  return [low - margin, high + margin];
}

function choice(label, names, action) {
  const options = names.map((name) => make("option", { value: name, textContent: name }));
  const select = make("select", {}, ...options);
  select.addEventListener("change", action);
  return [make("label", {}, `${label} `, select), select];
}

function slider(name, action) {
  const range = make("input", { type: "range", min: -8, max: 8, step: 0.1 });
  range.setAttribute("aria-label", name);
  const value = make("output", {});
  range.addEventListener("input", action);
  return [make("label", {}, make("span", { textContent: name }), range, value), range, value];
}

function figure(canvas, text) {
  return make("figure", {}, canvas, make("figcaption", { textContent: text }));
}

function render({ model, el }) {
  const names = model.get("names"), presets = model.get("presets");
  const tasks = Object.fromEntries(model.get("tasks"));
  const inputs = plane("Plane of the inputs"), units = plane("Plane of the hidden units");
  const verdict = make("p", {});
  verdict.setAttribute("aria-live", "polite");
  const [taskLabel, task] = choice("Task", Object.keys(tasks), draw);
  const [kindLabel, kind] = choice("Activation", Object.keys(ACTIVATIONS), draw);
  const rows = names.map((name) => slider(name, draw));

  function draw() {
    const values = rows.map(([, range]) => Number(range.value)), wanted = tasks[task.value];
    const seen = CORNERS.map((corner) => hidden(values, corner, kind.value));
    const chances = CORNERS.map((corner) => probability(values, corner, kind.value));
    const across = span(seen.map((h) => h[0])), up = span(seen.map((h) => h[1]));
    const square = [LOW, HIGH], place = scale(square, square);
    paint(inputs, (x) => logit(values, hidden(values, x, kind.value)), square, square);
    unitLine(inputs, [values[0], values[2], values[4]], [8, 5], place);
    unitLine(inputs, [values[1], values[3], values[5]], [2, 4], place);
    marks(inputs, CORNERS, wanted, chances.map((p) => p.toFixed(2)), place);
    paint(units, (h) => logit(values, h), across, up);
    marks(units, seen, wanted, [], scale(across, up));
    rows.forEach(([, , shown], i) => { shown.textContent = values[i].toFixed(1); });
    const right = chances.filter((p, i) => (p > 0.5) === (wanted[i] === 1)).length;
    verdict.textContent = `${task.value}: ${right} of 4 points right`;
  }

  function choose(values) {
    rows.forEach(([, range], i) => { range.value = values[i]; });
    draw();
  }

  const buttons = presets.map(([name, values]) => {
    const made = make("button", { type: "button", textContent: name });
    made.addEventListener("click", () => choose(values));
    return made;
  });
  const shuffle = make("button", { type: "button", textContent: "Shuffle" });
  shuffle.addEventListener("click", () => choose(names.map(() => 8 * Math.random() - 4)));
  el.classList.add("playground");
  el.append(
    make("div", { className: "bar" }, taskLabel, kindLabel, ...buttons, shuffle),
    verdict,
    figure(inputs, "Inputs x₁ (across), x₂ (up); dashed: unit 1 at 0, dotted: unit 2 at 0"),
    figure(units, "Hidden units h₁ (across), h₂ (up): what the output unit sees"),
    make("div", { className: "sliders" }, ...rows.map(([label]) => label)),
  );
  choose(presets[0][1]);
}

export default { render };
